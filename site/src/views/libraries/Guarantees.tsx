// What the libraries promise: numbers alone would set unlike things side by side.
import { Behind } from "../../parts/Behind";
import { DataTable } from "../../parts/DataTable";
import { PHONE } from "../../phone";
import type { Guarantees as Promised } from "../../schema";

export function Guarantees({ known }: { known: Promised[] }) {
  if (known.length < 2) return null;
  return (
    <section aria-labelledby="guarantees">
      <h2 id="guarantees">What they guarantee</h2>
      <Behind title="Broker, acknowledgement, killed workers" open={!PHONE.matches}>
        <DataTable caption="Guarantees of the libraries" items={known} columns={[
          { title: "Library", header: true, text: (one) => one.library },
          { title: "Broker", text: (one) => one.broker },
          { title: "A task is acknowledged", text: (one) => one.acknowledged },
          { title: "Tasks in progress, if the worker is killed", text: (one) => one.killed, wide: true },
        ]} />
      </Behind>
    </section>
  );
}
