import type { Commits } from "./schema";

/** The position that a hash, a prefix of one, or a tag names; -1 when none or several do. */
export function findCommit(commits: Commits, name: string): number {
  if (!name) return -1;
  for (const [position, tags] of Object.entries(commits.tags)) {
    if (tags.includes(name)) return Number(position);
  }
  if (!/^[0-9a-f]{4,40}$/.test(name)) return -1;
  const start = name.slice(0, 12);
  const found = commits.sha.findIndex((sha) => sha.startsWith(start));
  return found >= 0 && commits.sha.findLastIndex((sha) => sha.startsWith(start)) === found ? found : -1;
}

/** The release's name where the commit has one, else its hash; "" for no commit. */
export function nameOfCommit(commits: Commits, position: number): string {
  return commits.tags[position]?.[0] ?? commits.sha[position] ?? "";
}
