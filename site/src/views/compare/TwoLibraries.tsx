import { type Row, type Site, valueText } from "../../data";
import { paramsText } from "../../distinctions";
import { difference } from "../../format";
import { type Column, DataTable } from "../../parts/DataTable";
import { Filters, keeps, Select } from "../../parts/Filters";
import { SeriesName } from "../../parts/names";
import { placeColumn } from "../../parts/place";
import { link } from "../../router";

interface Pair {
  row: Row;
  other: Row;
}

export function TwoLibraries({ site, query }: { site: Site; query: URLSearchParams }) {
  const a = query.get("a") ?? site.libraries[0] ?? "";
  const b = query.get("b") ?? site.libraries[1] ?? "";
  const unknown = [a, b].filter((name) => !site.libraries.includes(name));
  const others = new Map(site.rows.filter((row) => row.library === b).map((row) => [cellOf(row), row]));
  const keep = keeps(query);
  const pairs = site.rows
    .filter((row) => row.library === a && keep(row))
    .flatMap((row) => { const other = others.get(cellOf(row)); return other ? [{ row, other }] : []; });
  const value = (title: string, rowOf: (pair: Pair) => Row): Column<Pair> => ({
    title, number: true,
    text: (pair) => valueText(rowOf(pair)),
    raw: (pair) => rowOf(pair).value,
    unit: (pair) => rowOf(pair).metric.unit,
    show: (pair) => <a href={link("series", rowOf(pair).id)}>{valueText(rowOf(pair))}</a>,
  });
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <Select name="a" label="library" chosen={a} options={site.libraries} all="" />
        <Select name="b" label="beside" chosen={b} options={site.libraries} all="" />
      </form>
      <Filters site={site} query={query} without="library" />
      <p class="quiet">
        The newest value of each, where all but the library is the same; the difference is that of <bdi>{b}</bdi> against <bdi>{a}</bdi>.
        The libraries differ in what they guarantee, so read the <a href={link("method")}>method</a> too.
      </p>
      {unknown.length > 0 && <p class="problem">The present results know no library <bdi>{unknown.join(", ")}</bdi>.</p>}
      <DataTable caption={`${a} beside ${b}`} items={pairs} columns={[
        {
          title: "Series", header: true, text: ({ row }) => [row.scenario, row.metric.name, paramsText(row)].filter(Boolean).join(" "),
          show: ({ row, other }) => <a href={link("series", row.id, { with: other.id })}><SeriesName row={{ ...row, library: "" }} metric /></a>,
        },
        ...placeColumn<Pair>(site, ({ row }) => row),
        value(a, ({ row }) => row),
        value(b, ({ other }) => other),
        { title: "Difference", number: true, text: ({ row, other }) => difference(row.value, other.value) },
        { title: "Better is", text: ({ row }) => row.metric.better },
      ]} />
    </>
  );
}

function cellOf(row: Row): string {
  return JSON.stringify([row.scenario, row.metric.name, row.params, row.machine, row.environment]);
}
