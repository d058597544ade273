import type { Site } from "../../data";
import { differences, factsAt } from "../../environment";
import { useLoaded } from "../../loaded";
import { DataTable } from "../../parts/DataTable";

/** What else differs between two commits: "Python was bumped here" answers many alarms. */
export function Surroundings({ site, base, head }: { site: Site; base: number; head: number }) {
  const table = useLoaded("environments", () => site.environments()).value;
  if (!table) return null;
  const places = [...new Set(table.machine.map((machine, i) => JSON.stringify([machine, table.environment[i]])))];
  const items = places.flatMap((place) => {
    const [machine, environment] = JSON.parse(place) as [string, string];
    return differences(factsAt(table, machine, environment, base), factsAt(table, machine, environment, head))
      .map((difference) => ({ machine, environment, ...difference }));
  });
  return (
    <section aria-labelledby="surroundings">
      <h2 id="surroundings">Environment changes</h2>
      {items.length ? (
        <DataTable caption="Differences of the environment" items={items} columns={[
          { title: "Machine", text: (d) => d.machine, header: true },
          { title: "Environment", text: (d) => d.environment },
          { title: "What", text: (d) => d.name },
          { title: "Base", text: (d) => d.before },
          { title: "Head", text: (d) => d.after },
        ]} />
      ) : <p class="quiet">None known.</p>}
    </section>
  );
}
