import type { Site } from "../data";
import { count } from "../format";
import { useLoaded } from "../loaded";
import { distinct, Select } from "../parts/Filters";
import { Problem } from "../parts/names";
import { link } from "../router";
import type { LibrariesFile, MetricTable } from "../schema";
import type { ViewProps } from "../view-props";
import { About } from "./libraries/About";
import { Guarantees } from "./libraries/Guarantees";
import { Grid } from "./libraries/Grid";
import { IntervalTable } from "./libraries/IntervalTable";
import { NewestValues } from "./libraries/NewestValues";
import { Several } from "./libraries/Several";
import { Tradeoff } from "./libraries/Tradeoff";

export function Libraries({ site, route: { query } }: ViewProps) {
  const { bases } = site;
  const base = bases.find((name) => name === query.get("base")) ?? bases[0];
  const file = useLoaded(base ?? "", () => site.comparison(base!));
  return (
    <>
      <h1>Compare libraries</h1>
      {base === undefined ? (
        site.libraries.length > 1 ? <NewestValues site={site} query={query} />
          : <p>These results have only one library. A benchmark names its library in a parameter <code>library</code>.</p>
      ) : !file.value ? <Problem text={file.error} />
        : <Comparison site={site} file={file.value} query={query} base={base} />}
      <Guarantees known={site.index.guarantees} />
    </>
  );
}

interface Props {
  site: Site;
  file: LibrariesFile;
  query: URLSearchParams;
  base: string;
}

function Comparison({ site, file, query, base }: Props) {
  const { machine, comparison } = file.machines.find((one) => one.machine === query.get("machine")) ?? file.machines[0]!;
  const { tables } = comparison;
  const metrics = [...new Set(tables.map((table) => table.metric))];
  const metric = metrics.find((name) => name === query.get("metric"));
  const scenarios = distinct(tables.map((table) => table.scenario));
  const scenario = scenarios.find((name) => name === query.get("scenario")) ?? (metric ? undefined : scenarios[0]);
  const titles = new Map(site.table.metrics.map((one) => [one.name, one.title]));
  const titleOf = (name: string) => titles.get(name) ?? name;
  const here = tables.filter((table) => !scenario || table.scenario === scenario);
  const chosen = metric ? here.filter((table) => table.metric === metric) : [];
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <Select name="base" label="against" chosen={base} options={site.bases} all="" />
        <Select name="metric" chosen={metric ?? null} options={metrics} all="what matters most" write={titleOf} />
        <Select name="scenario" chosen={scenario ?? null} options={scenarios} all={metric ? "all" : ""} write={(name) => tables.find((table) => table.scenario === name)?.title || name} />
        <Select name="machine" chosen={machine} options={file.machines.map((one) => one.machine)} all="" />
      </form>
      <p class="quiet">
        Medians of the newest record of each library{metric && " with their 95 % intervals"}; ratios are against <bdi>{base}</bdi>{metric && ", the size of the effect is Cliff’s delta"}.
        How it is measured: <a href={link("method")}>method</a>.
      </p>
      {metric ? (
        <>
          {chosen[0] && <About metric={chosen[0]} />}
          {chosen.length > 1 && <Grid tables={chosen} metric={metric} title={titleOf(metric)} machine={machine} />}
          {chosen.map((table) => <Scenario key={table.scenario} site={site} table={table} against={file.against} machine={machine} />)}
          {chosen.length === 0 && <p class="quiet">Only one library was measured here.</p>}
        </>
      ) : (
        <>
          <Several tables={here.filter((table) => table.tier === "primary")} base={base} titleOf={titleOf} />
          <Tradeoff tables={here} libraries={site.libraries} />
        </>
      )}
    </>
  );
}

/** The base first, then the library everybody asks about, then the others, best first. */
function Scenario({ site, table, against, machine }: { site: Site; table: MetricTable; against: string; machine: string }) {
  const first = [table.base, against];
  const place = (library: string) => (first.includes(library) ? first.indexOf(library) : first.length);
  const rows = table.rows.toSorted((a, b) => place(a.library) - place(b.library));
  const series = new Map(site.rows
    .filter((row) => row.scenario === table.scenario && row.metric.name === table.metric && row.machine === machine)
    .map((row) => [row.library, row.id]));
  const measured = rows.filter((row) => row.median !== null).length;
  return (
    <section>
      <h2><bdi>{table.title}</bdi> <span class="quiet">{count(measured, "library", "libraries")} measured{measured < rows.length && <> of {rows.length}</>}</span></h2>
      <IntervalTable table={table} rows={rows} series={series} />
    </section>
  );
}
