import { expect, test } from "vitest";
import { distinctions, fitting, type Named } from "./distinctions";

const row: Named = {
  id: "0", scenario: "io_bound", library: "celery", metric: { name: "throughput", title: "Throughput" }, params: [["tasks", "1000"]], machine: "a", environment: "py3.13",
};

test("series are told apart by what is not the same in all", () => {
  expect(distinctions([row, { ...row, library: "rq" }])).toEqual(["celery", "rq"]);
  expect(distinctions([row, { ...row, machine: "b", environment: "py3.12" }])).toEqual(["a, py3.13", "b, py3.12"]);
  expect(distinctions([row, { ...row, params: [["tasks", "9"]] }, { ...row, library: "" }])).toEqual([
    "celery, tasks=1000", "celery, tasks=9", "tasks=1000",
  ]);
});

test("a series alone needs no distinction", () => {
  expect(distinctions([row])).toEqual([""]);
  expect(distinctions([])).toEqual([]);
});

test("labels that are too long for an axis keep what tells them apart", () => {
  expect(fitting(["a", "b"], 120)).toEqual(["a", "b"]);
  expect(fitting(["Path('/home/files/one.nc')", "Path('/home/files/two.nc')"], 40)).toEqual(["one", "two"]);
  expect(fitting(["x", "xy"], 4)).toEqual(["x", "xy"]);
  expect(fitting(["a-very-long-name-1", "b-very-long-name-2"], 20)).toEqual(["…ng-name-1", "…ng-name-2"]);
});
