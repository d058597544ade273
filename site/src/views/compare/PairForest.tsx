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
const VERDICTS = ["worse", "suspected", "better"];

export function PairForest({ pairs, at, tracked }: { pairs: PairShown[]; at: string; tracked: string }) {
  const drawn = pairs.filter(({ before, after }) => before && after && after / before > 0);
  const own = drawn.filter(({ row }) => !tracked || row.library === tracked);
  const controls = drawn.length - own.length;
  return (
    <>
      {TIERS.map(([tier, title], i) => {
        const some = own.filter(({ row }) => row.metric.tier === tier);
        if (!some.length) return null;
        return (
          <details class="tier" open={i === 0}>
            <summary><h3>{title}</h3> <span class="quiet">{summary(some)}</span></summary>
            <ForestPlot label={title} effects={some.slice(0, MOST).map((pair) => effectOf(pair, at, tracked))} />
            {some.length > MOST && <p class="quiet">The first {MOST} of {some.length}; the table below has all.</p>}
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

function effectOf({ row, before, after, verdict, low, high, text }: PairShown, at: string, tracked: string): Effect {
  return {
    key: row.id, ratio: after! / before!, low, high, noise: row.noise, verdict, text: text || ratio(after! / before!),
    name: <a href={link("series", row.id, { at })}><SeriesName row={tracked ? { ...row, library: "" } : row} metric={row.library !== ""} /></a>,
  };
}
