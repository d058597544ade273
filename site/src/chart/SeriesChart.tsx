// The history of one series, others over it, with everything that is known about it drawn in.
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { actOnKey } from "./keyboard";
import { Plot } from "./plot";
import type { ChartProps } from "./props";
import { align, samplesOf, scaleOf } from "./series-data";
import { seriesOptions } from "./series-options";

export function SeriesChart(props: ChartProps) {
  const { series, commits, axis, log, showSamples, range, focus } = props;
  const aligned = useMemo(() => align(series, commits, axis), [series, commits, axis]);
  const scale = useMemo(() => scaleOf(aligned, axis), [aligned, axis]);
  const samples = useMemo(() => (showSamples && series[0] ? samplesOf(series[0]) : null), [series, showSamples]);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  useLayoutEffect(() => {
    const u = plot.current;
    if (!u) return;
    const [min, max] = range ? scale.window(range) : scale.full;
    if (u.scales.x!.min !== min || u.scales.x!.max !== max) u.setScale("x", { min, max });
    else u.redraw(false, false);
  }, [range, focus]);
  return (
    <Plot
      height={380}
      label={props.label}
      options={() => seriesOptions(latest, aligned.positions, scale, samples)}
      data={[aligned.xs, ...aligned.columns] as uPlot.AlignedData}
      version={[series.map((one) => one.id).join(), axis, log, props.zero, showSamples].join()}
      onPlot={(u) => { plot.current = u; }}
      onKeyDown={(event) => actOnKey(event, latest.current, aligned.positions)}
    />
  );
}
