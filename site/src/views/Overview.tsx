import { useEffect, useState } from "preact/hooks";
import type { ViewProps } from "../app";
import { type Row, type Site, useLoaded, VERDICTS } from "../data";
import { count, day, quantity, ratio } from "../format";
import { Filters, keeps, Select } from "../parts/Filters";
import { Sha, SeriesLink, Tags } from "../parts/names";
import { Sparkline } from "../parts/Sparkline";
import { VerdictMark } from "../parts/Verdict";
import { link } from "../router";
import type { Sparks } from "../schema";

const PAGE = 64;
const FIRST_ROWS = 40;
const ORDERS: Record<string, (a: Row, b: Row) => number> = {
  "worst first": (a, b) => a.rank - b.rank,
  "newest change": (a, b) => (b.changedAt ?? -1) - (a.changedAt ?? -1) || a.rank - b.rank,
  name: (a, b) => a.text.localeCompare(b.text),
};

export function Overview({ site, route }: ViewProps) {
  const [shown, setShown] = useState(FIRST_ROWS);
  const order = route.query.get("order") ?? "worst first";
  const rows = site.ranked.filter(keeps(route.query)).sort(ORDERS[order] ?? ORDERS["worst first"]);
  return (
    <>
      <h1 class="hidden">Overview</h1>
      <State site={site} />
      <Lately site={site} />
      <section aria-labelledby="all">
        <h2 id="all">Series, {order}</h2>
        <Filters site={site} query={route.query} verdicts={[...VERDICTS, "failed"]}>
          <Select name="order" chosen={order} options={Object.keys(ORDERS)} all="" />
          <span class="quiet" role="status">{count(rows.length, "series", "series")}</span>
        </Filters>
        {site.rows.length === 0 && <p>No results yet. Measure something with <code>tracker run</code>, then publish again.</p>}
        {site.rows.length > 0 && rows.length === 0 && <p>Nothing matches. <a href={link("")}>Show all series</a></p>}
        {rows.length > 0 && <SeriesTable site={site} rows={rows.slice(0, shown)} />}
        {shown < rows.length && (
          <p class="tools"><button type="button" onClick={() => setShown(shown + 200)}>Show more ({(rows.length - shown).toLocaleString("en-US")} left)</button></p>
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
        {counts.failed > 0 && <>; <a class="plain" href={link("", "", { verdict: "failed" })}><b>{counts.failed}</b> failed</a></>}
      </p>
      {index.method.notes.map((note) => <p class="quiet one-line"><a class="plain" href={link("method")}>{note}</a></p>)}
    </>
  );
}

function Lately({ site }: { site: Site }) {
  const { recent } = site.index;
  if (!recent.length) return null;
  return (
    <section aria-labelledby="lately">
      <h2 id="lately">Lately</h2>
      <ul class="lately">
        {recent.map((change) => (
          <li>
            <VerdictMark verdict={change.verdict} /> <b class="size">{ratio(change.ratio)}</b>{" "}
            <SeriesLink row={site.byId.get(change.id)!} at={change.sha} />{" "}
            <span class="quiet">
              {quantity(change.before, change.unit)} to {quantity(change.after, change.unit)}, {change.status}, {day(change.date_s)}
              {change.triage && <>, <bdi>{change.triage.sentence}</bdi></>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A series that can only see large steps says little by "no change". */
function step(noise: number): string {
  return `±${Number((noise * 100).toPrecision(2)).toLocaleString("en-US")} %`;
}

function SeriesTable({ site, rows }: { site: Site; rows: Row[] }) {
  const pages = [...new Set(rows.map((row) => Math.floor(row.rank / PAGE)))];
  const sparks = useLoaded(`sparks ${pages.join()}`, () => Promise.all(pages.map((page) => site.sparks(page))));
  const lines = new Map<number, { page: Sparks; at: number }>();
  useEffect(() => {
    if (sparks.value) performance.mark("view-ready");
  }, [sparks.value]);
  for (const page of sparks.value ?? []) page.row.forEach((i, at) => lines.set(i, { page, at }));
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Series">
      <table class="series" role="table">
        <caption class="hidden">Series, worst first</caption>
        <thead>
          <tr>
            <th scope="col">Series</th><th scope="col">Machine</th><th scope="col">Lately</th>
            <th scope="col" class="number">Now</th><th scope="col" class="number">Change</th><th scope="col" class="number can-see" title="The smallest step that the next few commits could establish">Can see</th><th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => {
            const spark = lines.get(row.i);
            return (
              <tr key={row.id} role="row">
                <th scope="row" role="rowheader"><SeriesLink row={row} /></th>
                <td class="machine" role="cell"><bdi>{row.machine}</bdi></td>
                <td class="spark" role="cell">
                  {spark && <Sparkline line={spark.page.line[spark.at]!} mark={spark.page.mark[spark.at]!} verdict={row.verdict} />}
                </td>
                <td class="number" role="cell">{quantity(row.value, row.metric.unit)}</td>
                <td class="number" role="cell">{row.change === null ? "" : ratio(row.change)}</td>
                <td class="number can-see" role="cell">{row.noise === null ? "" : step(row.noise)}</td>
                <td role="cell">
                  <VerdictMark verdict={row.verdict} />
                  {row.outcome === "failed" && <> <span class="flag">newest failed</span></>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
