import { expect, test } from "vitest";
import type { SeriesPack } from "./schema";
import { unpack } from "./series-file";

const packed = {
  id: "x", metric: 0, axis: 1, digits: 3, reach: 1, values: [1234, -1284], gaps: [1], low: [1, null], high: [2, 0],
  outcomes: { failed: [1] }, reasons: { "no memory": [1] },
};
const pack = { metrics: [{ name: "time" }], axes: [[0], [7, 1, 3]], series: [packed] } as unknown as SeriesPack;

test("a series comes out of its pack with plain numbers, and gaps where nothing was measured", () => {
  const series = unpack(pack, "x")!;
  expect(series.positions).toEqual([7, 8, 11]);
  expect(series.values).toEqual([1.234, null, -0.05]);
  expect(series.low).toEqual([1.224, null, null]);
  expect(series.high).toEqual([1.254, null, -0.05]);
  expect(series.metric.name).toBe("time");
});

test("what became of a point is told by its commit", () => {
  const series = unpack(pack, "x")!;
  expect(series.outcomes).toEqual({ 8: "failed" });
  expect(series.reasons).toEqual({ 8: "no memory" });
});

test("a series that is not in the pack is missing", () => {
  expect(unpack(pack, "y")).toBeUndefined();
});
