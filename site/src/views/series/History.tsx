import { useEffect, useMemo, useState } from "preact/hooks";
import { SeriesChart } from "../../chart/SeriesChart";
import { windowAround } from "../../chart/series-data";
import { looksOf } from "../../colors";
import { findCommit } from "../../commits";
import { type Files, nameOf } from "../../data";
import { Legend } from "../../parts/Legend";
import { link, setQuery } from "../../router";
import type { ChangeInfo, Commits } from "../../schema";
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
  const names = series.map(nameOf);
  const looks = looksOf(files.libraries, names);
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
  return (
    <>
      <Legend rows={names} looks={looks} />
      <div class="chart-and-details">
        <SeriesChart
          series={series} looks={looks} commits={commits} axis={query.get("x") === "date" ? "date" : "commit"}
          log={query.get("log") === "yes"} showSamples={query.get("samples") !== "no"} range={range} focus={focus}
          label={`${main.metric.name} of ${main.library || main.scenario} over ${main.positions.length} commits. Arrow keys walk the points, plus and minus zoom, 0 shows all, Enter opens the commit. A table follows.`}
          onFocus={setFocus} onRange={setRange} onOpen={(position) => { location.hash = link("commit", sha(position)); }}
        />
        <Details files={files} series={series} commits={commits} position={focus} />
      </div>
      <p class="tools">
        {range && <button type="button" onClick={() => setRange(null)}>Show the whole history</button>}
        {[50, 200].filter((n) => n < main.positions.length).map((n) => (
          <button type="button" onClick={() => setRange([main.positions.at(-n)!, last!])}>Last {n}</button>
        ))}
        <span class="quiet by-pointer">Drag to zoom, click for the commit; with the keyboard: arrows, +, −, 0, Enter.</span>
        <span class="quiet by-touch">Pinch to zoom, tap to choose a point.</span>
      </p>
      <ChangesOfSeries files={files} series={main} commits={commits} at={at} onAround={around} />
      <Points files={files} series={series} commits={commits} range={range} />
    </>
  );
}

function rangeOf(commits: Commits, query: URLSearchParams): [number, number] | null {
  const from = findCommit(commits, query.get("from") ?? "");
  const to = findCommit(commits, query.get("to") ?? "");
  return from >= 0 && to > from ? [from, to] : null;
}
