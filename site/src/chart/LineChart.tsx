// A plain line chart: curves of a run, scaling plots. Pointer and arrow keys read its values.
import { useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { cssColor, faded, type Look } from "../colors";
import { axisLabels, logLabels, quantity } from "../format";
import type { Drawing } from "./library";
import { writeOver } from "./marks";
import { nearest, spanning } from "./series-data";
import { axes, Plot, type Options, WHOLE } from "./plot";

/** Many charts stand below one another there. */
const PHONE = matchMedia("(max-width: 44rem)");

export interface Line {
  name: string;
  look: Look;
  x: number[];
  y: (number | null)[];
}

interface Props {
  label: string;
  lines: Line[];
  unit: string;
  xUnit: string;
  xTitle: string;
  logX?: boolean;
  logY?: boolean;
  points?: boolean;
  height?: number;
  fromZero?: boolean;
  /** Each value holds from the point before: a histogram, filled down to zero. */
  steps?: boolean;
  /** What the x-axis spans until a part of it is chosen; without it, the points. */
  span?: [number, number];
  xLabels?: (ticks: number[]) => string[];
  /** What an x is called beside its values. */
  xText?: (x: number) => string;
  /** Vertical lines with a name. */
  marks?: { x: number; name: string }[];
  /** Charts with the same name show the same x under the pointer. */
  sync?: string;
}

export function LineChart(props: Props) {
  const { label, lines, unit, xUnit, xTitle, logX, logY, points, height = PHONE.matches ? 126 : 220, xLabels, fromZero, steps, span, sync, marks = [] } = props;
  const plot = useRef<uPlot | null>(null);
  const [{ at, byKey }, read] = useState<{ at: number | null; byKey: boolean }>({ at: null, byKey: false });
  const xs = [...new Set(lines.flatMap((line) => line.x))].sort((a, b) => a - b);
  const columns = lines.map((line) => {
    const at = new Map(line.x.map((x, i) => [x, line.y[i] ?? null]));
    return xs.map((x) => (at.has(x) ? at.get(x)! : undefined));
  });
  const options = (drawing: Drawing): Options => ({
    padding: [12, 36, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: true, y: false }, y: false, sync: sync ? { key: sync } : undefined },
    // A pointer that leaves, perhaps another chart, takes nothing from who walks by keys.
    hooks: { draw: [(u) => drawMarks(u, marks)], setCursor: [({ cursor: { idx } }) => read((now) => (idx == null && now.byKey ? now : { at: idx ?? null, byKey: false }))] },
    scales: {
      x: { time: false, distr: logX ? 3 : 1, ...(span && { range: spanning(xs, span) }) },
      y: { distr: logY ? 3 : 1, range: logY || !fromZero ? undefined : (_u, _min, max) => [0, (max || 1) * 1.1] },
    },
    axes: axes((_u, ticks) => (xLabels ?? ((all) => (logX ? logLabels : axisLabels)(all, xUnit)))(ticks), unit, xTitle || undefined, !logX && xs.every(Number.isInteger) ? WHOLE : undefined),
    series: [
      {},
      ...lines.map((line) => ({
        stroke: line.look.stroke, dash: line.look.dash, width: 1.5,
        fill: steps ? faded(line.look.stroke) : undefined, paths: steps ? drawing.paths.stepped!({ align: -1 }) : undefined,
        points: { show: points ?? line.x.length < 3, size: 7, fill: line.look.stroke },
      })),
    ],
  });
  const version = JSON.stringify([lines.map((l) => [l.name, l.x.length, l.y]), logX, logY, unit, span]);
  const walk = (event: KeyboardEvent) => {
    const to = stepTo(event.key, at, xs.length);
    if (to === null) return;
    event.preventDefault();
    plot.current?.setCursor({ left: plot.current.valToPos(xs[to]!, "x"), top: 0 }, false);
    read({ at: to, byKey: true });
  };
  const x = at === null ? undefined : xs[at];
  return (
    <>
      <Plot height={height} label={`${label} Arrow keys walk the points.`} options={options} data={[xs, ...columns] as uPlot.AlignedData} version={version}
        onPlot={(u) => { plot.current = u; }} onKeyDown={walk} />
      <p class="readout" aria-live={byKey ? "polite" : "off"}>
        {x !== undefined && <><b>{(props.xText ?? ((one) => quantity(one, xUnit)))(x)}</b> {lines.map((line) => valueAt(line, x, unit, lines.length > 1)).join(", ")}</>}
      </p>
    </>
  );
}

/** The names stand below one another, each at its line: that of the first on the left, away from the others. */
function drawMarks(u: uPlot, marks: { x: number; name: string }[]): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = cssColor("ink");
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  marks.forEach(({ x: value, name }, i) => {
    const x = u.valToPos(value, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const width = 6 * devicePixelRatio + ctx.measureText(name).width;
    const hasRoomLeft = x - width > bbox.left;
    const hasRoomRight = x + width < bbox.left + bbox.width;
    const right = hasRoomRight && (i > 0 || !hasRoomLeft);
    ctx.textAlign = right ? "left" : "right";
    writeOver(ctx, name, x + (right ? 4 : -4) * devicePixelRatio, bbox.top + (12 + 14 * i) * devicePixelRatio);
  });
  ctx.restore();
}

/** A line that was not asked at *x* tells its nearest point. */
function valueAt(line: Line, x: number, unit: string, named: boolean): string {
  const value = quantity(line.y[nearest(line.x, x)], unit);
  return named ? `${line.name} ${value}`.trimStart() : value;
}

function stepTo(key: string, at: number | null, length: number): number | null {
  const last = length - 1;
  const steps = new Map([["ArrowLeft", (at ?? length) - 1], ["ArrowRight", (at ?? -1) + 1], ["Home", 0], ["End", last]]);
  const to = steps.get(key);
  return to === undefined || last < 0 ? null : Math.min(last, Math.max(0, to));
}
