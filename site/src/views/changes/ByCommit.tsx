// Which commits changed most, and what: a row per commit, a column per library, scenario, metric or machine.
import type { Site } from "../../data";
import { day } from "../../format";
import { useLoaded } from "../../loaded";
import { DataTable } from "../../parts/DataTable";
import type { Column } from "../../parts/column";
import { distinct, FIELDS } from "../../parts/Filters";
import { Sha, Tags } from "../../parts/names";
import { ChangeMark, changeWords } from "../../parts/Verdict";
import { link } from "../../router";
import type { Commits } from "../../commits";
import type { Listed } from "./ChangeList";

/** Titles with more letters than these do not fit side by side. */
const MOST_LETTERS = 110;
const KINDS = ["worse", "better", "suspected", "no_change"] as const;

interface Brought {
  position: number;
  changes: Listed[];
}

/** What a table of commits may have as its columns: what differs among the series, if not too much. */
export function groupings(site: Site): string[] {
  return Object.keys(FIELDS).filter((name) => {
    const values = distinct(FIELDS[name]!.all(site.table));
    return values.length > 1 && values.join("").length <= MOST_LETTERS;
  });
}

export function ByCommit({ site, changes, commits, by }: { site: Site; changes: Listed[]; commits: Commits; by: string }) {
  const texts = useLoaded("texts", () => site.texts()).value;
  const { of, write } = FIELDS[by]!;
  const items = [...new Set(changes.map((change) => change.position))]
    .map((position): Brought => ({ position, changes: changes.filter((change) => change.position === position) }));
  const sha = ({ position }: Brought) => commits.sha[position]!;
  const columns = distinct(changes.map((change) => of(change.row))).map((value): Column<Brought> => {
    const here = (brought: Brought) => brought.changes.filter((change) => of(change.row) === value);
    return {
      title: write ? write(value, site) : value,
      text: (brought) => KINDS.flatMap((kind) => told(here(brought), kind)).join(", "),
      show: (brought) => <Cell changes={here(brought)} href={link("changes", "", { commit: sha(brought), [by]: value })} />,
    };
  });
  const seen = KINDS.filter((kind) => changes.some((change) => change.verdict === kind));
  return (
    <>
      <p class="quiet">Number of series: {seen.map((kind, i) => <>{i > 0 && ", "}<ChangeMark verdict={kind} /></>)}.</p>
      <DataTable caption={`Changes by commit and ${by}`} items={items} step={60} columns={[
        { title: "Commit", header: true, text: sha, show: (brought) => <><Sha sha={sha(brought)} /><Tags tags={commits.tags[brought.position]} /></> },
        { title: "Date", short: true, text: ({ position }) => day(commits.date_s[position]!) },
        { title: "Subject", text: ({ position }) => texts?.subject[position] ?? "" },
        ...columns,
      ]} />
    </>
  );
}

function told(changes: Listed[], kind: string): string[] {
  const n = changes.filter((change) => change.verdict === kind).length;
  return n ? [`${n.toLocaleString("en-US")} ${changeWords(kind)}`] : [];
}

/** The ground is that of the worst; marks and numbers say the rest. */
function Cell({ changes, href }: { changes: Listed[]; href: string }) {
  const numbers = KINDS.map((kind) => [kind, changes.filter((change) => change.verdict === kind).length] as const).filter(([, n]) => n > 0);
  if (!numbers.length) return null;
  return (
    <a class={`ground plain ${numbers[0]![0]}`} href={href}>
      {numbers.map(([kind, n]) => (
        <span class={`verdict ${kind}`}><span class="mark" aria-hidden="true" />{n.toLocaleString("en-US")}<span class="hidden"> {changeWords(kind)}</span></span>
      ))}
    </a>
  );
}
