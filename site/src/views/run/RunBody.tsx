import { type Line, LineChart } from "../../chart/LineChart";
import type { Look } from "../../colors";
import { count, difference, quantity, scaled, words } from "../../format";
import { Behind } from "../../parts/Behind";
import { DataTable, quantities } from "../../parts/DataTable";
import { PHONE } from "../../phone";
import { EachRun } from "./EachRun";
import type { Curve, RunFile } from "../../schema";

/** The run of the commit measured before. */
export interface Before {
  run: RunFile;
  name: string;
  href: string;
  look: Look;
}

export function RunBody({ run, look, before }: { run: RunFile; look: Look; before?: Before }) {
  if (run.outcome !== "measured") {
    return (
      <>
        <p class="problem"><b>{run.outcome}</b>: <bdi>{run.reason || "no reason recorded"}</bdi></p>
        <Facts run={run} />
      </>
    );
  }
  const end = Math.max(...[run, ...(before ? [before.run] : [])].flatMap(({ curves }) => curves.map((curve) => curve.x.at(-1) ?? 0)));
  return (
    <>
      <p class="state">
        {run.grade && <>Spread of throughput over the runs: <b class="unbroken">{run.throughput_cv === null ? "unknown" : quantity(run.throughput_cv, "ratio")}</b> ({run.grade}). </>}
        {count(run.runs.length, "run")} in {count(new Set(run.runs.map((one) => one.round)).size, "round")}, each round with fresh worker processes. Figures are medians of the runs; lost and doubled tasks are totals.
      </p>
      <Headlines run={run} before={before} />
      {run.warnings.map((warning) => <p class="note"><bdi>{warning}</bdi></p>)}
      {before && <Lines look={look} before={before} />}
      <div class="charts">
        {run.histogram && <Distribution curve={run.histogram} look={look} percentiles={run.percentiles} />}
        {run.percentiles && <Percentiles curve={run.percentiles} look={look} behind={lineOf(before?.run.percentiles, before)} />}
        {run.curves.map((curve) => <OverTime curve={curve} look={look} end={end} behind={lineOf(before?.run.curves.find(({ name }) => name === curve.name), before)} />)}
      </div>
      <section aria-labelledby="runs">
        <h2 id="runs">Each run</h2>
        <Remarks run={run} />
        <Behind title="All figures of each run"><EachRun run={run} /></Behind>
      </section>
      <Facts run={run} />
    </>
  );
}

/** What a reader looks at first: medians of the runs, and what became of the tasks of all of them. */
function Headlines({ run, before }: { run: RunFile; before: Before | undefined }) {
  const earlier = new Map(before?.run.headlines.map((one) => [one.name, one.value]));
  const lost = sum(run.runs.map((one) => one.lost));
  const doubled = sum(run.runs.map((one) => one.doubled));
  return (
    <dl class="headlines">
      {run.headlines.map((one) => <div><dt>{one.title}</dt><dd>{quantity(one.value, one.unit)} <span class="quiet"><span class="direction">{one.better} is better</span>{earlier.get(one.name) != null && <> <span class="unbroken">{before!.name}: {quantity(earlier.get(one.name), one.unit)}</span> <span class="unbroken">({difference(earlier.get(one.name)!, one.value)})</span></>}</span></dd></div>)}
      {lost !== null && <div class={lost ? "bad" : undefined}><dt>Lost tasks</dt><dd>{count(lost, "task")}</dd></div>}
      {doubled !== null && <div class={doubled ? "bad" : undefined}><dt>Tasks that ran twice</dt><dd>{count(doubled, "task")}</dd></div>}
    </dl>
  );
}

function sum(counts: (number | null)[]): number | null {
  const known = counts.filter((one) => one !== null);
  return known.length ? known.reduce((total, one) => total + one, 0) : null;
}

/** What the lines of all charts below are. */
function Lines({ look, before }: { look: Look; before: Before }) {
  const lines = [{ look, name: <>this run</> }, { look: before.look, name: <a href={before.href}>the run of <bdi>{before.name}</bdi></a> }];
  return (
    <ul class="legend" aria-label="Lines">
      {lines.map((one) => (
        <li><svg width="28" height="8" aria-hidden="true"><path d="M0 4h28" stroke={one.look.stroke} stroke-width="2" stroke-dasharray={one.look.dash.join(" ")} /></svg>{one.name}</li>
      ))}
    </ul>
  );
}

function lineOf(curve: Curve | null | undefined, before: Before | undefined): Line[] {
  return curve && before ? [{ name: before.name, look: before.look, x: curve.x, y: curve.y }] : [];
}

const FEW = 8;

