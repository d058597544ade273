import type { RunTable } from "./schema";

interface Measured {
  scenario: string;
  library: string;
  machine: string;
  environment: string;
}

/** The row of the last measured run of the same before this one, where its record is kept. */
export function runBefore(runs: RunTable, row: number): number | undefined {
  const same = [runs.scenario, runs.library, runs.machine, runs.environment];
  const earlier = [...runs.position.keys()].filter((i) =>
    runs.position[i]! < runs.position[row]! && runs.outcome[i] === "measured" && same.every((column) => column[i] === column[row]));
  return earlier.reduce<number | undefined>((last, i) => (last === undefined || runs.position[i]! > runs.position[last]! ? i : last), undefined);
}

/** Rows of the runs whose records are kept at a position; with *of*, only those of what it measured. */
export function runsAt(runs: RunTable, position: number, of?: Measured): number[] {
  return [...runs.position.keys()].filter((i) =>
    runs.position[i] === position && (!of || (
      runs.scenario[i] === of.scenario && runs.library[i] === of.library &&
      runs.machine[i] === of.machine && runs.environment[i] === of.environment)));
}
