// A library keeps its colour and its dash everywhere, whatever else is shown or hidden.
import { useEffect, useState } from "preact/hooks";
import { PAPER } from "./paper";

const HUES = ["#3f51b5", "#0f766e", "#8e24aa", "#8a6d1a", "#b0306f", "#4d7c0f", "#6b5b4d", "#475569"];
const HUES_DARK = ["#9fa8f5", "#4fd1c0", "#d6a3ee", "#dcc061", "#f39ac7", "#b4d86a", "#cdb9a5", "#a3b1c4"];
const DASHES: number[][] = [[], [6, 3], [2, 3], [9, 3, 2, 3], [4, 2], [12, 4], [1, 2], [8, 2, 2, 2]];

export interface Look {
  stroke: string;
  dash: number[];
}

export function look(number: number): Look {
  const hues = isDark() ? HUES_DARK : HUES;
  return { stroke: hues[number % hues.length]!, dash: DASHES[number % DASHES.length]! };
}

interface Drawn {
  id: string;
  library: string;
}

/** Looks of series drawn over one another: the first is solid, each has its library's colour, or one of its own where that is the first's. */
export function looksOf(libraries: string[], rows: Drawn[]): Look[] {
  return rows.map((row, i) => {
    const own = Math.max(0, libraries.indexOf(row.library));
    const taken = i > 0 && row.library === rows[0]!.library;
    const number = taken ? own + 1 + (Number.parseInt(row.id.slice(0, 4), 16) % (HUES.length - 1)) : own;
    return { stroke: look(number).stroke, dash: look(i).dash };
  });
}

const SYSTEM = matchMedia("(prefers-color-scheme: dark)");

/** Paper is always light. */
export function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return !PAPER.matches && (chosen ? chosen === "dark" : SYSTEM.matches);
}

/** Whether the theme is dark; the component is drawn anew, and all below it, when that changes. */
export function useDark(): boolean {
  const [dark, setDark] = useState(isDark);
  useEffect(() => {
    const read = () => setDark(isDark());
    addEventListener("theme", read);
    for (const query of [SYSTEM, PAPER]) query.addEventListener("change", read);
    return () => {
      removeEventListener("theme", read);
      for (const query of [SYSTEM, PAPER]) query.removeEventListener("change", read);
    };
  }, []);
  return dark;
}

export function setTheme(theme: "dark" | "light"): void {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Storage may be forbidden; the choice then holds for this page only.
  }
  dispatchEvent(new Event("theme"));
}

const probe = document.documentElement.appendChild(document.createElement("span"));
probe.hidden = true;

/** A colour of the palette as the canvas understands it, in the theme that is shown. */
export function cssColor(name: string): string {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

/** What lies under a line: its colour, nearly transparent. */
export function faded(color: string, percent = 18): string {
  return `color-mix(in srgb, ${color} ${percent}%, transparent)`;
}
