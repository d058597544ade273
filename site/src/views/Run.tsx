import { look } from "../colors";
import { type Commits, findCommit } from "../commits";
import type { Site } from "../data";
import { useLoaded } from "../loaded";
import { distinct, Select } from "../parts/Filters";
import { Problem, Sha, Tags } from "../parts/names";
import { runsAt } from "../runs";
import type { RunTable } from "../schema";
import { scenarioTitle } from "../titles";
import type { ViewProps } from "../view-props";
import { RunBody } from "./run/RunBody";

export function RunView({ site, route }: ViewProps) {
  const loaded = useLoaded("runs and commits", () => Promise.all([site.commits(), site.runs()]));
  if (!loaded.value) return <Problem text={loaded.error} />;
  const [commits, runs] = loaded.value;
  const position = findCommit(commits, route.argument);
  return <Runs site={site} commits={commits} runs={runs} position={position} query={route.query} />;
}

interface Props {
  site: Site;
  commits: Commits;
  runs: RunTable;
  position: number;
  query: URLSearchParams;
}

function Runs({ site, commits, runs, position, query }: Props) {
  const here = runsAt(runs, position);
  const fields = { scenario: runs.scenario, library: runs.library, machine: runs.machine, environment: runs.environment };
  const fits = here.filter((i) => Object.entries(fields).every(([name, of]) => !query.get(name) || of[i] === query.get(name)));
  const chosen = fits[0];
  const sha = commits.sha[position];
  return (
    <>
      <h1>{chosen === undefined ? "Run" : <bdi>{scenarioTitle({ scenario: runs.scenario[chosen]! })}, {runs.library[chosen]}</bdi>}{sha && <> at <Sha sha={sha} /></>}<Tags tags={commits.tags[position]} /></h1>
      {here.length > 0 && (
        <form class="filters" onSubmit={(event) => event.preventDefault()}>
          {Object.entries(fields).map(([name, of]) => (
            <Select name={name} chosen={chosen === undefined ? null : of[chosen]!} options={distinct(here.map((i) => of[i]!))} all="" write={name === "scenario" ? (value) => scenarioTitle({ scenario: value }) : undefined} />
          ))}
        </form>
      )}
      {!sha && <p class="problem">There is no such commit in these results.</p>}
      {sha && here.length === 0 && <p>There is no run record for this commit, only asv’s results.</p>}
      {here.length > 0 && chosen === undefined && <p>This combination was not measured at this commit.</p>}
      {chosen !== undefined && <One site={site} file={runs.file[chosen]!} />}
    </>
  );
}

function One({ site, file }: { site: Site; file: string }) {
  const run = useLoaded(file, () => site.run(file));
  if (!run.value) return <Problem text={run.error} />;
  const number = Math.max(0, site.libraries.indexOf(run.value.library));
  return <RunBody key={file} run={run.value} look={{ ...look(number), dash: [] }} />;
}
