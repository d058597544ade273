import { toCsv } from "../table-text";
import type { Column } from "./column";

/** Numbers in full precision; a unit stands in the head of its column, or in a column of its own where it differs by row. */
export function csvOf<T>(columns: Column<T>[], items: T[]): string {
  const fields = columns.flatMap((column): { title: string; cell: (item: T) => string }[] => {
    const cell = (item: T) => (column.raw ? (column.raw(item)?.toString() ?? "") : column.text(item));
    if (!column.unit) return [{ title: column.title, cell }];
    const units = [...new Set(items.map(column.unit))];
    const title = units.length === 1 && units[0] ? `${column.title} (${units[0]})` : column.title;
    return [{ title, cell }];
  });
  const mixed = columns.find((column) => column.unit && new Set(items.map(column.unit)).size > 1)?.unit;
  const all = mixed ? [...fields, { title: "Unit", cell: mixed }] : fields;
  return toCsv(all.map((field) => field.title), items.map((item) => all.map((field) => field.cell(item))));
}
