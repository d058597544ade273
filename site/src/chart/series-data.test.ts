import { expect, test } from "vitest";
import type { Commits } from "../commits";
import type { SeriesFile } from "../series-file";
import { align, levelsOver, samplesOf, scaleOf, segments, windowAround, spanning, withIntervals } from "./series-data";
import { moved } from "./touch";

const commits: Commits = { sha: ["a", "b", "c", "d"], date_s: [10, 20, 15, 40], tags: {} };
const change = { position: 2, earliest: 1, latest: 2, before: 5, after: 7, status: "confirmed" };
const series = {
  id: "x", positions: [0, 1, 3], values: [5, null, 7], low: [], high: [],
  samples: [-1, 0, 1, null, 2], sample_counts: [2, 0, 3], sample_step: 0.5, changes: [change],
} as unknown as SeriesFile;

test("series that were measured at different commits share one axis; only a failure breaks a line", () => {
  const other = { ...series, positions: [2, 3], values: [1, 2] } as SeriesFile;
  const { positions, columns } = align([series, other], commits, "commit");
  expect(positions).toEqual([0, 1, 2, 3]);
  expect(columns[0]).toEqual([5, null, undefined, 7]);
  expect(columns[3]).toEqual([undefined, undefined, 1, 2]);
});

test("a range of the axis holds the points in it, or none when they are fewer than two", () => {
  const scale = scaleOf(align([series], commits, "date"), "date");
  expect(scale.full[0]).toBeLessThan(10);
  expect(scale.within(...scale.full)).toEqual([0, 1, 3]);
  expect(scale.within(...scale.window([1, 3]))).toEqual([1, 3]);
  expect(scale.within(11, 30)).toBeNull();
});

test("dates never run backwards on the axis", () => {
  const { xs } = align([{ ...series, positions: [0, 1, 2, 3], values: [1, 1, 1, 1] } as SeriesFile], commits, "date");
  expect(xs.every((x, i) => i === 0 || x > xs[i - 1]!)).toBe(true);
});

test("a wide interval does not flatten the values", () => {
  expect(withIntervals(3, 5, [2.5, null, 5.5, undefined])).toEqual([2.5, 5.5]);
  expect(withIntervals(3, 5, [-6000, 10000])).toEqual([1, 7]);
  expect(withIntervals(0.35, 0.35, [-6, 10])[1]).toBeLessThan(0.4);
});

test("samples are steps from the value of their point", () => {
  expect(Object.fromEntries(samplesOf(series))).toEqual({ 0: [4.5, 5], 3: [7.5, 8] });
});

test("levels end where the change starts", () => {
  expect(segments(series)).toEqual([[0, 1, 5], [2, 3, 7]]);
});

test("no level is drawn where nothing was measured yet", () => {
  expect(segments({ ...series, positions: [0, 1, 3], values: [null, 5, 7], changes: [] , level: 6 } as SeriesFile)).toEqual([[1, 3, 6]]);
});

test("the level now against then is told where a change lies between", () => {
  expect(levelsOver(series, [0, 3])).toEqual([5, 7]);
  expect(levelsOver(series, [2, 3])).toBeNull();
  expect(levelsOver({ ...series, changes: [] } as SeriesFile, [0, 3])).toBeNull();
});

test("the window around a change is symmetric and inside the history", () => {
  expect(windowAround({ ...change, position: 100, earliest: 95, latest: 110 } as never, 500)).toEqual([70, 130]);
  expect(windowAround(change as never, 3)).toEqual([0, 3]);
});

test("what is under the fingers stays under them", () => {
  const start = { min: 0, max: 100, fingers: [{ id: 1, x: 40 }, { id: 2, x: 60 }] };
  const [min, max] = moved(start, [{ id: 1, x: 30 }, { id: 2, x: 70 }], 100, [0, 100])!;
  expect([min, max]).toEqual([25, 75]);
  expect(moved({ ...start, min: 20, max: 60, fingers: [{ id: 1, x: 50 }] }, [{ id: 1, x: 0 }], 100, [0, 100])).toEqual([40, 80]);
});

test("an axis spans more than its points until a part of them is chosen", () => {
  const range = spanning([2, 5, 9], [0, 10]);
  expect(range(null, 2, 9)).toEqual([0, 10]);
  expect(range(null, 3, 8)).toEqual([3, 8]);
});
