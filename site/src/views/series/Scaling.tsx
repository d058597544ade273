// Any parameter as the x-axis: how the newest values grow with it.
import { LineChart } from "../../chart/LineChart";
import type { Row, Site } from "../../data";
import { quantity } from "../../format";
import { DataTable } from "../../parts/DataTable";
import { Legend, looksOf } from "../../parts/Legend";
import { link } from "../../router";

/** Parameters of which this series has siblings that differ in nothing else. */
export function scalingParams(site: Site, row: Row): string[] {
  return row.params.map(([name]) => name!).filter((name) => family(site, row, name).length > 1);
}

function family(site: Site, row: Row, param: string): Row[] {
  const rest = (one: Row) => one.params.filter(([name]) => name !== param).join("\0");
  return site.rows.filter((one) =>
    one.scenario === row.scenario && one.library === row.library && one.metric.name === row.metric.name &&
    one.machine === row.machine && one.environment === row.environment &&
    one.params.some(([name]) => name === param) && rest(one) === rest(row));
}

export function Scaling({ site, row, rows, param }: { site: Site; row: Row; rows: Row[]; param: string }) {
  const text = (one: Row) => one.params.find(([name]) => name === param)?.[1] ?? "";
  const families = rows.map((one) => family(site, one, param));
  const texts = [...new Set(families.flat().map(text))];
  const numeric = texts.every((one) => one !== "" && Number.isFinite(Number(one)));
  const x = (one: Row) => (numeric ? Number(text(one)) : texts.indexOf(text(one)));
  const positive = numeric && texts.every((one) => Number(one) > 0);
  const wide = positive && Math.max(...texts.map(Number)) / Math.min(...texts.map(Number)) > 20;
  const looks = rows.map((one, i) => looksOf(site, one, i));
  const lines = families.map((members, i) => {
    const sorted = members.toSorted((a, b) => x(a) - x(b));
    return { name: rows[i]!.library, look: looks[i]!, x: sorted.map(x), y: sorted.map((one) => one.value) };
  });
  return (
    <>
      <Legend rows={rows} looks={looks} />
      <LineChart
        label={`${row.metric.name} by ${param}, newest values. A table follows.`} lines={lines} unit={row.metric.unit} xUnit=""
        xTitle={param} logX={wide} logY={wide} points height={380}
        xLabels={numeric ? undefined : (ticks) => ticks.map((tick) => texts[tick] ?? "")}
      />
      <DataTable
        caption={`Newest values by ${param}`} showCaption items={families.flat()}
        columns={[
          { title: param, text, number: numeric, header: true },
          { title: "Library", text: (one) => one.library, show: (one) => <a href={link("series", one.id)}><bdi>{one.library}</bdi></a> },
          { title: "Value", number: true, text: (one) => quantity(one.value, one.metric.unit) },
        ]}
      />
    </>
  );
}
