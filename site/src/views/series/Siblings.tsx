import type { Row, Site } from "../../data";
import { quantity } from "../../format";
import { link, setQuery } from "../../router";

const params = (row: Row) => row.params.join("\0");

/** Other series that make sense over this one: other libraries, machines, environments. */
export function Siblings({ site, row, shown }: { site: Site; row: Row; shown: string[] }) {
  const alike = site.rows.filter((other) => other.id !== row.id && other.scenario === row.scenario && other.metric.name === row.metric.name);
  const near = alike.filter((other) => params(other) === params(row));
  const others = site.rows.filter((other) =>
    other.scenario === row.scenario && other.library === row.library && other.machine === row.machine &&
    other.environment === row.environment && other.metric.name !== row.metric.name && params(other) === params(row));
  const toggle = (id: string, on: boolean) => {
    const next = on ? [...shown, id] : shown.filter((one) => one !== id);
    setQuery({ with: next.slice(-7).join(",") || undefined });
  };
  return (
    <div class="columns">
      {near.length > 0 && (
        <section aria-labelledby="beside">
          <h2 id="beside">Draw over it</h2>
          <ul class="choices">
            {near.slice(0, 40).map((other) => (
              <li>
                <label class="check">
                  <input type="checkbox" checked={shown.includes(other.id)} onChange={(event) => toggle(other.id, event.currentTarget.checked)} />
                  <span><bdi>{other.library}</bdi> <span class="quiet"><bdi>{other.machine}</bdi>, {quantity(other.value, other.metric.unit)}</span></span>
                </label>
              </li>
            ))}
          </ul>
        </section>
      )}
      {others.length > 0 && (
        <section aria-labelledby="others">
          <h2 id="others">Other metrics of this run</h2>
          <ul class="choices">
            {others.slice(0, 40).map((other) => <li><a href={link("series", other.id)}><bdi>{other.metric.name}</bdi></a> <span class="quiet">{quantity(other.value, other.metric.unit)}</span></li>)}
          </ul>
        </section>
      )}
    </div>
  );
}
