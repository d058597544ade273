import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { type Files, loadFiles, type Site, useLoaded } from "./data";
import { Problem } from "./parts/names";
import { ThemeButton } from "./parts/ThemeButton";
import { link, type Route, useRoute } from "./router";
import { Changes } from "./views/Changes";
import { CommitView } from "./views/Commit";
import { Compare } from "./views/Compare";
import { Libraries } from "./views/Libraries";
import { Method } from "./views/Method";
import { Overview } from "./views/Overview";
import { RunView } from "./views/Run";
import { SeriesView } from "./views/Series";

export interface ViewProps {
  site: Site;
  route: Route;
}

interface View {
  title: string;
  show: (props: ViewProps) => preact.JSX.Element;
}

// A link to a series shows its chart before the table of all series is there.
const VIEWS: Record<string, View> = {
  "": { title: "Overview", show: Overview },
  series: { title: "Series", show: ({ site, route }) => <SeriesView files={site} route={route} /> },
  commit: { title: "Commit", show: CommitView },
  compare: { title: "Compare", show: Compare },
  run: { title: "Run", show: RunView },
  changes: { title: "Changes", show: Changes },
  libraries: { title: "Libraries", show: Libraries },
  method: { title: "Method", show: Method },
};
const MENU = ["", "changes", "libraries", "compare", "method"];

export function App({ onReady }: { onReady: () => void }) {
  const route = useRoute();
  const files = useLoaded("files", loadFiles);
  const early = route.view === "series";
  useEffect(() => {
    if (route.view === "" && files.value?.index.names.sparks.length) void files.value.sparks(0);
  }, [files.value]);
  const table = useLoaded(files.value && !early ? "site" : "", () => files.value!.site());
  const site: { value?: Files; error?: string } = early || files.error ? files : table;
  const main = useRef<HTMLElement>(null);
  const view = VIEWS[route.view];
  const ready = Boolean(site.value ?? site.error);
  useLayoutEffect(() => {
    if (ready) onReady();
  }, [ready]);
  const place = `${route.view}/${route.argument}`;
  const first = useRef(true);
  useEffect(() => {
    if (!ready) return;
    document.title = [route.argument.slice(0, 12), view?.title ?? "Not found", files.value?.index.project].filter(Boolean).join(" · ");
    if (!first.current) {
      main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    first.current = false;
  }, [place, ready]);
  const project = files.value?.index.project ?? "";
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href={link("")}>
          <span class="logo" aria-hidden="true" /><bdi>{project}</bdi> <span class="quiet">performance</span>
        </a>
        <nav aria-label="Views">
          <ul>
            {MENU.map((name) => (
              <li>
                <a href={link(name)} aria-current={route.view === name ? "page" : undefined}>{VIEWS[name]!.title}</a>
              </li>
            ))}
            <li><ThemeButton /></li>
          </ul>
        </nav>
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        {site.value ? (
          view ? <view.show key={place} site={site.value as Site} route={route} /> : <p class="problem">There is no such page. <a href={link("")}>Overview</a></p>
        ) : (
          <Problem text={site.error} />
        )}
      </main>
      <footer>
        <p>
          Made by asynctasq-tracker. Data are plain JSON: <a href="latest.json">latest.json</a>. Feeds:{" "}
          <a href="feed.xml">all changes</a>, <a href="feed-worse.xml">what got worse</a>.
        </p>
      </footer>
    </>
  );
}
