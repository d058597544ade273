// One scenario: medians with their intervals on one axis, what they mean beside it, the table behind.
import { axisLabels, quantity } from "../../format";
import { Behind } from "../../parts/Behind";
import { DataTable } from "../../parts/DataTable";
import { link } from "../../router";
import type { LibraryFigures, MetricTable } from "../../schema";
import { StandingWord } from "./Standing";

const FAR_APART = 30;

interface Props {
  table: MetricTable;
  rows: LibraryFigures[];
  series: Map<string, string>;
}

export function IntervalTable({ table, rows, series }: Props) {
  const numbers = rows.flatMap((row) => [row.median, row.low, row.high]).filter((value) => value !== null);
  const largest = Math.max(...numbers);
  const smallest = Math.min(...numbers);
  const logarithmic = smallest > 0 && largest / smallest > FAR_APART;
  const from = logarithmic ? smallest / 1.3 : Math.min(0, smallest);
  const to = logarithmic ? largest * 1.3 : largest || 1;
  const scale = logarithmic ? Math.log : (value: number) => value;
  const x = (value: number) => (98 * (scale(value) - scale(from))) / (scale(to) - scale(from)) + 1;
  const ends = axisLabels(logarithmic ? [smallest, largest].map((n) => Number(n.toPrecision(2))) : [from, Number(to.toPrecision(3))], table.unit);
  const base = rows.find((row) => row.library === table.base)?.median ?? null;
  return (
    <>
      <ul class="intervals">
        {rows.map((row) => (
          <li>
            <span>
              {series.has(row.library) ? <a href={link("series", series.get(row.library)!)}><bdi>{row.library}</bdi></a> : <bdi>{row.library}</bdi>}{" "}
              <span class="quiet"><bdi>{row.version}</bdi></span>
            </span>
            {row.median === null ? (
              <span class="why"><span class="flag">{row.outcome}</span> <bdi>{row.reason || "no reason recorded"}</bdi></span>
            ) : (
              <>
                <Interval row={row} x={x} base={base} color={row.library === table.base ? "var(--link)" : "var(--ink)"} />
                <b class="number">{quantity(row.median, table.unit)}</b>
                <Against row={row} isBase={row.library === table.base} />
                {row.reason && <span class="remark"><span class="flag soft">approximated</span> <bdi>{row.reason}</bdi></span>}
              </>
            )}
          </li>
        ))}
        <li class="scale quiet" aria-hidden="true"><span class="ends"><span>{ends[0]}</span><span>{logarithmic && "logarithmic"}</span><span>{ends[1]}</span></span></li>
      </ul>
      <TableOf table={table} rows={rows} />
    </>
  );
}

function Interval({ row, x, base, color }: { row: LibraryFigures; x: (value: number) => number; base: number | null; color: string }) {
  const at = (value: number) => `${x(value).toFixed(2)}%`;
  return (
    <svg height="18" aria-hidden="true" style={{ color }}>
      <line class="rail" x1="1%" x2="99%" y1="9" y2="9" />
      {base !== null && <line class="base" x1={at(base)} x2={at(base)} y1="0" y2="18" />}
      {row.low !== null && row.high !== null && <line class="span" x1={at(row.low)} x2={at(row.high)} y1="9" y2="9" />}
      <circle cx={at(row.median!)} cy="9" r="4.5" />
    </svg>
  );
}

function Against({ row, isBase }: { row: LibraryFigures; isBase: boolean }) {
  if (isBase) return <span class="against quiet">the base</span>;
  return (
    <span class="against">
      <StandingWord row={row} />{" "}
      {row.ratio !== null && <b>{fold(row.ratio)} ×</b>} <span class="quiet">{row.ratio_low !== null && <>({spanOf(row)})</>}{row.delta !== null && `, ${row.effect} effect`}</span>
    </span>
  );
}

function TableOf({ table, rows }: { table: MetricTable; rows: LibraryFigures[] }) {
  const range = (row: LibraryFigures) => (row.low === null ? "" : `${quantity(row.low, table.unit)} to ${quantity(row.high, table.unit)}`);
  return (
    <Behind>
      <DataTable caption={`${table.title}: ratios against ${table.base}`} showCaption items={rows} columns={[
        { title: "Library", header: true, text: (row) => `${row.library} ${row.version}`.trim() },
        { title: "Median", number: true, text: (row) => (row.median === null ? row.outcome : quantity(row.median, table.unit)), raw: (row) => row.median, unit: () => table.unit },
        { title: "95 % interval", number: true, text: range },
        { title: "Ratio", number: true, text: (row) => fold(row.ratio) },
        { title: "Its interval", number: true, text: spanOf },
        { title: "Cliff’s delta", number: true, text: (row) => (row.delta === null ? "" : `${row.delta.toFixed(2)} ${row.effect}`) },
        { title: "Runs", number: true, text: (row) => String(row.runs) },
        { title: "Remarks", wide: true, text: (row) => row.reason },
      ]} />
    </Behind>
  );
}

export function fold(ratio: number | null): string {
  if (ratio === null) return "";
  const digits = ratio < 0.1 ? 3 : ratio < 10 ? 2 : 0;
  return ratio.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function spanOf(row: LibraryFigures): string {
  return row.ratio_low === null ? "" : `${fold(row.ratio_low)} to ${fold(row.ratio_high)}`;
}
