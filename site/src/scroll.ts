// Back and forward return to where the reader was; a link starts at the top.
const places = new Map<string, number>();
const FRAMES = 90;
let entry = "";

// A view that is leaving shrinks the page and so scrolls it: that is not the reader's doing.
addEventListener("popstate", () => { entry = ""; });
addEventListener("scroll", () => entry && places.set(entry, scrollY), { passive: true });

/** Gives this entry of the browser's history a name; says whether it had none. */
export function nameEntry(): boolean {
  const known = (history.state as { entry?: string } | null)?.entry;
  entry = known ?? `${Date.now()}-${Math.random()}`;
  if (!known) history.replaceState({ entry }, "");
  return !known;
}

/** Scrolls a view that has just come: to the top, or to where it was left. */
export function settleScroll(): void {
  const y = nameEntry() ? 0 : places.get(entry);
  if (y !== undefined) scrollWhenHigh(entry, y, FRAMES);
}

/** What a view reads may still be on its way, and the page too low. */
function scrollWhenHigh(mine: string, y: number, frames: number): void {
  if (mine !== entry) return;
  scrollTo(0, y);
  if (frames && Math.abs(scrollY - y) > 1) requestAnimationFrame(() => scrollWhenHigh(mine, y, frames - 1));
}
