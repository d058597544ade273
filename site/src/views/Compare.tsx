import type { Files } from "../data";
import { useLoaded } from "../loaded";
import { Problem } from "../parts/names";
import { link, type Route } from "../router";
import { TwoCommits } from "./compare/TwoCommits";
import { TwoLibraries } from "./compare/TwoLibraries";

export function Compare({ files, route: { query } }: { files: Files; route: Route }) {
  const byLibrary = query.has("a") || query.has("b");
  const [a, b] = files.libraries;
  return (
    <>
      <h1>Compare</h1>
      {b !== undefined && (
        <p class="tabs">
          <a href={link("compare")} aria-current={!byLibrary ? "page" : undefined}>Two commits</a>
          <a href={link("compare", "", { a, b })} aria-current={byLibrary ? "page" : undefined}>Two libraries</a>
        </p>
      )}
      {byLibrary ? <Libraries files={files} query={query} /> : <TwoCommits files={files} query={query} />}
    </>
  );
}

function Libraries({ files, query }: { files: Files; query: URLSearchParams }) {
  const site = useLoaded("site", () => files.site());
  return site.value ? <TwoLibraries site={site.value} query={query} /> : <Problem text={site.error} />;
}
