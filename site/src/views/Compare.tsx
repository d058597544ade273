import { link } from "../router";
import type { ViewProps } from "../view-props";
import { TwoCommits } from "./compare/TwoCommits";
import { TwoLibraries } from "./compare/TwoLibraries";

export function Compare({ site, route: { query } }: ViewProps) {
  const byLibrary = query.has("a") || query.has("b");
  const [a, b] = site.libraries;
  return (
    <>
      <h1>Compare</h1>
      {b !== undefined && (
        <p class="tabs">
          <a href={link("compare")} aria-current={!byLibrary ? "page" : undefined}>Two commits</a>
          <a href={link("compare", "", { a, b })} aria-current={byLibrary ? "page" : undefined}>Two libraries</a>
        </p>
      )}
      {byLibrary ? <TwoLibraries site={site} query={query} /> : <TwoCommits site={site} query={query} />}
    </>
  );
}
