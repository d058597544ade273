// Where a table has no room, each of its rows becomes a small card, instead of scrolling sideways.
import { useLayoutEffect, useRef } from "preact/hooks";
import { PAPER, PAPER_WIDTH } from "../paper";
import { PHONE } from "../phone";

/** So few columns stand close to each other. */
export const FEW = 3;

/** For the box around a table of so many columns. */
export function useCards(columns: number) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const table = box.current?.querySelector("table");
    if (!table) return;
    const arrange = () => arrangeIn(box.current!, table, columns);
    arrange();
    addEventListener("resize", arrange);
    PAPER.addEventListener("change", arrange);
    return () => {
      removeEventListener("resize", arrange);
      PAPER.removeEventListener("change", arrange);
    };
  });
  return box;
}

function arrangeIn(box: HTMLElement, table: HTMLTableElement, columns: number): void {
  // On a phone more of them may fit, but with their texts broken at every word.
  const crowded = columns > FEW && PHONE.matches && !PAPER.matches;
  table.classList.toggle("cards", crowded || !hasRoom(table, box));
  // What cannot be scrolled is no stop of the keyboard.
  box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
}

function hasRoom(table: HTMLTableElement, box: HTMLElement): boolean {
  table.classList.remove("cards");
  table.style.width = "0"; // no table gets narrower than its columns
  const needed = table.offsetWidth;
  table.style.width = "";
  return needed <= (PAPER.matches ? PAPER_WIDTH : box.clientWidth);
}
