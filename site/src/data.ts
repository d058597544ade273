// The files of the site, each fetched once. Their names carry hashes, so they never go stale.
import { type Commits, unpackCommits } from "./commits";
import { type Named, paramsText } from "./distinctions";
import { quantity, words } from "./format";
import { scenarioTitle, useTitles } from "./titles";
import type {
  ChangeTable, Commits as Axis, CommitTexts, EnvironmentTable, EventExplanation, EventMembers, EventTable, Finder, Front, Index, LibrariesFile, Matrix, MetricInfo, RunFile,
  RunTable, SeriesPack, Sparks, Table, Values, ValuesPack,
} from "./schema";
import { decimal, type SeriesFile, unpack } from "./series-file";

export const SCHEMA_VERSION = 10;
export const VERDICTS = ["worse", "suspected", "cannot_tell", "no_change", "better"] as const;
export const OUTCOMES = ["measured", "failed", "unsupported"] as const;
export type Verdict = (typeof VERDICTS)[number];

const FROM_DISK = "A browser loads no data from files on disk. Show the site with: tracker serve FOLDER";
/** As many are read for a comparison before the whole table is asked for. */
const MOST_PERIODS = 4;
/** As many parts of the ranking are read before the whole table is asked for. */
const MOST_RANKED = 3;
const files = new Map<string, Promise<unknown>>();

function load<T>(path: string): Promise<T> {
  let file = files.get(path);
  if (!file) {
    file = read(path);
    file.catch(() => files.delete(path));
    files.set(path, file);
  }
  return file as Promise<T>;
}

async function read(path: string): Promise<unknown> {
  const response = await fetch(path).catch(() => null);
  if (response?.ok) return path.endsWith(".gz") ? unpacked(await response.arrayBuffer()) : response.json();
  throw new Error(location.protocol === "file:" ? FROM_DISK : `Could not load ${path} (${response?.status ?? "no answer"}). The site may have been published again; reload the page.`);
}

/** What a compressed file holds, also where the server has unpacked it, as some do with `.gz`. */
function unpacked(content: ArrayBuffer): Promise<unknown> {
  const [first, second] = new Uint8Array(content, 0, 2);
  const body = new Response(content).body!;
  return new Response(first === 0x1f && second === 0x8b ? body.pipeThrough(new DecompressionStream("gzip")) : body).json();
}

function packedPath(folder: "series" | "values" | "runs", file: string): string {
  return `data/${folder}/${file}.json.gz`;
}

export function explanationPath(file: string): string {
  return `data/explanations/${file}.json`;
}

/** One row of the table, with its names spelt out. */
export interface Row extends Named {
  metric: MetricInfo;
  i: number;
  value: number | null;
  change: number | null;
  changedAt: number | null;
  verdict: Verdict;
  noise: number | null;
  age: number;
  /** The newest value over the level before it, where it lies far out. */
  farOut: number | null;
  outcome: string;
  rank: number;
  /** Machine, and environment where there are several. */
  place: string;
  /** What a search looks at. */
  text: string;
}

/** The files that the index names. */
export class Files {
  /** Names of the libraries; benchmarks without a library have none. */
  readonly libraries: string[];

  constructor(readonly index: Index) {
    this.libraries = index.libraries.filter(Boolean);
    useTitles(index.scenario_titles);
  }

