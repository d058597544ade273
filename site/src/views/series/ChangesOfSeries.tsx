import { firstChart } from "../../chart/plot";
import type { Files } from "../../data";
import { count, day, interval, quantity, ratio, share } from "../../format";
import { useLoaded } from "../../loaded";
import { Sha } from "../../parts/names";
import { ChangeMark } from "../../parts/Verdict";
import { link } from "../../router";
import type { Commits } from "../../commits";
import type { ChangeInfo } from "../../schema";
import type { SeriesFile } from "../../series-file";

const MOST_SUSPECTS = 50;

interface Props {
  files: Files;
  series: SeriesFile;
  commits: Commits;
  at: number;
  onAround: (change: ChangeInfo) => void;
}

export function ChangesOfSeries({ files, series, commits, at, onAround }: Props) {
  const unit = series.metric.unit;
  const changes = series.changes.toReversed();
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">Changes</h2>
      {changes.length === 0 && <p class="quiet">None found{series.noise !== null && <>; the next few commits could establish a step of {share(series.noise)} or more</>}.</p>}
      {changes.map((change) => (
        <article class={`change-card ${change.position === at ? "chosen" : ""}`}>
          <h3>
            <ChangeMark verdict={change.verdict} /> {ratio(change.ratio)}{" "}
            <span class="quiet unbroken">({interval(change.ratio_low, change.ratio_high)})</span>
          </h3>
          <p>
            <span class="unbroken">{quantity(change.before, unit)} to {quantity(change.after, unit)}</span> at <Sha sha={commits.sha[change.position]!} />, <span class="unbroken">{day(commits.date_s[change.position]!)}</span>;{" "}
            {change.state}, {count(change.points_since - 1, "point")} since{change.p_value !== null && <>, <span class="unbroken">p {change.p_value < 1e-4 ? "< 0.0001" : `= ${change.p_value.toPrecision(2)}`}</span></>}.
          </p>
          {change.triage && <p class="note"><bdi>{change.triage.sentence}</bdi></p>}
          {change.environment_changes.map((text) => <p class="note">Also changed here: <bdi>{text}</bdi></p>)}
          <p class="tools">
            <button type="button" onClick={() => onAround(change)}>Zoom to this change</button>
            <Comparison series={series} commits={commits} change={change} />
          </p>
          <Suspects files={files} commits={commits} change={change} />
        </article>
      ))}
    </section>
  );
}

/** Leads to everything that differs between the commit and the one measured before it, environments included. */
function Comparison({ series, commits, change }: { series: SeriesFile; commits: Commits; change: ChangeInfo }) {
  const before = series.positions[series.positions.indexOf(change.position) - 1];
  if (before === undefined) return null;
  return <a href={link("compare", "", { base: commits.sha[before], head: commits.sha[change.position] })}>Compare with the commit before</a>;
}

function Suspects({ files, commits, change }: { files: Files; commits: Commits; change: ChangeInfo }) {
  const texts = useLoaded("texts", () => firstChart.then(() => files.texts())).value;
  const all = change.latest - change.earliest + 1;
  const positions = Array.from({ length: Math.min(MOST_SUSPECTS, all) }, (_, i) => change.earliest + i);
  return (
    <details open={positions.length <= 5}>
      <summary>{all === 1 ? "The suspect commit" : `${all} suspect commits`}</summary>
      <ul class="suspects">
        {positions.map((position) => (
          <li>
            <Sha sha={commits.sha[position]!} /> <span class="quiet">{day(commits.date_s[position]!)}</span>{" "}
            <bdi>{texts?.subject[position] ?? "\u00a0"}</bdi>{" "}
            <span class="quiet"><bdi>{texts ? texts.authors[texts.author[position]!] : ""}</bdi></span>
          </li>
        ))}
        {all > MOST_SUSPECTS && <li class="quiet">and {all - MOST_SUSPECTS} more, up to <Sha sha={commits.sha[change.latest]!} /></li>}
      </ul>
    </details>
  );
}
