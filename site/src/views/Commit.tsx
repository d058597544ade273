import { findCommit } from "../commits";
import type { Site } from "../data";
import { minute } from "../format";
import { useLoaded } from "../loaded";
import { EventCard } from "../parts/EventCard";
import { Problem, Tags } from "../parts/names";
import { link } from "../router";
import { runsAt } from "../runs";
import type { Commits, CommitTexts } from "../schema";
import type { ViewProps } from "../view-props";
import { ChangeList, listChanges } from "./changes/ChangeList";
import { listEvents } from "./events/list";
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
      <p>There is no commit <code>{route.argument.slice(0, 40)}</code> in these results. <a href={link("")}>Overview</a></p>
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
  const release = texts.values_file.findLastIndex((file, i) => i < position && file && commits.tags[i]);
  return (
    <>
      <h1>Commit <code>{sha}</code><Tags tags={commits.tags[position]} /></h1>
      <p>
        <bdi>{texts.subject[position]}</bdi><br />
        <span class="quiet"><bdi>{texts.authors[texts.author[position]!]}</bdi>, {minute(commits.date_s[position]!)}</span>
        {/^https?:/.test(url) && <> · <a href={url + sha + texts.sha_rest[position]} rel="noreferrer">view commit</a></>}
      </p>
      <p class="tools">
        {position > 0 && <a href={link("commit", commits.sha[position - 1]!)}>← Commit before</a>}
        {position < commits.sha.length - 1 && <a href={link("commit", commits.sha[position + 1]!)}>Commit after →</a>}
        {before >= 0 && <a href={link("compare", "", { base: commits.sha[before], head: sha })}>Compare with <code>{commits.sha[before]!.slice(0, 8)}</code></a>}
        {release >= 0 && release !== before && <a href={link("compare", "", { base: commits.tags[release]![0], head: sha })}>Compare with the last release, <bdi>{commits.tags[release]![0]}</bdi></a>}
        <RunsLink site={site} position={position} sha={sha} />
      </p>
      <Happened site={site} commits={commits} texts={texts} position={position} />
      <section aria-labelledby="measured">
        <h2 id="measured">{before < 0 ? "Measured here" : <>Against <code>{commits.sha[before]!.slice(0, 8)}</code>, the commit measured before</>}</h2>
        <PairTable site={site} commits={commits} base={before} head={position} />
      </section>
      <Changed site={site} commits={commits} position={position} />
    </>
  );
}

function Happened({ site, commits, texts, position }: KnownProps) {
  const events = useLoaded("events", () => site.events());
  if (!events.value) return <Problem text={events.error} />;
  const all = listEvents(events.value, commits, texts);
  const here = all.filter((event) => event.earliest <= position && position <= event.latest);
  return (
    <section aria-labelledby="events">
      <h2 id="events">What happened here</h2>
      {here.length ? <ul class="events">{here.map((event) => <EventCard key={event.id} site={site} event={event} />)}</ul>
        : <p class="quiet">No event at this commit.</p>}
    </section>
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
        <h2 id="changed">Every change here</h2>
        <ChangeList site={site} changes={here} commits={commits} showCommit={false} empty="No change starts at this commit." />
      </section>
      {perhaps.length > 0 && (
        <section aria-labelledby="perhaps">
          <h2 id="perhaps">Possibly from this commit</h2>
          <p class="quiet">Nearby changes whose interval includes this commit.</p>
          <ChangeList site={site} changes={perhaps} commits={commits} showCommit empty="" />
        </section>
      )}
    </>
  );
}
