import { useEffect, useState } from "preact/hooks";
import { loadDrawing } from "../chart/library";
import { firstChart } from "../chart/plot";
import { type Files, nameOf, type Site } from "../data";
import { count, quantity, ratio, share, words } from "../format";
import { useLoaded } from "../loaded";
import { Problem, SeriesName, seriesText, Sha } from "../parts/names";
import { VerdictMark } from "../parts/Verdict";
import { link, type Route } from "../router";
import type { Commits } from "../commits";
import type { SeriesFile } from "../series-file";
import { Controls } from "./series/Controls";
import { History } from "./series/History";
import { Scaling, scalingParams } from "./series/Scaling";
import { MOST_BESIDE, Siblings } from "./series/Siblings";

export function SeriesView({ files, route: { argument: id, query } }: { files: Files; route: Route }) {
  const beside = (query.get("with") ?? "").split(",").filter((other) => other && other !== id).slice(0, MOST_BESIDE);
  const ids = [id, ...beside];
  const loaded = useLoaded(ids.join(), () => Promise.all([files.commits(), Promise.all(ids.map((one) => files.series(one))), loadDrawing()]));
  const [kept, setKept] = useState<{ commits: Commits; series: SeriesFile[] } | null>(null);
  const missing = loaded.value && !loaded.value[1][0];
  useEffect(() => {
    if (!loaded.value || missing) return;
    setKept({ commits: loaded.value[0], series: loaded.value[1].filter((one) => one !== undefined) });
  }, [loaded.value]);
  const scaling = query.get("x")?.startsWith("param:");
  const site = useLoaded(kept ? "site" : "", () => (scaling ? files.site() : firstChart.then(() => files.site()))).value;
  if (missing) return <Missing id={id} />;
  if (!kept) return <><h1>Series</h1><div class="chart-room"><Problem text={loaded.error} /></div></>;
  return (
    <>
      {loaded.error && <Problem text={loaded.error} />}
      <Known files={files} site={site} commits={kept.commits} series={kept.series} query={query} />
    </>
  );
}

function Missing({ id }: { id: string }) {
  return (
    <>
      <h1>Series not found</h1>
      <p>There is no series <code>{id.slice(0, 40)}</code> in these results; its benchmark, parameters, machine or environment was removed. <a href={link("")}>All series</a></p>
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
  const name = nameOf(main);
  const row = site?.byId.get(main.id);
  const wanted = /^param:(.*)/.exec(query.get("x") ?? "")?.[1];
  const scaling = site && row ? scalingParams(site, row) : [];
  const param = wanted === "" ? (scaling[0] ?? "") : wanted;
  useEffect(() => {
    document.title = `${seriesText(name)} · ${files.index.project}`;
  }, [main.id]);
  return (
    <>
      <h1 class="series-title"><SeriesName row={name} /></h1>
      {main.library && <p class="identifier quiet"><code>{main.scenario}</code> <code>{main.metric.name}</code></p>}
      <State series={main} commits={commits} />
      {main.notes.map((note) => <p class="note capital">{note}.</p>)}
      <Controls query={query} param={param} scaling={scaling} hasSamples={main.samples.length > 0} />
      {param === undefined ? <History files={files} query={query} commits={commits} series={series} />
        : site && row ? <Scaling site={site} row={row} rows={series.flatMap((one) => site.byId.get(one.id) ?? [])} param={param} />
        : <Problem text={undefined} />}
      {site && row && <Siblings site={site} row={row} along={param} shown={(query.get("with") ?? "").split(",").filter(Boolean)} />}
    </>
  );
}

function State({ series, commits }: { series: SeriesFile; commits: Commits }) {
  const { metric, noise, positions, values } = series;
  const at = values.findLastIndex((value) => value !== null);
  const age = at < 0 ? 0 : commits.sha.length - 1 - positions[at]!;
  const told = series.changes.findLast((change) => change.verdict === series.verdict && change.status !== "withdrawn" && change.verdict !== "no_change");
  const outcome = series.outcomes[positions.at(-1) ?? -1];
  return (
    <p class="state">
      <VerdictMark verdict={series.verdict} />
      {told && <> {ratio(told.ratio)} at <Sha sha={commits.sha[told.position]!} /></>}
      {series.verdict === "no_change" && noise !== null && <span class="quiet"> (a step below {share(noise)} could not be seen)</span>},{" "}
      {age > 0 ? `${count(age, "commit")} ago` : "now"} <b>{quantity(values[at], metric.unit)}</b>, {metric.better} is better.{" "}
      {outcome && <><span class="flag">latest run {words(outcome)}</span> </>}
      <span class="quiet">On <bdi>{series.machine}</bdi>, <bdi>{series.environment}</bdi>. <bdi>{metric.description}</bdi></span>
    </p>
  );
}
