// Throughput against the 99th percentile of latency: up and to the left is better.
import { look } from "../../colors";
import { axisLabels, quantity } from "../../format";
import { DataTable } from "../../parts/DataTable";
import { Behind } from "../../parts/Behind";
import type { MetricTable } from "../../schema";

const HEIGHT = 260;
const ROOM = 1.15;

export function Tradeoff({ tables, libraries }: { tables: MetricTable[]; libraries: string[] }) {
  const [throughput, latency] = ["throughput", "latency_p99"].map((name) => tables.find((table) => table.metric === name));
  if (!throughput || !latency) return null;
  const late = new Map(latency.rows.map((row) => [row.library, row.median]));
  const points = throughput.rows.flatMap(({ library, median }) => {
    const p99 = late.get(library);
    return median && p99 ? [{ library, median, p99 }] : [];
  });
  if (points.length < 2) return null;
  const most = Math.max(...points.map((point) => point.median)) * ROOM;
  const longest = Math.max(...points.map((point) => point.p99)) * ROOM;
  const top = Number((most / ROOM).toPrecision(2));
  const right = Number((longest / ROOM).toPrecision(2));
  const x = (value: number) => `${((100 * value) / longest).toFixed(2)}%`;
  const y = (value: number) => HEIGHT * (1 - value / most);
  return (
    <section aria-labelledby="tradeoff">
      <h2 id="tradeoff">Throughput against the 99th percentile of latency</h2>
      <p class="quiet">Medians of <bdi>{throughput.title}</bdi>; up and to the left is better. Both axes start at zero.</p>
      <figure class="tradeoff">
        <svg height={HEIGHT} role="img" aria-label={points.map((point) => `${point.library}: ${quantity(point.median, throughput.unit)}, ${quantity(point.p99, latency.unit)}`).join("; ")}>
          <line class="rail" x1="0" x2="100%" y1={y(top)} y2={y(top)} />
          <line class="rail" x1={x(right)} x2={x(right)} y1="0" y2={HEIGHT} />
          <text x="100%" y={y(top) - 4} text-anchor="end">{axisLabels([top], throughput.unit)[0]}</text>
          <text x={x(right)} dx="-4" y="12" text-anchor="end">{axisLabels([right], latency.unit)[0]}</text>
          {points.map((point) => (
            <g>
              <circle cx={x(point.p99)} cy={y(point.median)} r="5" fill={look(libraries.indexOf(point.library)).stroke} />
              <text x={x(point.p99)} dx={point.p99 > longest * 0.7 ? -9 : 9} y={y(point.median) + 4} text-anchor={point.p99 > longest * 0.7 ? "end" : "start"}>{point.library}</text>
            </g>
          ))}
        </svg>
      </figure>
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
