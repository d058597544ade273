import { count, day, ratio, share } from "../format";
import { useLoaded } from "../loaded";
import { DataTable } from "../parts/DataTable";
import { Sha } from "../parts/names";
import { VerdictMark } from "../parts/Verdict";
import type { ViewProps } from "../view-props";

export function Method({ site }: ViewProps) {
  const { method, badges } = site.index;
  const commits = useLoaded("commits", () => site.commits()).value;
  return (
    <div class="prose">
      <h1>Method</h1>
      <p>
        This build shows {count(method.series, "series", "series")} over {count(method.commits, "commit")}: {count(method.points, "point")}
        {method.samples > 0 && <> made of {count(method.samples, "sample")}</>}, with {count(method.changes, "change")} found.
        {method.expected_false_alarms !== null && <> Of these, {method.expected_false_alarms} are expected to be false alarms.</>}
        {site.index.newest_date_s > 0 && <> Its newest commit is of <span class="unbroken">{day(site.index.newest_date_s)}</span>.</>}
      </p>
      {method.notes.map((note) => <p class="note">{note}</p>)}

      <h2>How it is measured</h2>
      {site.libraries.length > 0 ? <OurMeasuring /> : (
        <p>
          By asv, with the project’s own benchmarks: a value is what asv stored for one benchmark at one commit, its samples are the repeats that it kept, its interval is asv’s.
          No number is filled in: what could not be measured is absent, with its reason.
        </p>
      )}

      <h2>How it is judged</h2>
      <p>
        Machine, environment and parameters are part of a series, never noise inside it. Change points are sought over the whole history; each has an interval for its place, a 95 % interval for its size, and a p-value,
        and the share of false discoveries is held at {share(method.false_discovery_rate)} over all series together. A change is significant when it is larger than the noise of its own series, and relevant when it is larger than the floor of its metric: two questions, two answers.
      </p>
      <dl class="facts">
        <dt><VerdictMark verdict="worse" /></dt><dd>significant and relevant, in the bad direction of the metric</dd>
        <dt><VerdictMark verdict="better" /></dt><dd>the same in the good direction</dd>
        <dt><VerdictMark verdict="no_change" /></dt><dd>none that is both significant and relevant</dd>
        <dt><VerdictMark verdict="cannot_tell" /></dt><dd>too few points, or too noisy, to say</dd>
        <dt>Detectable</dt><dd>the smallest step that the next few commits could establish: where it is large, “no change” says little</dd>
      </dl>
      <p>
        A change is new (suspected) until {count(method.confirm_points, "point")} hold the new level, and withdrawn when later ones do not. It stands for the verdict of its series for {count(method.recent_points, "point")}.
        One commit is never a change, and two seldom: where the newest value lies far out, more than three interquartile ranges beyond the values since the last change and further off than what is detectable and relevant, that is said beside the verdict. Accepted and silenced changes were decided by people, with a reason, in the project’s own repository.
        Controls are libraries pinned to one version: a step that they share is the machine’s, not the commit’s.
      </p>

      <h2>How to read a chart</h2>
      <p>
        The thin line joins the values, the band is their interval, the small dots are the repeated runs. A heavy line is the level between two changes. A shaded strip is where a change may have come, the upright line the likeliest commit
        (broken while it is only suspected). A cross at the foot is a failed commit, a dash one that is not supported; the line stops there. Those of a line drawn over the series have its colour. Thin grey lines are releases.
        This site draws what was judged elsewhere; it computes no statistics.
      </p>

      <h2>Metrics</h2>
      <DataTable caption="Metrics" items={site.table.metrics} columns={[
        { title: "Metric", header: true, text: (m) => m.name },
        { title: "Meaning", text: (m) => m.description, wide: true },
        { title: "Unit", text: (m) => m.unit },
        { title: "Better", text: (m) => m.better },
        { title: "Floor", number: true, text: (m) => share(m.floor) },
        { title: "Gates pull requests", text: (m) => (m.gates ? "yes" : "no") },
      ]} />

      {method.shifts.length > 0 && (
        <>
          <h2>Steps of machines</h2>
          <p>The controls moved together here, so the step is put down to the machine.</p>
          <DataTable caption="Steps of machines" items={method.shifts} columns={[
            { title: "Machine", header: true, text: (s) => s.machine },
            { title: "Environment", text: (s) => s.environment },
            { title: "Commit", text: (s) => commits?.sha[s.position] ?? "", show: (s) => (commits ? <Sha sha={commits.sha[s.position]!} /> : "…") },
            { title: "Size", number: true, text: (s) => ratio(s.ratio) },
            { title: "Series", number: true, text: (s) => String(s.series_affected) },
          ]} />
        </>
      )}
      {method.excluded.length > 0 && (
        <>
          <h2>What was left out</h2>
          <DataTable caption="What was left out" items={method.excluded} columns={[
            { title: "What", header: true, text: (e) => e.what },
            { title: "Why", text: (e) => e.why, wide: true },
            { title: "How often", number: true, text: (e) => e.count.toLocaleString("en-US") },
            { title: "Example", text: (e) => e.example, wide: true },
          ]} />
        </>
      )}
      {method.score && (
        <>
          <h2>How verdicts held</h2>
          <p><bdi>{method.score.text}</bdi></p>
          {method.score.rows.length > 0 && <DataTable caption="Verdicts on pull requests" items={method.score.rows} columns={
            ["Pull request", "Benchmark", "Verdict", "Later"].map((title, i) => ({ title, text: (row: string[]) => row[i] ?? "", header: i === 0 }))
          } />}
        </>
      )}
      <h2>Feeds and badges</h2>
      <p>
        Atom: <a href="feed.xml">all changes</a>, <a href="feed-worse.xml">what got worse</a>. Badges as drawings, and as endpoints for shields.io:
      </p>
      <ul class="badges">
        {badges.map((name) => (
          <li><img src={`badge/${name}.svg`} alt={`badge ${name}`} height={20} loading="lazy" /> <a href={`badge/${name}.svg`}>svg</a> <a href={`badge/${name}.json`}>endpoint</a></li>
        ))}
      </ul>
    </div>
  );
}

function OurMeasuring() {
  return (
    <>
      <p>
        Every task of a run writes four times of one system-wide clock into shared memory: when the load plan wanted it sent, when it was sent, started and finished.
        Latency is finished minus due, so that a late producer cannot hide waiting. Nothing is estimated, and no number is filled in: what could not be measured is absent, with its reason.
      </p>
      <p>
        Each library is measured over several runs spread over fresh worker processes, after a warm-up that ends when throughput is steady. Libraries take turns, in reversed order on every second round.
        Throughput comes from bursts; latency from a fixed rate of arrivals well below capacity, the same for every commit.
        A run counts only when every task was done exactly once.
      </p>
    </>
  );
}
