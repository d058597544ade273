// How a library stands against the base of the comparison.
import { VerdictMark } from "../../parts/Verdict";
import type { LibraryFigures } from "../../schema";

const WORDS = new Map([["alike", "no clear difference"], ["unknown", "cannot tell"]]);
/** Where a library is neither better nor worse, its mark says whether that is known. */
const MARKS = new Map([["better", "better"], ["worse", "worse"], ["alike", "no_change"], ["unknown", "cannot_tell"]]);

export function standingText(row: LibraryFigures): string {
  return WORDS.get(row.better) ?? row.better;
}

/** In a sentence. */
export function StandingWord({ row }: { row: LibraryFigures }) {
  return row.better === "better" || row.better === "worse" ? <VerdictMark verdict={row.better} /> : <span class="quiet">{standingText(row)}</span>;
}

/** In a cell: *text* on the ground of its verdict, or the verdict alone. Nothing is said of the base, and of what was not measured. */
export function StandingCell({ row, base, text }: { row: LibraryFigures | undefined; base: string; text: string }) {
  if (!row || row.median === null || row.library === base) return <span class="quiet">{text}</span>;
  const verdict = MARKS.get(row.better) ?? "cannot_tell";
  return (
    <span class={`ground ${verdict}`}>
      <span class={`verdict ${verdict}`}><span class="mark" aria-hidden="true" />{text ? <><span class="hidden">{row.better}</span> {text}</> : standingText(row)}</span>
    </span>
  );
}
