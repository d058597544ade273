// Where a table has no room, each of its rows becomes a small card, instead of scrolling sideways.
import { useLayoutEffect, useRef } from "preact/hooks";

/** So few columns have room everywhere. */
export const FEW = 3;
/** On a phone more of them may fit, but with their texts broken at every word. */
const PHONE = "(max-width: 44rem)";

/** For the box around a table of so many columns. */
export function useCards(columns: number) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const arrange = () => arrangeIn(box.current, columns);
    arrange();
    addEventListener("resize", arrange);
    return () => removeEventListener("resize", arrange);
  });
  return box;
}

function arrangeIn(box: HTMLElement | null, columns: number): void {
  const table = box?.querySelector("table");
  if (!box || !table) return;
  table.classList.remove("cards");
  if (columns <= FEW) return;
  table.classList.toggle("cards", matchMedia(PHONE).matches || table.offsetWidth > box.clientWidth);
}
