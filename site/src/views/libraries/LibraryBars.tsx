import { look } from "../../colors";
import { type Row, valueText } from "../../data";
import { link } from "../../router";

/** Bars from zero, best first; the value is written out, the colour is the library's own. */
export function LibraryBars({ rows, libraries }: { rows: Row[]; libraries: string[] }) {
  const largest = Math.max(...rows.map((row) => row.value ?? 0), 0);
  const sign = rows[0]?.metric.better === "higher" ? -1 : 1;
  const worst = Number.POSITIVE_INFINITY;
  const sorted = rows.toSorted((a, b) => (a.value === null ? worst : sign * a.value) - (b.value === null ? worst : sign * b.value));
  return (
    <ul class="bars">
      {sorted.map((row) => (
        <li>
          <a href={link("series", row.id)}><bdi>{row.library}</bdi></a>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect width={largest && row.value ? (100 * row.value) / largest : 0} height="10" fill={look(libraries.indexOf(row.library)).stroke} />
          </svg>
          <span class="number">{valueText(row)}</span>
        </li>
      ))}
    </ul>
  );
}