  commits = () => (this.#commits ??= load<Axis>(this.index.names.commits).then(unpackCommits));
  #commits: Promise<Commits> | undefined;
  texts = () => load<CommitTexts>(this.index.names.commit_texts);
  changes = (): Promise<ChangeTable> => load<ChangeTable>(this.index.names.changes);
  environments = () => load<EnvironmentTable>(this.index.names.environments);
  events = () => load<EventTable>(this.index.names.events);
  eventMembers = () => load<EventMembers>(this.index.names.event_members);
  matrix = () => load<Matrix>(this.index.names.matrix);
  /** Libraries that others can be compared with, the tracked one first. */
  get bases(): string[] {
    return Object.keys(this.index.names.libraries);
  }
  comparison = (base: string) => load<LibrariesFile>(this.index.names.libraries[base]!);
  runs = () => load<RunTable>(this.index.names.runs);
  sparks = (page: number) => load<Sparks>(this.index.names.sparks[page]!);
  run = (file: string) => load<RunFile>(packedPath("runs", file));
  explanation = (file: string) => load<EventExplanation>(explanationPath(file));
  site = () => (this.#site ??= load<Table>(this.index.names.table).then((table) => (this.whole = new Site(this.index, table))));
  #site: Promise<Site> | undefined;
  /** The table of all series, where it has been read. */
  whole: Site | undefined;
  /** What the overview and the changes show first, where the whole table is large. */
  front = () => load<Front>(this.index.names.front).then((front) => new PartSite(this.index, [front]));

  /** The worst rows of those that are kept: of the first parts that may hold some, as many as are needed or may be read. */
  async worstOf(keep: (row: Row) => boolean, verdict: string | null, wanted: number): Promise<Site> {
    const { ranked, ranked_kinds: kinds } = this.index.names;
    const paths = ranked.filter((_, i) => !verdict || kinds[i]!.includes(verdict)).slice(0, MOST_RANKED);
    const read: Front[] = [];
    let site: Site | undefined;
    while (read.length < paths.length && (site?.rows.filter(keep).length ?? 0) < wanted) {
      read.push(await load<Front>(paths[read.length]!));
      site = new PartSite(this.index, read);
    }
    return site ?? this.site();
  }

  /** Whether the table is large: what happened at some commits can then be read without it. */
  get hasPeriods(): boolean {
    return this.index.names.periods.length > 0;
  }

  /** The rows that may have changed at the commits of these positions, in the newest periods of them. */
  async between(first: number, last: number): Promise<Site> {
    const { periods, period_starts: starts } = this.index.names;
    const numbers = periods.map((_, i) => i).filter((i) => starts[i]! <= last && (starts[i + 1] ?? Number.POSITIVE_INFINITY) > first);
    const read = await Promise.all(numbers.toReversed().slice(0, MOST_PERIODS).map((i) => load<Front>(periods[i]!)));
    return new PartSite(this.index, read, numbers.length > MOST_PERIODS);
  }

  /** The file of a series; undefined when the present results hold no such series. */
  async series(id: string): Promise<SeriesFile | undefined> {
    const finders = this.index.names.finders;
    const number = Math.floor((Number.parseInt(id.slice(0, 2), 16) * finders.length) / 256);
    const path = finders[number];
    if (!path) return undefined;
    const finder = await load<Finder>(path);
    const at = finder.id.indexOf(id);
    return at < 0 ? undefined : unpack(await load<SeriesPack>(packedPath("series", finder.file[at]!)), id);
  }

  /** Every series at one commit, in the order of the table; empty when nothing was measured there. */
  async values(position: number): Promise<(number | null)[]> {
    const file = (await this.texts()).values_file[position];
    if (!file) return [];
    const pack = await load<ValuesPack>(packedPath("values", file));
    return pack.commits.flatMap((commit) => (commit.position === position ? spread(commit, digitsOf(pack)) : []));
  }
}

/** The files, and the table of all series. */
export class Site extends Files {
  readonly rows: Row[];
  readonly byId: Map<string, Row>;
  readonly ranked: Row[];
  /** Whether series lie on more than one machine or in more than one environment. */
  readonly manyPlaces: boolean;
  /** Commits since anything was measured. */
  readonly age: number;

  /** Whether these are the first rows only, and the rest is on its way. */
  readonly isPart: boolean = false;

  constructor(index: Index, readonly table: Table, rows = table.id.map((_, i) => makeRow(table, i)), age?: number) {
    super(index);
    this.rows = rows;
    this.#byNumber = new Map(rows.map((row) => [row.i, row]));
    this.byId = new Map(this.rows.map((row) => [row.id, row]));
    this.ranked = this.rows.toSorted((a, b) => a.rank - b.rank);
    this.manyPlaces = index.places > 1;
    this.age = age ?? this.rows.reduce((least, row) => Math.min(least, row.age), Number.POSITIVE_INFINITY);
  }

  /** The row of this number in the whole table, as files name it. */
  row(number: number): Row {
    return this.#byNumber.get(number)!;
  }
  readonly #byNumber: Map<number, Row>;
}

function digitsOf({ digits }: ValuesPack): number[] {
  return digits.flatMap((rows, i) => (i % 2 ? [] : Array<number>(rows).fill(digits[i + 1]!)));
}

/** Parts of the table, each with some changes; the newest part first. */
export class PartSite extends Site {
  override readonly isPart = true;
  override changes: () => Promise<ChangeTable>;

  constructor(index: Index, parts: Front[], readonly isCut = false) {
    const rows = parts.flatMap(({ table, rows: numbers }) => table.id.map((_, i) => ({ ...makeRow(table, i), i: numbers[i]! })));
    super(index, parts[0]!.table, [...new Map(rows.map((row) => [row.i, row])).values()], parts[0]!.age);
    this.changes = () => Promise.resolve(joined(parts.map((part) => part.changes)));
  }
}

/** Each change once, though it may be in several parts. */
function joined(tables: ChangeTable[]): ChangeTable {
  const [first] = tables;
  if (tables.length === 1) return first!;
  const seen = new Set<string>();
  const kept = tables.flatMap((table) => table.row.flatMap((row, i) => {
    const key = `${row} ${table.position[i]}`;
    return seen.has(key) ? [] : (seen.add(key), [{ table, i }]);
  }));
  const columns = Object.entries(first!).map(([name, column]) => {
    const cells = kept.map(({ table, i }) => (table[name as keyof ChangeTable] as Record<number, unknown>)[i]);
    return [name, Array.isArray(column) ? cells : Object.fromEntries(cells.flatMap((cell, i) => (cell === undefined ? [] : [[i, cell]])))];
  });
  return Object.fromEntries(columns) as ChangeTable;
}

/** The values of a commit by the rows of the table, null in between. */
function spread({ runs, values }: Values, digits: number[]): (number | null)[] {
  const rows: (number | null)[] = [];
  let next = 0;
  for (let i = 0; i < runs.length; i += 2) {
    for (let left = runs[i]!; left > 0; left--) rows.push(null);
    for (let count = runs[i + 1]!; count > 0; count--) rows.push(decimal(values[next++]!, digits[rows.length]!));
  }
  return rows;
}

/** The newest value; what became of it where there is none. */
export function valueText(row: Row): string {
  return row.value === null ? words(row.outcome) : quantity(row.value, row.metric.unit);
}

export function nameOf(file: SeriesFile): Named {
  return { ...file, params: file.params.filter(([name]) => name !== "library") };
}

function makeRow(table: Table, i: number): Row {
  const machine = table.machines[table.machine[i]!]!;
  const environment = table.environments[table.environment[i]!]!;
  const row = {
    i,
    id: table.id[i]!,
    scenario: table.scenarios[table.scenario[i]!]!,
    library: table.libraries[table.library[i]!]!,
    metric: table.metrics[table.metric[i]!]!,
    params: table.params_sets[table.params[i]!]!.filter(([name]) => name !== "library"),
    machine,
    environment,
    value: table.value[i]!,
    change: table.change[i]!,
    changedAt: table.changed_at[i]!,
    verdict: VERDICTS[table.verdict[i]!]!,
    noise: table.noise[i]!,
    age: table.age[i]!,
    farOut: table.far_out[i] ?? null,
    outcome: OUTCOMES[table.outcome[i]!]!,
    rank: table.rank[i]!,
    place: table.environments.length > 1 ? `${machine}, ${environment}` : machine,
  };
  const text = [scenarioTitle(row), row.scenario, row.library, row.metric.title, row.metric.name, paramsText(row), machine, environment];
  return { ...row, text: text.join(" ").toLowerCase() };
}

export async function loadFiles(): Promise<Files> {
  const path = document.querySelector<HTMLMetaElement>('meta[name="tracker-index"]')?.content;
  if (!path) throw new Error("This page has no data. Publish the site again.");
  const index = await load<Index>(path);
  if (index.schema_version !== SCHEMA_VERSION) {
    throw new Error("This page is out of date. Reload it.");
  }
  return new Files(index);
}
