// How the chart of a series is made: axes, lines, bands, what is drawn around them, and the pointer.
import type uPlot from "uplot";
import { faded, type Look } from "../colors";
import { day, hour } from "../format";
import type { Commits } from "../commits";
import { drawOver, drawUnder, type Scene } from "./marks";
import { axes, DATES, DAY_S, type Options, WHOLE } from "./plot";
import { type Axis, type Scale, withIntervals } from "./series-data";
import type { ChartProps } from "./props";
import { touchZoom } from "./touch";

/** Pixels that the pointer moves before a click becomes a drag. */
const DRAG_PX = 6;

export function seriesOptions(
  latest: { current: ChartProps }, positions: number[], scale: Scale, samples: Map<number, number[]> | null,
): Options {
  const { series, looks, commits, axis, log, zero, range } = latest.current;
  const [min, max] = range ? scale.window(range) : scale.full;
  const scene = (): Scene => ({
    series, commits, samples, x: scale.x, strokes: looks.map((look) => look.stroke), focus: latest.current.focus,
  });
  const zoom = (from: number, to: number) => {
    const within = scale.within(from, to);
    if (within) latest.current.onRange(within.length === positions.length ? null : [within[0]!, within.at(-1)!]);
  };
  const focus = (u: uPlot) => {
    const position = positions[u.cursor.idx ?? -1];
    if (position !== undefined) latest.current.onFocus(position);
  };
  return {
    padding: [24, 34, 0, 0],
    legend: { show: false },
    scales: { x: { time: false, auto: false, min, max }, y: { distr: log ? 3 : 1, range: log ? undefined : zero ? fromZero : padded } },
    axes: axes((_u, ticks) => ticks.map((tick) => tickLabel(tick, commits, axis)), series[0]?.metric.unit ?? "", undefined, axis === "date" ? DATES : WHOLE),
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: DRAG_PX, click: () => {} },
      points: { size: 8 },
      bind: { dblclick: () => () => { latest.current.onRange(null); return null; } },
    },
    series: [{}, ...looks.flatMap((look, i) => lines(look, i === 0, positions.length))],
    bands: looks.map((look, i) => ({ series: [i * 3 + 3, i * 3 + 2] as [number, number], fill: faded(look.stroke) })),
    plugins: [touchZoom(() => scale.full, zoom), pointer(zoom, () => latest.current.onOpen, positions)],
    hooks: {
      drawAxes: [(u) => drawUnder(u, scene())],
      draw: [(u) => drawOver(u, scene())],
      setCursor: [focus],
      setScale: [(u, key) => { if (key === "y") latest.current.onAxis(u.scales.y!.min ?? 0); }],
    },
  };
}

/** A drag zooms, a click opens the commit; a tap only chooses it, since a finger cannot hover first. */
function pointer(
  zoom: (from: number, to: number) => void, onOpen: () => (position: number) => void, positions: number[],
): uPlot.Plugin {
  let finger = false;
  let dragged = false;
  return {
    hooks: {
      setSelect: (u) => {
        const { left, width } = u.select;
        if (width < DRAG_PX) return;
        dragged = true;
        u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        zoom(u.posToVal(left, "x"), u.posToVal(left + width, "x"));
      },
      ready: (u) => {
        u.over.addEventListener("pointerdown", (event) => {
          finger = event.pointerType === "touch";
          dragged = false;
        });
        u.over.addEventListener("click", () => {
          const position = positions[u.cursor.idx ?? -1];
          if (!finger && !dragged && position !== undefined) onOpen()(position);
        });
      },
    },
  };
}

/** So many points are a ribbon: the level shows through it. */
const MANY = 400;

function lines(look: Look, main: boolean, count: number): uPlot.Series[] {
  const hidden = { stroke: "transparent", width: 0, points: { show: false }, auto: false };
  const value: uPlot.Series = {
    stroke: count > MANY ? faded(look.stroke, 55) : look.stroke,
    width: main ? 1.5 : 1.25,
    dash: look.dash,
    points: { size: 5, fill: look.stroke, stroke: look.stroke, width: 0, filter: alone },
  };
  return [value, hidden, hidden];
}

/** With many points only those are dotted that have no measured neighbour. */
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

function padded(u: uPlot, min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const [from, to] = u.series[0]!.idxs ?? [0, u.data[0].length - 1];
  const intervals = u.data.slice(1).filter((_, i) => i % 3 > 0).flatMap((column) => [...column.slice(from, to + 1)]);
  const [low, high] = withIntervals(min, max, intervals);
  const room = (high - low) * 0.12 || Math.abs(high) * 0.1 || 1;
  return [min >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

function fromZero(u: uPlot, min: number | null, max: number | null): [number, number] {
  const [low, high] = padded(u, min, max);
  return [Math.min(0, low), Math.max(0, high)];
}

function tickLabel(tick: number, commits: Commits, axis: Axis): string {
  if (axis === "date") return tick % DAY_S ? hour(tick) : day(tick);
  if (!Number.isInteger(tick)) return "";
  const date = commits.date_s[tick];
  return date === undefined ? "" : `${commits.sha[tick]!.slice(0, 7)}\n${day(date)}`;
}
