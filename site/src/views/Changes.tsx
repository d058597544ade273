import { useEffect } from "preact/hooks";
import { findCommit } from "../commits";
import { count } from "../format";
import { useLoaded } from "../loaded";
import { Filters, keeps, Select } from "../parts/Filters";
import { Problem, Sha } from "../parts/names";
import { link } from "../router";
import type { ViewProps } from "../view-props";
import { ByCommit, groupings } from "./changes/ByCommit";
import { ChangeList, listChanges } from "./changes/ChangeList";

const STATES = ["new", "confirmed", "cause unsure", "accepted", "silenced", "withdrawn"];

export function Changes({ site, route: { query } }: ViewProps) {
  const loaded = useLoaded(site.isPart ? "newest changes" : "changes", () => Promise.all([site.changes(), site.commits()]));
  useEffect(() => {
    if (loaded.value) performance.mark("view-ready");
  }, [loaded.value]);
  const verdict = query.get("verdict");
  const state = query.get("state");
  const commit = query.get("commit");
  const by = groupings(site).find((name) => name === query.get("by"));
  const commits = loaded.value?.[1];
  const position = commits && commit ? findCommit(commits, commit) : undefined;
  const seriesOnly = new URLSearchParams(query);
  seriesOnly.delete("verdict");
  const keep = keeps(seriesOnly);
  const all = loaded.value ? listChanges(site, loaded.value[0]) : [];
  const shown = all.filter((change) =>
    keep(change.row) && (!commit || change.position === position) && (!verdict || change.verdict === verdict) &&
    (state ? change.state === state : change.state !== "withdrawn" && change.state !== "silenced"));
  return (
    <>
      <h1>Changes</h1>
      <p class="quiet">
        Newest first; within a commit the surest first. “New” changes wait for more points to confirm them. Withdrawn and silenced ones are shown on request.
        Subscribe: <a href="feed.xml">all changes</a>, <a href="feed-worse.xml">regressions</a>.
      </p>
      <Filters site={site} query={query} verdicts={["worse", "better", "suspected", "no_change"]}>
        <Select name="state" label="status" chosen={state} options={STATES} all="all that stand" />
        <Select name="by" label="show" chosen={by ?? null} options={groupings(site)} all="each change" write={(name) => `by ${name}`} always />
        <span class="quiet" role="status">{loaded.value && !site.isPart ? count(shown.length, "change") : ""}</span>
      </Filters>
      {commit && <p>Changes at <Sha sha={commit} />. <a href={link("changes", "", { by })}>Show all changes</a></p>}
      {!commits ? <Problem text={loaded.error} />
        : by && shown.length ? <ByCommit site={site} changes={shown} commits={commits} by={by} />
        : <ChangeList site={site} changes={shown} commits={commits} showCommit empty={all.length ? "No matches." : "No changes detected."} />}
    </>
  );
}
