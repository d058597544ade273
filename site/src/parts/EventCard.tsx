import type { Row, Site } from "../data";
import { count, day, ratio } from "../format";
import { link } from "../router";
import type { CommitName } from "../schema";
import { scenarioTitle } from "../titles";
import { CommitLink } from "./AnswerLine";
import { Breakable, SeriesName } from "./names";
import { VerdictMark } from "./Verdict";

export interface EventShown {
  id: string;
  kind: string;
  verdict: string;
  direction: string;
  commit: CommitName;
  suspects: number;
  ratios: (number | null)[];
  fate: string;
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

const ENDED = new Map([["undone", "over by now"], ["unmeasured", "no longer measured"]]);

/** One event: what happened, at which commit, and which series moved with it. */
export function EventCard({ site, event }: { site: Site; event: EventShown }) {
  const rows = event.rows.map((i) => site.row(i));
  return (
    <li class={`event ${event.verdict}`}>
      <h3>
        <VerdictMark verdict={event.verdict} /> <a href={link("event", event.id)}><WhatHappened event={event} rows={rows} /></a>
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

export function standingText({ fate, points_since: since }: { fate: string; points_since: number }): string {
  const ended = ENDED.get(fate);
  if (ended) return ended;
  return since > 1 ? `still there ${count(since - 1, "measured commit")} later` : "no commit since";
}

/** The event in a few words: its first member, and how far the others moved; its verdict stands before it. */
export function WhatHappened({ event, rows }: { event: EventShown; rows: Row[] }) {
  const [first] = rows;
  if (!first) return <>an event</>;
  const [size, least, most] = event.ratios;
  const others = event.series > 1 && ` and ${count(event.series - 1, "other series", "other series")}`;
  const ends = [least, most].flatMap((one) => (one == null ? [] : ratio(one).replace(" ", "\u00a0")));
  return (
    <>
      {first.library && `${first.metric.title}, `}<Breakable name={scenarioTitle(first)} />{first.library && ` (${first.library})`}{" "}
      <span class="unbroken">{ratio(size)}</span>{others}{others && ends.length > 0 && ` (${[...new Set(ends)].join(" to ")})`}
      {event.direction !== event.verdict && `, ${event.direction}`}
    </>
  );
}
