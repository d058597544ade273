import { cssColor, look } from "../colors";
import { type Commits, findCommit, nameOfCommit } from "../commits";
import type { Site } from "../data";
import { useLoaded } from "../loaded";
import { distinct, Select } from "../parts/Filters";
import { Problem, Sha, Tags } from "../parts/names";
import { link } from "../router";
import { runBefore, runsAt } from "../runs";
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
      {sha && here.length === 0 && <p>There is no run record for this commit, only asv’s results: <a href={link("commit", sha)}>all that was measured here</a>.</p>}
      {here.length > 0 && chosen === undefined && <p>This combination was not measured at this commit.</p>}
      {chosen !== undefined && <One site={site} commits={commits} runs={runs} row={chosen} />}
    </>
  );
}

/** The run, and the one before it behind it. */
function One({ site, commits, runs, row }: { site: Site; commits: Commits; runs: RunTable; row: number }) {
  const rows = [row, runBefore(runs, row)].filter((one) => one !== undefined);
  const files = rows.map((one) => runs.file[one]!);
  const loaded = useLoaded(files.join(), () => Promise.all(files.map((file) => site.run(file))));
  if (!loaded.value) return <Problem text={loaded.error} />;
  const [run, earlier] = loaded.value;
  const number = Math.max(0, site.libraries.indexOf(run!.library));
  const position = runs.position[rows[1] ?? row]!;
  const { scenario, library, machine, environment } = run!;
  const before = earlier && {
    run: earlier,
    name: nameOfCommit(commits, position).slice(0, commits.tags[position] ? undefined : 8),
    href: link("run", commits.sha[position], { scenario, library, machine, environment }),
    look: { stroke: cssColor("quiet"), dash: [5, 4] },
  };
  return <RunBody key={files[0]} run={run!} look={{ ...look(number), dash: [] }} before={before} />;
}
