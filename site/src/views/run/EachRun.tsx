// What each run of a record measured: a row per figure and a column per run, so that runs stand side by side.
import { quantity, scaled, spoken, words } from "../../format";
import { DataTable } from "../../parts/DataTable";
import type { Column } from "../../parts/column";
import type { RunFile, RunSample } from "../../schema";

interface Figure {
  name: string;
  text: (run: RunSample) => string;
  raw?: (run: RunSample) => number | null | undefined;
  unit?: string;
}

/** A variant is a way of its own to run the scenario: each has a table. */
export function EachRun({ run }: { run: RunFile }) {
  const variants = [...new Set(run.runs.map((one) => one.variant))];
  return (
    <>
      {variants.map((variant) => <Variant key={variant} run={run} variant={variant} alone={variants.length === 1} />)}
    </>
  );
}

function Variant({ run, variant, alone }: { run: RunFile; variant: string; alone: boolean }) {
  const runs = run.runs.flatMap((one, i) => (one.variant === variant ? [{ one, title: `run ${i + 1}` }] : []));
  const columns = runs.map(({ one, title }): Column<Figure> => ({
    title, number: true, text: (figure) => figure.text(one), raw: (figure) => figure.raw?.(one), unit: (figure) => figure.unit ?? "", show: (figure) => figure.text(one) && <span class={figure.unit === undefined ? "words" : undefined}><bdi>{figure.text(one)}</bdi></span>,
  }));
  const items = [...ABOUT, ...figuresOf(run)].filter((figure) => runs.some(({ one }) => figure.text(one)));
  return (
    <DataTable caption={alone ? "Each run" : `Variant ${words(variant)}`} showCaption={!alone} items={items}
      columns={[{ title: "Figure", header: true, text: (figure) => figure.name }, ...columns]} />
  );
}

const ABOUT: Figure[] = [
  { name: "round", text: (run) => String(run.round + 1) },
  { name: "warm-up", text: (run) => words(run.warmup) },
  { name: "marked as", text: (run) => (run.outlier ? "outlier" : "") },
];

/** The unit stands once, before its row, unless each number needs it to be read. */
function figuresOf(run: RunFile): Figure[] {
  return Object.entries(run.units).map(([name, unit]) => ({
    name: [run.titles[name] ?? words(name), scaled(unit) ? "" : spoken(unit)].filter(Boolean).join(", "),
    unit,
    raw: ({ figures }) => figures[name],
    text: ({ figures }) => (figures[name] == null ? "" : quantity(figures[name], scaled(unit) ? unit : "")),
  }));
}
