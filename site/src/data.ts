// Fetches the files of the site, each once. Their names carry hashes, so they never go stale.
import { useEffect, useState } from "preact/hooks";
import type {
  ChangeTable, Commits, CommitTexts, EnvironmentTable, Index, MetricInfo, RunFile, RunTable,
  SeriesFile, Sparks, Table, Values,
} from "./schema";

export const SCHEMA_VERSION = 1;
export const VERDICTS = ["worse", "better", "cannot_tell", "no_change"] as const;
export const OUTCOMES = ["measured", "failed", "unsupported"] as const;
export type Verdict = (typeof VERDICTS)[number];

const files = new Map<string, Promise<unknown>>();

function load<T>(path: string): Promise<T> {
  let file = files.get(path);
  if (!file) {
    file = fetch(path).then((response) => {
      if (!response.ok) throw new Error(gone(path, response.status));
      return response.json();
    });
    file.catch(() => files.delete(path));
    files.set(path, file);
  }
  return file as Promise<T>;
}

function gone(path: string, status: number): string {
  return `The file ${path} could not be read (${status}). The site may have been published again since this page was opened: reload it.`;
}

/** One row of the table, with its names spelt out. */
export interface Row {
  i: number;
  id: string;
  scenario: string;
  library: string;
  metric: MetricInfo;
  params: string[][];
  machine: string;
  environment: string;
  value: number | null;
  change: number | null;
  changedAt: number | null;
  verdict: Verdict;
  noise: number | null;
  age: number;
  outcome: string;
  rank: number;
  text: string;
}

export class Site {
  readonly rows: Row[];
  readonly byId: Map<string, Row>;
  readonly ranked: Row[];

  constructor(readonly index: Index, readonly table: Table) {
    this.rows = table.id.map((_, i) => makeRow(table, i));
    this.byId = new Map(this.rows.map((row) => [row.id, row]));
    this.ranked = this.rows.toSorted((a, b) => a.rank - b.rank);
  }

  commits = () => load<Commits>(this.index.names.commits);
  texts = () => load<CommitTexts>(this.index.names.commit_texts);
  changes = () => load<ChangeTable>(this.index.names.changes);
  environments = () => load<EnvironmentTable>(this.index.names.environments);
  runs = () => load<RunTable>(this.index.names.runs);
  sparks = (page: number) => load<Sparks>(this.index.names.sparks[page]!);
  series = (row: Row) => load<SeriesFile>(`data/series/${row.id}-${this.table.file[row.i]}.json`);
  run = (file: string) => load<RunFile>(`data/runs/${file}.json`);

  async values(position: number): Promise<(number | null)[]> {
    const file = (await this.texts()).values_file[position];
    if (!file) return [];
    return (await load<Values>(`data/values/${position}-${file}.json`)).values;
  }
}

function makeRow(table: Table, i: number): Row {
  const row = {
    i,
    id: table.id[i]!,
    scenario: table.scenarios[table.scenario[i]!]!,
    library: table.libraries[table.library[i]!]!,
    metric: table.metrics[table.metric[i]!]!,
    params: table.params_sets[table.params[i]!]!.filter(([name]) => name !== "library"),
    machine: table.machines[table.machine[i]!]!,
    environment: table.environments[table.environment[i]!]!,
    value: table.value[i]!,
    change: table.change[i]!,
    changedAt: table.changed_at[i]!,
    verdict: VERDICTS[table.verdict[i]!]!,
    noise: table.noise[i]!,
    age: table.age[i]!,
    outcome: OUTCOMES[table.outcome[i]!]!,
    rank: table.rank[i]!,
    text: "",
  };
  row.text = [row.scenario, row.library, row.metric.name, ...row.params.flat(), row.machine].join(" ").toLowerCase();
  return row;
}

export async function loadSite(): Promise<Site> {
  const path = document.querySelector<HTMLMetaElement>('meta[name="tracker-index"]')?.content;
  if (!path) throw new Error("This page does not name its data. Publish the site again.");
  const index = await load<Index>(path);
  if (index.schema_version !== SCHEMA_VERSION) {
    throw new Error("This page is older than its data. Reload it.");
  }
  return new Site(index, await load<Table>(index.names.table));
}

export type Loaded<T> = { value?: T; error?: string };

/** Loads something for a component; what was loaded before stays until the new value is there. */
export function useLoaded<T>(key: string, start: () => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T> & { key?: string }>({});
  useEffect(() => {
    let wanted = true;
    start().then(
      (value) => wanted && setLoaded({ value, key }),
      (error: Error) => wanted && setLoaded({ error: error.message, key }),
    );
    return () => {
      wanted = false;
    };
  }, [key]);
  return loaded.key === key ? loaded : {};
}

/** The position that a hash, a prefix of one, or a tag names; -1 when none or several do. */
export function findCommit(commits: Commits, name: string): number {
  if (!name) return -1;
  for (const [position, tags] of Object.entries(commits.tags)) {
    if (tags.includes(name)) return Number(position);
  }
  if (!/^[0-9a-f]{4,40}$/.test(name)) return -1;
  const start = name.slice(0, 12);
  const found = commits.sha.findIndex((sha) => sha.startsWith(start));
  return found >= 0 && commits.sha.findLastIndex((sha) => sha.startsWith(start)) === found ? found : -1;
}
