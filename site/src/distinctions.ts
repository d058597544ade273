import { scenarioTitle } from "./titles";

/** What a series is called; `params` are those beside the library, which is "" for benchmarks without one. */
export interface Named {
  id: string;
  scenario: string;
  library: string;
  metric: { name: string; title: string };
  params: string[][];
  machine: string;
  environment: string;
}

/** The parameters as a reader writes them. */
export function paramsText(row: Named): string {
  return row.params.map((pair) => pair.join("=")).join(" ");
}

/** What tells each of several series from the others: only what is not the same in all of them. */
export function distinctions(rows: Named[]): string[] {
  const rest = (row: Named) => [paramsText(row), row.machine, row.environment];
  const keys = rows.map((row) => [row.scenario, row.library, row.metric.name, ...rest(row)]);
  const differs = keys[0]?.map((_, k) => keys.some((key) => key[k] !== keys[0]![k])) ?? [];
  return rows.map((row) => [scenarioTitle(row), row.library, row.metric.title, ...rest(row)]).map((part) => part.filter((text, k) => text && differs[k]).join(", "));
}

/** Labels without the ends that all of them share, each cut so that they fit beside one another. */
export function fitting(texts: string[], letters: number): string[] {
  const ends = (from: (text: string, i: number) => string | undefined) => {
    const least = Math.min(...texts.map((text) => text.length));
    let n = 0;
    while (n < least && texts.every((text) => from(text, n) === from(texts[0]!, n))) n++;
    return n;
  };
  const most = Math.max(3, Math.floor(letters / Math.max(1, texts.length)));
  if (texts.every((text) => text.length <= most)) return texts;
  const [start, end] = [ends((text, i) => text[i]), ends((text, i) => text[text.length - 1 - i])];
  return texts.map((text) => {
    const own = text.slice(start, Math.max(start + 1, text.length - end));
    return own.length <= most ? own : `…${own.slice(1 - most)}`;
  });
}
