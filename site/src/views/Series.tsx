import { useEffect, useMemo, useState } from "preact/hooks";
import { firstChart } from "../chart/plot";
import { SeriesChart } from "../chart/SeriesChart";
import { type Axis, windowAround } from "../chart/series-data";
import type { Look } from "../colors";
import { type Files, findCommit, type Named, nameOf, type Site, useLoaded } from "../data";
import { quantity } from "../format";
import { Problem, SeriesName } from "../parts/names";
import { Legend, looksOf } from "../parts/Legend";
import { VerdictMark } from "../parts/Verdict";
import { link, type Route, setQuery } from "../router";
import type { ChangeInfo, Commits, SeriesFile } from "../schema";
import { ChangesOfSeries } from "./series/ChangesOfSeries";
import { Details } from "./series/Details";
import { Points } from "./series/Points";
import { Scaling, scalingParams } from "./series/Scaling";
import { Siblings } from "./series/Siblings";

export function SeriesView({ files, route }: { files: Files; route: Route }) {
  const id = route.argument;
  const beside = (route.query.get("with") ?? "").split(",").filter((other) => other && other !== id).slice(0, 7);
  const ids = [id, ...beside];
  const loaded = useLoaded(ids.join(), () => Promise.all([files.commits(), Promise.all(ids.map((one) => files.series(one)))]));
  const [kept, setKept] = useState<{ commits: Commits; series: SeriesFile[] } | null>(null);
  const missing = loaded.value && !loaded.value[1][0];
  useEffect(() => {
    if (!loaded.value || missing) return;
    setKept({ commits: loaded.value[0], series: loaded.value[1].filter((one) => one !== undefined) });
  }, [loaded.value]);
  const scaling = route.query.get("x")?.startsWith("param:");
  const site = useLoaded(kept ? "site" : "", () => (scaling ? files.site() : firstChart.then(() => files.site()))).value;
  if (missing) return <Missing id={id} />;
  if (!kept) return <><h1>Series</h1><div class="chart-room"><Problem text={loaded.error} /></div></>;
  return <Known files={files} site={site} commits={kept.commits} series={kept.series} query={route.query} />;
}

function Missing({ id }: { id: string }) {
  return (
    <>
      <h1>Series not found</h1>
      <p>The present results hold no series <code>{id.slice(0, 40)}</code>: its benchmark, parameters, machine or environment has gone. <a href={link("")}>All series</a></p>
    </>
  );
}

interface KnownProps {
  files: Files;
  site: Site | undefined;
  commits: Commits;
  series: SeriesFile[];
  query: URLSearchParams;
}

function Known({ files, site, commits, series, query }: KnownProps) {
  const main = series[0]!;
  const names = series.map(nameOf);
  const row = site?.byId.get(main.id);
  const param = /^param:(.*)/.exec(query.get("x") ?? "")?.[1];
  return (
    <>
      <h1 class="series-title"><SeriesName row={names[0]!} /></h1>
      <p class="state">
        <VerdictMark verdict={main.verdict} /><span class="quiet">{main.verdict === "no_change" && main.noise !== null && <> (a step under ±{(main.noise * 100).toPrecision(2)} % could go unseen)</>}</span>, now <b>{quantity(main.values.findLast((value) => value !== null), main.metric.unit)}</b>, {main.metric.better} is better.{" "}
        <span class="quiet"><bdi>{main.machine}</bdi>, <bdi>{main.environment}</bdi>. {main.metric.description}</span>
      </p>
      <Controls query={query} scaling={site && row ? scalingParams(site, row) : param ? [param] : []} />
      {param !== undefined ? (
        site && row ? <Scaling site={site} row={row} rows={series.flatMap((one) => site.byId.get(one.id) ?? [])} param={param} /> : <Problem text={undefined} />
      ) : <History files={files} names={names} query={query} commits={commits} series={series} />}
      {site && row && <Siblings site={site} row={row} shown={(query.get("with") ?? "").split(",").filter(Boolean)} />}
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
      {!x.startsWith("param:") && toggle("samples", "no", "samples", true)}
      {!x.startsWith("param:") && toggle("log", "yes", "logarithmic")}
    </form>
  );
}

interface HistoryProps {
  files: Files;
  names: Named[];
  query: URLSearchParams;
  commits: Commits;
  series: SeriesFile[];
}

function History({ files, names, query, commits, series }: HistoryProps) {
  const main = series[0]!;
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
  const looks: Look[] = names.map((one, i) => looksOf(files, one, i));
  const open = (position: number) => {
    location.hash = link("commit", sha(position));
  };
  return (
    <>
      <Legend rows={names} looks={looks} />
      <div class="chart-and-details">
        <SeriesChart
          series={series} looks={looks} commits={commits} axis={(query.get("x") as Axis) ?? "commit"}
          log={query.get("log") === "yes"} showSamples={query.get("samples") !== "no"}
          range={range} focus={focus}
          label={`${main.metric.name} of ${main.library} over ${main.positions.length} commits. Arrow keys walk the points, plus and minus zoom, 0 shows all, Enter opens the commit. A table follows.`}
          onFocus={setFocus} onRange={setRange} onOpen={open}
        />
        <Details site={files} files={series} commits={commits} position={focus} />
      </div>
      <p class="tools zoom">
        {range && <button type="button" onClick={() => setRange(null)}>Show the whole history</button>}
        {[50, 200].filter((n) => n < main.positions.length).map((n) => (
          <button type="button" onClick={() => setRange([main.positions.at(-n)!, last!])}>Last {n}</button>
        ))}
        <span class="quiet">Drag or pinch to zoom, double click for all, click for the commit; with the keyboard: arrows, +, −, 0, Enter.</span>
      </p>
      <ChangesOfSeries site={files} series={main} commits={commits} at={at} onAround={around} />
      <Points site={files} files={series} commits={commits} range={range} />
    </>
  );
}

function rangeOf(commits: Commits, query: URLSearchParams): [number, number] | null {
  const from = findCommit(commits, query.get("from") ?? "");
  const to = findCommit(commits, query.get("to") ?? "");
  return from >= 0 && to > from ? [from, to] : null;
}
