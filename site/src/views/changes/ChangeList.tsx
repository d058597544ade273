import type { Row, Site } from "../../data";
import { day, interval, ratio } from "../../format";
import { DataTable, quantities } from "../../parts/DataTable";
import type { Column } from "../../parts/column";
import { SeriesLink, seriesText, Sha } from "../../parts/names";
import { placeColumn } from "../../parts/place";
import { ChangeMark, changeWords } from "../../parts/Verdict";
import type { Commits } from "../../commits";
import type { ChangeTable, Triage } from "../../schema";

export interface Listed {
  row: Row;
  position: number;
  earliest: number;
  latest: number;
  before: number | null;
  after: number | null;
  ratio: number | null;
  low: number | null;
  high: number | null;
  state: string;
  verdict: string;
  triage: Triage | undefined;
}

/** In the order of the file: newest first, the surest of a commit first. */
export function listChanges(site: Site, table: ChangeTable): Listed[] {
  return table.row.map((row, i) => ({
    row: site.row(row),
    position: table.position[i]!,
    earliest: table.earliest[i]!,
    latest: table.latest[i]!,
    before: table.before[i]!,
    after: table.after[i]!,
    ratio: table.ratio[i]!,
    low: table.ratio_low[i]!,
    high: table.ratio_high[i]!,
    state: table.state[i]!,
    verdict: table.verdict[i]!,
    triage: table.triage[i],
  }));
}

interface Props {
  site: Site;
  changes: Listed[];
  commits: Commits;
  showCommit: boolean;
  empty: string;
  /** Rows that come first on a phone. */
  cards?: number;
}

export function ChangeList({ site, changes, commits, showCommit, empty, cards }: Props) {
  if (!changes.length) return <p class="quiet">{empty}</p>;
  const sha = (change: Listed) => commits.sha[change.position]!;
  const commit: Column<Listed>[] = [
    { title: "Commit", text: sha, show: (c) => <Sha sha={sha(c)} /> },
    { title: "Date", short: true, text: (c) => day(commits.date_s[c.position]!) },
  ];
  return (
    <DataTable
      cards={cards}
      caption="Changes" items={changes} step={60}
      columns={[
        { title: "Series", header: true, text: (c) => seriesText(c.row), show: (c) => <SeriesLink row={c.row} at={sha(c)} /> },
        ...placeColumn<Listed>(site, (c) => c.row),
        { title: "Verdict", short: true, text: (c) => changeWords(c.verdict), show: (c) => <ChangeMark verdict={c.verdict} /> },
        { title: "Change", number: true, text: (c) => ratio(c.ratio), show: (c) => <b>{ratio(c.ratio)}</b> },
        { title: "95 % interval", number: true, text: (c) => interval(c.low, c.high) },
        quantities<Listed>("Before", (c) => c.before, (c) => c.row.metric.unit),
        quantities<Listed>("After", (c) => c.after, (c) => c.row.metric.unit),
        {
          title: "Status", text: (c) => c.triage?.sentence ?? c.state,
        },
        ...(showCommit ? commit : []),
      ]}
    />
  );
}
