import { type Row, type Site, VERDICTS } from "../data";
import { count } from "../format";
import { Filters, keeps, Select } from "../parts/Filters";
import { Sha, Tags } from "../parts/names";
import { VerdictMark } from "../parts/Verdict";
import { link, setQuery } from "../router";
import type { ViewProps } from "../view-props";
import { Lately } from "./overview/Lately";
import { SeriesTable } from "./overview/SeriesTable";

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
  const shown = Math.max(FIRST_ROWS, Number.parseInt(query.get("rows") ?? "", 10) || 0);
  return (
    <>
      <h1 class="hidden">Overview</h1>
      <State site={site} />
      <Lately site={site} />
      <section aria-labelledby="all">
        <h2 id="all">Series, {order}</h2>
        <Filters site={site} query={query} verdicts={[...VERDICTS, "failed", "far_out"]}>
          <Select name="order" chosen={order} options={names} all="" />
          <span class="quiet" role="status">{count(rows.length, "series", "series")}</span>
        </Filters>
        {site.rows.length === 0 && <p>No results yet. Measure something with <code>tracker run</code>, then publish again.</p>}
        {site.rows.length > 0 && rows.length === 0 && <p>Nothing matches. <a href={link("")}>Show all series</a></p>}
        {rows.length > 0 && <SeriesTable site={site} rows={rows.slice(0, shown)} order={order} />}
        {shown < rows.length && (
          <p class="tools">
            <button type="button" onClick={() => setQuery({ rows: String(shown + MORE_ROWS) })}>Show more ({(rows.length - shown).toLocaleString("en-US")} left)</button>
          </p>
        )}
      </section>
    </>
  );
}

function State({ site }: { site: Site }) {
  const { index } = site;
  const { counts } = index;
  const named = [["worse", counts.worse], ["better", counts.better], ["no_change", counts.no_change], ["cannot_tell", counts.cannot_tell]] as const;
  return (
    <>
      <p class="state">
        {index.newest_sha && <>At <Sha sha={index.newest_sha.slice(0, 12)} /><Tags tags={index.newest_tags} />: </>}
        {named.map(([verdict, n], i) => (
          <>{i > 0 && ", "}<a class="plain" href={link("", "", { verdict })}><VerdictMark verdict={verdict} /> <b>{n.toLocaleString("en-US")}</b></a></>
        ))}
        {counts.failed > 0 && <>; <a class="plain" href={link("", "", { verdict: "failed" })}><b>{counts.failed.toLocaleString("en-US")}</b> failed</a></>}
        {counts.far_out > 0 && <>; <a class="plain" href={link("", "", { verdict: "far_out" })}><b>{counts.far_out.toLocaleString("en-US")}</b> newest far out, not judged yet</a></>}
      </p>
      {index.method.notes.map((note) => <p class="quiet"><a class="plain" href={link("method")}>{note}</a></p>)}
    </>
  );
}
