// What people call scenarios; the names in the data are identifiers.
let known: Record<string, string> = {};

export function useTitles(titles: Record<string, string>): void {
  known = titles;
}

/** The title of a scenario; of a benchmark without a library, its own name. */
export function scenarioTitle(row: { scenario: string; library: string }): string {
  const title = Object.hasOwn(known, row.scenario) ? known[row.scenario] : undefined;
  if (title) return title;
  return row.library && /^[a-z][a-z0-9_]*$/.test(row.scenario) ? sentence(row.scenario) : row.scenario;
}

function sentence(name: string): string {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
