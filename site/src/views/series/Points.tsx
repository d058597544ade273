import { firstChart } from "../../chart/plot";
import { pointAt, samplesOf } from "../../chart/series-data";
import { type Files, nameOf } from "../../data";
import { distinctions } from "../../distinctions";
import { minute, quantity } from "../../format";
import { useLoaded } from "../../loaded";
import { Behind } from "../../parts/Behind";
import { DataTable } from "../../parts/DataTable";
import type { Column } from "../../parts/column";
import { Sha } from "../../parts/names";
import type { Commits } from "../../commits";
import type { SeriesFile } from "../../series-file";

interface Props {
  files: Files;
  series: SeriesFile[];
  commits: Commits;
  range: [number, number] | null;
}

/** The table behind the chart: what is in view, newest first. */
export function Points(props: Props) {
  return <Behind title="Visible points"><Table {...props} /></Behind>;
}

function Table({ files, series, commits, range }: Props) {
  const texts = useLoaded("texts", () => firstChart.then(() => files.texts())).value;
  const [from, to] = range ?? [0, Number.POSITIVE_INFINITY];
  const positions = [...new Set(series.flatMap((one) => one.positions))].filter((p) => p >= from && p <= to).sort((a, b) => b - a);
  const samples = samplesOf(series[0]!);
  const names = distinctions(series.map(nameOf));
  return (
    <DataTable
      caption="Visible points, newest first"
      items={positions}
      columns={[
        { title: "Commit", text: (p) => commits.sha[p]!, show: (p) => <Sha sha={commits.sha[p]!} />, header: true },
        { title: "Release", text: (p) => (commits.tags[p] ?? []).join(" ") },
        { title: "Date", short: true, text: (p) => minute(commits.date_s[p]!) },
        { title: "Subject", text: (p) => texts?.subject[p] ?? "", wide: true },
        ...series.flatMap((one, i) => columnsOf(one, names[i]!)),
        ...(samples.size ? [{ title: "Samples", number: true, text: (p: number) => String(samples.get(p)?.length ?? 0) }] : []),
      ]}
    />
  );
}

function columnsOf(file: SeriesFile, name: string): Column<number>[] {
  const { unit } = file.metric;
  const value: Column<number> = {
    title: name || "Value", number: true, unit: () => unit,
    raw: (p) => pointAt(file, p)?.value,
    text: (p) => {
      const point = pointAt(file, p);
      if (!point) return "";
      return point.value === null ? `${point.outcome} ${point.reason}`.trim() : quantity(point.value, unit);
    },
  };
  const end = (title: string, of: "low" | "high"): Column<number> => ({
    title: name ? `${name}, ${title}` : title, number: true, unit: () => unit,
    raw: (p) => pointAt(file, p)?.[of],
    text: (p) => (pointAt(file, p)?.[of] == null ? "" : quantity(pointAt(file, p)![of], unit)),
  });
  return file.low.length ? [value, end("99 % interval, low", "low"), end("99 % interval, high", "high")] : [value];
}
