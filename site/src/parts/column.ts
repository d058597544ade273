// A column of a table: what it shows, and what leaves the page.
import type { ComponentChildren } from "preact";

export interface Column<T> {
  title: string;
  /** What stands in the head instead of the title. */
  head?: ComponentChildren;
  /** Plain text, for copying and for the cell unless `show` is given. */
  text: (item: T) => string;
  show?: (item: T) => ComponentChildren;
  /** The number itself, in full precision, for CSV and for sorting. */
  raw?: (item: T) => number | null | undefined;
  unit?: (item: T) => string;
  number?: boolean;
  header?: boolean;
  wide?: boolean;
  /** Never broken into two lines. */
  short?: boolean;
}
