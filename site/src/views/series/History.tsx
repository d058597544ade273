import { difference, quantity, scaled, spoken } from "../../format";
import { useEffect, useMemo, useState } from "preact/hooks";
import { ChartLegend } from "../../chart/ChartLegend";
import { SeriesChart } from "../../chart/SeriesChart";
import { levelsOver, windowAround } from "../../chart/series-data";
import { looksOf } from "../../colors";
import { type Commits, findCommit } from "../../commits";
import { type Files, nameOf } from "../../data";
import { Legend } from "../../parts/Legend";
import { link, setQuery } from "../../router";
import type { ChangeInfo } from "../../schema";
import type { SeriesFile } from "../../series-file";
import { ChangesOfSeries } from "./ChangesOfSeries";
import { Details } from "./Details";
import { Points } from "./Points";

interface Props {
  files: Files;
  query: URLSearchParams;
  commits: Commits;
  series: SeriesFile[];
}

/** The chart over commits, what is known of the chosen one, the changes, and the table. */
export function History({ files, query, commits, series }: Props) {
  const main = series[0]!;
  const unit = scaled(main.metric.unit) ? "" : spoken(main.metric.unit);
  const names = series.map(nameOf);
  const looks = looksOf(files.libraries, names);
  const at = findCommit(commits, query.get("at") ?? "");
  const last = main.positions.at(-1) ?? null;
  const [focus, setFocus] = useState<number | null>(at >= 0 ? at : last);
  const [from, setFrom] = useState(0);
  useEffect(() => {
    if (at >= 0) setFocus(at);
  }, [at]);
  const range = useMemo(() => rangeOf(commits, query), [commits, query.get("from"), query.get("to")]);
  const levels = levelsOver(main, range ?? [main.positions[0] ?? 0, last ?? 0]);
  const sha = (position: number) => commits.sha[position]!;
  const setRange = (next: [number, number] | null) =>
    setQuery(next ? { from: sha(next[0]), to: sha(next[1]) } : { from: undefined, to: undefined });
  const around = (change: ChangeInfo) => {
    const [from, to] = windowAround(change, commits.sha.length - 1);
    setQuery({ at: sha(change.position), from: sha(from), to: sha(to) }, "push");
  };
  return (
    <>
      <Legend rows={names} looks={looks} />
      <div class="chart-and-details">
        <div>
        <SeriesChart
          series={series} looks={looks} commits={commits} axis={query.get("x") === "date" ? "date" : "commit"}
          log={query.get("log") === "yes"} zero={query.get("zero") === "yes"} showSamples={query.get("samples") !== "no"} range={range} focus={focus}
          label={`${main.metric.title} of ${main.library || main.scenario} over ${main.positions.length} commits. Arrow keys walk the points, plus and minus zoom, 0 shows all, Enter opens the commit. A table follows.`}
          onAxis={setFrom} onFocus={setFocus} onRange={setRange} onOpen={(position) => { location.hash = link("commit", sha(position)); }}
        />
        <p class="tools">
          {range && <button type="button" onClick={() => setRange(null)}>Show the whole history</button>}
          {rangesOf(main.positions, commits).map(([name, from]) => (
            <button type="button" onClick={() => setRange([from, last!])}>{name}</button>
          ))}
          <span class="quiet by-pointer">Drag to zoom, click to open the commit. Keys: arrows, +, −, 0, Enter.</span>
          <span class="quiet by-touch">Pinch to zoom, tap to select a point.</span>
        </p>
        <p class="axis-note quiet">
          {main.metric.title}{unit && ` in ${unit}`}, {main.metric.better} is better; the axis {from === 0 ? "starts at zero" : <>starts at {quantity(from, main.metric.unit)}, not at zero</>}.
          {levels && <> Over these commits the level went from <b>{quantity(levels[0], main.metric.unit)}</b> to <b>{quantity(levels[1], main.metric.unit)}</b> ({difference(levels[0], levels[1])}).</>}
        </p>
        <ChartLegend series={main} color={looks[0]!.stroke} samples={query.get("samples") !== "no"} />
        </div>
        <Details files={files} series={series} commits={commits} position={focus} />
      </div>
      <ChangesOfSeries files={files} series={main} commits={commits} at={at} onAround={around} />
      <Points files={files} series={series} commits={commits} range={range} />
    </>
  );
}

const DAY = 86400;
const SPANS: [string, number][] = [["30 days", 30 * DAY], ["90 days", 90 * DAY], ["A year", 365 * DAY]];

/** Ranges that end at the newest point, each shorter than the whole and with two points at least. */
function rangesOf(positions: number[], commits: Commits): [string, number][] {
  const date = (position: number) => commits.date_s[position]!;
  const newest = date(positions.at(-1) ?? 0);
  const releases = positions.slice(0, -1).filter((position) => commits.tags[position]);
  const starts: [string, number | undefined][] = [
    ...SPANS.map(([name, span]): [string, number | undefined] => [name, positions.find((position) => date(position) >= newest - span)]),
    ["Since the last release", releases.at(-1)],
    ["Last 50", positions.at(-50)],
  ];
  return starts.filter((one): one is [string, number] => one[1] !== undefined && one[1] > positions[0]! && one[1] < positions.at(-2)!);
}

function rangeOf(commits: Commits, query: URLSearchParams): [number, number] | null {
  const from = findCommit(commits, query.get("from") ?? "");
  const to = findCommit(commits, query.get("to") ?? "");
  return from >= 0 && to > from ? [from, to] : null;
}
