import { differences, factsAt } from "../../environment";
import { DataTable } from "../../parts/DataTable";
import type { EnvironmentTable } from "../../schema";

/** What else differs between two commits: "Python was bumped here" answers many alarms. */
export function Surroundings({ table, base, head }: { table: EnvironmentTable; base: number; head: number }) {
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
