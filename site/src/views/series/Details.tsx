// What is known of the point under the pointer, or under the keyboard's focus. Of a fixed size.
import { useMemo } from "preact/hooks";
import { type Point, pointAt, samplesOf } from "../../chart/series-data";
import { firstChart } from "../../chart/plot";
import { type Files, useLoaded } from "../../data";
import { minute, quantity } from "../../format";
import { Sha, Tags } from "../../parts/names";
import { factsAt } from "../../environment";
import { link } from "../../router";
import type { Commits, SeriesFile } from "../../schema";

interface Props {
  site: Files;
  files: SeriesFile[];
  commits: Commits;
  position: number | null;
}

export function Details({ site, files, commits, position }: Props) {
  const texts = useLoaded("texts", () => firstChart.then(() => site.texts()));
  const environments = useLoaded("environments", () => firstChart.then(() => site.environments()));
  const main = files[0]!;
  const samples = useMemo(() => samplesOf(main), [main]);
  if (position === null) return <aside class="details" aria-label="The chosen point"><p class="quiet">No point chosen.</p></aside>;
  const sha = commits.sha[position]!;
  const facts = environments.value ? factsAt(environments.value, main.machine, main.environment, position) : [];
  const short = facts.filter(([name]) => !/settings|kernel|arch|^os$|num_cpu|ram/.test(name!)).toSorted(([a], [b]) => Number(a!.includes(":")) - Number(b!.includes(":"))).slice(0, 5);
  return (
    <aside class="details" aria-label="The chosen point" tabIndex={0}>
      <p class="sr-live" aria-live="polite">
        <Sha sha={sha} /><Tags tags={commits.tags[position]} /> <span class="quiet">{minute(commits.date_s[position]!)}</span>
      </p>
      <p class="subject"><bdi>{texts.value?.subject[position] ?? "\u00a0"}</bdi></p>
      <p class="quiet author"><bdi>{texts.value ? texts.value.authors[texts.value.author[position]!] : ""}</bdi></p>
      {files.map((file, i) => {
        const point = pointAt(file, position, i === 0 ? samples : undefined);
        return (
          <div class="point">
            {files.length > 1 && <span class="quiet"><bdi>{file.library}</bdi></span>}
            <PointText point={point} unit={file.metric.unit} />
          </div>
        );
      })}
      <p><a href={link("run", sha, { scenario: main.scenario, library: main.library, machine: main.machine })}>The run itself</a></p>
      {short.length > 0 && <p class="quiet facts-line">{short.map(([name, value]) => <><bdi>{name} {value}</bdi><br /></>)}</p>}
    </aside>
  );
}

function PointText({ point, unit }: { point: Point | null; unit: string }) {
  if (!point) return <p>not measured here</p>;
  if (point.value === null) return <p><b>{point.outcome === "measured" ? "no value" : point.outcome}</b>{point.reason && <>: <bdi>{point.reason}</bdi></>}</p>;
  return (
    <p>
      <b class="big">{quantity(point.value, unit)}</b>
      {point.low !== null && point.high !== null && <span class="quiet"> {quantity(point.low, unit)} to {quantity(point.high, unit)}</span>}
      {point.samples.length > 0 && <span class="quiet">, {point.samples.length} samples</span>}
    </p>
  );
}
