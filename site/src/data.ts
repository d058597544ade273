// Fetches the files of the site, each once. Their names carry hashes, so they never go stale.
import { useEffect, useState } from "preact/hooks";
import type {
  ChangeTable, Commits, CommitTexts, EnvironmentTable, Finder, Index, LibrariesFile, MetricInfo, RunFile, RunTable,
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

/** What a series is called; `params` are those beside the library. */
export interface Named {
  id: string;
  scenario: string;
  library: string;
  metric: MetricInfo;
  params: string[][];
  machine: string;
  environment: string;
}

/** One row of the table, with its names spelt out. */
export interface Row extends Named {
  i: number;
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

/** The files that the index names. */
export class Files {
  constructor(readonly index: Index) {}

  commits = () => load<Commits>(this.index.names.commits);
  texts = () => load<CommitTexts>(this.index.names.commit_texts);
  changes = () => load<ChangeTable>(this.index.names.changes);
  environments = () => load<EnvironmentTable>(this.index.names.environments);
  libraries = () => load<LibrariesFile>(this.index.names.libraries);
  runs = () => load<RunTable>(this.index.names.runs);
  sparks = (page: number) => load<Sparks>(this.index.names.sparks[page]!);
  run = (file: string) => load<RunFile>(`data/runs/${file}.json`);
  site = () => (this.#site ??= load<Table>(this.index.names.table).then((table) => new Site(this.index, table)));
  #site: Promise<Site> | undefined;

  /** The file of a series; undefined when the present results hold no such series. */
  async series(id: string): Promise<SeriesFile | undefined> {
    const finders = this.index.names.finders;
    const number = Math.floor((Number.parseInt(id.slice(0, 2), 16) * finders.length) / 256);
    const path = finders[number];
    if (!path) return undefined;
    const finder = await load<Finder>(path);
    const at = finder.id.indexOf(id);
    return at < 0 ? undefined : load<SeriesFile>(`data/series/${id}-${finder.file[at]}.json`);
  }

  async values(position: number): Promise<(number | null)[]> {
    const file = (await this.texts()).values_file[position];
    if (!file) return [];
    return (await load<Values>(`data/values/${position}-${file}.json`)).values;
  }
}

/** The files, and the table of all series. */
export class Site extends Files {
  readonly rows: Row[];
  readonly byId: Map<string, Row>;
  readonly ranked: Row[];

  constructor(index: Index, readonly table: Table) {
    super(index);
    this.rows = table.id.map((_, i) => makeRow(table, i));
    this.byId = new Map(this.rows.map((row) => [row.id, row]));
    this.ranked = this.rows.toSorted((a, b) => a.rank - b.rank);
  }
}

export function nameOf(file: SeriesFile): Named {
  return { ...file, params: file.params.filter(([name]) => name !== "library") };
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

export async function loadFiles(): Promise<Files> {
  const path = document.querySelector<HTMLMetaElement>('meta[name="tracker-index"]')?.content;
  if (!path) throw new Error("This page does not name its data. Publish the site again.");
  const index = await load<Index>(path);
  if (index.schema_version !== SCHEMA_VERSION) {
    throw new Error("This page is older than its data. Reload it.");
  }
  return new Files(index);
}

export type Loaded<T> = { value?: T; error?: string };

/** Loads something for a component, again when *key* changes; an empty key waits. */
export function useLoaded<T>(key: string, start: () => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T> & { key?: string }>({});
  useEffect(() => {
    if (!key) return undefined;
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
