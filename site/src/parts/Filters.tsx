// Filters of series, kept in the address so that a filtered view can be sent to somebody.
import type { ComponentChildren } from "preact";
import type { Row, Site } from "../data";
import { words } from "../format";
import { setQuery } from "../router";
import type { Table } from "../schema";
import { scenarioTitle } from "../titles";

/** What a row has in a field, and what there is to choose from. */
interface Field {
  of: (row: Row) => string;
  all: (table: Table) => string[];
  /** What people call it, where that is something else. */
  write?: (value: string, site: Site) => string;
}

export const FIELDS: Record<string, Field> = {
  library: { of: (row) => row.library, all: (table) => table.libraries },
  scenario: { of: (row) => row.scenario, all: (table) => table.scenarios, write: (scenario) => scenarioTitle({ scenario }) },
  metric: { of: (row) => row.metric.name, all: (table) => table.metrics.map((metric) => metric.name), write: metricIn },
  machine: { of: (row) => row.machine, all: (table) => table.machines },
  environment: { of: (row) => row.environment, all: (table) => table.environments },
};

export function metricIn(name: string, site: Site): string {
  return site.table.metrics.find((metric) => metric.name === name)?.title ?? name;
}

export function keeps(query: URLSearchParams): (row: Row) => boolean {
  const text = (query.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = Object.entries(FIELDS).flatMap(([name, { of }]) => {
    const wanted = query.get(name);
    return wanted === null ? [] : [(row: Row) => of(row) === wanted];
  });
  const verdict = query.get("verdict");
  return (row) =>
    chosen.every((keep) => keep(row)) &&
    text.every((part) => row.text.includes(part)) &&
    (!verdict || row.verdict === verdict || (verdict === "failed" && row.outcome === "failed") || (verdict === "far_out" && row.farOut !== null));
}

interface Props {
  site: Site;
  query: URLSearchParams;
  verdicts?: readonly string[];
  without?: string;
  children?: ComponentChildren;
}

export function Filters({ site, query, verdicts, without, children }: Props) {
  const label = (name: string) => (name === "scenario" && !site.libraries.length ? "benchmark" : name);
  return (
    <form class="filters" role="search" aria-label="These series" onSubmit={(event) => event.preventDefault()}>
      <label>
        Find{" "}
        <input type="search" value={query.get("q") ?? ""} placeholder="any words"
          onInput={(event) => setQuery({ q: event.currentTarget.value })} />
      </label>
      {Object.entries(FIELDS).map(([name, { all, write }]) => name !== without && (
        <Select name={name} label={label(name)} chosen={query.get(name)} options={distinct(all(site.table))} write={write && ((value) => write(value, site))} />
      ))}
      {verdicts && <Select name="verdict" chosen={query.get("verdict")} options={[...verdicts]} write={words} always />}
      {children}
    </form>
  );
}

export function distinct(names: string[]): string[] {
  return [...new Set(names)].filter(Boolean).sort();
}

interface SelectProps {
  /** Its place in the address. */
  name: string;
  chosen: string | null;
  options: string[];
  /** The choice that leaves everything in; "" when there is none. */
  all?: string;
  label?: string;
  write?: (option: string) => string;
  /** Shown even when there is nothing to choose. */
  always?: boolean;
}

export function Select({ name, chosen, options, all = "all", label = name, write = (option) => option, always }: SelectProps) {
  if (options.length < 2 && !always) return null;
  return (
    <label>
      {label}{" "}
      <select value={chosen ?? ""} onChange={(event) => setQuery({ [name]: event.currentTarget.value }, "push")}>
        {all && <option value="">{all}</option>}
        {options.map((option) => <option value={option} selected={option === chosen}>{write(option)}</option>)}
      </select>
    </label>
  );
}
