import type { Site } from "../data";
import { count } from "../format";
import { useLoaded } from "../loaded";
import { distinct, Select } from "../parts/Filters";
import { Problem } from "../parts/names";
import { link } from "../router";
import type { LibrariesFile, MetricTable } from "../schema";
import type { ViewProps } from "../view-props";
import { About } from "./libraries/About";
import { Grid } from "./libraries/Grid";
import { IntervalTable } from "./libraries/IntervalTable";
import { NewestValues } from "./libraries/NewestValues";

export function Libraries({ site, route: { query } }: ViewProps) {
  const file = useLoaded("libraries", () => site.comparison());
  return (
    <>
      <h1>Libraries side by side</h1>
      {!file.value ? <Problem text={file.error} />
        : file.value.machines.length ? <Comparison site={site} file={file.value} query={query} />
        : site.libraries.length > 1 ? <NewestValues site={site} query={query} />
        : <p>There are no two libraries in these results: a benchmark has one where it has a parameter <code>library</code>.</p>}
    </>
  );
}

function Comparison({ site, file, query }: { site: Site; file: LibrariesFile; query: URLSearchParams }) {
  const { machine, comparison } = file.machines.find((one) => one.machine === query.get("machine")) ?? file.machines[0]!;
  const { base, tables } = comparison;
  const metrics = [...new Set(tables.map((table) => table.metric))];
  const metric = metrics.find((name) => name === query.get("metric")) ?? metrics[0] ?? "";
  const scenario = query.get("scenario");
  const chosen = tables.filter((table) => table.metric === metric && (!scenario || table.scenario === scenario));
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <Select name="metric" chosen={metric} options={metrics} all="" />
        <Select name="machine" chosen={machine} options={file.machines.map((one) => one.machine)} all="" />
        <Select name="scenario" chosen={scenario} options={distinct(tables.map((table) => table.scenario))} />
      </form>
      {chosen[0] && <About metric={chosen[0]} />}
      {chosen.length > 0 && (
        <p class="quiet">
          Dots are medians of the newest record of each library, bars their 95 % intervals. Ratios are against <bdi>{base}</bdi>; the size of the effect is Cliff’s delta.
          The libraries differ in what they guarantee, so read the <a href={link("method")}>method</a> too.
        </p>
      )}
      {chosen.length > 1 && <Grid tables={chosen} metric={metric} machine={machine} />}
      {chosen.map((table) => <Scenario key={table.scenario} site={site} table={table} against={file.against} machine={machine} />)}
      {chosen.length === 0 && <p class="quiet">No two libraries were measured in this.</p>}
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
