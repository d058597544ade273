import { type Look, look } from "../colors";
import type { Files, Named } from "../data";
import { SeriesName } from "./names";

/** Libraries keep their colour; the same library on another machine gets the next free dash. */
export function looksOf(files: Files, row: Named, i: number): Look {
  const own = look(files.index.libraries.indexOf(row.library));
  return i === 0 ? { ...own, dash: [] } : { stroke: own.stroke, dash: look(i).dash };
}

export function Legend({ rows, looks }: { rows: Named[]; looks: Look[] }) {
  if (rows.length < 2) return null;
  return (
    <ul class="legend" aria-label="Lines">
      {rows.map((row, i) => looks[i] && (
        <li>
          <svg width="28" height="8" aria-hidden="true"><path d="M0 4h28" stroke={looks[i]!.stroke} stroke-width="2" stroke-dasharray={looks[i]!.dash.join(" ")} /></svg>
          <SeriesName row={row} /> <span class="quiet"><bdi>{row.machine}</bdi></span>
        </li>
      ))}
    </ul>
  );
}
