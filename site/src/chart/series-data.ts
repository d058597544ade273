// A series file laid out for drawing: columns aligned to one axis of positions.
import type { Commits } from "../commits";
import type { ChangeInfo } from "../schema";
import type { SeriesFile } from "../series-file";

export type Axis = "commit" | "date";
/** First and last position. */
export type Range = [number, number];
/** null breaks a line; undefined, where another series has a point, does not. */
type Cell = number | null | undefined;

export interface Aligned {
  /** Positions of commits, ascending. */
  positions: number[];
  /** x of each position: the position itself, or the commit's date in seconds. */
  xs: number[];
  /** Per series: value, low and high, in the order of the series. */
  columns: Cell[][];
}

export function align(series: SeriesFile[], commits: Commits, axis: Axis): Aligned {
  const positions = [...new Set(series.flatMap((one) => one.positions))].sort((a, b) => a - b);
  const columns = series.flatMap((one) => {
    const rows = new Map(one.positions.map((position, i) => [position, i]));
    const take = (from: (number | null)[]) =>
      positions.map((position): Cell => {
        const row = rows.get(position);
        return row === undefined ? undefined : (from[row] ?? null);
      });
    return [take(one.values), take(one.low), take(one.high)];
  });
  return { positions, xs: xsOf(positions, commits, axis), columns };
}

/** Dates never run backwards on the axis: a commit is drawn no earlier than the one before. */
function xsOf(positions: number[], commits: Commits, axis: Axis): number[] {
  if (axis === "commit") return positions;
  let last = Number.NEGATIVE_INFINITY;
  return positions.map((position) => {
    const date = commits.date_s[position] ?? 0;
    last = date > last ? date : last + 1e-3;
    return last;
  });
}

export interface Scale {
  /** x of a commit, measured or not. */
  x: (position: number) => number;
  /** The whole axis, with some room at both ends. */
  full: Range;
  window: (range: Range) => Range;
  /** The positions between two values of x; null when there are fewer than two. */
  within: (min: number, max: number) => number[] | null;
}

export function scaleOf({ positions, xs }: Aligned, axis: Axis): Scale {
  const first = xs[0] ?? 0;
  const last = xs.at(-1) ?? 1;
  const room = Math.max((last - first) * 0.01, 0.25);
  const x = (position: number) => (axis === "commit" ? position : (xs[nearest(positions, position)] ?? 0));
  return {
    x,
    full: [first - room, last + room],
    window: ([from, to]) => [x(from) - room / 4, x(to) + room / 4],
    within: (min, max) => {
      const inside = positions.filter((_, i) => xs[i]! >= min && xs[i]! <= max);
      return inside.length > 1 ? inside : null;
    },
  };
}

/** The range of an axis that spans more than its points, until a part of them is chosen. */
export function spanning(xs: number[], whole: Range): (u: unknown, min: number, max: number) => Range {
  return (_u, min, max) => (min === xs[0] && max === xs.at(-1) ? whole : [min, max]);
}

/** The range of values and their intervals: one wide interval must not flatten everything else. */
export function withIntervals(min: number, max: number, ends: (number | null | undefined)[]): Range {
  const reach = max - min || Math.abs(max) / 10;
  let [low, high] = [min, max];
  for (const end of ends) {
    if (end == null) continue;
    low = Math.min(low, Math.max(end, min - reach));
    high = Math.max(high, Math.min(end, max + reach));
  }
  return [low, high];
}

/** The index of the number that lies nearest to *wanted*. */
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

export function samplesOf(series: SeriesFile): Map<number, number[]> {
  const found = new Map<number, number[]>();
  const { samples, sample_counts: counts, sample_step: step } = series;
  if (!samples.length) return found;
  let start = 0;
  series.positions.forEach((position, i) => {
    const size = (counts.length === 1 ? counts[0] : counts[i]) ?? 0;
    const value = series.values[i];
    if (size && value != null) {
      const steps = samples.slice(start, start + size).filter((s): s is number => s !== null);
      found.set(position, steps.map((s) => value + s * step));
    }
    start += size;
  });
  return found;
}

export interface Point {
  value: number | null;
  low: number | null;
  high: number | null;
  samples: number[];
  outcome: string;
  reason: string;
}

export function pointAt(series: SeriesFile, position: number, samples?: Map<number, number[]>): Point | null {
  const i = series.positions.indexOf(position);
  if (i < 0) return null;
  return {
    value: series.values[i] ?? null,
    low: series.low[i] ?? null,
    high: series.high[i] ?? null,
    samples: samples?.get(position) ?? [],
    outcome: series.outcomes[position] ?? "measured",
    reason: series.reasons[position] ?? "",
  };
}

/** The same number of commits on both sides of a change, as far as the history goes. */
export function windowAround(change: ChangeInfo, newest: number, half = 20): Range {
  const reach = Math.max(half, (change.latest - change.earliest) * 2);
  return [Math.max(0, change.position - reach), Math.min(newest, change.position + reach)];
}

/** Levels between the changes that stand: [first position, last position, level]. */
export function segments(series: SeriesFile): [number, number, number][] {
  const standing = series.changes.filter((change) => change.status !== "withdrawn");
  const measured = series.positions.filter((_, i) => series.values[i] !== null);
  const first = measured[0];
  const last = measured.at(-1);
  if (first === undefined || last === undefined) return [];
  if (!standing.length && series.level != null) return [[first, last, series.level]];
  return standing.flatMap((change, i) => {
    const next = standing[i + 1]?.position ?? last + 1;
    const parts: [number, number, number][] = [];
    if (i === 0 && change.before != null) parts.push([first, change.position - 1, change.before]);
    if (change.after != null) parts.push([change.position, next - 1, change.after]);
    return parts;
  });
}

/** The levels at both ends of a range; null where they are one level, or unknown. */
export function levelsOver(series: SeriesFile, [from, to]: Range): [number, number] | null {
  const parts = segments(series).filter(([first, last]) => last >= from && first <= to);
  const [before, after] = [parts[0], parts.at(-1)];
  return before && after && before !== after ? [before[2], after[2]] : null;
}
