// What everything in the chart of a series is: only what can be seen in it is named.
import type { SeriesFile } from "../series-file";

export function ChartLegend({ series, color, samples }: { series: SeriesFile; color: string; samples: boolean }) {
  const outcomes = new Set(Object.values(series.outcomes));
  const stand = series.changes.filter((change) => change.status !== "withdrawn");
  const suspected = stand.some((change) => change.status === "suspected");
  return (
    <ul class="legend chart-legend" aria-label="Legend">
      <li><span class="key line" style={{ borderColor: color }} />value at a commit</li>
      {series.low.length > 0 && <li><span class="key band" style={{ background: `color-mix(in srgb, ${color} 25%, transparent)` }} />99 % interval of the value</li>}
      {samples && series.samples.length > 0 && <li><span class="key samples" style={{ background: color }} />samples</li>}
      <li><span class="key level" />{stand.length ? "level between changes" : "level (median)"}</li>
      {stand.length > 0 && <li>{[...new Set(stand.map((change) => change.verdict))].map((verdict) => <span class={`key change ${verdict}`} />)}change{suspected && " (dashed: suspected)"}, in the range of commits it may have come with</li>}
      <li><span class="key chosen" />selected commit</li>
      {outcomes.has("failed") && <li><span class="key mark">×</span>failed</li>}
      {outcomes.has("unsupported") && <li><span class="key mark">–</span>unsupported</li>}
    </ul>
  );
}
