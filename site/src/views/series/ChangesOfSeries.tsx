import { firstChart } from "../../chart/plot";
import { type Files, useLoaded } from "../../data";
import { day, quantity, ratio } from "../../format";
import { Sha } from "../../parts/names";
import { VerdictMark } from "../../parts/Verdict";
import type { ChangeInfo, Commits, SeriesFile } from "../../schema";

interface Props {
  site: Files;
  series: SeriesFile;
  commits: Commits;
  at: number;
  onAround: (change: ChangeInfo) => void;
}

export function ChangesOfSeries({ site, series, commits, at, onAround }: Props) {
  const unit = series.metric.unit;
  const changes = series.changes.toReversed();
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">Changes</h2>
      {changes.length === 0 && <p class="quiet">None found{series.noise !== null && <>; the next few commits could establish a step of {ratio(1 + series.noise)} or more</>}.</p>}
      {series.notes.map((note) => <p class="note">{note}</p>)}
      {changes.map((change) => (
        <article class={`change-card ${change.position === at ? "chosen" : ""}`}>
          <h3>
            <VerdictMark verdict={change.verdict} /> {ratio(change.ratio)}{" "}
            <span class="quiet">({ratio(change.ratio_low)} to {ratio(change.ratio_high)})</span>
          </h3>
          <p>
            {quantity(change.before, unit)} to {quantity(change.after, unit)} at <Sha sha={commits.sha[change.position]!} />, {day(commits.date_s[change.position]!)};{" "}
            {change.status}, {change.points_since} points since{change.p_value !== null && <>, p {change.p_value < 1e-4 ? "< 0.0001" : `= ${change.p_value.toPrecision(2)}`}</>}.
          </p>
          {change.triage && <p class="note"><bdi>{change.triage.sentence}</bdi></p>}
          {change.environment_changes.map((text) => <p class="note">Also changed here: <bdi>{text}</bdi></p>)}
          <p class="tools"><button type="button" onClick={() => onAround(change)}>Zoom to this change</button></p>
          <Suspects site={site} commits={commits} change={change} />
        </article>
      ))}
    </section>
  );
}

function Suspects({ site, commits, change }: { site: Files; commits: Commits; change: ChangeInfo }) {
  const texts = useLoaded("texts", () => firstChart.then(() => site.texts())).value;
  const positions = Array.from({ length: Math.min(50, change.latest - change.earliest + 1) }, (_, i) => change.earliest + i);
  return (
    <details open={positions.length <= 5}>
      <summary>{positions.length === 1 ? "The suspect commit" : `${change.latest - change.earliest + 1} suspect commits`}</summary>
      <ul class="suspects">
        {positions.map((position) => (
          <li>
            <Sha sha={commits.sha[position]!} /> <span class="quiet">{day(commits.date_s[position]!)}</span>{" "}
            <bdi>{texts?.subject[position] ?? "\u00a0"}</bdi>{" "}
            <span class="quiet"><bdi>{texts ? texts.authors[texts.author[position]!] : ""}</bdi></span>
          </li>
        ))}
      </ul>
    </details>
  );
}
