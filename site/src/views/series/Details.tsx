// What is known of the point under the pointer, or under the keyboard's focus. Of a fixed size.
import { useMemo } from "preact/hooks";
import { firstChart } from "../../chart/plot";
import { type Point, pointAt, samplesOf } from "../../chart/series-data";
import { type Files, nameOf } from "../../data";
import { distinctions } from "../../distinctions";
import { differences, factsAt } from "../../environment";
import { count, day, minute, quantity } from "../../format";
import { useLoaded } from "../../loaded";
import { Behind } from "../../parts/Behind";
import { Sha, Tags } from "../../parts/names";
import { link } from "../../router";
import { runsAt } from "../../runs";
import type { Commits } from "../../commits";
import type { SeriesFile } from "../../series-file";

const LEFT_OUT = /settings|kernel|arch|^os$|num_cpu|^ram$|^cores$|^memory$/;

interface Props {
  files: Files;
  series: SeriesFile[];
  commits: Commits;
  position: number | null;
}

export function Details({ files, series, commits, position }: Props) {
  const texts = useLoaded("texts", () => firstChart.then(() => files.texts())).value;
  const main = series[0]!;
  const samples = useMemo(() => samplesOf(main), [main]);
  if (position === null) return <aside class="details" aria-label="The selected point"><p class="quiet">No point selected.</p></aside>;
  const sha = commits.sha[position]!;
  const names = distinctions(series.map(nameOf));
  const points = series.map((one, i) => pointAt(one, position, i === 0 ? samples : undefined));
  return (
    <aside class="details" aria-label="The selected point" tabIndex={0}>
      <p class="hidden" aria-live="polite">{sha.slice(0, 8)}, {day(commits.date_s[position]!)}: {spoken(points[0]!, main.metric.unit)}</p>
      <p><Sha sha={sha} /><Tags tags={commits.tags[position]} /> <span class="quiet">{minute(commits.date_s[position]!)}</span></p>
      <p class="subject"><bdi>{texts?.subject[position] ?? "\u00a0"}</bdi></p>
      <p class="quiet author"><bdi>{texts ? texts.authors[texts.author[position]!] : ""}</bdi></p>
      {series.map((one, i) => (
        <PointText point={points[i]!} unit={one.metric.unit} name={names[i]!} />
      ))}
      {main.library && <RunLink files={files} series={main} position={position} sha={sha} />}
      <Facts files={files} series={main} position={position} />
    </aside>
  );
}

/** Leads to what the point was made of, where a record of that is kept. */
function RunLink({ files, series, position, sha }: { files: Files; series: SeriesFile; position: number; sha: string }) {
  const runs = useLoaded("runs", () => firstChart.then(() => files.runs())).value;
  const { scenario, library, machine, environment } = series;
  if (!runs) return <p>{"\u00a0"}</p>;
  if (!runsAt(runs, position, series).length) return <p class="quiet">There is no run record.</p>;
  return <p><a href={link("run", sha, { scenario, library, machine, environment })}>View this run</a></p>;
}

/** The versions of what the library came with, and the few facts that change most. */
function Facts({ files, series, position }: { files: Files; series: SeriesFile; position: number }) {
  const environments = useLoaded("environments", () => firstChart.then(() => files.environments())).value;
  if (!environments) return null;
  const facts = factsAt(environments, series.machine, series.environment, position) as [string, string][];
  const before = series.positions[series.positions.indexOf(position) - 1];
  const since = before === undefined ? [] : differences(factsAt(environments, series.machine, series.environment, before), facts);
  const own = `${series.library}: `;
  const versions = facts.filter(([name]) => name.startsWith(own)).map(([name, value]) => [name.slice(own.length), value]);
  const around = facts.filter(([name]) => !name.includes(": ") && !LEFT_OUT.test(name));
  return (
    <>
      {before !== undefined && (since.length === 0 ? <p class="quiet">Same environment as the point before.</p>
        : <p>New since the point before: {since.map((one) => <><br /><bdi>{one.name} {one.before} → {one.after}</bdi></>)}</p>)}
      <Behind title="Environment"><p class="quiet">{[...versions, ...around].map(([name, value]) => <><bdi>{name} {value}</bdi><br /></>)}</p></Behind>
    </>
  );
}

function spoken(point: Point | null, unit: string): string {
  if (!point) return "not measured here";
  if (point.value !== null) return quantity(point.value, unit);
  return [point.outcome === "measured" ? "no value" : point.outcome, point.reason].filter(Boolean).join(": ");
}

/** Large where the series is alone; of several, each has its name before it. */
function PointText({ point, unit, name }: { point: Point | null; unit: string; name: string }) {
  const before = name && <><span class="quiet"><bdi>{name}</bdi></span> </>;
  if (point?.value == null) return <p>{before}<bdi>{spoken(point, unit)}</bdi></p>;
  return (
    <p>
      {before}<b class={name ? undefined : "big"}>{quantity(point.value, unit)}</b>
      {point.low !== null && point.high !== null && <> <span class="quiet unbroken">{quantity(point.low, unit)} to {quantity(point.high, unit)}</span></>}
      {point.samples.length > 0 && <> <span class="quiet unbroken">({count(point.samples.length, "sample")})</span></>}
    </p>
  );
}
