import { explanationPath, type Site } from "../../data";
import { useLoaded } from "../../loaded";
import { Behind } from "../../parts/Behind";
import { DataTable } from "../../parts/DataTable";
import { Problem } from "../../parts/names";
import type { Cause, ScenarioExplanation } from "../../schema";
import { scenarioTitle } from "../../titles";
import { CostBars } from "./CostBars";

const KINDS = new Map([
  ["command", "broker command"], ["function", "Python"], ["c_code", "calls C code"], ["waiting", "waits"],
  ["allocation", "allocates"], ["import", "import"], ["dependency", "another version"],
]);

/** How the first line begins where no heading stands above it. */
const HEAD = /^Why \((.*?)\): /;

/** Why an event happened, from what was counted at both commits. */
export function Why({ site, file, direction }: { site: Site; file: string; direction: string }) {
  const loaded = useLoaded(file, () => site.explanation(file));
  if (!loaded.value) return <Problem text={loaded.error} />;
  const { lines, explanation } = loaded.value;
  return (
    <section aria-labelledby="why">
      <h2 id="why">Why</h2>
      {lines.length > 0 ? <ul class="why">{lines.map((line) => <li><bdi>{line.replace(HEAD, "$1: ")}</bdi></li>)}</ul>
        : <p>What was counted is the same on both sides, so counting cannot say.</p>}
      {explanation.scenarios.map((scenario) => <Causes scenario={scenario} direction={direction} several={explanation.scenarios.length > 1} />)}
      <p><a href={explanationPath(file)}>explain.json</a></p>
    </section>
  );
}

function Causes({ scenario, direction, several }: { scenario: ScenarioExplanation; direction: string; several: boolean }) {
  if (!scenario.causes.length) return null;
  return (
    <>
      {several && <h3><bdi>{scenarioTitle(scenario)}</bdi></h3>}
      <CostBars causes={scenario.causes.filter(({ unit }) => unit === "lines")} direction={direction} />
      <Behind title="Table of functions and commands">
        <DataTable caption={`What differs in ${scenarioTitle(scenario)}`} items={scenario.causes} columns={[
          { title: "What", header: true, text: ({ name }) => name, show: ({ name }) => <code><bdi>{name}</bdi></code> },
          { title: "Where", text: whereText },
          { title: "Kind", text: ({ kind }) => KINDS.get(kind) ?? kind },
          { title: "Side", text: ({ role }) => role },
          { title: "Before", number: true, raw: ({ base }) => base, text: ({ base }) => base.toLocaleString("en-US") },
          { title: "After", number: true, raw: ({ head }) => head, text: ({ head }) => head.toLocaleString("en-US") },
          { title: "Per task", text: ({ unit }) => unit },
          { title: "Code", text: ({ code }) => code },
        ]} />
      </Behind>
    </>
  );
}

function whereText({ place, senders }: Cause): string {
  return place || (senders ?? []).map((sender) => `${sender.function} (${sender.place})`).join(", ");
}
