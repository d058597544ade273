// Throughput against the 99th percentile of latency: up and to the left is better.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Box, LINE_HEIGHT, placeNames, POINT } from "../../chart/placement";
import { look } from "../../colors";
import { axisLabels, quantity } from "../../format";
import { DataTable } from "../../parts/DataTable";
import { Behind } from "../../parts/Behind";
import type { MetricTable } from "../../schema";

const HEIGHT = 260;
/** Above and below the frame stand the names of the axes. */
const EDGE = 22;
const ROOM = 1.15;

interface Point {
  library: string;
  median: number;
  p99: number;
}

export function Tradeoff({ tables, libraries }: { tables: MetricTable[]; libraries: string[] }) {
  const [throughput, latency] = ["throughput", "latency_p99"].map((name) => tables.find((table) => table.metric === name));
  if (!throughput || !latency) return null;
  const late = new Map(latency.rows.map((row) => [row.library, row.median]));
  const points = throughput.rows.flatMap(({ library, median }) => {
    const p99 = late.get(library);
    return median && p99 ? [{ library, median, p99 }] : [];
  });
  if (points.length < 2) return null;
  return (
    <section aria-labelledby="tradeoff">
      <h2 id="tradeoff">Throughput against the 99th percentile of latency</h2>
      <p class="quiet">Medians of <bdi>{throughput.title}</bdi>; up and to the left is better. Both axes start at zero.</p>
      <Picture points={points} libraries={libraries} units={[throughput.unit, latency.unit]} />
      <Behind>
        <DataTable caption="Throughput and latency" items={points} columns={[
          { title: "Library", header: true, text: (point) => point.library },
          { title: "Throughput", number: true, raw: (point) => point.median, unit: () => throughput.unit, text: (point) => quantity(point.median, throughput.unit) },
          { title: "Latency, 99th percentile", number: true, raw: (point) => point.p99, unit: () => latency.unit, text: (point) => quantity(point.p99, latency.unit) },
        ]} />
      </Behind>
    </section>
  );
}

function Picture({ points, libraries, units: [rate, time] }: { points: Point[]; libraries: string[]; units: [string, string] }) {
  const box = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const fit = () => setWidth(box.current!.clientWidth);
    fit();
    const resize = new ResizeObserver(fit);
    resize.observe(box.current!);
    return () => resize.disconnect();
  }, []);
  const most = Math.max(...points.map((point) => point.median));
  const longest = Math.max(...points.map((point) => point.p99));
  const [top, right] = [most, longest].map((value) => Number(value.toPrecision(2))) as [number, number];
  const x = (value: number) => (width * value) / (longest * ROOM);
  const y = (value: number) => EDGE + HEIGHT * (1 - value / (most * ROOM));
  const topText = axisLabels([top], rate)[0]!;
  const frame: Box = { left: 0, top: EDGE, width, height: HEIGHT };
  const ruled: Box = { left: 0, top: y(top) - LINE_HEIGHT, width: widthOf(topText) + 4, height: LINE_HEIGHT };
  const at = points.map((point) => ({ x: x(point.p99), y: y(point.median), width: widthOf(point.library) }));
  const places = width ? placeNames(at, frame, [ruled]) : [];
  const said = points.map((point) => `${point.library}: ${quantity(point.median, rate)}, ${quantity(point.p99, time)}`).join("; ");
  return (
    <figure class="tradeoff" ref={box} style={{ minHeight: `${HEIGHT + 2 * EDGE}px` }}>
      {width > 0 && <svg viewBox={`0 0 ${width} ${HEIGHT + 2 * EDGE}`} role="img" aria-label={said}>
        <path class="axes" d={`M0 ${EDGE}v${HEIGHT}h${width}`} />
        <path class="rail" d={`M0 ${y(top)}h${width}M${x(right)} ${EDGE}v${HEIGHT}`} />
        <text class="axis" x="0" y="13">↑ Throughput</text>
        <text class="axis" x="0" y={HEIGHT + EDGE + 16}>Latency, 99th percentile →</text>
        <text class="axis" x="4" y={y(top) - 4}>{topText}</text>
        <text class="axis" x={x(right)} y={HEIGHT + EDGE + 16} text-anchor="middle">{axisLabels([right], time)[0]}</text>
        {places.map((place, i) => place.led && <path class="lead" d={`M${at[i]!.x} ${at[i]!.y}L${place.left + place.width / 2} ${place.top + place.height / 2}`} />)}
        {points.map(({ library }, i) => <circle cx={at[i]!.x} cy={at[i]!.y} r={POINT} fill={look(libraries.indexOf(library)).stroke} />)}
        {points.map(({ library }, i) => <text class="name" x={places[i]!.left} y={places[i]!.top + 12}>{library}</text>)}
      </svg>}
    </figure>
  );
}

const FONT = "13.6px system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
let pen: CanvasRenderingContext2D | null = null;

/** Pixels of a text in the letters of this picture. */
function widthOf(text: string): number {
  pen ??= document.createElement("canvas").getContext("2d")!;
  pen.font = FONT;
  return Math.ceil(pen.measureText(text).width);
}
