// Two libraries: the ratio of one to the other with its interval and verdict, where runs are recorded.
import { type Row, type Site, valueText } from "../../data";
import { paramsText } from "../../distinctions";
import { useLoaded } from "../../loaded";
import { DataTable } from "../../parts/DataTable";
import type { Column } from "../../parts/column";
import { Filters, keeps, Select } from "../../parts/Filters";
import { SeriesName } from "../../parts/names";
import { placeColumn } from "../../parts/place";
import { link } from "../../router";
import type { LibraryFigures } from "../../schema";
import { scenarioTitle } from "../../titles";
import { fold, spanOf } from "../libraries/IntervalTable";
import { standingText, StandingWord } from "../libraries/Standing";

interface Pair {
  row: Row;
  other: Row;
  /** What the records say of the two; they know no parameters. */
  judged: LibraryFigures | undefined;
}

export function TwoLibraries({ site, query }: { site: Site; query: URLSearchParams }) {
  const a = query.get("a") ?? site.libraries[0] ?? "";
  const b = query.get("b") ?? site.libraries[1] ?? "";
  const recorded = site.bases.includes(a);
  const file = useLoaded(recorded ? a : "", () => site.comparison(a)).value;
  const unknown = [a, b].filter((name) => !site.libraries.includes(name));
  const others = new Map(site.rows.filter((row) => row.library === b).map((row) => [cellOf(row), row]));
  const judged = new Map(file?.machines.flatMap(({ machine, comparison }) => comparison.tables.flatMap((table) =>
    table.rows.filter((row) => row.library === b).map((row) => [JSON.stringify([table.scenario, table.metric, machine]), row] as const))));
  const keep = keeps(query);
  const pairs = site.ranked
    .filter((row) => row.library === a && keep(row))
    .flatMap((row): Pair[] => {
      const other = others.get(cellOf(row));
      return other ? [{ row, other, judged: row.params.length ? undefined : judged.get(JSON.stringify([row.scenario, row.metric.name, row.machine])) }] : [];
    })
    .sort((one, two) => TIERS.indexOf(one.row.metric.tier) - TIERS.indexOf(two.row.metric.tier) || site.table.metric[one.row.i]! - site.table.metric[two.row.i]! || one.row.i - two.row.i);
  const value = (title: string, rowOf: (pair: Pair) => Row): Column<Pair> => ({
    title, number: true,
    text: (pair) => valueText(rowOf(pair)),
    raw: (pair) => rowOf(pair).value,
    unit: (pair) => rowOf(pair).metric.unit,
    show: (pair) => <a href={link("series", rowOf(pair).id)}>{valueText(rowOf(pair))}</a>,
  });
  const isRecorded = pairs.some((pair) => pair.judged);
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <Select name="a" label="library" chosen={a} options={site.libraries} all="" />
        <Select name="b" label="against" chosen={b} options={site.libraries} all="" />
      </form>
      {unknown.length > 0 ? <p class="problem">{site.libraries.length < 2 ? "These results do not have two libraries." : unknown.some(Boolean) ? <>There is no library <bdi>{unknown.filter(Boolean).join(", ")}</bdi> in these results.</> : "Select two libraries."}</p> : <>
      <Filters site={site} query={query} without="library" />
      <p class="quiet">
        The ratio is <bdi>{b}</bdi> ÷ <bdi>{a}</bdi>{recorded && ", of the medians over the runs, with its 95 % interval; the verdict is on "}{recorded && <bdi>{b}</bdi>}.
        They differ in more than speed: <a href={link("libraries")}>all libraries, and what they guarantee</a>.
      </p>
      <DataTable caption={`${a} and ${b}`} items={pairs} columns={[
        {
          title: "Series", header: true, text: ({ row }) => [row.metric.title, scenarioTitle(row), paramsText(row)].filter(Boolean).join(" · "),
          show: ({ row, other }) => <a href={link("series", row.id, { with: other.id })}><SeriesName row={{ ...row, library: "" }} metric /></a>,
        },
        ...placeColumn<Pair>(site, ({ row }) => row),
        value(a, ({ row }) => row),
        value(b, ({ other }) => other),
        { title: "Ratio", number: true, raw: ratioOf, text: (pair) => (ratioOf(pair) === null ? "" : `${fold(ratioOf(pair))} ×`) },
        { title: "Better is", text: ({ row }) => row.metric.better },
        ...(isRecorded ? judgedColumns(b) : []),
      ]} />
      </>}
    </>
  );
}

const judgedColumns = (library: string): Column<Pair>[] => [
  { title: "95 % interval", number: true, text: ({ judged: row }) => (row ? spanOf(row) : "") },
  { title: `${library} is`, text: ({ judged: row }) => (row ? standingText(row) : ""), show: ({ judged: row }) => row && <StandingWord row={row} /> },
];
const TIERS = ["primary", "secondary", "diagnostic"];

function ratioOf({ row, other, judged }: Pair): number | null {
  if (judged) return judged.ratio;
  return row.value && other.value !== null ? other.value / row.value : null;
}

function cellOf(row: Row): string {
  return JSON.stringify([row.scenario, row.metric.name, row.params, row.machine, row.environment]);
}
