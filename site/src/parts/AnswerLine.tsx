// The sentence on top of every page: did the newest measured commit make anything worse?
import { ago, count } from "../format";
import { link } from "../router";
import type { Answer, CommitName, Tally } from "../schema";

export function AnswerLine({ answer, tracked }: { answer: Answer; tracked: string }) {
  const { newest, before, release, last, standing, far_out: farOut } = answer;
  if (!newest) return null;
  const library = tracked || undefined;
  return (
    <aside class={`answer ${last.worse ? "worse" : last.suspected || farOut ? "suspected" : 2 * answer.clear < answer.series ? "unclear" : ""}`} aria-label="The newest measured commit">
      <p>
        <CommitLink commit={newest} /> <span class="quiet">({newest.subject && <><bdi>{newest.subject}</bdi>, </>}{ago(newest.date_s)})</span>{": "}
        <b>{judgement(answer)}</b>{before && <> than the <a href={between(before, newest)}>commit before</a></>}
        {farOut > 0 && <>, <a href={link("", "", { verdict: "far_out", library: tracked })}>{count(farOut, "newest value")} far out</a></>}
        {answer.failed > 0 && <>; <a href={link("", "", { verdict: "failed", library: tracked })}>the latest run failed in {count(answer.failed, "series", "series")}</a></>}
        {". "}
        {release && release.sha !== before?.sha && <>Since <a href={between(release, newest)}><bdi>{release.tags[0]}</bdi></a>: {tallyText(answer.since_release)}. </>}
        {standing.worse > 0 && answer.worse_since && <><a href={link("events", "", { show: "worse", library })}>Still worse: {count(standing.worse, "event")}</a>, since <CommitLink commit={answer.worse_since} />. </>}
        {standing.suspected > 0 && <><a href={link("events", "", { show: "suspected", library })}>{count(standing.suspected, "event")} suspected</a>. </>}
        {answer.cannot_tell > 0 && <a class="quiet" href={link("", "", { verdict: "cannot_tell", library: tracked })}>{count(answer.cannot_tell, "series", "series")}{tracked && <> of <bdi>{tracked}</bdi></>} cannot tell.</a>}
      </p>
    </aside>
  );
}

/** Goes on with "than the commit before". */
function judgement({ last, series, clear }: Answer): string {
  if (last.worse) return `worse in ${count(last.worse, "event")}`;
  if (last.suspected) return `perhaps worse in ${count(last.suspected, "event")}, nothing surely worse`;
  return 2 * clear < series ? "cannot tell whether it is slower" : "nothing found worse";
}

function tallyText(tally: Tally): string {
  const parts = (["worse", "better", "suspected"] as const).filter((name) => tally[name]).map((name) => `${tally[name]} ${name}`);
  return parts.length ? `${parts.join(", ")} (events)` : "nothing found";
}

function between(base: CommitName, head: CommitName): string {
  const name = (commit: CommitName) => commit.tags[0] ?? commit.sha;
  return link("compare", "", { base: name(base), head: name(head) });
}

export function CommitLink({ commit }: { commit: CommitName }) {
  const [tag] = commit.tags;
  return <a class={tag ? undefined : "sha"} href={link("commit", commit.sha)}>{tag ? <bdi>{tag}</bdi> : <code>{commit.sha.slice(0, 8)}</code>}</a>;
}
