import type { EnvironmentTable } from "./schema";

/** The facts that held on a machine at a position: the last set recorded at or before it. */
export function factsAt(table: EnvironmentTable, machine: string, environment: string, position: number): string[][] {
  let found = -1;
  for (let i = 0; i < table.position.length; i++) {
    const here = table.machine[i] === machine && table.environment[i] === environment;
    if (here && table.position[i]! <= position) found = i;
  }
  return found < 0 ? [] : table.sets[table.at[found]!]!;
}

export interface Difference {
  name: string;
  before: string;
  after: string;
}

export function differences(before: string[][], after: string[][]): Difference[] {
  const old = new Map(before as [string, string][]);
  const now = new Map(after as [string, string][]);
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => old.get(name) !== now.get(name))
    .map((name) => ({ name, before: old.get(name) ?? "not there", after: now.get(name) ?? "not there" }));
}