/** What is to be said of single runs; much of it is folded. */
function Remarks({ run }: { run: RunFile }) {
  const said = run.runs.flatMap((one, i) => [...(one.outlier ? ["outlier"] : []), ...one.warnings].map((text) => ({ number: i + 1, text })));
  if (!said.length) return null;
  return (
    <details class="behind" open={said.length <= FEW}>
      <summary>{count(said.length, "remark")} on single runs</summary>
      <ul class="remarks">
        {said.map(({ number, text }) => <li><span class="quiet">run {number}</span> <bdi>{text}</bdi></li>)}
      </ul>
    </details>
  );
}

interface ChartProps {
  curve: Curve;
  look: Look;
}

/** Ends of steps further apart than this need a logarithmic axis. */
const WIDE = 100;

/** Percentiles that are marked in the histogram. */
const MARKED = [0.5, 0.99];

function Distribution({ curve, look, percentiles }: ChartProps & { percentiles: Curve | null }) {
  const marks = MARKED.flatMap((q) => {
    const at = percentiles?.x.findIndex((one) => one >= q) ?? -1;
    const x = at < 0 ? null : percentiles!.y[at];
    return x == null ? [] : [{ x, name: `${percentile(q)} of all ${quantity(x, "s")}` }];
  });
  const wide = curve.x[0]! > 0 && curve.x.at(-1)! / curve.x[1]! > WIDE;
  const upTo = (x: number) => `up to ${quantity(x, "s")}`;
  return (
    <figure>
      <figcaption>Latency histogram of all tasks: share in each millisecond ({curve.unit}){wide && ", logarithmic"}</figcaption>
      <LineChart label="Latency histogram. A table follows." unit={curve.unit} xUnit="s" xTitle="latency" xText={upTo} fromZero steps marks={marks}
        logX={wide} lines={[{ name: curve.name, look, x: curve.x, y: curve.y }]} />
      <TableOf curve={curve} x="Latency" xText={upTo} />
    </figure>
  );
}

/** The tail is where queues differ: the axis counts nines. */
function Percentiles({ curve, look, behind }: ChartProps & { behind: Line[] }) {
  return (
    <figure>
      <figcaption>Latency by percentile, of all tasks</figcaption>
      <LineChart label="Latency by percentile. A table follows." unit={curve.unit} xUnit="" xTitle="percentile" logX fromZero xText={(x) => percentile(1 - 1 / x)}
        lines={[{ name: "", look, x: curve.x, y: curve.y }, ...behind].map((line) => ({ ...line, x: line.x.map((q) => 1 / Math.max(1 - q, 1e-5)) }))}
        xLabels={(ticks) => ticks.map((tick) => (tick && Math.abs(Math.log10(tick) % 1) < 1e-9 ? percentile(1 - 1 / tick) : ""))} />
      <TableOf curve={curve} x="Percentile" xText={percentile} />
    </figure>
  );
}

function percentile(q: number): string {
  return q <= 0 ? "0" : `p${Number((q * 100).toPrecision(8))}`;
}

/** All curves over time lie along the same axis, so that one can be read below the other. */
function OverTime({ curve, look, end, behind }: ChartProps & { end: number; behind: Line[] }) {
  return (
    <figure>
      <figcaption class="capital">{curve.name === "cpu" ? "CPU" : words(curve.name)}{curve.unit && !scaled(curve.unit) && <> ({curve.unit})</>} over time, median run</figcaption>
      <LineChart label={`${words(curve.name)} over time. A table follows.`} unit={curve.unit} xUnit="s" xTitle={PHONE.matches ? "" : "since the start of the measurement"} fromZero sync="time" span={[0, end]}
        lines={[{ name: "", look, x: curve.x, y: curve.y }, ...behind]} />
      <TableOf curve={curve} x="Time" xText={(x) => quantity(x, "s")} />
    </figure>
  );
}

function TableOf({ curve, x, xText }: { curve: Curve; x: string; xText: (x: number) => string }) {
  return (
    <Behind>
      <DataTable caption={words(curve.name)} items={curve.x.map((_, i) => i)} columns={[
        { title: x, header: true, number: true, text: (i) => xText(curve.x[i]!) },
        quantities<number>(words(curve.name), (i) => curve.y[i], () => curve.unit),
      ]} />
    </Behind>
  );
}

function Facts({ run }: { run: RunFile }) {
  return (
    <section aria-labelledby="environment">
      <h2 id="environment">Environment</h2>
      <Behind title={`${run.facts.length} facts`}><DataTable caption="Environment" items={run.facts} columns={[
        { title: "What", header: true, text: ([name]) => words(name!) },
        { title: "Value", text: ([, value]) => value!, wide: true },
      ]} /></Behind>
    </section>
  );
}
