import { groupBy } from "../groups";
import type { Row, Site } from "../data";
import { count, day, ratio } from "../format";
import { useLoaded } from "../loaded";
import { causeText, standingText, WhatHappened } from "../parts/EventCard";
import { type Effect, ForestLegend, ForestPlot } from "../parts/ForestPlot";
import { Problem, SeriesName, seriesText, Sha, Tags } from "../parts/names";
import { Behind } from "../parts/Behind";
import { ShowAll } from "../parts/ShowAll";
import { DataTable } from "../parts/DataTable";
import { placeColumn } from "../parts/place";
import { VerdictMark } from "../parts/Verdict";
import { link } from "../router";
import type { Commits } from "../commits";
import type { CommitTexts, EventMembers } from "../schema";
import { scenarioTitle } from "../titles";
import type { ViewProps } from "../view-props";
import { type ListedEvent, listEvents } from "./events/list";
import { Why } from "./events/Why";

const MOST_SUSPECTS = 50;
/** Names of metrics that are counted rather than timed. */
const COUNTED = /_per_task$|^start_/;
const MEMBERS = { wide: 50, phone: 12 };
/** Groups smaller than this, on average, are more headings than series. */
const FEW_IN_GROUP = 4;

export function EventView({ site, route }: ViewProps) {
  const loaded = useLoaded("events", () => Promise.all([site.events(), site.commits(), site.texts(), site.eventMembers()]));
  if (!loaded.value) return <Problem text={loaded.error} />;
  const [table, commits, texts, members] = loaded.value;
  const event = listEvents(table, commits, texts).find((one) => one.id === route.argument);
  if (event) return <Known site={site} event={event} members={membersOf(site, members, table.id.indexOf(event.id))} commits={commits} texts={texts} />;
  return (
    <>
      <h1>Event not found</h1>
      <p>There is no event <code>{route.argument.slice(0, 40)}</code> in these results; later points may contradict what was reported. <a href={link("events")}>All events</a></p>
    </>
  );
}

interface Member {
  row: Row;
  ratio: number | null;
  low: number | null;
  high: number | null;
}

function membersOf(site: Site, { rows, ratios, lows, highs }: EventMembers, i: number): Member[] {
  return rows[i]!.map((number, k) => ({ row: site.row(number), ratio: ratios[i]![k] ?? null, low: lows[i]![k] ?? null, high: highs[i]![k] ?? null }));
}

interface Props {
  site: Site;
  event: ListedEvent;
  members: Member[];
  commits: Commits;
  texts: CommitTexts;
}

function Known({ site, event, members, commits, texts }: Props) {
  const { commit } = event;
  const before = texts.values_file.findLastIndex((file, i) => i < event.earliest && file);
  return (
    <>
      <h1><VerdictMark verdict={event.verdict} /> <WhatHappened event={event} rows={event.rows.map((i) => site.row(i))} /></h1>
      <p>
        {count(event.series, "series", "series")} of {count(event.benchmarks, "benchmark")} got {event.direction} at <Sha sha={commit.sha} /><Tags tags={commit.tags} />{" "}
        {commit.subject && <><bdi>{commit.subject}</bdi> </>}<span class="quiet">({day(commit.date_s)})</span>; {standingText(event)}. {causeText(event.kind)}
      </p>
      {event.triage && <p class="note"><bdi>{event.triage.sentence}</bdi></p>}
      {event.surroundings.map((text) => <p class="note">Also changed here: <bdi>{text}</bdi></p>)}
      <p class="tools">
        {before >= 0 && <a href={link("compare", "", { base: commits.sha[before], head: commit.sha })}>Compare with the commit before</a>}
        <a href={link("commit", commit.sha)}>Everything at this commit</a>
      </p>
      {event.explanation && <Why site={site} file={event.explanation} direction={event.direction} />}
      <Members site={site} event={event} members={members} />
      <Suspects event={event} commits={commits} texts={texts} />
      <section aria-labelledby="sure">
        <h2 id="sure">How sure</h2>
        <p>
          {event.p !== null && <>The chance of seeing this in its series together without a change is {event.p < 1e-4 ? "below 0.0001" : event.p.toPrecision(2)}. </>}
          {event.p === null && members.some(({ row }) => COUNTED.test(row.metric.name)) && <>Some of its figures are counted. Counts of the same code hardly ever differ, so one commit is enough to tell. </>}
          {event.shared !== null && <>The controls moved by {ratio(event.shared)} there. </>}
          <a href={link("method")}>Method</a>
        </p>
      </section>
    </>
  );
}

