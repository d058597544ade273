import { useEffect, useMemo, useState } from "preact/hooks";
import type { ViewProps } from "../app";
import { SeriesChart } from "../chart/SeriesChart";
import { type Axis, windowAround } from "../chart/series-data";
import type { Look } from "../colors";
import { findCommit, type Row, type Site, useLoaded } from "../data";
import { quantity } from "../format";
import { Problem, SeriesName } from "../parts/names";
import { Legend, looksOf } from "../parts/Legend";
import { VerdictMark } from "../parts/Verdict";
import { link, setQuery } from "../router";
import type { ChangeInfo, Commits, SeriesFile } from "../schema";
import { ChangesOfSeries } from "./series/ChangesOfSeries";
import { Details } from "./series/Details";
import { Points } from "./series/Points";
import { Scaling, scalingParams } from "./series/Scaling";
import { Siblings } from "./series/Siblings";

export function SeriesView({ site, route }: ViewProps) {
  const row = site.byId.get(route.argument);
  if (!row) return <Missing id={route.argument} />;
  return <Known site={site} row={row} query={route.query} />;
}

function Missing({ id }: { id: string }) {
  return (
    <>
      <h1>Series not found</h1>
      <p>The present results hold no series <code>{id.slice(0, 40)}</code>: its benchmark, parameters, machine or environment has gone. <a href={link("")}>All series</a></p>
    </>
  );
}

function Known({ site, row, query }: { site: Site; row: Row; query: URLSearchParams }) {
  const beside = (query.get("with") ?? "").split(",").flatMap((id) => site.byId.get(id) ?? []).filter((other) => other.id !== row.id).slice(0, 7);
  const rows = [row, ...beside];
  const key = rows.map((one) => one.id).join();
  const files = useLoaded(key, () => Promise.all([site.commits(), ...rows.map((one) => site.series(one))]));
  const [kept, setKept] = useState<[Commits, ...SeriesFile[]] | null>(null);
  useEffect(() => {
    if (files.value) setKept(files.value as [Commits, ...SeriesFile[]]);
  }, [files.value]);
  const scaling = scalingParams(site, row);
  const x = query.get("x") ?? "commit";
  return (
    <>
      <h1 class="series-title"><SeriesName row={row} /></h1>
      <p class="state">
        <VerdictMark verdict={row.verdict} /> now <b>{quantity(row.value, row.metric.unit)}</b>, {row.metric.better} is better.{" "}
        <span class="quiet"><bdi>{row.machine}</bdi>, <bdi>{row.environment}</bdi>. {row.metric.description}</span>
      </p>
      <Controls query={query} scaling={scaling} />
      {x.startsWith("param:") ? <Scaling site={site} row={row} rows={rows} param={x.slice(6)} /> : kept ? (
        <Loaded site={site} rows={rows} query={query} commits={kept[0]} files={kept.slice(1) as SeriesFile[]} />
      ) : <div class="chart-room"><Problem text={files.error} /></div>}
      <Siblings site={site} row={row} shown={beside.map((one) => one.id)} />
    </>
  );
}

function Controls({ query, scaling }: { query: URLSearchParams; scaling: string[] }) {
  const x = query.get("x") ?? "commit";
  const toggle = (name: string, on: string, label: string, byDefault = false) => (
    <label class="check">
      <input type="checkbox" checked={byDefault ? query.get(name) !== on : query.get(name) === on}
        onChange={(event) => setQuery({ [name]: event.currentTarget.checked !== byDefault ? on : undefined })} />
      {label}
    </label>
  );
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <label>
        Across{" "}
        <select value={x} onChange={(event) => setQuery({ x: event.currentTarget.value === "commit" ? undefined : event.currentTarget.value }, "push")}>
          <option value="commit">commits</option>
          <option value="date">dates</option>
          {scaling.map((name) => <option value={`param:${name}`}>{name}</option>)}
        </select>
      </label>
      {toggle("samples", "no", "samples", true)}
      {toggle("log", "yes", "logarithmic")}
    </form>
  );
}

interface LoadedProps {
  site: Site;
  rows: Row[];
  query: URLSearchParams;
  commits: Commits;
  files: SeriesFile[];
}

function Loaded({ site, rows, query, commits, files }: LoadedProps) {
  const main = files[0]!;
  const at = findCommit(commits, query.get("at") ?? "");
  const last = main.positions.at(-1) ?? null;
  const [focus, setFocus] = useState<number | null>(at >= 0 ? at : last);
  useEffect(() => {
    if (at >= 0) setFocus(at);
  }, [at]);
  const range = useMemo(() => rangeOf(commits, query), [commits, query.get("from"), query.get("to")]);
  const sha = (position: number) => commits.sha[position]!;
  const setRange = (next: [number, number] | null) =>
    setQuery(next ? { from: sha(next[0]), to: sha(next[1]) } : { from: undefined, to: undefined });
  const around = (change: ChangeInfo) => {
    const [from, to] = windowAround(change, commits.sha.length - 1);
    setQuery({ at: sha(change.position), from: sha(from), to: sha(to) }, "push");
  };
  const looks: Look[] = rows.slice(0, files.length).map((one, i) => looksOf(site, one, i));
  const open = (position: number) => {
    location.hash = link("commit", sha(position));
  };
  return (
    <>
      <Legend rows={rows} looks={looks} />
      <div class="chart-and-details">
        <SeriesChart
          series={files} looks={looks} commits={commits} axis={(query.get("x") as Axis) ?? "commit"}
          log={query.get("log") === "yes"} showSamples={query.get("samples") !== "no"}
          range={range} focus={focus}
          label={`${main.metric.name} of ${main.library} over ${main.positions.length} commits. Arrow keys walk the points, plus and minus zoom, 0 shows all, Enter opens the commit. A table follows.`}
          onFocus={setFocus} onRange={setRange} onOpen={open}
        />
        <Details site={site} files={files} commits={commits} position={focus} />
      </div>
      <p class="tools zoom">
        {range && <button type="button" onClick={() => setRange(null)}>Show the whole history</button>}
        {[50, 200].filter((n) => n < main.positions.length).map((n) => (
          <button type="button" onClick={() => setRange([main.positions.at(-n)!, last!])}>Last {n}</button>
        ))}
        <span class="quiet">Drag or pinch to zoom, double click for all; with the keyboard: arrows, +, −, 0, Enter.</span>
      </p>
      <ChangesOfSeries site={site} series={main} commits={commits} at={at} onAround={around} />
      <Points site={site} files={files} commits={commits} range={range} />
    </>
  );
}

function rangeOf(commits: Commits, query: URLSearchParams): [number, number] | null {
  const from = findCommit(commits, query.get("from") ?? "");
  const to = findCommit(commits, query.get("to") ?? "");
  return from >= 0 && to > from ? [from, to] : null;
}
