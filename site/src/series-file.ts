// One series, out of the pack that it comes in: plain numbers again, by the point and by the commit.
import type { ChangeInfo, MetricInfo, PackedSeries, SeriesPack } from "./schema";

export interface SeriesFile {
  id: string;
  benchmark: string;
  scenario: string;
  library: string;
  metric: MetricInfo;
  params: string[][];
  machine: string;
  environment: string;
  verdict: string;
  noise: number | null;
  drift: number | null;
  notes: string[];
  /** Positions of the commits of its points. */
  positions: number[];
  /** One per point; null where nothing was measured. */
  values: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  /** Whole multiples of `sample_step` above the value of their point. */
  samples: (number | null)[];
  /** One per point, or a single one that holds for all. */
  sample_counts: number[];
  sample_step: number;
  /** By position: what became of a point without a value, and why. */
  outcomes: Record<number, string>;
  reasons: Record<number, string>;
  changes: ChangeInfo[];
  /** The median of the values, null where a change stands. */
  level: number | null;
}

/** The series *id* of *pack*; undefined when it is not in it. */
export function unpack(pack: SeriesPack, id: string): SeriesFile | undefined {
  const packed = pack.series.find((one) => one.id === id);
  if (!packed) return undefined;
  const positions = sums(pack.axes[packed.axis]!);
  const marks = (by: Record<string, number[]>) =>
    Object.fromEntries(Object.entries(by).flatMap(([what, points]) => sums(points).map((point) => [positions[point]!, what])));
  return {
    ...packed,
    ...numbersOf(packed, positions.length),
    machine: pack.machine,
    environment: pack.environment,
    metric: pack.metrics[packed.metric]!,
    positions,
    outcomes: marks(packed.outcomes),
    reasons: marks(packed.reasons),
  };
}

function numbersOf(packed: PackedSeries, points: number) {
  const { values: distances, gaps, digits, reach: power } = packed;
  const [low, high] = halves(packed);
  const values = sums(distances);
  const without = new Set(sums(gaps));
  const spread = (measured: (number | null)[]) => {
    let next = 0;
    return Array.from({ length: points }, (_, point) => (without.has(point) ? null : measured[next++]!));
  };
  const ends = (reach: (number | null)[], sign: number) =>
    reach.length ? spread(values.map((value, i) => (reach[i] == null ? null : decimal(value + sign * 10 ** power * reach[i], digits)))) : [];
  return { values: spread(values.map((value) => decimal(value, digits))), low: ends(low, -1), high: ends(high, 1) };
}

/** How far the lower ends of intervals lie from their values, and how far the upper ones. */
function halves({ low, high, high_width: width }: PackedSeries): [(number | null)[], (number | null)[]] {
  if (!width) return [low, high];
  const unit = 10 ** width;
  const upper = low.map((both) => both! % unit);
  return [low.map((both, i) => (both! - upper[i]!) / unit), upper];
}

/** *whole* times 10 to the minus *digits*: read as text, because a product would leave a tail of digits. */
export function decimal(whole: number, digits: number): number {
  return Number(`${whole}e${-digits}`);
}

/** The numbers that lie so far apart. */
export function sums(distances: number[]): number[] {
  let last = 0;
  return distances.map((distance) => (last += distance));
}
