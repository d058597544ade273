// One scenario, several metrics at once: a row per metric, a column per library, ratios against the base.
import { quantity } from "../../format";
import { DataTable } from "../../parts/DataTable";
import type { Column } from "../../parts/column";
import { link } from "../../router";
import type { LibraryFigures, MetricTable } from "../../schema";
import { fold } from "./IntervalTable";
import { StandingCell } from "./Standing";

interface Props {
  tables: MetricTable[];
  base: string;
  titleOf: (metric: string) => string;
}

export function Several({ tables, base, titleOf }: Props) {
  if (!tables.length) return <p class="quiet">Only one library was measured here.</p>;
  const libraries = [...new Set([base, ...tables.flatMap((table) => table.rows.map((row) => row.library)).sort()])];
  const rowOf = (table: MetricTable, library: string) => table.rows.find((row) => row.library === library);
  const columns = libraries.map((library): Column<MetricTable> => ({
    title: library, number: true,
    text: (table) => quantity(rowOf(table, library)?.median, table.unit),
    raw: (table) => rowOf(table, library)?.median,
    unit: (table) => table.unit,
    show: (table) => <Both table={table} row={rowOf(table, library)} />,
  }));
  return (
    <DataTable caption={`${tables[0]!.title}: medians, and ratios against ${base}`} showCaption items={tables} columns={[
      {
        title: "Metric", header: true, text: (table) => titleOf(table.metric),
        show: (table) => <><a href={link("libraries", "", { metric: table.metric, base })}>{titleOf(table.metric)}</a> <span class="quiet unbroken">{table.better} is better</span></>,
      },
      ...columns,
    ]} />
  );
}

function Both({ table, row }: { table: MetricTable; row: LibraryFigures | undefined }) {
  if (!row || row.median === null) return <span class="quiet">{row?.outcome ?? "not measured"}</span>;
  return <>{quantity(row.median, table.unit)}{row.library !== table.base && <>{" "}<StandingCell row={row} base={table.base} text={row.ratio === null ? "" : `${fold(row.ratio)} ×`} /></>}</>;
}
