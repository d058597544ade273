// Any parameter as the x-axis: how the newest values grow with it.
import { type Line, LineChart } from "../../chart/LineChart";
import { looksOf } from "../../colors";
import { type Row, type Site, valueText } from "../../data";
import { distinctions, fitting } from "../../distinctions";
import { scaled, spoken } from "../../format";
import { DataTable } from "../../parts/DataTable";
import { Legend } from "../../parts/Legend";
import { PHONE } from "../../phone";
import { link } from "../../router";

const WIDE = 20;
/** Letters that fit below a chart, all labels together. */
const LETTERS = PHONE.matches ? 36 : 120;

/** Parameters of which this series has siblings that differ in nothing else. */
export function scalingParams(site: Site, row: Row): string[] {
  return row.params.map(([name]) => name!).filter((name) => family(site, row, name).length > 1);
}

/** Series that differ in this parameter alone. */
export function family(site: Site, row: Row, param: string): Row[] {
  const rest = (one: Row) => JSON.stringify(one.params.filter(([name]) => name !== param));
  return site.rows.filter((one) =>
    one.scenario === row.scenario && one.library === row.library && one.metric.name === row.metric.name &&
    one.machine === row.machine && one.environment === row.environment &&
    one.params.some(([name]) => name === param) && rest(one) === rest(row));
}

function NoParameter({ row, param }: { row: Row; param: string }) {
  return (
    <p>
      {param ? <>This series has no parameter named <bdi>{param}</bdi>.</> : "No other series differs from this one in one parameter alone."}{" "}
      <a href={link("series", row.id)}>Across commits</a>
    </p>
  );
}

export function Scaling({ site, row, rows, param }: { site: Site; row: Row; rows: Row[]; param: string }) {
  const text = (one: Row) => one.params.find(([name]) => name === param)?.[1] ?? "";
  const found = rows.map((one) => family(site, one, param)).filter(([first]) => first);
  const families = [...new Map(found.map((all) => [all[0]!.id, all])).values()];
  if (!families.length) return <NoParameter row={row} param={param} />;
  const firsts = families.map(([first]) => ({ ...first!, params: first!.params.filter(([name]) => name !== param) }));
  const texts = [...new Set(families.flat().map(text))];
  const numbers = texts.map((one) => (one === "" ? Number.NaN : Number(one)));
  const numeric = numbers.every(Number.isFinite);
  const wide = numbers.every((n) => n > 0) && Math.max(...numbers) / Math.min(...numbers) > WIDE;
  const unit = scaled(row.metric.unit) ? "" : spoken(row.metric.unit);
  const fromZero = !wide && families.flat().every((one) => (one.value ?? 0) >= 0);
  const x = (one: Row) => (numeric ? Number(text(one)) : texts.indexOf(text(one)));
  const short = fitting(texts, LETTERS);
  const names = distinctions(firsts);
  const looks = looksOf(site.libraries, firsts);
  const lines = families.map((members, i): Line => {
    const sorted = members.toSorted((a, b) => x(a) - x(b));
    return { name: names[i]!, look: looks[i]!, x: sorted.map(x), y: sorted.map((one) => one.value) };
  });
  const items = families.flatMap((members, i) => members.map((one) => ({ one, name: names[i]! })));
  return (
    <>
      <Legend rows={firsts} looks={looks} />
      <LineChart
        label={`${row.metric.title} by ${param}, newest values. A table follows.`} lines={lines} unit={row.metric.unit} xUnit=""
        xTitle={param} logX={wide} logY={wide} fromZero={fromZero} points height={380} span={numeric ? undefined : [-0.4, texts.length - 0.6]}
        xLabels={numeric ? undefined : (ticks) => ticks.map((tick) => short[tick] ?? "")}
      />
      <p class="axis-note quiet">
        {row.metric.title}{unit && ` in ${unit}`}, {row.metric.better} is better; {wide ? "both axes are logarithmic" : `the axis ${fromZero ? "starts at zero" : "spans the values, which are not all above zero"}`}.
      </p>
      <DataTable
        caption={`Newest values by ${param}`} showCaption items={items}
        columns={[
          { title: param, number: numeric, header: true, text: ({ one }) => text(one), show: ({ one }) => <a href={link("series", one.id)}><bdi>{text(one)}</bdi></a> },
          ...(firsts.length > 1 ? [{ title: "Series", text: ({ name }: (typeof items)[number]) => name }] : []),
          { title: "Value", number: true, text: ({ one }) => valueText(one), raw: ({ one }) => one.value, unit: () => row.metric.unit },
        ]}
      />
    </>
  );
}
