import type { RunTable } from "./schema";

interface Measured {
  scenario: string;
  library: string;
  machine: string;
  environment: string;
}

/** Rows of the runs whose records are kept at a position; with *of*, only those of what it measured. */
export function runsAt(runs: RunTable, position: number, of?: Measured): number[] {
  return [...runs.position.keys()].filter((i) =>
    runs.position[i] === position && (!of || (
      runs.scenario[i] === of.scenario && runs.library[i] === of.library &&
      runs.machine[i] === of.machine && runs.environment[i] === of.environment)));
}
