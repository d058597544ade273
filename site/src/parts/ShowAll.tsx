import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { atFirst } from "../phone";

interface Props<T> {
  items: T[];
  /** What many of them are called. */
  noun: string;
  wide: number;
  phone: number;
  children: (shown: T[]) => ComponentChildren;
}

/** The first of many, and all of them on request. */
export function ShowAll<T>({ items, noun, wide, phone, children }: Props<T>) {
  const [all, setAll] = useState(false);
  const first = atFirst(wide, phone);
  const shown = all ? items : items.slice(0, first);
  return (
    <>
      {children(shown)}
      {shown.length < items.length && (
        <p class="tools"><button type="button" onClick={() => setAll(true)}>Show all {items.length.toLocaleString("en-US")} {noun}</button></p>
      )}
    </>
  );
}
