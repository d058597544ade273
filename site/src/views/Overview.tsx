import { useEffect } from "preact/hooks";
import { type Row, type Site, VERDICTS } from "../data";
import { count } from "../format";
import { Filters, keeps, Select } from "../parts/Filters";
import { Problem } from "../parts/names";
import { useLoaded } from "../loaded";
import { EventCard } from "../parts/EventCard";
import { VerdictMark } from "../parts/Verdict";
import { atFirst } from "../phone";
import { link, setQuery } from "../router";
import type { ViewProps } from "../view-props";
import { Groups } from "./overview/Groups";
import { Matrix } from "./overview/Matrix";
import { SeriesTable } from "./overview/SeriesTable";

export const FIRST_ORDER = "worst first";
const FIRST_EVENTS = { wide: 6, phone: 4 };
const FIRST_ROWS = { wide: 40, phone: 18 };
const MORE_ROWS = 200;
const ORDERS = new Map<string, (a: Row, b: Row) => number>([
  [FIRST_ORDER, (a, b) => a.rank - b.rank],
  ["newest change", (a, b) => (b.changedAt ?? -1) - (a.changedAt ?? -1) || a.rank - b.rank],
  ["name", (a, b) => a.text.localeCompare(b.text)],
]);

export function Overview({ site, route: { query } }: ViewProps) {
  const filtered = query.size > 0;
  return (
    <>
      <h1 class="hidden">{filtered ? "Series" : "Overview"}</h1>
      {filtered ? <AllSeries site={site} query={query} /> : <Summary site={site} />}
    </>
  );
}

function Summary({ site }: { site: Site }) {
  const charts = useLoaded("matrix", () => site.matrix());
  useEffect(() => {
    if (charts.value) performance.mark("view-ready");
  }, [charts.value]);
  if (!charts.value) return <Problem text={charts.error} />;
  return (
    <>
      {site.index.tracked && <Matrix site={site} file={charts.value} />}
      <Latest site={site} />
      {site.index.tracked ? <EverySeries site={site} /> : !site.isPart && <>{site.rows.length > 0 && <Groups site={site} />}<EverySeries site={site} /></>}
    </>
  );
}

function EverySeries({ site }: { site: Site }) {
  return (
    <section aria-labelledby="all">
      <h2 id="all">Series</h2>
      <State site={site} />
      {site.rows.length > 0 ? <p><a href={link("", "", { order: FIRST_ORDER })}>All {count(site.index.method.series, "series", "series")}</a></p> : <NoResults />}
    </section>
  );
}

function AllSeries({ site, query }: { site: Site; query: URLSearchParams }) {
  const names = [...ORDERS.keys()];
  const order = names.find((name) => name === query.get("order")) ?? FIRST_ORDER;
  const rows = site.ranked.filter(keeps(query)).sort(ORDERS.get(order));
  const all = [...query.keys()].every((name) => name === "order" || name === "rows");
  const found = !site.isPart ? rows.length : all ? site.index.method.series : null;
  const shown = rowsShown(query);
  useEffect(() => {
    if (!all && rows.length) performance.mark("view-ready");
  }, [all, rows.length]);
  return (
    <section aria-labelledby="all" class="long">
      <h2 id="all">Series, {order}</h2>
      <State site={site} />
      {site.rows.length === 0 && <NoResults />}
      <Filters site={site} query={query} verdicts={[...VERDICTS, "failed", "far_out"]}>
        <Select name="order" chosen={order} options={names} all="" />
        <span class="quiet" role="status">{found === null ? "the worst first; counting …" : count(found, "series", "series")}</span>
      </Filters>
      {found === null && rows.length === 0 && <p class="quiet">Looking through {count(site.index.method.series, "series", "series")} …</p>}
      {found === 0 && site.rows.length > 0 && <p>No matches. <a href={link("")}>Show all series</a></p>}
      {rows.length > 0 && <SeriesTable site={site} rows={rows.slice(0, shown)} order={order} />}
      {found !== null && shown < found && (
        <p class="tools">
          <button type="button" onClick={() => setQuery({ rows: String(shown + MORE_ROWS) })}>Show more ({(found - shown).toLocaleString("en-US")} left)</button>
        </p>
      )}
    </section>
  );
}

/** How many rows of a list are shown. */
export function rowsShown(query: URLSearchParams): number {
  return Math.max(atFirst(FIRST_ROWS.wide, FIRST_ROWS.phone), Number.parseInt(query.get("rows") ?? "", 10) || 0);
}

function NoResults() {
  return <p>No results yet. Run <code>tracker run</code>, then publish again.</p>;
}

function Latest({ site }: { site: Site }) {
  const { events } = site.index;
  const first = atFirst(FIRST_EVENTS.wide, FIRST_EVENTS.phone);
  if (!site.rows.length) return null;
  return (
    <section aria-labelledby="lately">
      <h2 id="lately">What happened</h2>
      {events.length > 0 ? <ul class="events">{events.slice(0, first).map((event) => <EventCard key={event.id} site={site} event={event} />)}</ul>
        : <p class="quiet">No regression or improvement at present.</p>}
      {events.length > first && <p><a href={link("events")}>All events</a></p>}
    </section>
  );
}

function State({ site }: { site: Site }) {
  const { counts } = site.index;
  const named = [["worse", counts.worse], ["suspected", counts.suspected], ["cannot_tell", counts.cannot_tell], ["no_change", counts.no_change], ["better", counts.better]] as const;
  return (
    <p class="state">
      {named.map(([verdict, n], i) => (
        <>{i > 0 && ", "}<a class="plain" href={link("", "", { verdict })}><VerdictMark verdict={verdict} /> <b>{n.toLocaleString("en-US")}</b></a></>
      ))}
      {counts.failed > 0 && <>; <a class="plain" href={link("", "", { verdict: "failed" })}>latest run failed in <b>{counts.failed.toLocaleString("en-US")}</b></a></>}
      {counts.far_out > 0 && <>; <a class="plain" href={link("", "", { verdict: "far_out" })}><b>{counts.far_out.toLocaleString("en-US")}</b> newest value far out, not judged yet</a></>}
    </p>
  );
}
