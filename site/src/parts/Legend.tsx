import type { Look } from "../colors";
import { distinctions, type Named } from "../distinctions";

export function Legend({ rows, looks }: { rows: Named[]; looks: Look[] }) {
  if (rows.length < 2) return null;
  const names = distinctions(rows);
  return (
    <ul class="legend" aria-label="Lines">
      {looks.map((look, i) => (
        <li>
          <svg width="28" height="8" aria-hidden="true"><path d="M0 4h28" stroke={look.stroke} stroke-width="2" stroke-dasharray={look.dash.join(" ")} /></svg>
          <bdi>{names[i]}</bdi>
        </li>
      ))}
    </ul>
  );
}
