import { useEffect } from "preact/hooks";
import { type Commits, findCommit } from "../commits";
import type { Files, Site } from "../data";
import { minute } from "../format";
import { useLoaded } from "../loaded";
import { EventCard } from "../parts/EventCard";
import { Problem, Tags } from "../parts/names";
import { link, type Route } from "../router";
import { runsAt } from "../runs";
import type { ChangeTable, CommitTexts, EventTable, RunTable } from "../schema";
import { ChangeList, listChanges } from "./changes/ChangeList";
import { listEvents } from "./events/list";
import { PairTable } from "./compare/PairTable";

/** Of each of its lists, which stand below one another. */
const CARDS = 5;

/** Where the table is large, what happened here comes without it, and every series is one click away. */
export function CommitView({ files, route }: { files: Files; route: Route }) {
  const loaded = useLoaded("commits, texts and events", () => Promise.all([files.commits(), files.texts(), files.events()]));
  const position = loaded.value ? findCommit(loaded.value[0], route.argument) : -1;
  const whole = !files.hasPeriods || route.query.has("all");
  const site = useLoaded(position >= 0 ? `${position} ${whole}` : "", () => read(files, position, whole));
  useEffect(() => {
    if (site.value) performance.mark("view-ready");
  }, [site.value]);
  if (!loaded.value) return <Problem text={loaded.error} />;
  const [commits, texts, events] = loaded.value;
  if (position >= 0) {
    if (!site.value) return <Problem text={site.error} />;
    return <Known {...site.value} commits={commits} texts={texts} events={events} position={position} />;
  }
  return (
    <>
      <h1>Commit not found</h1>
      <p>There is no commit <code>{route.argument.slice(0, 40)}</code> in these results. <a href={link("")}>Overview</a></p>
    </>
  );
}

/** What all of the page shows, so that nothing moves when a part of it comes. */
async function read(files: Files, position: number, whole: boolean) {
  const [site, runs] = await Promise.all([whole ? files.site() : files.between(position, position), files.runs()]);
  return { site, runs, changes: await site.changes() };
}

interface KnownProps {
  site: Site;
  runs: RunTable;
  changes: ChangeTable;
  commits: Commits;
  texts: CommitTexts;
  events: EventTable;
  position: number;
}

function Known({ site, runs, changes, commits, texts, events, position }: KnownProps) {
  const sha = commits.sha[position]!;
  const url = site.index.show_commit_url;
  const author = texts.authors[texts.author[position]!];
  const before = texts.values_file.findLastIndex((file, i) => i < position && file);
  const release = texts.values_file.findLastIndex((file, i) => i < position && file && commits.tags[i]);
  return (
    <>
      <h1>Commit <code>{sha}</code><Tags tags={commits.tags[position]} /></h1>
      <p>
        {texts.subject[position] && <><bdi>{texts.subject[position]}</bdi><br /></>}
        <span class="quiet">{author && <><bdi>{author}</bdi>, </>}{minute(commits.date_s[position]!)}</span>
        {/^https?:/.test(url) && <> · <a href={url + sha + texts.sha_rest[position]} rel="noreferrer">view commit</a></>}
      </p>
      <p class="tools">
        {position > 0 && <a href={link("commit", commits.sha[position - 1]!)}>← Commit before</a>}
        {position < commits.sha.length - 1 && <a href={link("commit", commits.sha[position + 1]!)}>Commit after →</a>}
        {before >= 0 && <a href={link("compare", "", { base: commits.sha[before], head: sha })}>Compare with the commit before, <code>{commits.sha[before]!.slice(0, 8)}</code></a>}
        {release >= 0 && release !== before && <a href={link("compare", "", { base: commits.tags[release]![0], head: sha })}>Compare with the last release, <bdi>{commits.tags[release]![0]}</bdi></a>}
        {runsAt(runs, position).length > 0 && <a href={link("run", sha)}>Runs</a>}
      </p>
      <Happened site={site} commits={commits} texts={texts} events={events} position={position} />
      {site.isPart && <Changed site={site} changes={changes} commits={commits} position={position} />}
      <section aria-labelledby="measured">
        <h2 id="measured">{before < 0 ? "Measured here" : <>Against <code>{commits.sha[before]!.slice(0, 8)}</code>, the commit measured before</>}</h2>
        {!texts.values_file[position] ? <p class="quiet"><code>{sha.slice(0, 8)}</code> was not measured.</p>
          : site.isPart ? <p><a href={link("commit", sha, { all: "yes" })}>Every series, changed or not</a></p>
          : <PairTable site={site} commits={commits} base={before} head={position} />}
      </section>
      {!site.isPart && <Changed site={site} changes={changes} commits={commits} position={position} />}
    </>
  );
}

function Happened({ site, commits, texts, events, position }: Omit<KnownProps, "runs" | "changes">) {
  const all = listEvents(events, commits, texts);
  const here = all.filter((event) => event.earliest <= position && position <= event.latest);
  return (
    <section aria-labelledby="events">
      <h2 id="events">What happened here</h2>
      {here.length ? <ul class="events">{here.map((event) => <EventCard key={event.id} site={site} event={event} />)}</ul>
        : <p class="quiet">No event at this commit.</p>}
    </section>
  );
}

function Changed({ site, changes, commits, position }: Pick<KnownProps, "site" | "changes" | "commits" | "position">) {
  const listed = listChanges(site, changes);
  const here = listed.filter((change) => change.position === position);
  const perhaps = listed.filter((change) => change.position !== position && change.earliest <= position && position <= change.latest);
  return (
    <>
      <section aria-labelledby="changed">
        <h2 id="changed">Every change here</h2>
        <ChangeList site={site} changes={here} commits={commits} showCommit={false} cards={CARDS} empty="No change starts at this commit." />
      </section>
      {perhaps.length > 0 && (
        <section aria-labelledby="perhaps">
          <h2 id="perhaps">Possibly from this commit</h2>
          <p class="quiet">Nearby changes whose range of possible commits includes this one.</p>
          <ChangeList site={site} changes={perhaps} commits={commits} showCommit cards={CARDS} empty="" />
        </section>
      )}
    </>
  );
}
