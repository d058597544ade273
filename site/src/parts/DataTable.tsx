// A table that can leave the page: as Markdown and as CSV. Every chart has one behind it.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { quantity } from "../format";
import { toCsv, toMarkdown } from "../table-text";
import { FEW, useCards } from "./cards";

export interface Column<T> {
  title: string;
  /** Plain text, for copying and for the cell unless `show` is given. */
  text: (item: T) => string;
  show?: (item: T) => ComponentChildren;
  /** The number itself, for CSV: spreadsheets calculate with it. The units have a column of their own there. */
  raw?: (item: T) => number | null | undefined;
  unit?: (item: T) => string;
  number?: boolean;
  header?: boolean;
  wide?: boolean;
  /** Never broken into two lines. */
  short?: boolean;
}

interface Props<T> {
  caption: string;
  columns: Column<T>[];
  items: T[];
  step?: number;
  showCaption?: boolean;
}

/** A column of quantities. */
export function quantities<T>(title: string, raw: (item: T) => number | null | undefined, unit: (item: T) => string, missing = "n/a"): Column<T> {
  return { title, number: true, raw, unit, text: (item) => (raw(item) == null ? missing : quantity(raw(item), unit(item))) };
}

export function DataTable<T>({ caption, columns, items, step = 100, showCaption = false }: Props<T>) {
  const [shown, setShown] = useState(step);
  const box = useCards(columns.length);
  if (!items.length) return <p class="quiet">Nothing to show.</p>;
  return (
    <div class="data-table">
      <div class="scroll" role="group" aria-label={caption} ref={box}>
        <table role="table" class={columns.length <= FEW ? "few" : ""}>
          <caption class={showCaption ? "" : "hidden"}>{caption}</caption>
          <thead>
            <tr>{columns.map((c) => <th scope="col" class={cellClass(c)}>{c.title}</th>)}</tr>
          </thead>
          <tbody role="rowgroup">
            {items.slice(0, shown).map((item) => <tr role="row">{columns.map((column) => <Cell column={column} item={item} />)}</tr>)}
          </tbody>
        </table>
      </div>
      <p class="tools">
        {shown < items.length && (
          <button type="button" onClick={() => setShown(shown + Math.max(step, 500))}>
            Show more ({(items.length - shown).toLocaleString("en-US")} left)
          </button>
        )}
        <Copying columns={columns} items={items} />
      </p>
    </div>
  );
}

/** A cell without text stays empty: on a phone it is left out. */
function Cell<T>({ column, item }: { column: Column<T>; item: T }) {
  const text = column.text(item);
  const content = column.show ? column.show(item) : text && <bdi>{text}</bdi>;
  return column.header
    ? <th scope="row" role="rowheader" class={cellClass(column)} data-title={column.title}>{content}</th>
    : <td role="cell" class={cellClass(column)} data-title={column.title}>{content}</td>;
}

function cellClass<T>(column: Column<T>): string {
  return [column.number && "number", column.wide && "wide", column.short && "unbroken"].filter(Boolean).join(" ");
}

/** All rows leave, whether shown or not. */
function Copying<T>({ columns, items }: { columns: Column<T>[]; items: T[] }) {
  const [said, setSaid] = useState("");
  const copy = async (text: string, name: string) => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid(`copied as ${name}`);
    } catch {
      setSaid("the browser did not allow copying");
    }
  };
  const titles = columns.map((column) => column.title);
  const markdown = () => toMarkdown(titles, items.map((item) => columns.map((column) => column.text(item))));
  return (
    <>
      <button type="button" onClick={() => copy(markdown(), "Markdown")}>Copy as Markdown</button>
      <button type="button" onClick={() => copy(csvOf(columns, items), "CSV")}>Copy as CSV</button>
      <span role="status" class="quiet">{said}</span>
    </>
  );
}

/** Numbers are written whole and without unit; units, where there are any, come last. */
function csvOf<T>(columns: Column<T>[], items: T[]): string {
  const unit = columns.find((column) => column.unit)?.unit;
  const titles = [...columns.map((column) => column.title), ...(unit ? ["Unit"] : [])];
  const cell = (column: Column<T>, item: T) => column.raw?.(item)?.toString() ?? column.text(item);
  return toCsv(titles, items.map((item) => [...columns.map((column) => cell(column, item)), ...(unit ? [unit(item)] : [])]));
}
