import type { Row, Site } from "../data";
import type { Column } from "./column";

/** So many letters stay on one line. */
const SHORT = 20;

/** Where a series was measured; no column where all series share one machine and environment. */
export function placeColumn<T>(site: Site, rowOf: (item: T) => Row): Column<T>[] {
  if (!site.manyPlaces) return [];
  return [{ title: "Machine", text: (item) => rowOf(item).place, show: (item) => <span class="machine">{rowOf(item).place.split(", ").map((part, i) => <>{i > 0 && ", "}<bdi class={part.length <= SHORT ? "unbroken" : undefined}>{part}</bdi></>)}</span> }];
}
