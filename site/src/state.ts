import type { Triage } from "./schema";

/** What the state of a change is called: people's decisions come before what the detector says. */
export function stateOf(change: { status: string; triage?: Triage | null }): string {
  if (change.triage) return change.triage.action === "accept" ? "accepted" : "silenced";
  return change.status === "suspected" ? "new" : change.status;
}
