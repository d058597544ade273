import { useEffect } from "preact/hooks";
import { type Commits, findCommit, nameOfCommit } from "../../commits";
import type { Files, PartSite } from "../../data";
import { day } from "../../format";
import { useLoaded } from "../../loaded";
import { Filters, keeps } from "../../parts/Filters";
import { Problem, Sha, Tags } from "../../parts/names";
import { link, setQuery } from "../../router";
import type { ChangeTable, CommitTexts } from "../../schema";
import { ChangeList, listChanges } from "../changes/ChangeList";
import { PairTable } from "./PairTable";
import { Surroundings } from "./Surroundings";

const OFFERED = 300;

export function TwoCommits({ files, query }: { files: Files; query: URLSearchParams }) {
  const loaded = useLoaded("commits and texts", () => Promise.all([files.commits(), files.texts()]));
  if (!loaded.value) return <Problem text={loaded.error} />;
  return <Chosen files={files} query={query} commits={loaded.value[0]} texts={loaded.value[1]} />;
}

interface ChosenProps {
  files: Files;
  query: URLSearchParams;
  commits: Commits;
  texts: CommitTexts;
}

/** Without a choice: the newest two releases, or the newest two commits, and the address then names them. */
function Chosen({ files, query, commits, texts }: ChosenProps) {
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
          <Between files={files} query={query} commits={commits} base={base} head={head} />
        </>
      )}
    </>
  );
}

interface BetweenProps {
  files: Files;
  query: URLSearchParams;
  commits: Commits;
  base: number;
  head: number;
}

/** Where the table is large, what changed comes without it; every series, and a filter of them, on request. */
function Between({ files, query, commits, base, head }: BetweenProps) {
  const asked = [...query.keys()].some((name) => name !== "base" && name !== "head");
  const whole = !files.hasPeriods || base >= head || asked;
  const loaded = useLoaded(`${base} ${head} ${whole}`, () => read(files, base, head, whole));
  useEffect(() => {
    if (loaded.value) performance.mark("view-ready");
  }, [loaded.value]);
  if (!loaded.value) return <Problem text={loaded.error} />;
  const { site, changes, environments } = loaded.value;
  return (
    <>
      {site.isPart ? <Changed site={site as PartSite} changes={changes} query={query} commits={commits} base={base} head={head} /> : (
        <>
          <Filters site={site} query={query} />
          <h2>Differences</h2>
          <PairTable site={site} commits={commits} base={base} head={head} keep={keeps(query)} />
        </>
      )}
      <Surroundings table={environments} base={base} head={head} />
    </>
  );
}

async function read(files: Files, base: number, head: number, whole: boolean) {
  const [site, environments] = await Promise.all([whole ? files.site() : files.between(base + 1, head), files.environments()]);
  return { site, environments, changes: await site.changes() };
}

function Changed({ site, changes, query, commits, base, head }: Omit<BetweenProps, "files"> & { site: PartSite; changes: ChangeTable }) {
  const between = listChanges(site, changes).filter(({ position, state }) => position > base && position <= head && state !== "withdrawn");
  const all = link("compare", "", { ...Object.fromEntries(query), all: "yes" });
  return (
    <section aria-labelledby="between">
      <h2 id="between">Changes between the two</h2>
      <ChangeList site={site} changes={between} commits={commits} showCommit empty="No change between the two." />
      <p>{site.isCut && "These are the newest. "}<a href={all}>Every series at both, changed or not</a></p>
    </section>
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
