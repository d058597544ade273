import type { Site } from "../../data";
import { day, quantity, ratio } from "../../format";
import { SeriesLink } from "../../parts/names";
import { VerdictMark } from "../../parts/Verdict";
import type { Recent } from "../../schema";
import { stateOf } from "../../state";

export function Lately({ site }: { site: Site }) {
  const { recent } = site.index;
  if (!site.rows.length) return null;
  return (
    <section aria-labelledby="lately">
      <h2 id="lately">Latest changes</h2>
      {recent.length > 0 ? <ul class="lately">{recent.map((change) => <Change site={site} change={change} />)}</ul>
        : <p class="quiet">No change for the worse or the better stands.</p>}
    </section>
  );
}

function Change({ site, change }: { site: Site; change: Recent }) {
  const row = site.byId.get(change.id)!;
  return (
    <li>
      <VerdictMark verdict={change.verdict} /> <b class="size">{ratio(change.ratio)}</b> <SeriesLink row={row} at={change.sha} />{" "}
      <span class="quiet">
        {site.manyPlaces && <><bdi class="unbroken">{row.place}</bdi>, </>}
        <span class="unbroken">{quantity(change.before, change.unit)} to {quantity(change.after, change.unit)}</span>, <span class="unbroken">{day(change.date_s)}</span>, <bdi>{change.triage?.sentence ?? stateOf(change)}</bdi>
      </span>
    </li>
  );
}
