import { count } from "../../format";
import { Keyed } from "../../parts/ForestPlot";
import { Breakable } from "../../parts/names";
import type { Cause } from "../../schema";

const MOST = 12;

/** What each function costs more or less, as bars from a common middle: less to the left, more to the right. */
export function CostBars({ causes, direction }: { causes: Cause[]; direction: string }) {
  const largest = Math.max(...causes.map((cause) => Math.abs(cause.head - cause.base)), 0);
  if (!largest) return null;
  const shown = causes.slice(0, MOST);
  const more = causes.some((cause) => cause.head > cause.base);
  const fewer = causes.some((cause) => cause.head < cause.base);
  return (
    <div class="forest costs">
      <p class="quiet legend-line">
        Python lines per task: {fewer && <Keyed kind="fewer" text="fewer than before" />} {more && <Keyed kind="more" text="more than before" />}; the longest bar is {count(largest, "line")}.
        {more !== fewer && <> {more === (direction === "worse") ? "What went the other way at this commit is left out." : "All of it goes the other way, so it does not explain what happened."}</>}
      </p>
      <ul aria-label="Lines per task, by function">
        {shown.map((cause) => <Bar cause={cause} share={Math.abs(cause.head - cause.base) / largest} />)}
      </ul>
      {causes.length > shown.length && <p class="quiet">The first {shown.length} of {causes.length}; the table has all.</p>}
    </div>
  );
}

function Bar({ cause, share }: { cause: Cause; share: number }) {
  const more = cause.head > cause.base;
  const size = `${(50 * share).toFixed(1)}%`;
  return (
    <li>
      <span class="what"><code><bdi><Breakable name={cause.name} /></bdi></code> <span class="quiet">{cause.role}</span></span>
      <svg height="14" aria-hidden="true" class={more ? "worse" : "better"}>
        <rect x={more ? "50%" : `${(50 - 50 * share).toFixed(1)}%`} y="2" width={size} height="10" />
        <line x1="50%" x2="50%" y1="0" y2="14" />
      </svg>
      <b class="number">{cause.head >= cause.base ? "+" : "−"}{Math.abs(cause.head - cause.base).toLocaleString("en-US")}</b>
    </li>
  );
}
