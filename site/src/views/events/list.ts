import type { EventShown } from "../../parts/EventCard";
import type { Commits } from "../../commits";
import type { CommitName, CommitTexts, EventTable, Triage } from "../../schema";

export interface ListedEvent extends EventShown {
  earliest: number;
  latest: number;
  shared: number | null;
  p: number | null;
  benchmarks: number;
  surroundings: string[];
  triage: Triage | undefined;
  /** Hash in the name of the file that says why. */
  explanation: string | undefined;
}

/** In the order of the file: what to act on first. */
export function listEvents(table: EventTable, commits: Commits, texts: CommitTexts): ListedEvent[] {
  return table.id.map((id, i) => ({
    id,
    kind: table.kind[i]!,
    verdict: table.verdict[i]!,
    direction: table.direction[i]!,
    commit: commitAt(table.position[i]!, commits, texts),
    earliest: table.earliest[i]!,
    latest: table.latest[i]!,
    suspects: table.latest[i]! - table.earliest[i]! + 1,
    ratios: table.ratios[i]!,
    shared: table.shared[i]!,
    p: table.p_value[i]!,
    fate: table.fate[i]!,
    points_since: table.points_since[i]!,
    series: table.series[i]!,
    benchmarks: table.benchmarks[i]!,
    rows: table.rows[i]!,
    surroundings: table.surroundings[i] ?? [],
    triage: table.triage[i],
    explanation: table.explanation[i],
  }));
}

export function commitAt(position: number, commits: Commits, texts: CommitTexts): CommitName {
  return {
    position, sha: commits.sha[position]!, date_s: commits.date_s[position]!,
    subject: texts.subject[position]!, tags: commits.tags[position] ?? [],
  };
}
