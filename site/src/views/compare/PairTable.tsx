// Every series at two commits. The site does not judge single values: verdicts are of the history.
import type { Row, Site } from "../../data";
import { atLeast, count, difference, words } from "../../format";
import { useLoaded } from "../../loaded";
import { Behind } from "../../parts/Behind";
import { DataTable, quantities } from "../../parts/DataTable";
import type { Column } from "../../parts/column";
import { Problem, SeriesLink, seriesText, Sha } from "../../parts/names";
import { placeColumn } from "../../parts/place";
import { VerdictMark } from "../../parts/Verdict";
import { PairForest } from "./PairForest";
import type { Commits } from "../../commits";
import type { ChangeTable } from "../../schema";

interface Pair {
  row: Row;
  before: number | null;
  after: number | null;
  verdict: string | null;
  /** Whether the newest change between the two says the contrary of their difference. */
  bothWays: boolean;
  /** Whether one of the two values is a newest one that lies far out. */
  farOut: boolean;
}

interface Props {
  site: Site;
  commits: Commits;
  /** -1 when nothing was measured before the head. */
  base: number;
  head: number;
  keep?: (row: Row) => boolean;
}

export function PairTable({ site, commits, base, head, keep = () => true }: Props) {
  const loaded = useLoaded(`${base} ${head}`, () => Promise.all([site.values(base), site.values(head), site.changes()]));
  if (!loaded.value) return <Problem text={loaded.error} />;
  const [before, after, changes] = loaded.value;
  const unmeasured = !after.length ? head : base >= 0 && !before.length ? base : null;
  if (unmeasured !== null) return <p class="quiet"><Sha sha={commits.sha[unmeasured]!} /> was not measured.</p>;
  const verdicts = verdictsBetween(changes, base, head);
  const pairs = site.rows
    .map((row): Pair => ({ row, before: before[row.i] ?? null, after: after[row.i] ?? null, verdict: verdicts.get(row.i) ?? null, bothWays: false, farOut: row.farOut !== null && [base, head].includes(site.index.newest_position - row.age) }))
    .map((pair) => (runsAgainst(pair) ? { ...pair, verdict: null, bothWays: true } : pair))
    .filter((pair) => keep(pair.row) && (pair.before !== null || pair.after !== null))
    .sort((a, b) => Number(b.verdict !== null) - Number(a.verdict !== null) || overNoise(b) - overNoise(a) || a.row.i - b.row.i);
  const shown = pairs.map((pair) => {
    const change = pair.verdict === null || base > head ? undefined : changesOf(changes, base, head).get(pair.row.i);
    return { ...pair, low: change === undefined ? null : changes.ratio_low[change]!, high: change === undefined ? null : changes.ratio_high[change]!, text: within(pair) };
  });
  const only = pairs.filter((pair) => pair.before === null || pair.after === null).length;
  return (
    <>
      <p class="quiet">
        {count(pairs.length, "series", "series")}
        {base < 0 ? ". Nothing was measured before this commit." : ", the largest difference over its noise first. Worse and better are of changes found in the history between the two: one pair of values shows none."}
        {base >= 0 && only > 0 && <> {count(only, "was", "were")} measured at one of the two only.</>}
      </p>
      {base >= 0 && <PairForest pairs={shown} at={commits.sha[head]!} tracked={site.index.tracked} places={site.manyPlaces} />}
      <Behind title="Table of all series" open={base < 0}><DataTable
        caption={[base, head].flatMap((position) => commits.sha[position]?.slice(0, 8) ?? []).join(" and ")} items={pairs} step={60}
        columns={[
          { title: "Series", header: true, text: (p) => seriesText(p.row), show: (p) => <SeriesLink row={p.row} at={commits.sha[head]} /> },
          ...placeColumn<Pair>(site, (p) => p.row),
          ...(base < 0 ? FIRST : BOTH),
        ]}
      /></Behind>
    </>
  );
}

const value = (title: string, of: (pair: Pair) => number | null) => quantities(title, of, (p) => p.row.metric.unit, "not measured");
const FIRST: Column<Pair>[] = [value("Value", (p) => p.after)];
const BOTH: Column<Pair>[] = [
  value("Before", (p) => p.before),
  value("After", (p) => p.after),
  { title: "Difference", number: true, raw: (p) => (p.before && p.after !== null ? p.after / p.before - 1 : null), text: (p) => difference(p.before, p.after) },
  { title: "Detectable", number: true, raw: (p) => p.row.noise, text: (p) => (p.row.noise === null ? "" : atLeast(p.row.noise)) },
  { title: "Verdict", short: true, text: (p) => words(p.verdict ?? within(p)), show: (p) => (p.verdict ? <VerdictMark verdict={p.verdict} /> : within(p) && <span class="quiet">{within(p)}</span>) },
];

function verdictsBetween(changes: ChangeTable, base: number, head: number): Map<number, string> {
  return new Map([...changesOf(changes, base, head)].map(([row, i]) => [row, flipped(changes.verdict[i]!, base > head)]));
}

/** The newest change of each series between two commits, by row. */
function changesOf(changes: ChangeTable, base: number, head: number): Map<number, number> {
  const [from, to] = base < head ? [base, head] : [head, base];
  const found = new Map<number, number>();
  changes.row.forEach((row, i) => {
    const position = changes.position[i]!;
    if (position > from && position <= to && changes.status[i] !== "withdrawn" && !found.has(row)) {
      found.set(row, i);
    }
  });
  return found;
}

function flipped(verdict: string, backwards: boolean): string {
  if (!backwards) return verdict;
  return verdict === "worse" ? "better" : verdict === "better" ? "worse" : verdict;
}

/** Stands for the detectable step of a series that has none. */
const SMALL_STEP = 0.05;

function overNoise(pair: Pair): number {
  if (!pair.before || !pair.after || pair.after / pair.before <= 0) return -1;
  return Math.abs(Math.log(pair.after / pair.before)) / Math.log1p(pair.row.noise || SMALL_STEP);
}

/** The newest of several changes made up for a part of the others only: its verdict is not that of the whole. */
function runsAgainst(pair: Pair): boolean {
  if ((pair.verdict !== "worse" && pair.verdict !== "better") || !pair.before || pair.after === null || overNoise(pair) <= 1) return false;
  const higher = pair.after > pair.before;
  return (pair.verdict === "better") !== (higher === (pair.row.metric.better === "higher"));
}

function within(pair: Pair): string {
  if (pair.bothWays) return "changed both ways";
  if (pair.before === null || pair.after === null || pair.row.noise === null) return "";
  if (pair.farOut) return "not judged yet";
  return overNoise(pair) <= 1 ? "could be noise" : "no change detected";
}
