// A plain line chart: curves of a run, scaling plots.
import uPlot from "uplot";
import { cssColor, type Look } from "../colors";
import { axisLabels } from "../format";
import { axes, Plot, type Options } from "./plot";

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
  fill?: boolean;
  xLabels?: (ticks: number[]) => string[];
}

export function LineChart(props: Props) {
  const { label, lines, unit, xUnit, xTitle, logX, logY, points, height = 220, xLabels, fromZero, fill } = props;
  const xs = [...new Set(lines.flatMap((line) => line.x))].sort((a, b) => a - b);
  const columns = lines.map((line) => {
    const at = new Map(line.x.map((x, i) => [x, line.y[i] ?? null]));
    return xs.map((x) => (at.has(x) ? at.get(x)! : undefined));
  });
  const options = (): Options => ({
    padding: [12, 36, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: true, y: false }, y: false },
    scales: {
      x: { time: false, distr: logX ? 3 : 1 },
      y: { distr: logY ? 3 : 1, range: logY || !fromZero ? undefined : (_u, _min, max) => [0, (max || 1) * 1.1] },
    },
    axes: axes((_u, ticks) => (xLabels ?? ((all) => axisLabels(all, xUnit)))(ticks), unit, xTitle),
    series: [
      {},
      ...lines.map((line) => ({
        stroke: line.look.stroke, dash: line.look.dash, width: 1.5,
        fill: fill ? `color-mix(in srgb, ${line.look.stroke} ${cssColor("band")}, transparent)` : undefined,
        points: { show: points ?? line.x.length < 3, size: 7, fill: line.look.stroke },
      })),
    ],
  });
  const version = JSON.stringify([lines.map((l) => [l.name, l.x.length, l.y]), logX, logY, unit]);
  return <Plot height={height} label={label} options={options} data={[xs, ...columns] as uPlot.AlignedData} version={version} />;
}
