// The history of one series, others over it, with everything that is known about it drawn in.
import { useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import { cssColor, type Look } from "../colors";
import { day } from "../format";
import type { Commits, SeriesFile } from "../schema";
import { drawOver, drawUnder, type Scene } from "./marks";
import { axes, Plot, type Options } from "./plot";
import { align, type Axis, samplesOf } from "./series-data";
import { touchZoom } from "./touch";

interface Props {
  series: SeriesFile[];
  looks: Look[];
  commits: Commits;
  axis: Axis;
  log: boolean;
  showSamples: boolean;
  range: [number, number] | null;
  focus: number | null;
  label: string;
  onFocus: (position: number) => void;
  onRange: (range: [number, number] | null) => void;
  onOpen: (position: number) => void;
}

export function SeriesChart(props: Props) {
  const { series, commits, axis, log, showSamples } = props;
  const aligned = useMemo(() => align(series, commits, axis), [series, commits, axis]);
  const samples = useMemo(() => (showSamples && series[0] ? samplesOf(series[0]) : null), [series, showSamples]);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const { positions, xs, columns } = aligned;
  const xOf = (position: number) => (axis === "commit" ? position : (xs[nearest(positions, position)] ?? 0));
  const full = (): [number, number] => [(xs[0] ?? 0) - pad(xs), (xs.at(-1) ?? 1) + pad(xs)];
  const scene = (): Scene => ({
    series, commits, samples, x: xOf, strokes: props.looks.map((look) => look.stroke),
    focus: latest.current.focus,
  });
  const wanted = (): [number, number] => {
    const { range } = latest.current;
    return range ? [xOf(range[0]) - pad(xs) / 4, xOf(range[1]) + pad(xs) / 4] : full();
  };

  const tell = (min: number, max: number) => {
    const inside = positions.filter((_, i) => xs[i]! >= min && xs[i]! <= max);
    const all = inside.length === positions.length;
    if (inside.length > 1) latest.current.onRange(all ? null : [inside[0]!, inside.at(-1)!]);
  };

  const options = (): Options => ({
    padding: [24, 34, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, auto: false, min: wanted()[0], max: wanted()[1] },
      y: { distr: log ? 3 : 1, range: log ? undefined : padded },
    },
    axes: axes(
      (_u, ticks) => ticks.map((tick) => tickLabel(tick, commits, axis)),
      series[0]?.metric.unit ?? "",
    ),
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: { size: 8 },
      bind: { dblclick: () => () => { latest.current.onRange(null); return null; } },
    },
    series: [{}, ...series.flatMap((_, i) => lines(props.looks[i]!, i === 0))],
    bands: series.map((_, i) => ({ series: [i * 3 + 3, i * 3 + 2] as [number, number], fill: fade(props.looks[i]!.stroke) })),
    plugins: [touchZoom(full, tell)],
    hooks: {
      drawAxes: [(u) => drawUnder(u, scene())],
      draw: [(u) => drawOver(u, scene())],
      setCursor: [(u) => { const i = u.cursor.idx; if (i != null && positions[i] !== undefined) latest.current.onFocus(positions[i]!); }],
      setSelect: [(u) => select(u, tell)],
      ready: [(u) => {
        let finger = false;
        u.over.addEventListener("pointerdown", (event) => { finger = event.pointerType === "touch"; });
        u.over.addEventListener("click", () => finger || open(u));
      }],
    },
  });

  /** A click opens the commit; a tap only chooses it, since a finger cannot hover first. */
  const open = (u: uPlot) => {
    const i = u.cursor.idx;
    if (i != null && u.select.width < 3) latest.current.onOpen(positions[i]!);
  };

  const apply = useRef("");
  const state = JSON.stringify([props.range, props.focus]);
  if (plot.current && apply.current !== state) {
    apply.current = state;
    const u = plot.current;
    const [min, max] = wanted();
    queueMicrotask(() => {
      if (u.scales.x!.min !== min || u.scales.x!.max !== max) u.setScale("x", { min, max });
      else u.redraw(false, false);
    });
  }

  return (
    <Plot
      height={380}
      label={props.label}
      options={options}
      data={[xs, ...columns] as uPlot.AlignedData}
      version={[series.map((s) => s.id).join(), axis, log, showSamples].join()}
      onPlot={(u) => {
        plot.current = u;
      }}
      onKeyDown={(event) => keyboard(event, latest.current, positions)}
    />
  );
}

