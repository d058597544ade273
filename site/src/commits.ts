import type { Commits as Axis } from "./schema";
import { sums } from "./series-file";

/** The axis, by position: the first digits of the hash, as many as tell the commits apart, and the date to the minute. */
export interface Commits {
  sha: string[];
  date_s: number[];
  tags: Record<string, string[]>;
}

export function unpackCommits({ digits, sha, minutes, tags }: Axis): Commits {
  return {
    sha: minutes.map((_, i) => sha.slice(i * digits, (i + 1) * digits).trimEnd()),
    date_s: sums(minutes).map((minute) => minute * 60),
    tags,
  };
}

/** The position that a hash, a prefix of one, or a tag names; -1 when none or several do. */
export function findCommit(commits: Commits, name: string): number {
  if (!name) return -1;
  for (const [position, tags] of Object.entries(commits.tags)) {
    if (tags.includes(name)) return Number(position);
  }
  if (!/^[0-9a-f]{4,40}$/.test(name)) return -1;
  const isIt = (sha: string) => sha.startsWith(name) || name.startsWith(sha);
  const found = commits.sha.findIndex(isIt);
  return found >= 0 && commits.sha.findLastIndex(isIt) === found ? found : -1;
}

/** The release's name where the commit has one, else its hash; "" for no commit. */
export function nameOfCommit(commits: Commits, position: number): string {
  return commits.tags[position]?.[0] ?? commits.sha[position] ?? "";
}
