// The first charts: what matters most of the tracked library, by scenario, each with its control behind it.
import { groupBy } from "../../groups";
import type { Row, Site } from "../../data";
import { quantity, ratio, words } from "../../format";
import { reachText, Sparkline } from "../../parts/Sparkline";
import { VerdictMark } from "../../parts/Verdict";
import { paramsText } from "../../distinctions";
import { atFirst } from "../../phone";
import { link } from "../../router";
import type { Matrix as MatrixFile } from "../../schema";
import { scenarioTitle } from "../../titles";

/** Verdicts that have a colour in a small chart. */
const MARKED = ["worse", "better"];
/** So many cells stand open. */
const FEW = 30;
/** Groups that stand open at most, the first of them always. */
const MOST_OPEN = 6;
/** On a phone, where a cell takes half of a line, no more cells than this. */
const PHONE_CELLS = 12;

export function Matrix({ site, file }: { site: Site; file: MatrixFile }) {
  const groups = groupBy(file.row.map((_, i) => i), (i) => nameOf(site.row(file.row[i]!), site));
  const controls = [...new Set(file.control.flatMap((i, at) => (i !== null && file.control_line[at] ? [site.row(i).library] : [])))];
  const few = file.row.length <= FEW;
  const notable = [...groups.values()].map((cells) => few || cells.some((i) => isNotable(site.row(file.row[i]!))));
  const marked = MARKED.filter((verdict) => file.row.some((row, i) => file.mark[i] !== null && site.row(row).verdict === verdict));
  const open = opened([...groups.values()].map((cells) => cells.length), notable);
  return (
    <section aria-labelledby="matrix" class="matrix">
      <h2 id="matrix"><bdi>{site.index.tracked}</bdi>: what matters most</h2>
      <p class="quiet legend-line">
        Each chart shows the newest points; its top and bottom lie <span class="unbroken">20 %</span>, <span class="unbroken">50 %</span> or <span class="unbroken">100 %</span> above and below their middle, as marked. <span class="unbroken"><span class="key line" /> <bdi>{site.index.tracked}</bdi></span>
        {controls.length > 0 && <> <span class="unbroken"><span class="key control" /> <bdi>{controls[0]}</bdi></span>{controls.slice(1).map((name) => <>, <bdi>{name}</bdi></>)}, the {controls.length > 1 ? "controls" : "control"}</>}
        {marked.map((verdict) => <> <span class="unbroken"><span class={`key after ${verdict}`} />{words(verdict)} since a change</span></>)}
      </p>
      {file.row.length < file.series && <p class="quiet">{file.row.length} of {file.series}; <a href={link("", "", { library: site.index.tracked, order: "worst first" })}>all series of <bdi>{site.index.tracked}</bdi></a></p>}
      {[...groups].map(([name, cells], at) => (
        <Group key={name} name={name} open={open[at]!} site={site} file={file} cells={cells} />
      ))}
    </section>
  );
}

/** Which groups of so many cells stand open: those with news, else the first, as far as there is room. */
function opened(sizes: number[], notable: boolean[]): boolean[] {
  const room = atFirst(Number.POSITIVE_INFINITY, PHONE_CELLS);
  const first = atFirst(0, Math.max(0, notable.indexOf(true)));
  let cells = 0;
  return sizes.map((size, at) => {
    const open = at === first || (at < MOST_OPEN && notable[at]! && cells + size <= room);
    if (open) cells += size;
    return open;
  });
}

function nameOf(row: Row, site: Site): string {
  return [scenarioTitle(row), paramsText(row), site.manyPlaces && row.place].filter(Boolean).join(" · ");
}

function isNotable(row: Row): boolean {
  return row.verdict === "worse" || row.verdict === "suspected" || row.outcome === "failed";
}

interface GroupProps {
  name: string;
  open: boolean;
  site: Site;
  file: MatrixFile;
  cells: number[];
}

function Group({ name, open, site, file, cells }: GroupProps) {
  const worse = cells.filter((i) => site.row(file.row[i]!).verdict === "worse").length;
  return (
    <details open={open}>
      <summary><h3><bdi>{name}</bdi></h3>{worse > 0 && <> <span class="unbroken"><VerdictMark verdict="worse" /> {worse}</span></>}</summary>
      <ul class="cells">{cells.map((i) => <Cell row={site.row(file.row[i]!)} file={file} i={i} />)}</ul>
    </details>
  );
}

function Cell({ row, file, i }: { row: Row; file: MatrixFile; i: number }) {
  return (
    <li class={isNotable(row) ? row.verdict : undefined}>
      <a href={link("series", row.id, { with: undefined })}>
        <span class="name"><bdi>{row.metric.title}</bdi></span>
        <span class="spark"><Sparkline line={file.line[i]!} mark={file.mark[i]!} verdict={row.verdict} control={file.control_line[i]} /></span>
        <span class="value"><b>{quantity(row.value, row.metric.unit)}</b> <span class="quiet unbroken">{row.metric.better} is better</span></span>
        <span class="value"><VerdictMark verdict={row.verdict} />{row.change !== null && <> <span class="unbroken">{ratio(row.change)}</span></>}{row.outcome === "failed" && <> <span class="flag">latest run failed</span></>}<span class="reach quiet">{reachText(file.reach[i])}</span></span>
      </a>
    </li>
  );
}
