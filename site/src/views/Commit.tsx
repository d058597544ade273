import type { ViewProps } from "../app";
import { findCommit, type Site, useLoaded } from "../data";
import { minute } from "../format";
import { Problem, Tags } from "../parts/names";
import { link } from "../router";
import type { Commits } from "../schema";
import { ChangeList, listChanges } from "./changes/ChangeList";
import { PairTable } from "./compare/PairTable";

export function CommitView({ site, route }: ViewProps) {
  const commits = useLoaded("commits", () => site.commits());
  if (!commits.value) return <Problem text={commits.error} />;
  const position = findCommit(commits.value, route.argument);
  if (position < 0) {
    return (
      <>
        <h1>Commit not found</h1>
        <p>The present results know no commit <code>{route.argument.slice(0, 40)}</code>. <a href={link("")}>Overview</a></p>
      </>
    );
  }
  return <Known site={site} commits={commits.value} position={position} />;
}

function Known({ site, commits, position }: { site: Site; commits: Commits; position: number }) {
  const texts = useLoaded("texts", () => site.texts()).value;
  const changes = useLoaded("changes", () => site.changes());
  const sha = commits.sha[position]!;
  const full = sha + (texts?.sha_rest[position] ?? "");
  const url = site.index.show_commit_url;
  const listed = changes.value ? listChanges(site, changes.value) : [];
  const here = listed.filter((change) => change.position === position);
  const perhaps = listed.filter((change) => change.position !== position && change.earliest <= position && position <= change.latest);
  const before = previousMeasured(texts?.values_file, position);
  return (
    <>
      <h1>Commit <code>{sha}</code><Tags tags={commits.tags[position]} /></h1>
      <p>
        <bdi>{texts?.subject[position] ?? "…"}</bdi><br />
        <span class="quiet"><bdi>{texts ? texts.authors[texts.author[position]!] : "…"}</bdi>, {minute(commits.date_s[position]!)}</span>
        {/^https?:/.test(url) && texts && <> · <a href={url + full} rel="noreferrer">the commit itself</a></>}
      </p>
      <p class="tools">
        {position > 0 && <a href={link("commit", commits.sha[position - 1]!)}>← before</a>}
        {position < commits.sha.length - 1 && <a href={link("commit", commits.sha[position + 1]!)}>after →</a>}
        {before >= 0 && <a href={link("compare", "", { base: commits.sha[before], head: sha })}>compare with <code>{commits.sha[before]!.slice(0, 8)}</code></a>}
        <a href={link("run", sha)}>runs</a>
      </p>
      <section aria-labelledby="changed">
        <h2 id="changed">What changed here</h2>
        {changes.value ? <ChangeList changes={here} commits={commits} showCommit={false} empty="No change starts at this commit." /> : <Problem text={changes.error} />}
      </section>
      {perhaps.length > 0 && (
        <section aria-labelledby="perhaps">
          <h2 id="perhaps">What may have come with it</h2>
          <p class="quiet">Changes found nearby whose location interval includes this commit.</p>
          <ChangeList changes={perhaps} commits={commits} showCommit empty="" />
        </section>
      )}
      <section aria-labelledby="measured">
        <h2 id="measured">Everything measured here</h2>
        {before >= 0 && texts ? (
          <PairTable site={site} commits={commits} base={before} head={position} />
        ) : <p class="quiet">Nothing was measured before this commit.</p>}
      </section>
    </>
  );
}

function previousMeasured(files: string[] | undefined, position: number): number {
  if (!files) return -1;
  for (let i = position - 1; i >= 0; i--) if (files[i]) return i;
  return -1;
}
