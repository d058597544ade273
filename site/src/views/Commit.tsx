import { findCommit } from "../commits";
import type { Site } from "../data";
import { minute } from "../format";
import { useLoaded } from "../loaded";
import { Problem, Tags } from "../parts/names";
import { link } from "../router";
import { runsAt } from "../runs";
import type { Commits, CommitTexts } from "../schema";
import type { ViewProps } from "../view-props";
import { ChangeList, listChanges } from "./changes/ChangeList";
import { PairTable } from "./compare/PairTable";

export function CommitView({ site, route }: ViewProps) {
  const loaded = useLoaded("commits and texts", () => Promise.all([site.commits(), site.texts()]));
  if (!loaded.value) return <Problem text={loaded.error} />;
  const [commits, texts] = loaded.value;
  const position = findCommit(commits, route.argument);
  if (position >= 0) return <Known site={site} commits={commits} texts={texts} position={position} />;
  return (
    <>
      <h1>Commit not found</h1>
      <p>The present results know no commit <code>{route.argument.slice(0, 40)}</code>. <a href={link("")}>Overview</a></p>
    </>
  );
}

interface KnownProps {
  site: Site;
  commits: Commits;
  texts: CommitTexts;
  position: number;
}

function Known({ site, commits, texts, position }: KnownProps) {
  const sha = commits.sha[position]!;
  const url = site.index.show_commit_url;
  const before = texts.values_file.findLastIndex((file, i) => i < position && file);
  return (
    <>
      <h1>Commit <code>{sha}</code><Tags tags={commits.tags[position]} /></h1>
      <p>
        <bdi>{texts.subject[position]}</bdi><br />
        <span class="quiet"><bdi>{texts.authors[texts.author[position]!]}</bdi>, {minute(commits.date_s[position]!)}</span>
        {/^https?:/.test(url) && <> · <a href={url + sha + texts.sha_rest[position]} rel="noreferrer">the commit itself</a></>}
      </p>
      <p class="tools">
        {position > 0 && <a href={link("commit", commits.sha[position - 1]!)}>← Commit before</a>}
        {position < commits.sha.length - 1 && <a href={link("commit", commits.sha[position + 1]!)}>Commit after →</a>}
        {before >= 0 && <a href={link("compare", "", { base: commits.sha[before], head: sha })}>Compare with <code>{commits.sha[before]!.slice(0, 8)}</code></a>}
        <RunsLink site={site} position={position} sha={sha} />
      </p>
      <Changed site={site} commits={commits} position={position} />
      <section aria-labelledby="measured">
        <h2 id="measured">Everything measured here</h2>
        <PairTable site={site} commits={commits} base={before} head={position} />
      </section>
    </>
  );
}

function RunsLink({ site, position, sha }: { site: Site; position: number; sha: string }) {
  const runs = useLoaded("runs", () => site.runs()).value;
  return runs && runsAt(runs, position).length > 0 ? <a href={link("run", sha)}>Runs</a> : null;
}

function Changed({ site, commits, position }: { site: Site; commits: Commits; position: number }) {
  const changes = useLoaded("changes", () => site.changes());
  if (!changes.value) return <Problem text={changes.error} />;
  const listed = listChanges(site, changes.value);
  const here = listed.filter((change) => change.position === position);
  const perhaps = listed.filter((change) => change.position !== position && change.earliest <= position && position <= change.latest);
  return (
    <>
      <section aria-labelledby="changed">
        <h2 id="changed">What changed here</h2>
        <ChangeList site={site} changes={here} commits={commits} showCommit={false} empty="No change starts at this commit." />
      </section>
      {perhaps.length > 0 && (
        <section aria-labelledby="perhaps">
          <h2 id="perhaps">What may have come with it</h2>
          <p class="quiet">Changes found nearby whose location interval includes this commit.</p>
          <ChangeList site={site} changes={perhaps} commits={commits} showCommit empty="" />
        </section>
      )}
    </>
  );
}
