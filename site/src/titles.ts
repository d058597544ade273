// What people call scenarios; the names in the data are identifiers.
let known: Record<string, string> = {};

export function useTitles(titles: Record<string, string>): void {
  known = titles;
}

/** The title of a scenario; of a benchmark without a library, its own name. */
export function scenarioTitle({ scenario }: { scenario: string }): string {
  return (Object.hasOwn(known, scenario) && known[scenario]) || scenario;
}
