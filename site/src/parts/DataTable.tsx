// A table that can be sorted, and can leave the page: as Markdown and as CSV. Every chart has one behind it.
import { useMemo, useState } from "preact/hooks";
import { quantity } from "../format";
import { atFirst } from "../phone";
import { toMarkdown } from "../table-text";
import { FEW, useCards } from "./cards";
import type { Column } from "./column";
import { csvOf } from "./csv";

interface Props<T> {
  caption: string;
  columns: Column<T>[];
  items: T[];
  step?: number;
  /** Rows that come first where each is a card. */
  cards?: number;
  showCaption?: boolean;
}

const CARDS = 12;
/** So many come with every click. */
const MORE = 500;

interface Order {
  column: number;
  down: boolean;
}

/** A column of quantities. */
export function quantities<T>(title: string, raw: (item: T) => number | null | undefined, unit: (item: T) => string, missing = "n/a"): Column<T> {
  return { title, number: true, raw, unit, text: (item) => (raw(item) == null ? missing : quantity(raw(item), unit(item))) };
}

export function DataTable<T>({ caption, columns, items, step = 100, cards = CARDS, showCaption = false }: Props<T>) {
  const [shown, setShown] = useState(atFirst(step, Math.min(step, cards)));
  const [order, setOrder] = useState<Order | null>(null);
  const box = useCards(columns.length);
  const by = order ? columns[order.column] : undefined;
  const sorted = useMemo(() => (by ? sortedBy(items, by, order!.down) : items), [items, by?.title, order]);
  if (!items.length) return <p class="quiet">Nothing to show.</p>;
  return (
    <div class="data-table">
      <div class="scroll" role="group" aria-label={caption} ref={box}>
        <table role="table" class={columns.length <= FEW ? "few" : ""}>
          <caption class={showCaption ? "" : "hidden"}>{caption}</caption>
          <thead>
            <tr>{columns.map((column, i) => <Head column={column} down={order?.column === i ? order.down : null} sortable={items.length > 2} onSort={(down) => setOrder({ column: i, down })} />)}</tr>
          </thead>
          <tbody role="rowgroup">
            {sorted.slice(0, shown).map((item) => <tr role="row">{columns.map((column) => <Cell column={column} item={item} />)}</tr>)}
          </tbody>
        </table>
      </div>
      <p class="tools">
        {shown < items.length && (
          <button type="button" onClick={() => setShown(shown + Math.max(step, MORE))}>
            Show more ({(items.length - shown).toLocaleString("en-US")} left)
          </button>
        )}
        <Leaving caption={caption} columns={columns} items={sorted} />
      </p>
    </div>
  );
}

interface HeadProps<T> {
  column: Column<T>;
  down: boolean | null;
  sortable: boolean;
  onSort: (down: boolean) => void;
}

/** A first click sorts numbers from the largest, texts from A. */
function Head<T>({ column, down, sortable, onSort }: HeadProps<T>) {
  const sort = down === null ? undefined : down ? "descending" : "ascending";
  return (
    <th scope="col" class={cellClass(column)} aria-sort={sort}>
      {column.head}
      {sortable
        ? <button type="button" class="sort" onClick={() => onSort(down === null ? Boolean(column.number) : !down)}>
            {column.head ? <span class="hidden">Sort by {column.title}</span> : column.title}<span aria-hidden="true">{down === null ? (column.head ? " ↕" : "") : down ? " ↓" : " ↑"}</span>
          </button>
        : !column.head && column.title}
    </th>
  );
}

function sortedBy<T>(items: T[], column: Column<T>, down: boolean): T[] {
  const sign = down ? -1 : 1;
  return items.toSorted((a, b) => {
    if (!column.raw) return sign * column.text(a).localeCompare(column.text(b), "en", { numeric: true });
    const [x, y] = [column.raw(a), column.raw(b)];
    if (x == null || y == null) return Number(x == null) - Number(y == null);
    return sign * (x - y);
  });
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

interface LeavingProps<T> {
  caption: string;
  columns: Column<T>[];
  items: T[];
}

/** All rows leave, whether shown or not. */
function Leaving<T>({ caption, columns, items }: LeavingProps<T>) {
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
      <button type="button" onClick={() => download(csvOf(columns, items), caption)}>Download CSV</button>
      <span role="status" class="quiet">{said}</span>
    </>
  );
}

function download(text: string, caption: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const anchor = Object.assign(document.createElement("a"), { href: address, download: `${caption.replace(/[^\w.-]+/g, "-").slice(0, 60)}.csv` });
  anchor.click();
  URL.revokeObjectURL(address);
}
