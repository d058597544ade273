import { type Row, type Site, VERDICTS } from "../data";
import { count } from "../format";
import { Filters, keeps, Select } from "../parts/Filters";
import { Problem } from "../parts/names";
import { useLoaded } from "../loaded";
import { EventCard } from "../parts/EventCard";
import { VerdictMark } from "../parts/Verdict";
import { link, setQuery } from "../router";
import type { ViewProps } from "../view-props";
import { Groups } from "./overview/Groups";
import { Matrix } from "./overview/Matrix";
import { SeriesTable } from "./overview/SeriesTable";

const FIRST_EVENTS = 6;
const FIRST_ROWS = 40;
const MORE_ROWS = 200;
const ORDERS = new Map<string, (a: Row, b: Row) => number>([
  ["worst first", (a, b) => a.rank - b.rank],
  ["newest change", (a, b) => (b.changedAt ?? -1) - (a.changedAt ?? -1) || a.rank - b.rank],
  ["name", (a, b) => a.text.localeCompare(b.text)],
]);

export function Overview({ site, route: { query } }: ViewProps) {
  const names = [...ORDERS.keys()];
  const order = names.find((name) => name === query.get("order")) ?? names[0]!;
  const rows = site.ranked.filter(keeps(query)).sort(ORDERS.get(order));
  const all = site.isPart ? site.index.method.series : rows.length;
  const filtered = query.size > 0;
  const charts = useLoaded("matrix", () => site.matrix());
  if (!charts.value) return <><h1 class="hidden">Overview</h1><Problem text={charts.error} /></>;
  const shown = Math.max(FIRST_ROWS, Number.parseInt(query.get("rows") ?? "", 10) || 0);
  return (
    <>
      <h1 class="hidden">{filtered ? "Series" : "Overview"}</h1>
      {!filtered && (
        <>
          {site.index.tracked && <Matrix site={site} file={charts.value} />}
          <Latest site={site} />
          {!site.index.tracked && !site.isPart && site.rows.length > 0 && <Groups site={site} />}
        </>
      )}
      <section aria-labelledby="all">
        <h2 id="all">{filtered ? `Series, ${order}` : "Series"}</h2>
        <State site={site} />
        {site.rows.length === 0 && <p>No results yet. Run <code>tracker run</code>, then publish again.</p>}
        {filtered ? null : site.rows.length > 0 && <p><a href={link("", "", { order: names[0] })}>All {count(site.index.method.series, "series", "series")}</a></p>}
        {filtered && <>
        <Filters site={site} query={query} verdicts={[...VERDICTS, "failed", "far_out"]}>
          <Select name="order" chosen={order} options={names} all="" />
          <span class="quiet" role="status">{count(all, "series", "series")}</span>
        </Filters>
        {site.rows.length > 0 && rows.length === 0 && <p>No matches. <a href={link("")}>Show all series</a></p>}
        {rows.length > 0 && <SeriesTable site={site} rows={rows.slice(0, shown)} order={order} />}
        {shown < all && (
          <p class="tools">
            <button type="button" onClick={() => setQuery({ rows: String(shown + MORE_ROWS) })}>Show more ({(all - shown).toLocaleString("en-US")} left)</button>
          </p>
        )}
        </>}
      </section>
    </>
  );
}

function Latest({ site }: { site: Site }) {
  const { events } = site.index;
  if (!site.rows.length) return null;
  return (
    <section aria-labelledby="lately">
      <h2 id="lately">What happened</h2>
      {events.length > 0 ? <ul class="events">{events.slice(0, FIRST_EVENTS).map((event) => <EventCard key={event.id} site={site} event={event} />)}</ul>
        : <p class="quiet">No regression or improvement at present.</p>}
      {events.length > FIRST_EVENTS && <p><a href={link("events")}>All events</a></p>}
    </section>
  );
}

function State({ site }: { site: Site }) {
  const { index } = site;
  const { counts } = index;
  const named = [["worse", counts.worse], ["suspected", counts.suspected], ["cannot_tell", counts.cannot_tell], ["no_change", counts.no_change], ["better", counts.better]] as const;
  return (
    <>
      <p class="state">
        {named.map(([verdict, n], i) => (
          <>{i > 0 && ", "}<a class="plain" href={link("", "", { verdict })}><VerdictMark verdict={verdict} /> <b>{n.toLocaleString("en-US")}</b></a></>
        ))}
        {counts.failed > 0 && <>; <a class="plain" href={link("", "", { verdict: "failed" })}><b>{counts.failed.toLocaleString("en-US")}</b> failed</a></>}
        {counts.far_out > 0 && <>; <a class="plain" href={link("", "", { verdict: "far_out" })}><b>{counts.far_out.toLocaleString("en-US")}</b> newest value far out, not judged yet</a></>}
      </p>
    </>
  );
}
