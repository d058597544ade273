import { useLoaded } from "../loaded";
import { count } from "../format";
import { EventCard } from "../parts/EventCard";
import { Select } from "../parts/Filters";
import { Problem } from "../parts/names";
import { atFirst } from "../phone";
import { listEvents, type ListedEvent } from "./events/list";
import { link, setQuery } from "../router";
import type { ViewProps } from "../view-props";

const STEP = 40;
const STEP_ON_PHONE = 12;
/** As many are shown at once, whatever there is. */
const MOST_AT_ONCE = 1000;
const SHOWS = new Map<string, (event: ListedEvent) => boolean>([
  ["worse", (event) => event.verdict === "worse" && event.fate === "stands"],
  ["suspected", (event) => event.verdict === "suspected" && event.fate === "stands"],
  ["better", (event) => event.verdict === "better" && event.fate === "stands"],
  ["over", (event) => event.fate === "undone"],
  ["unmeasured", (event) => event.fate === "unmeasured"],
]);
const NAMES: Record<string, string> = { worse: "still worse", suspected: "suspected", better: "better", over: "over by now", unmeasured: "no longer measured" };

export function Events({ site, route: { query } }: ViewProps) {
  const loaded = useLoaded("events", () => Promise.all([site.events(), site.commits(), site.texts()]));
  const show = query.get("show");
  const shown = Number.parseInt(query.get("rows") ?? "", 10) || atFirst(STEP, STEP_ON_PHONE);
  const all = loaded.value ? listEvents(...loaded.value) : [];
  const keep = SHOWS.get(show ?? "") ?? ((event) => event.triage?.action !== "silence");
  const { tracked } = site.index;
  const library = query.get("library");
  const events = all.filter((event) => keep(event) && (library !== tracked || event.rows.some((i) => site.row(i).library === tracked)));
  return (
    <>
      <h1>Events</h1>
      <p class="quiet">
        What happened, the most urgent first: new regressions, then what may be one, the larger and the newer before others. An event is what one commit, or the machine, did to one or several series.{" "}
        <a href={link("changes")}>List of single changes</a>. Subscribe: <a href="feed.xml">all changes</a>, <a href="feed-worse.xml">regressions</a>.
      </p>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <Select name="show" chosen={show} options={[...SHOWS.keys()]} write={(name) => NAMES[name] ?? name} always />
        {tracked && site.libraries.length > 1 && <Select name="library" chosen={library} options={[tracked]} />}
        <span role="status">{loaded.value ? count(events.length, "event") : ""}</span>
      </form>
      <h2 class="hidden">The events</h2>
      {!loaded.value ? <Problem text={loaded.error} />
        : events.length ? <ul class="events">{events.slice(0, shown).map((event) => <EventCard key={event.id} site={site} event={event} />)}</ul>
        : <p class="quiet">{all.length ? "No matches." : "No changes detected."}</p>}
      {shown < events.length && <p class="tools"><button type="button" onClick={() => setQuery({ rows: String(Math.min(events.length, shown + MOST_AT_ONCE)) })}>{moreText(events.length, shown)}</button></p>}
    </>
  );
}

function moreText(all: number, shown: number): string {
  return all - shown <= MOST_AT_ONCE ? `Show all ${count(all, "event")}` : `Show more (${(all - shown).toLocaleString("en-US")} left)`;
}
