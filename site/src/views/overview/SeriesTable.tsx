import { useEffect, useRef } from "preact/hooks";
import type { Row, Site } from "../../data";
import { atLeast, count, quantity, ratio } from "../../format";
import { useLoaded } from "../../loaded";
import { SeriesLink } from "../../parts/names";
import { reachText, Sparkline } from "../../parts/Sparkline";
import { FarOut, VerdictMark } from "../../parts/Verdict";

/** Series on one page of sparklines. */
const PAGE = 64;

interface Spark {
  line: string;
  mark: number | null;
  reach: number | null;
}

export function SeriesTable({ site, rows, order }: { site: Site; rows: Row[]; order: string }) {
  const sparks = useSparks(site, rows);
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Series">
      <table class={site.manyPlaces ? "series places" : "series"} role="table">
        <caption class="hidden">Series, {order}</caption>
        <thead>
          <tr>
            <th scope="col">Series</th><th scope="col">Machine</th><th scope="col">History</th>
            <th scope="col" class="number now">Now</th><th scope="col" class="number" title="The change that the verdict speaks of; else the last one">Change</th><th scope="col" class="number detectable" title="The smallest change that the next few commits could show">Detectable</th><th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => <SeriesRow key={row.id} site={site} row={row} spark={sparks.get(row.i)} />)}
        </tbody>
      </table>
    </div>
  );
}

/** Sparklines by row; those that were read stay while more are on their way. */
function useSparks(site: Site, rows: Row[]): Map<number, Spark> {
  const known = useRef(new Map<number, Spark>()).current;
  const numbers = [...new Set(rows.map((row) => Math.floor(row.rank / PAGE)))];
  const pages = useLoaded(`sparks ${numbers.join()}`, () => Promise.all(numbers.map((number) => site.sparks(number)))).value;
  useEffect(() => {
    if (pages) performance.mark("view-ready");
  }, [pages]);
  for (const page of pages ?? []) {
    page.row.forEach((i, at) => known.set(i, { line: page.line[at]!, mark: page.mark[at]!, reach: page.reach[at]! }));
  }
  return known;
}

/** The chart has its place before its line is read: a row that grew would move all below it. */
function SeriesRow({ site, row, spark }: { site: Site; row: Row; spark: Spark | undefined }) {
  return (
    <tr role="row">
      <th scope="row" role="rowheader"><SeriesLink row={row} /></th>
      <td class="machine" role="cell"><bdi>{row.place}</bdi></td>
      <td class="spark" role="cell"><Sparkline line={spark?.line ?? ""} mark={spark?.mark ?? null} verdict={row.verdict} /><span class="reach quiet">{reachText(spark?.reach)}</span></td>
      <td class="number" role="cell">
        {quantity(row.value, row.metric.unit)}
        {row.value !== null && row.age > site.age && <span class="age">{count(row.age - site.age, "commit")} ago</span>}
      </td>
      <td class="number" role="cell">{row.change === null ? "" : ratio(row.change)}</td>
      <td class="number detectable" role="cell">{row.noise === null ? "" : atLeast(row.noise)}</td>
      <td role="cell">
        <VerdictMark verdict={row.verdict} />
        {row.outcome === "failed" && <> <span class="flag">latest run failed</span></>}
        {" "}<FarOut size={row.farOut} />
      </td>
    </tr>
  );
}
