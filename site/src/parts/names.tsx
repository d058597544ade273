import { type Named, paramsText } from "../distinctions";
import { link } from "../router";

/** Where the full name of a benchmark may be broken. */
const AFTER_DOTS = /(?<=\.)/;

/** A benchmark without a library is called by its full name, which tells its metric too. */
export function SeriesName({ row, metric = row.library !== "" }: { row: Named; metric?: boolean }) {
  return (
    <>
      <span class="scenario"><bdi>{row.scenario.split(AFTER_DOTS).map((part, i) => <>{i > 0 && <wbr />}{part}</>)}</bdi></span>
      {row.library && <> <span class="library"><bdi>{row.library}</bdi></span></>}
      {metric && <> <span class="metric"><bdi>{row.metric.name}</bdi></span></>}
      {row.params.map(([name, value]) => <> <span class="param"><bdi>{name}={value}</bdi></span></>)}
    </>
  );
}

export function seriesText(row: Named): string {
  return [row.scenario, ...(row.library ? [row.library, row.metric.name] : []), paramsText(row)].filter(Boolean).join(" ");
}

export function SeriesLink({ row, at }: { row: Named; at?: string }) {
  return <a href={link("series", row.id, { at })}><SeriesName row={row} /></a>;
}

export function Sha({ sha }: { sha: string }) {
  return <a class="sha" href={link("commit", sha)}><code>{sha.slice(0, 8)}</code></a>;
}

export function Tags({ tags }: { tags: string[] | undefined }) {
  return <>{tags?.map((tag) => <> <span class="tag"><bdi>{tag}</bdi></span></>)}</>;
}

export function Problem({ text }: { text: string | undefined }) {
  return text ? <p class="problem" role="alert">{text}</p> : <p class="quiet loading">Reading…</p>;
}