function lines(look: Look, main: boolean): uPlot.Series[] {
  const hidden = { stroke: "transparent", width: 0, points: { show: false } };
  const value: uPlot.Series = {
    stroke: look.stroke,
    width: main ? 1.5 : 1.25,
    dash: look.dash,
    points: { size: 5, fill: look.stroke, stroke: look.stroke, width: 0, filter: alone },
  };
  return [value, hidden, hidden];
}

/** With many points only those are dotted that no line reaches. */
function alone(u: uPlot, seriesIndex: number, show: boolean): number[] | null {
  if (show) return null;
  const values = u.data[seriesIndex]!;
  const [from, to] = u.series[0]!.idxs ?? [0, values.length - 1];
  const found: number[] = [];
  for (let i = from; i <= to; i++) {
    if (values[i] != null && values[i - 1] == null && values[i + 1] == null) found.push(i);
  }
  return found;
}

function select(u: uPlot, tell: (min: number, max: number) => void): void {
  if (u.select.width < 6) return;
  const min = u.posToVal(u.select.left, "x");
  const max = u.posToVal(u.select.left + u.select.width, "x");
  u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  tell(min, max);
}

function padded(_u: uPlot, min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const room = (max - min) * 0.12 || Math.abs(max) * 0.1 || 1;
  return [min >= 0 ? Math.max(0, min - room) : min - room, max + room];
}

function pad(xs: number[]): number {
  return Math.max(((xs.at(-1) ?? 1) - (xs[0] ?? 0)) * 0.01, 0.25);
}

function fade(color: string): string {
  return `color-mix(in srgb, ${color} ${cssColor("band") || "18%"}, transparent)`;
}

function tickLabel(tick: number, commits: Commits, axis: Axis): string {
  if (axis === "date") return day(tick);
  if (!Number.isInteger(tick)) return "";
  const date = commits.date_s[tick];
  return date === undefined ? "" : `${commits.sha[tick]!.slice(0, 7)}\n${day(date)}`;
}

export function nearest(sorted: number[], wanted: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  const before = sorted[low - 1];
  return before !== undefined && wanted - before < sorted[low]! - wanted ? low - 1 : low;
}

function keyboard(event: KeyboardEvent, props: Props, positions: number[]): void {
  const last = positions.length - 1;
  const at = props.focus === null ? last : nearest(positions, props.focus);
  const [from, to] = props.range ?? [positions[0]!, positions[last]!];
  const go = (i: number) => props.onFocus(positions[Math.min(last, Math.max(0, i))]!);
  const zoom = (factor: number) => {
    const middle = positions[at]!;
    const half = Math.max(2, ((to - from) / 2) * factor);
    const next: [number, number] = [Math.max(positions[0]!, Math.round(middle - half)), Math.min(positions[last]!, Math.round(middle + half))];
    props.onRange(next[0] <= positions[0]! && next[1] >= positions[last]! ? null : next);
  };
  const actions: Record<string, () => void> = {
    ArrowLeft: () => go(at - (event.shiftKey ? 10 : 1)),
    ArrowRight: () => go(at + (event.shiftKey ? 10 : 1)),
    Home: () => go(0),
    End: () => go(last),
    Enter: () => props.onOpen(positions[at]!),
    "+": () => zoom(0.5),
    "=": () => zoom(0.5),
    "-": () => zoom(2),
    "0": () => props.onRange(null),
    Escape: () => props.onRange(null),
  };
  const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}
