// Benchmarks of a project with many: by module and class, what is worse first; a list is built when its group opens.
import { groupBy } from "../../groups";
import { useState } from "preact/hooks";
import type { Row, Site } from "../../data";
import { count } from "../../format";
import { VerdictMark } from "../../parts/Verdict";
import { SeriesTable } from "./SeriesTable";

const ROWS = 40;
const NOTABLE = ["worse", "suspected", "better"] as const;

/** A module's classes are groups of their own when it has so many series. */
const MANY = 60;

export function Groups({ site }: { site: Site }) {
  return (
    <section aria-labelledby="groups">
      <h2 id="groups">Benchmarks by module</h2>
      {groupsOf(site.ranked, 1).map(([name, rows]) => <Group key={name} site={site} name={name} rows={rows} depth={1} />)}
    </section>
  );
}

/** By the first parts of their names, in the order of the rows: the worst group first. */
function groupsOf(rows: Row[], depth: number): [string, Row[]][] {
  return [...groupBy(rows, (row) => row.scenario.split(".").slice(0, -1).slice(0, depth).join(".") || row.scenario)];
}

function Group({ site, name, rows, depth }: { site: Site; name: string; rows: Row[]; depth: number }) {
  const [open, setOpen] = useState(false);
  const parts = rows.length > MANY ? groupsOf(rows, depth + 1) : [];
  return (
    <details class="group" onToggle={(event) => { event.stopPropagation(); setOpen(event.currentTarget.open); }}>
      <summary>
        <b><bdi>{name}</bdi></b> <span class="quiet">{count(rows.length, "series", "series")}</span>
        {NOTABLE.map((verdict) => <Count verdict={verdict} n={rows.filter((row) => row.verdict === verdict).length} />)}
      </summary>
      {open && (parts.length > 1
        ? <div class="inner">{parts.map(([part, some]) => <Group key={part} site={site} name={part} rows={some} depth={depth + 1} />)}</div>
        : <Rows site={site} rows={rows} />)}
    </details>
  );
}

function Count({ verdict, n }: { verdict: string; n: number }) {
  return n ? <span class="count">{n.toLocaleString("en-US")} <VerdictMark verdict={verdict} /></span> : null;
}

function Rows({ site, rows }: { site: Site; rows: Row[] }) {
  const [shown, setShown] = useState(ROWS);
  return (
    <>
      <SeriesTable site={site} rows={rows.slice(0, shown)} order="worst first" />
      {shown < rows.length && <p class="tools"><button type="button" onClick={() => setShown(shown * 4)}>Show more ({(rows.length - shown).toLocaleString("en-US")} left)</button></p>}
    </>
  );
}
