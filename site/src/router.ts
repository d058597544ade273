// Addresses live behind the hash, so the site works from any folder of any web server.
import { useEffect, useState } from "preact/hooks";

export interface Route {
  view: string;
  argument: string;
  query: URLSearchParams;
}

export type Query = Record<string, string | undefined | null>;

export function parse(hash: string): Route {
  const own = hash.startsWith("#/") ? hash.slice(2) : "";
  const [path = "", query = ""] = own.split(/\?(.*)/s);
  const [view = "", ...rest] = path.split("/");
  return { view, argument: decode(rest.join("/")), query: new URLSearchParams(query) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function link(view: string, argument = "", query: Query = {}): string {
  const parts = [view, argument && encodeURIComponent(argument)].filter(Boolean).join("/");
  return `#/${parts}${search(query)}`;
}

function search(query: Query): string {
  const kept = Object.entries(query).filter(([, value]) => value);
  const text = new URLSearchParams(kept as [string, string][]).toString();
  return text && `?${text}`;
}

/** Changes parts of the query of this view; `undefined` removes. Typing and zooming replace, choosing pushes. */
export function setQuery(changes: Query, mode: "replace" | "push" = "replace"): void {
  const { view, argument, query } = parse(location.hash);
  const target = link(view, argument, { ...Object.fromEntries(query), ...changes });
  if (target === location.hash) return;
  if (mode === "push") history.pushState(null, "", target);
  else history.replaceState(history.state, "", target);
  dispatchEvent(new Event("route"));
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parse(location.hash));
  useEffect(() => {
    const read = () => setRoute(parse(location.hash));
    for (const name of ["hashchange", "popstate", "route"]) addEventListener(name, read);
    return () => {
      for (const name of ["hashchange", "popstate", "route"]) removeEventListener(name, read);
    };
  }, []);
  return route;
}
