import type { ViewProps } from "../app";
import { findCommit, type Site, useLoaded } from "../data";
import { day, quantity, ratio } from "../format";
import { differences, factsAt } from "../environment";
import { DataTable } from "../parts/DataTable";
import { Filters, keeps } from "../parts/Filters";
import { Problem, SeriesLink, Sha, Tags } from "../parts/names";
import { link, setQuery } from "../router";
import type { Commits } from "../schema";
import { PairTable } from "./compare/PairTable";

export function Compare({ site, route }: ViewProps) {
  const { query } = route;
  const libraries = query.has("a") || query.has("b");
  return (
    <>
      <h1>Compare</h1>
      <p class="tabs">
        <a href={link("compare")} aria-current={!libraries ? "page" : undefined}>two commits</a>
        {site.table.libraries.length > 1 && (
          <a href={link("compare", "", { a: site.table.libraries[0], b: site.table.libraries[1] })} aria-current={libraries ? "page" : undefined}>two libraries</a>
        )}
      </p>
      {libraries ? <TwoLibraries site={site} query={query} /> : <TwoCommits site={site} query={query} />}
    </>
  );
}

function TwoCommits({ site, query }: { site: Site; query: URLSearchParams }) {
  const loaded = useLoaded("commits and texts", () => Promise.all([site.commits(), site.texts()]));
  if (!loaded.value) return <Problem text={loaded.error} />;
  const [commits, texts] = loaded.value;
  const measured = texts.values_file.flatMap((file, position) => (file ? [position] : []));
  const releases = measured.filter((position) => commits.tags[position]);
  const head = pick(commits, query.get("head"), releases.at(-1) ?? measured.at(-1) ?? -1);
  const base = pick(commits, query.get("base"), releases.filter((p) => p < head).at(-1) ?? measured.filter((p) => p < head).at(-1) ?? -1);
  const name = (position: number) => commits.tags[position]?.[0] ?? commits.sha[position] ?? "";
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <CommitInput label="Base" name="base" value={query.get("base") ?? name(base)} />
        <CommitInput label="Head" name="head" value={query.get("head") ?? name(head)} />
        <button type="button" onClick={() => setQuery({ base: name(head), head: name(base) }, "push")}>Swap</button>
        <datalist id="releases">
          {measured.toReversed().slice(0, 300).map((position) => (
            <option value={name(position)}>{texts.subject[position]!.slice(0, 60)}</option>
          ))}
        </datalist>
      </form>
      {base < 0 || head < 0 ? (
        <p class="problem">{measured.length < 2 ? "Two measured commits are needed." : "Name a commit by its hash, or a release by its tag."}</p>
      ) : (
        <>
          <Ends commits={commits} subject={texts.subject} base={base} head={head} />
          <Filters site={site} query={query} />
          <PairTable site={site} commits={commits} base={base} head={head} keep={keeps(query)} />
          <Surroundings site={site} base={base} head={head} />
        </>
      )}
    </>
  );
}

function pick(commits: Commits, name: string | null, otherwise: number): number {
  return name ? findCommit(commits, name.trim()) : otherwise;
}

function CommitInput({ label, name, value }: { label: string; name: string; value: string }) {
  return (
    <label>
      {label}{" "}
      <input type="text" list="releases" value={value} spellcheck={false} autocomplete="off"
        onChange={(event) => setQuery({ [name]: event.currentTarget.value }, "push")} />
    </label>
  );
}

function Ends({ commits, subject, base, head }: { commits: Commits; subject: string[]; base: number; head: number }) {
  const end = (title: string, position: number) => (
    <p><b>{title}</b> <Sha sha={commits.sha[position]!} /><Tags tags={commits.tags[position]} /> <bdi>{subject[position]}</bdi> <span class="quiet">{day(commits.date_s[position]!)}</span></p>
  );
  return <>{end("Base", base)}{end("Head", head)}</>;
}

