import type { Row, Site } from "../data";
import { count, day, ratio } from "../format";
import { link } from "../router";
import type { CommitName } from "../schema";
import { scenarioTitle } from "../titles";
import { CommitLink } from "./AnswerLine";
import { SeriesName } from "./names";
import { VerdictMark } from "./Verdict";

export interface EventShown {
  id: string;
  kind: string;
  verdict: string;
  direction: string;
  commit: CommitName;
  suspects: number;
  ratio: number | null;
  stands: boolean;
  points_since: number;
  series: number;
  rows: number[];
}

const CAUSES = new Map([
  ["commit", ""],
  ["measuring", "It begins where the measuring changed."],
  ["machine", "It looks like the machine rather than a commit."],
  ["excursion", "It was undone after a commit or two."],
]);

/** One event: what happened, at which commit, and which series moved with it. */
export function EventCard({ site, event }: { site: Site; event: EventShown }) {
  const rows = event.rows.map((i) => site.row(i));
  return (
    <li class={`event ${event.verdict}`}>
      <h3>
        <VerdictMark verdict={event.verdict} /> <a href={link("event", event.id)}>{whatHappened(event, rows)}</a>
      </h3>
      <p>
        <CommitLink commit={event.commit} /> <bdi>{event.commit.subject}</bdi> <span class="quiet unbroken">{day(event.commit.date_s)}</span>
        {event.suspects > 1 && <span class="quiet">, or one of {event.suspects} commits</span>}
        <span class="quiet">; {standingText(event)}. {causeText(event.kind)}</span>
      </p>
      {event.series > 1 && (
        <details>
          <summary>{count(event.series, "series", "series")}</summary>
          <ul class="members">
            {rows.map((row) => <li><a href={link("series", row.id, { at: event.commit.sha })}><SeriesName row={row} /></a></li>)}
            {event.series > rows.length && <li><a href={link("event", event.id)}>and {event.series - rows.length} more</a></li>}
          </ul>
        </details>
      )}
    </li>
  );
}

export function causeText(kind: string): string {
  return CAUSES.get(kind) ?? "";
}

export function standingText({ stands, points_since: since }: { stands: boolean; points_since: number }): string {
  return stands ? `still there after ${count(since, "measured commit")}` : "over by now";
}

/** The event in a few words: the largest member, how many others, and by how much; its verdict stands before it. */
export function whatHappened(event: { verdict: string; direction: string; ratio: number | null; series: number }, rows: Row[]): string {
  const [first] = rows;
  if (!first) return "an event";
  const name = first.library ? `${first.metric.title}, ${scenarioTitle(first)}${first.library ? ` (${first.library})` : ""}` : first.scenario;
  const others = event.series > 1 ? ` and ${count(event.series - 1, "other series", "other series")}` : "";
  return `${name}${others}: ${ratio(event.ratio).replace(" ", "\u00a0")}${others && " (median)"}${event.direction === event.verdict ? "" : `, ${event.direction}`}`;
}
