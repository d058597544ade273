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
  const parts = rows.map((row) => [scenarioTitle(row), row.library, row.metric.title, paramsText(row), row.machine, row.environment]);
  const differs = parts[0]?.map((_, k) => parts.some((part) => part[k] !== parts[0]![k])) ?? [];
  return parts.map((part) => part.filter((text, k) => text && differs[k]).join(", "));
}
