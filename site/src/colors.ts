// A library keeps its colour and its dash everywhere, whatever else is shown or hidden.
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

export function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

export function cssColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
