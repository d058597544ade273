// All scenarios and libraries at one look: how each library stands against the base.
import { quantity } from "../../format";
import { DataTable } from "../../parts/DataTable";
import type { Column } from "../../parts/column";
import { link } from "../../router";
import type { LibraryFigures, MetricTable } from "../../schema";
import { fold } from "./IntervalTable";

/** Where a library is neither better nor worse, its mark says whether that is known. */
const MARKS = new Map([["better", "better"], ["worse", "worse"], ["alike", "no_change"], ["unknown", "cannot_tell"]]);

interface Props {
  tables: MetricTable[];
  metric: string;
  title: string;
  machine: string;
}

export function Grid({ tables, metric, title, machine }: Props) {
  const { base } = tables[0]!;
  const libraries = [...new Set([base, ...tables.flatMap((table) => table.rows.map((row) => row.library)).sort()])];
  const cell = (table: MetricTable, library: string) => table.rows.find((row) => row.library === library);
  const columns = libraries.map((library): Column<MetricTable> => ({
    title: library, number: true,
    text: (table) => textOf(table, cell(table, library)),
    show: (table) => <Cell table={table} row={cell(table, library)} />,
  }));
  return (
    <DataTable caption={`${title}, over that of ${base}`} showCaption items={tables} columns={[
      { title: "Scenario", header: true, text: (table) => table.title, show: (table) => <a href={link("libraries", "", { metric, machine, scenario: table.scenario })}><bdi>{table.title}</bdi></a> },
      ...columns,
    ]} />
  );
}

function textOf(table: MetricTable, row: LibraryFigures | undefined): string {
  if (!row) return "";
  if (row.median === null) return row.outcome;
  return row.library === table.base || row.ratio === null ? quantity(row.median, table.unit) : `${fold(row.ratio)} × ${row.better}`;
}

export function Cell({ table, row }: { table: MetricTable; row: LibraryFigures | undefined }) {
  if (!row || row.median === null || row.ratio === null || row.library === table.base) return <span class="quiet">{textOf(table, row)}</span>;
  const verdict = MARKS.get(row.better) ?? "cannot_tell";
  return (
    <span class={`ground ${verdict}`}>
      <span class={`verdict ${verdict}`}><span class="mark" aria-hidden="true" /><span class="hidden">{row.better}</span> {fold(row.ratio)} ×</span>
    </span>
  );
}
