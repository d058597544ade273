// All scenarios and libraries at one look: how each library stands against the base.
import { quantity } from "../../format";
import { DataTable } from "../../parts/DataTable";
import type { Column } from "../../parts/column";
import { link } from "../../router";
import type { LibraryFigures, MetricTable } from "../../schema";
import { fold } from "./IntervalTable";
import { StandingCell } from "./Standing";

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
    show: (table) => {
      const row = cell(table, library);
      return <StandingCell row={row} base={base} text={row?.ratio != null && library !== base ? `${fold(row.ratio)} ×` : textOf(table, row)} />;
    },
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
