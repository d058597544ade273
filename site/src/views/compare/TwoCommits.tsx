import { useEffect } from "preact/hooks";
import { findCommit, nameOfCommit } from "../../commits";
import type { Site } from "../../data";
import { day } from "../../format";
import { useLoaded } from "../../loaded";
import { Filters, keeps } from "../../parts/Filters";
import { Problem, Sha, Tags } from "../../parts/names";
import { setQuery } from "../../router";
import type { Commits, CommitTexts } from "../../schema";
import { PairTable } from "./PairTable";
import { Surroundings } from "./Surroundings";

const OFFERED = 300;

export function TwoCommits({ site, query }: { site: Site; query: URLSearchParams }) {
  const loaded = useLoaded("commits and texts", () => Promise.all([site.commits(), site.texts()]));
  if (!loaded.value) return <Problem text={loaded.error} />;
  return <Chosen site={site} query={query} commits={loaded.value[0]} texts={loaded.value[1]} />;
}

interface ChosenProps {
  site: Site;
  query: URLSearchParams;
  commits: Commits;
  texts: CommitTexts;
}

/** Without a choice: the newest two releases, or the newest two commits, and the address then names them. */
function Chosen({ site, query, commits, texts }: ChosenProps) {
  const measured = texts.values_file.flatMap((file, position) => (file ? [position] : []));
  const releases = measured.filter((position) => commits.tags[position]);
  const before = (head: number) => releases.findLast((p) => p < head) ?? measured.findLast((p) => p < head);
  const name = (position: number | undefined) => (position === undefined ? "" : nameOfCommit(commits, position));
  const headName = query.get("head")?.trim() || name((releases.length > 1 ? releases : measured).at(-1));
  const head = findCommit(commits, headName);
  const baseName = query.get("base")?.trim() || name(before(head));
  const base = findCommit(commits, baseName);
  useEffect(() => {
    if (base >= 0 && head >= 0) setQuery({ base: baseName, head: headName });
  }, [base, head]);
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <CommitInput label="Base" name="base" value={baseName} />
        <CommitInput label="Head" name="head" value={headName} />
        <button type="button" onClick={() => setQuery({ base: headName, head: baseName }, "push")}>Swap</button>
        <datalist id="releases">
          {measured.toReversed().slice(0, OFFERED).map((position) => (
            <option value={nameOfCommit(commits, position)}>{texts.subject[position]!.slice(0, 60)}</option>
          ))}
        </datalist>
      </form>
      {base < 0 || head < 0 ? <Unknown names={[head < 0 ? headName : "", base < 0 ? baseName : ""].filter(Boolean)} /> : (
        <>
          <End title="Base" commits={commits} texts={texts} position={base} />
          <End title="Head" commits={commits} texts={texts} position={head} />
          <Filters site={site} query={query} />
          <h2>Differences</h2>
          <PairTable site={site} commits={commits} base={base} head={head} keep={keeps(query)} />
          <Surroundings site={site} base={base} head={head} />
        </>
      )}
    </>
  );
}

function Unknown({ names }: { names: string[] }) {
  if (!names.length) return <p class="problem">Select two measured commits.</p>;
  return <p class="problem">There is no commit or release <bdi>{names.join(", ")}</bdi> in these results. Name a commit by its hash, a release by its tag.</p>;
}

function CommitInput({ label, name, value }: { label: string; name: string; value: string }) {
  return (
    <label>
      {label}{" "}
      <input type="text" list="releases" value={value} spellcheck={false} autocomplete="off"
        onChange={(event) => setQuery({ [name]: event.currentTarget.value }, "push")} />
    </label>
  );
}

function End({ title, commits, texts, position }: { title: string; commits: Commits; texts: CommitTexts; position: number }) {
  return (
    <p>
      <b>{title}</b> <Sha sha={commits.sha[position]!} /><Tags tags={commits.tags[position]} /> <bdi>{texts.subject[position]}</bdi>{" "}
      <span class="quiet unbroken">{day(commits.date_s[position]!)}</span>
    </p>
  );
}
