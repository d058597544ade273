import { expect, test } from "vitest";
import type { SeriesPack } from "./schema";
import { unpack } from "./series-file";

const packed = {
  id: "x", metric: 0, axis: 1, digits: 3, reach: 1, values: [1234, -1284], gaps: [1], low: [1, null], high: [2, 0], high_width: 0,
  outcomes: { failed: [1] }, reasons: { "no memory": [1] },
};
const pack = { machine: "runner", environment: "py3.13", metrics: [{ name: "time" }], axes: [[0], [7, 1, 3]], series: [packed] } as unknown as SeriesPack;

test("a series comes out of its pack with plain numbers, and gaps where nothing was measured", () => {
  const series = unpack(pack, "x")!;
  expect(series.positions).toEqual([7, 8, 11]);
  expect(series.values).toEqual([1.234, null, -0.05]);
  expect(series.low).toEqual([1.224, null, null]);
  expect(series.high).toEqual([1.254, null, -0.05]);
  expect(series.metric.name).toBe("time");
});

test("the upper ends of intervals are the last digits of the lower ones", () => {
  const joined = { ...packed, low: [1002, 70], high: [], high_width: 2 };
  const series = unpack({ ...pack, series: [joined] } as unknown as SeriesPack, "x")!;
  expect(series.low).toEqual([1.134, null, -0.05]);
  expect(series.high).toEqual([1.254, null, 0.65]);
  expect([series.machine, series.environment]).toEqual(["runner", "py3.13"]);
});

test("what became of a point is told by its commit", () => {
  const series = unpack(pack, "x")!;
  expect(series.outcomes).toEqual({ 8: "failed" });
  expect(series.reasons).toEqual({ 8: "no memory" });
});

test("a series that is not in the pack is missing", () => {
  expect(unpack(pack, "y")).toBeUndefined();
});
