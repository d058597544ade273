// Two commits as a picture: every difference against the band of what is noise, what matters most first.
import type { Row } from "../../data";
import { count, ratio } from "../../format";
import { type Effect, ForestPlot } from "../../parts/ForestPlot";
import { SeriesName } from "../../parts/names";
import { link } from "../../router";

export interface PairShown {
  row: Row;
  before: number | null;
  after: number | null;
  verdict: string | null;
  low: number | null;
  high: number | null;
  text: string;
}

const TIERS = [["primary", "What matters most"], ["secondary", "Secondary"], ["diagnostic", "Diagnostic"]] as const;
const MOST = 20;
/** Differences of single values without a change found: more of them only hide what was found. */
const MOST_UNFOUND = 5;
const VERDICTS = ["worse", "suspected", "better"];

export function PairForest({ pairs, at, tracked, places }: { pairs: PairShown[]; at: string; tracked: string; places: boolean }) {
  const own = pairs.filter(({ row }) => !tracked || row.library === tracked);
  const controls = pairs.length - own.length;
  return (
    <>
      {TIERS.map(([tier, title], i) => {
        const some = own.filter(({ row }) => row.metric.tier === tier);
        if (!some.length) return null;
        const drawn = some.filter(({ before, after }) => before && after && after / before > 0);
        const found = drawn.filter(({ verdict }) => verdict !== null);
        const shown = [...found.slice(0, MOST), ...drawn.filter(({ verdict }) => verdict === null).slice(0, MOST_UNFOUND)];
        return (
          <details class="tier" open={i === 0 || some.some(({ verdict }) => verdict === "worse")}>
            <summary><h3>{title}</h3> <span class="quiet">{summary(some)}</span></summary>
            {shown.length > 0 && <ForestPlot label={title} effects={shown.map((pair) => effectOf(pair, at, tracked, places))} />}
            {some.length > shown.length && <p class="quiet">{count(some.length - shown.length, "more is", "more are")} in the table below.</p>}
          </details>
        );
      })}
      {controls > 0 && own.length > 0 && <p class="quiet">{count(controls, "series", "series")} of other libraries, the controls, are in the table.</p>}
    </>
  );
}

function summary(pairs: PairShown[]): string {
  const counts = VERDICTS.map((verdict) => [verdict, pairs.filter((pair) => pair.verdict === verdict).length] as const).filter(([, n]) => n);
  const named = counts.map(([verdict, n]) => `${n} ${verdict}`).join(", ");
  return `${count(pairs.length, "series", "series")}: ${named || "no change detected"}`;
}

/** The interval is that of the change found between the two; two values outside it are drawn without. */
function effectOf({ row, before, after, verdict, low, high, text }: PairShown, at: string, tracked: string, places: boolean): Effect {
  const size = after! / before!;
  const within = low !== null && high !== null && low <= size && size <= high;
  return {
    key: row.id, ratio: size, low: within ? low : null, high: within ? high : null, noise: row.noise, verdict, text: text || ratio(size),
    name: <a href={link("series", row.id, { at })}><SeriesName row={tracked ? { ...row, library: "" } : row} metric={row.library !== ""} place={places ? row.place : ""} /></a>,
  };
}
