import { useState } from "preact/hooks";
import { pointAt, samplesOf } from "../../chart/series-data";
import { firstChart } from "../../chart/plot";
import { type Files, useLoaded } from "../../data";
import { minute, quantity } from "../../format";
import { DataTable } from "../../parts/DataTable";
import { Sha } from "../../parts/names";
import type { Commits, SeriesFile } from "../../schema";

/** The table behind the chart: what is in view, newest first. Built only when it is opened. */
export function Points({ site, files, commits, range }: { site: Files; files: SeriesFile[]; commits: Commits; range: [number, number] | null }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="behind" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Table of the points in view</summary>
      {open && <Table site={site} files={files} commits={commits} range={range} />}
    </details>
  );
}

function Table({ site, files, commits, range }: { site: Files; files: SeriesFile[]; commits: Commits; range: [number, number] | null }) {
  const texts = useLoaded("texts", () => firstChart.then(() => site.texts())).value;
  const [from, to] = range ?? [0, Number.POSITIVE_INFINITY];
  const positions = [...new Set(files.flatMap((file) => file.positions))].filter((p) => p >= from && p <= to).sort((a, b) => b - a);
  const samples = samplesOf(files[0]!);
  const cells = (file: SeriesFile, p: number) => pointAt(file, p, file === files[0] ? samples : undefined);
  const unit = files[0]!.metric.unit;
  return (
    <DataTable
      caption="Points in view, newest first"
      items={positions}
      columns={[
        { title: "Commit", text: (p) => commits.sha[p]!, show: (p) => <Sha sha={commits.sha[p]!} />, header: true },
        { title: "Release", text: (p) => (commits.tags[p] ?? []).join(" ") },
        { title: "Date", short: true, text: (p) => minute(commits.date_s[p]!) },
        { title: "Subject", text: (p) => texts?.subject[p] ?? "", wide: true },
        ...files.flatMap((file) => [
          {
            title: files.length > 1 ? file.library : "Value",
            number: true,
            text: (p: number) => {
              const point = cells(file, p);
              if (!point) return "";
              return point.value === null ? `${point.outcome} ${point.reason}`.trim() : quantity(point.value, file.metric.unit);
            },
          },
          ...(file.low.length ? [{
            title: files.length > 1 ? `${file.library}, interval` : "Interval",
            number: true,
            text: (p: number) => {
              const point = cells(file, p);
              return point?.low != null ? `${quantity(point.low, unit)} to ${quantity(point.high, unit)}` : "";
            },
          }] : []),
        ]),
        ...(samples.size ? [{ title: "Samples", number: true, text: (p: number) => String(samples.get(p)?.length ?? 0) }] : []),
      ]}
    />
  );
}
