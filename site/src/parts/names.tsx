import { type Named, paramsText } from "../distinctions";
import { link } from "../router";
import { scenarioTitle } from "../titles";

const AFTER_DOTS = /(?<=[./])/;
const BETWEEN_WORDS = /(?<=_)|(?<=[a-z])(?=[A-Z])/;
const LONG_PART = 20;

/** The pieces of a benchmark's full name between which it may be broken: long words as well as modules. */
function pieces(name: string): string[] {
  return name.split(AFTER_DOTS).flatMap((part) => (part.length > LONG_PART ? part.split(BETWEEN_WORDS) : [part]));
}

/** A long name that breaks between its words, where it must break at all. */
export function Breakable({ name }: { name: string }) {
  return <>{pieces(name).map((part, i) => <>{i > 0 && <wbr />}{part}</>)}</>;
}

/** People's words; a benchmark without a library is called by its full name, which tells its metric too. */
export function SeriesName({ row, metric = row.library !== "", scenario = true, place = "" }: { row: Named; metric?: boolean; scenario?: boolean; place?: string }) {
  return (
    <>
      {metric && <><span class="metric"><bdi>{row.metric.title}</bdi></span> </>}
      {scenario && <span class={metric ? "scenario after" : "scenario"}><bdi><Breakable name={scenarioTitle(row)} /></bdi></span>}
      {row.library && <> <span class="library"><bdi>{row.library}</bdi></span></>}
      {row.params.map(([name, value]) => <> <span class="param"><bdi><Breakable name={`${name}=${value}`} /></bdi></span></>)}
      {place && <> <span class="place quiet"><bdi>{place}</bdi></span></>}
    </>
  );
}

export function seriesText(row: Named): string {
  return [...(row.library ? [row.metric.title] : []), scenarioTitle(row), row.library, paramsText(row)].filter(Boolean).join(" · ");
}

export function SeriesLink({ row, at }: { row: Named; at?: string }) {
  return <a href={link("series", row.id, { at })} title={row.library ? `${row.scenario}: ${row.metric.name}` : undefined}><SeriesName row={row} /></a>;
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
