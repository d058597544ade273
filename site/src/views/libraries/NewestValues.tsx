// Where no run records are kept: the newest value of each library, and nothing said of how sure it is.
import { type Row, type Site, valueText } from "../../data";
import { paramsText } from "../../distinctions";
import { Behind } from "../../parts/Behind";
import { DataTable } from "../../parts/DataTable";
import { distinct, metricIn, Select } from "../../parts/Filters";
import { ShowAll } from "../../parts/ShowAll";
import { link } from "../../router";
import { scenarioTitle } from "../../titles";
import { About } from "./About";
import { LibraryBars } from "./LibraryBars";

interface Cell {
  scenario: string;
  params: string;
  byLibrary: Map<string, Row>;
}

export function NewestValues({ site, query }: { site: Site; query: URLSearchParams }) {
  const metrics = [...new Set(site.table.metrics.map((metric) => metric.name))];
  const machines = distinct(site.rows.map((row) => row.machine));
  const metric = query.get("metric") ?? metrics[0] ?? "";
  const machine = query.get("machine") ?? machines[0] ?? "";
  const scenario = query.get("scenario");
  const rows = site.rows.filter((row) => row.metric.name === metric && row.machine === machine && (!scenario || row.scenario === scenario));
  const info = rows[0]?.metric;
  const { libraries } = site;
  const cells = group(rows);
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <Select name="metric" chosen={metric} options={metrics} all="" write={(name) => metricIn(name, site)} />
        <Select name="machine" chosen={machine} options={machines} all="" />
        <Select name="scenario" chosen={scenario} options={distinct(site.rows.map((row) => row.scenario))} write={(name) => scenarioTitle({ scenario: name })} />
      </form>
      {info && <About metric={info} />}
      <p class="quiet">
        The newest value of each library on this machine, each group of bars by a scale of its own; no run records are kept, so there are no intervals.
        How it is measured: <a href={link("method")}>method</a>.
      </p>
      <ShowAll items={cells} noun="scenarios" wide={24} phone={5}>
        {(shown) => shown.map((cell) => (
          <section>
            <h2><bdi>{scenarioTitle(cell)}</bdi> <span class="quiet"><bdi>{cell.params}</bdi></span></h2>
            <LibraryBars rows={libraries.flatMap((library) => cell.byLibrary.get(library) ?? [])} libraries={libraries} />
          </section>
        ))}
      </ShowAll>
      <Behind title="As a table"><DataTable caption={`${metricIn(metric, site)} of each library`} cards={5} items={cells} columns={[
        { title: "Scenario", header: true, text: (cell) => [scenarioTitle(cell), cell.params].filter(Boolean).join(" ") },
        ...libraries.map((library) => ({
          title: library,
          number: true,
          raw: (cell: Cell) => cell.byLibrary.get(library)?.value,
          unit: () => info?.unit ?? "",
          text: (cell: Cell) => textOf(cell.byLibrary.get(library)),
          show: (cell: Cell) => {
            const row = cell.byLibrary.get(library);
            return row ? <a href={link("series", row.id)}>{textOf(row)}</a> : <span class="quiet">{textOf(row)}</span>;
          },
        })),
      ]} /></Behind>
    </>
  );
}

function textOf(row: Row | undefined): string {
  return row ? valueText(row) : "not measured";
}

function group(rows: Row[]): Cell[] {
  const cells = new Map<string, Cell>();
  for (const row of rows) {
    const params = paramsText(row);
    const key = JSON.stringify([row.scenario, params]);
    const cell = cells.get(key) ?? { scenario: row.scenario, params, byLibrary: new Map() };
    cell.byLibrary.set(row.library, row);
    cells.set(key, cell);
  }
  return [...cells.values()];
}
