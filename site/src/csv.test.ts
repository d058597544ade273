import { expect, test } from "vitest";
import { csvOf } from "./parts/csv";

const columns = [
  { title: "Name", text: (row: Row) => row.name },
  { title: "Value", raw: (row: Row) => row.value, unit: (row: Row) => row.unit, text: () => "rounded" },
];

interface Row {
  name: string;
  value: number | null;
  unit: string;
}

test("a unit that all rows share stands in the head, and numbers are whole", () => {
  const rows = [{ name: "a", value: 0.0123456789, unit: "s" }, { name: "b", value: null, unit: "s" }];
  expect(csvOf(columns, rows)).toBe("Name,Value (s)\r\na,0.0123456789\r\nb,");
});

test("units that differ have a column of their own", () => {
  const rows = [{ name: "a", value: 1, unit: "s" }, { name: "b", value: 2, unit: "B" }];
  expect(csvOf(columns, rows)).toBe("Name,Value,Unit\r\na,1,s\r\nb,2,B");
});
