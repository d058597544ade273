// A library keeps its colour and its dash everywhere, whatever else is shown or hidden.
const HUES = ["#3366cc", "#c2410c", "#0f766e", "#9333ea", "#a16207", "#be185d", "#4d7c0f", "#475569"];
const HUES_DARK = ["#7aa2f7", "#fb923c", "#2dd4bf", "#c084fc", "#eab308", "#f472b6", "#a3e635", "#94a3b8"];
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
