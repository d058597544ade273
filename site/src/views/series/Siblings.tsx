import { type Row, type Site, valueText } from "../../data";
import { distinctions, paramsText } from "../../distinctions";
import { ShowAll } from "../../parts/ShowAll";
import { link, setQuery } from "../../router";
import { family } from "./Scaling";

/** Series that may be drawn over one. */
export const MOST_BESIDE = 7;
const MOST_OFFERED = 40;
const OFFERED_ON_PHONE = 5;

/** Series of the same benchmark on other machines, of other libraries or parameters; and other metrics. What lies *along* an axis is on it already. */
export function Siblings({ site, row, shown, along }: { site: Site; row: Row; shown: string[]; along: string | undefined }) {
  const onAxis = along === undefined ? [] : family(site, row, along);
  const ofBenchmark = site.rows.filter((other) => other.scenario === row.scenario && paramsText(other) === paramsText(row));
  const others = ofBenchmark.filter((other) => other.metric.name !== row.metric.name && isOfRun(other, row));
  const beside = site.rows.filter((other) =>
    other.id !== row.id && other.scenario === row.scenario && other.metric.name === row.metric.name &&
    (shown.includes(other.id) || paramsText(other) === paramsText(row) || (isOfRun(other, row) && !onAxis.includes(other))));
  return (
    <div class="columns">
      {beside.length > 0 && <Overlays row={row} beside={beside} shown={shown} />}
      {others.length > 0 && (
        <section aria-labelledby="others">
          <h2 id="others">Other metrics, newest values</h2>
          <ul class="choices">
            {others.map((other) => <li><a href={link("series", other.id)}><bdi>{other.metric.title}</bdi></a> <span class="quiet">{valueText(other)}</span></li>)}
          </ul>
        </section>
      )}
    </div>
  );
}

function isOfRun(other: Row, row: Row): boolean {
  return other.library === row.library && other.machine === row.machine && other.environment === row.environment;
}

function Overlays({ row, beside, shown }: { row: Row; beside: Row[]; shown: string[] }) {
  const names = distinctions([row, ...beside]).slice(1);
  const toggle = (id: string, on: boolean) => {
    const next = on ? [...shown, id] : shown.filter((one) => one !== id);
    setQuery({ with: next.slice(-MOST_BESIDE).join(",") || undefined });
  };
  return (
    <section aria-labelledby="beside">
      <h2 id="beside">Overlay</h2>
      <ShowAll items={beside.map((other, i) => ({ other, name: names[i]! }))} noun="series" wide={MOST_OFFERED} phone={OFFERED_ON_PHONE}>
        {(offered) => (
          <ul class="choices">
            {offered.map(({ other, name }) => (
              <li>
                <label class="check">
                  <input type="checkbox" checked={shown.includes(other.id)} onChange={(event) => toggle(other.id, event.currentTarget.checked)} />
                  <span><bdi>{name}</bdi> <span class="quiet unbroken">{valueText(other)}</span></span>
                </label>
              </li>
            ))}
          </ul>
        )}
      </ShowAll>
    </section>
  );
}
