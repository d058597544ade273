import { count, day, ratio, share } from "../format";
import { useLoaded } from "../loaded";
import { Behind } from "../parts/Behind";
import { DataTable } from "../parts/DataTable";
import { Breakable, Sha } from "../parts/names";
import { VerdictMark } from "../parts/Verdict";
import { PHONE } from "../phone";
import type { ViewProps } from "../view-props";

export function Method({ site }: ViewProps) {
  const { method, badges } = site.index;
  const commits = useLoaded("commits", () => site.commits()).value;
  return (
    <div class="prose">
      <h1>Method</h1>
      <p>
        {count(method.series, "series", "series")}, {count(method.commits, "commit")}, {count(method.points, "point")}
        {method.samples > 0 && <> from {count(method.samples, "sample")}</>}; {count(method.events, "event")}
        {method.expected_false_alarms !== null && <>, of which {method.expected_false_alarms < 1 ? "less than one is expected to be a false alarm" : `about ${Math.round(method.expected_false_alarms)} are expected to be false alarms`}</>}.
        {site.index.newest_date_s > 0 && <> Newest commit: <span class="unbroken">{day(site.index.newest_date_s)}</span>.</>}
      </p>
      {method.notes.map((note) => <p class="note"><Breakable name={note} /></p>)}

      <h2>How it is measured</h2>
      {site.libraries.length > 0 ? <OurMeasuring /> : (
        <p>
          By asv, with the project’s own benchmarks. A value, its samples and its interval are asv’s. What could not be measured is absent, with its reason.
        </p>
      )}

      <h2>How it is judged</h2>
      <p>
        Machine, environment and parameters are part of a series, never noise inside it. Changes are detected over the whole history; each has an interval for its place, a 95 % interval for its size, and a p-value.
        The share of false discoveries is held at {share(method.false_discovery_rate)} over all series together. A change is significant when it is larger than the noise of its own series, and relevant when it is larger than the floor of its metric: two questions, two answers.
      </p>
      <dl class="facts">
        <dt><VerdictMark verdict="worse" /></dt><dd>a significant and relevant change for the worse, not undone since</dd>
        <dt><VerdictMark verdict="better" /></dt><dd>the same for the better</dd>
        <dt><VerdictMark verdict="suspected" /></dt><dd>a relevant change that is not certain yet, or not surely a commit’s</dd>
        <dt><VerdictMark verdict="no_change" /></dt><dd>no change that is both significant and relevant</dd>
        <dt><VerdictMark verdict="cannot_tell" /></dt><dd>too few points or too much noise</dd>
        <dt>Detectable</dt><dd>the smallest change that the next few commits could show: where it is large, “no change” says little</dd>
      </dl>
      <p>
        A change is new (suspected) until {count(method.confirm_points, "point")} follow, and withdrawn when they contradict it.
        One timed commit alone is never a change; of a counted cost (lines, commands, round trips, allocations) one commit is enough, and its interval is what equal code may differ by. A newest value far from the others is shown as “far out” next to the verdict. Accepted and silenced changes were decided by people, with a reason, in the project’s own repository.
        “Worst first” is the order worse, failed, suspected, cannot tell, no change, better; within each, {site.index.tracked ? <><bdi>{site.index.tracked}</bdi> first, then </> : ""}what matters most, then the largest change for its noise.
        Controls are libraries pinned to one version: a step that they share is the machine’s, not the commit’s.
      </p>

      <h2>How to read a chart</h2>
      <p>
        The thin line joins the values, the band is the 99 % interval of each, the small dots are the samples. A heavy line is the level between two changes.
        A shaded strip is the range of commits that a change may have come with, the vertical line the most likely one (dashed while suspected). At the bottom, a cross is a failed commit, a dash an unsupported one. Thin grey lines are releases.
        Intervals of timed changes, and of medians over runs, are 95 % intervals.
      </p>

      <h2>Metrics</h2>
      <Behind title={`${count(site.table.metrics.length, "metric")}`} open={!PHONE.matches}><DataTable caption="Metrics" items={site.table.metrics} columns={[
        { title: "Metric", header: true, text: (m) => m.title, show: (m) => <>{m.title} <code class="quiet">{m.name}</code></> },
        { title: "Meaning", text: (m) => m.description, wide: true },
        { title: "Unit", text: (m) => m.unit },
        { title: "Better", text: (m) => m.better },
        { title: "Floor", number: true, text: (m) => share(m.floor) },
        { title: "Gates pull requests", text: (m) => (m.gates ? "yes" : "no") },
      ]} /></Behind>

      {method.shifts.length > 0 && (
        <>
          <h2>Environment shifts</h2>
          <p>{site.libraries.length > 0 ? "The controls moved together here, so the step is attributed to the machine." : "What moved here looks like the machine’s doing; there is no control to tell."}</p>
          <DataTable caption="Environment shifts" items={method.shifts} columns={[
            { title: "Machine", header: true, text: (s) => s.machine },
            { title: "Environment", text: (s) => s.environment },
            { title: "Commit", text: (s) => commits?.sha[s.position] ?? "", show: (s) => (commits ? <Sha sha={commits.sha[s.position]!} /> : "…") },
            { title: "Metrics", text: (s) => few(s.metrics), wide: true },
            { title: "Size", number: true, text: (s) => ratio(s.ratio) },
            { title: "Series", number: true, text: (s) => String(s.series_affected) },
          ]} />
        </>
      )}
      {method.excluded.length > 0 && (
        <>
          <h2>What was left out</h2>
          <Behind title={count(method.excluded.length, "kind")} open={!PHONE.matches}><DataTable caption="What was left out" items={method.excluded} columns={[
            { title: "What", header: true, text: (e) => e.what },
            { title: "Why", text: (e) => e.why, wide: true },
            { title: "How often", number: true, text: (e) => e.count.toLocaleString("en-US") },
            { title: "Example", text: (e) => e.example, wide: true },
          ]} /></Behind>
        </>
      )}
      {method.score && (
        <>
          <h2>How often verdicts were right</h2>
          <p><bdi>{method.score.text}</bdi></p>
          {method.score.rows.length > 0 && <DataTable caption="Verdicts on pull requests" items={method.score.rows} columns={
            ["Pull request", "Benchmark", "Verdict", "Later"].map((title, i) => ({ title, text: (row: string[]) => row[i] ?? "", header: i === 0 }))
          } />}
        </>
      )}
      <h2>Feeds and badges</h2>
      <p>
        Atom: <a href="feed.xml">all changes</a>, <a href="feed-worse.xml">regressions</a>. Badges as SVG and as shields.io endpoints:
      </p>
      <ul class="badges">
        {badges.map((name) => (
          <li><img src={`badge/${name}.svg`} alt={`badge ${name}`} height={20} loading="lazy" /> <span class="quiet">{name}</span> <a href={`badge/${name}.svg`}>svg</a> <a href={`badge/${name}.json`}>endpoint</a></li>
        ))}
      </ul>
    </div>
  );
}

function OurMeasuring() {
  return (
    <>
      <p>
        Every task of a run is stamped four times, by one clock of the whole system: when it was due, sent, started and finished.
        Latency is finished minus due, so that a late producer cannot hide waiting. Nothing is estimated and no number is filled in: what could not be measured is absent, with its reason.
      </p>
      <p>
        Each library is measured over several runs spread over fresh worker processes, after a warm-up that ends when throughput is steady. Libraries take turns, in reversed order on every second round.
        Throughput comes from bursts; latency from a fixed rate of arrivals well below capacity, the same for every commit.
        A run counts only when every task was done exactly once.
      </p>
    </>
  );
}

const NAMED = 3;

function few(names: string[]): string {
  return names.length > NAMED + 1 ? `${names.slice(0, NAMED).join("; ")} and ${names.length - NAMED} more` : names.join("; ");
}