/** What else differs between the two: "Python was bumped here" answers many alarms. */
function Surroundings({ site, base, head }: { site: Site; base: number; head: number }) {
  const table = useLoaded("environments", () => site.environments()).value;
  if (!table) return null;
  const places = [...new Set(table.machine.map((machine, i) => JSON.stringify([machine, table.environment[i]])))];
  const items = places.flatMap((place) => {
    const [machine, environment] = JSON.parse(place) as [string, string];
    return differences(factsAt(table, machine, environment, base), factsAt(table, machine, environment, head))
      .map((difference) => ({ machine, environment, ...difference }));
  });
  return (
    <section aria-labelledby="surroundings">
      <h2 id="surroundings">Differences of the environment</h2>
      {items.length ? (
        <DataTable caption="Differences of the environment" items={items} columns={[
          { title: "Machine", text: (d) => d.machine, header: true },
          { title: "Environment", text: (d) => d.environment },
          { title: "What", text: (d) => d.name },
          { title: "Base", text: (d) => d.before },
          { title: "Head", text: (d) => d.after },
        ]} />
      ) : <p class="quiet">None is known.</p>}
    </section>
  );
}

function TwoLibraries({ site, query }: { site: Site; query: URLSearchParams }) {
  const a = query.get("a") ?? site.table.libraries[0] ?? "";
  const b = query.get("b") ?? site.table.libraries[1] ?? "";
  const key = (row: { scenario: string; metric: { name: string }; params: string[][]; machine: string }) =>
    JSON.stringify([row.scenario, row.metric.name, row.params, row.machine]);
  const others = new Map(site.rows.filter((row) => row.library === b).map((row) => [key(row), row]));
  const keep = keeps(query);
  const pairs = site.rows
    .filter((row) => row.library === a && keep(row))
    .flatMap((row) => { const other = others.get(key(row)); return other ? [{ row, other }] : []; });
  const choose = (name: string, value: string) => (
    <label>
      {name === "a" ? "Library" : "beside"}{" "}
      <select value={value} onChange={(event) => setQuery({ a, b, [name]: event.currentTarget.value }, "push")}>
        {site.table.libraries.map((library) => <option value={library} selected={library === value}>{library.slice(0, 60)}</option>)}
      </select>
    </label>
  );
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>{choose("a", a)}{choose("b", b)}</form>
      <p class="quiet">The newest value of each. Same scenario, metric, parameters and machine; the libraries differ in their guarantees, so read the method too.</p>
      <DataTable caption={`${a} beside ${b}`} items={pairs} cards columns={[
        { title: "Scenario", header: true, text: ({ row }) => row.scenario },
        { title: "Metric", text: ({ row }) => [row.metric.name, ...row.params.map((p) => p.join("="))].join(" ") },
        { title: "Machine", short: true, text: ({ row }) => row.machine },
        { title: a.slice(0, 40), number: true, text: ({ row }) => quantity(row.value, row.metric.unit), show: ({ row }) => <a href={link("series", row.id)}>{quantity(row.value, row.metric.unit)}</a> },
        { title: b.slice(0, 40), number: true, text: ({ other }) => quantity(other.value, other.metric.unit), show: ({ other }) => <a href={link("series", other.id)}>{quantity(other.value, other.metric.unit)}</a> },
        { title: "Second over first", number: true, text: ({ row, other }) => (row.value && other.value !== null ? ratio(other.value / row.value) : "") },
        { title: "Good is", text: ({ row }) => row.metric.better },
        { title: "Both", text: ({ row }) => row.id, show: ({ row, other }) => <a href={link("series", row.id, { with: other.id })}>chart</a> },
      ]} />
      {pairs.length === 0 && <SeriesHint site={site} />}
    </>
  );
}

function SeriesHint({ site }: { site: Site }) {
  const row = site.ranked[0];
  return row ? <p>The two have nothing in common. A series to start from: <SeriesLink row={row} /></p> : null;
}