/** By scenario, each member as one line of a picture. */
function Members({ site, event, members }: { site: Site; event: ListedEvent; members: Member[] }) {
  const alike = (of: (row: Row) => string) => new Set(members.map(({ row }) => of(row))).size === 1;
  const ours = members.every(({ row }) => row.library);
  const [scenario, library, place] = [ours && alike(scenarioTitle), ours && alike((row) => row.library), site.manyPlaces && alike((row) => row.place)];
  const first = members[0]?.row;
  const shared = first ? [scenario && scenarioTitle(first), library && first.library, place && first.place].filter(Boolean) : [];
  const effects = (some: typeof members) => some.flatMap(({ row, ratio: size, low, high }): Effect[] => (size === null || size <= 0 ? [] : [{
    key: row.id, ratio: size, low, high, noise: row.noise, verdict: event.verdict,
    name: <a href={link("series", row.id, { at: event.commit.sha })}><SeriesName row={library ? { ...row, library: "" } : row} metric={row.library !== ""} scenario={!scenario} place={site.manyPlaces && !place ? row.place : ""} /></a>,
  }]));
  return (
    <section aria-labelledby="members">
      <h2 id="members">Before and after</h2>
      {shared.length > 0 && <p><bdi>{shared.join(", ")}</bdi></p>}
      {members.length > 0 && <ForestLegend />}
      <ShowAll items={members} noun="series" wide={MEMBERS.wide} phone={MEMBERS.phone}>
        {(shown) => grouped(shown).map(([title, some]) => (
          <>
            {title && <h3><bdi>{title}</bdi></h3>}
            <ForestPlot label={title ? `Changes in ${title}` : "Changes"} effects={effects(some)} legend={false} />
          </>
        ))}
      </ShowAll>
      {event.series > members.length && <p class="quiet">The {members.length} largest of {event.series}.</p>}
      <Behind>
        <DataTable caption="Series of this event" items={members} columns={[
          { title: "Series", header: true, text: ({ row }) => seriesText(row) },
          ...placeColumn<Member>(site, ({ row }) => row),
          { title: "Change", number: true, raw: (m) => m.ratio, text: (m) => ratio(m.ratio) },
          { title: "95 % interval, low", number: true, raw: (m) => m.low, text: (m) => ratio(m.low) },
          { title: "95 % interval, high", number: true, raw: (m) => m.high, text: (m) => ratio(m.high) },
        ]} />
      </Behind>
    </section>
  );
}

/** By scenario; without a title where there is one, or hardly a series in each. */
function grouped(members: Member[]): [string, Member[]][] {
  const groups = [...groupBy(members, ({ row }) => scenarioTitle(row))];
  return groups.length > 1 && groups.length * FEW_IN_GROUP <= members.length ? groups : [["", members]];
}

function Suspects({ event, commits, texts }: Omit<Props, "site" | "members">) {
  const positions = Array.from({ length: Math.min(MOST_SUSPECTS, event.suspects) }, (_, i) => event.earliest + i);
  return (
    <section aria-labelledby="suspects">
      <h2 id="suspects">{event.suspects === 1 ? "The commit" : `${event.suspects} commits in the range`}</h2>
      <ul class="suspects">
        {positions.map((position) => (
          <li>
            <Sha sha={commits.sha[position]!} /> <span class="quiet">{day(commits.date_s[position]!)}</span> <bdi>{texts.subject[position]}</bdi>{" "}
            <span class="quiet"><bdi>{texts.authors[texts.author[position]!]}</bdi></span>
          </li>
        ))}
        {event.suspects > positions.length && <li class="quiet">and {event.suspects - positions.length} more</li>}
      </ul>
    </section>
  );
}
