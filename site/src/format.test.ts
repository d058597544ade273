import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { axisLabels, difference, interval, logLabels, quantity, ratio, share } from "./format";

const examples = JSON.parse(readFileSync(new URL("../../tests/golden/quantities.json", import.meta.url), "utf-8"));

test.each(examples.quantities as [number | null, string, string][])("quantity(%s, %s) is written as in units.py", (value, unit, text) => {
  expect(quantity(value, unit)).toBe(text);
});

test.each(examples.ratios as [number | null, string][])("ratio(%s) is written as in units.py", (value, text) => {
  expect(ratio(value)).toBe(text);
});

test.each(examples.shares as [number | null, string][])("share(%s) is written as in units.py", (value, text) => {
  expect(share(value)).toBe(text);
});

test("labels of an axis share a unit and enough digits", () => {
  expect(axisLabels([0.0475, 0.05, 0.0525], "s")).toEqual(["47.5 ms", "50.0 ms", "52.5 ms"]);
  expect(axisLabels([0, 2 ** 25, 2 ** 26], "B")).toEqual(["0 MiB", "32 MiB", "64 MiB"]);
  expect(axisLabels([1, null, 10], "tasks/s")).toEqual(["1 tasks/s", "", "10 tasks/s"]);
  expect(axisLabels([1.328125 * 2 ** 30, 1.25 * 2 ** 30], "B")).toEqual(["1,360 MiB", "1,280 MiB"]);
  expect(axisLabels([1.0005, 1.001], "s")).toEqual(["1,000.5 ms", "1,001.0 ms"]);
  expect(axisLabels([0, 0.5], "ratio")).toEqual(["0.0", "0.5"]);
});

test("labels of a logarithmic axis have each a unit of its own", () => {
  expect(logLabels([0.01, 0.1, null, 1], "s")).toEqual(["10 ms", "100 ms", "", "1 s"]);
});

test("what is alike differs by nothing, also when it is zero", () => {
  expect(difference(0, 0)).toBe("+0.0 %");
  expect(difference(2, 3)).toBe("+50.0 %");
  expect(difference(0, 3)).toBe("n/a");
  expect(difference(null, 3)).toBe("");
});

test("a unit that is the name of a method is a unit like any other", () => {
  expect(quantity(2, "constructor")).toBe("2.00 constructor");
  expect(axisLabels([2], "toString")).toEqual(["2 toString"]);
});

test("what was counted has no interval", () => {
  expect(interval(1.1, 1.2)).toBe("+10.0 % to +20.0 %");
  expect(interval(1.2, 1.2)).toBe("counted");
  expect(interval(null, null)).toBe("n/a to n/a");
});
