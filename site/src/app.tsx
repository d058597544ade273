import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { loadDrawing } from "./chart/library";
import { setTheme, useDark } from "./colors";
import { type Files, loadFiles, type Site } from "./data";
import { type Loaded, useLoaded } from "./loaded";
import { AnswerLine } from "./parts/AnswerLine";
import { keeps } from "./parts/Filters";
import { Problem } from "./parts/names";
import { Tools } from "./parts/Tools";
import { link, type Route, useRoute } from "./router";
import { nameEntry, settleScroll } from "./scroll";
import type { ViewProps } from "./view-props";
import { Changes } from "./views/Changes";
import { CommitView } from "./views/Commit";
import { Compare } from "./views/Compare";
import { EventView } from "./views/Event";
import { Events } from "./views/Events";
import { Libraries } from "./views/Libraries";
import { Method } from "./views/Method";
import { FIRST_ORDER, Overview, rowsShown } from "./views/Overview";
import { RunView } from "./views/Run";
import { SeriesView } from "./views/Series";

/** A view waits for the table of all series, but for those that can show something without it. */
type View = { title: string; drawn?: true } & (
  | { show: (props: ViewProps) => preact.JSX.Element }
  | { showEarly: (props: { files: Files; route: Route }) => preact.JSX.Element }
);

const VIEWS = new Map<string, View>([
  ["", { title: "Overview", show: Overview }],
  ["series", { title: "Series", showEarly: SeriesView, drawn: true }],
  ["commit", { title: "Commit", showEarly: CommitView }],
  ["compare", { title: "Compare", showEarly: Compare }],
  ["run", { title: "Run", show: RunView, drawn: true }],
  ["events", { title: "Events", show: Events }],
  ["event", { title: "Event", show: EventView }],
  ["changes", { title: "Changes", show: Changes }],
  ["libraries", { title: "Libraries", show: Libraries }],
  ["method", { title: "Method", show: Method }],
]);
const MENU = ["", "events", "libraries", "compare", "method"];

export function App({ onReady }: { onReady: () => void }) {
  const route = useRoute();
  const dark = useDark();
  const files = useLoaded("files", loadFiles);
  const view = VIEWS.get(route.view);
  const early = view !== undefined && "showEarly" in view;
  useEffect(() => {
    if (view?.drawn) void loadDrawing().catch(() => {}); // the chart itself tells of it
  }, [view]);
  useEffect(() => {
    if (route.view === "" && files.value) void files.value.matrix();
  }, [files.value]);
  const table = useSite(files.value, route, early);
  const error = files.error ?? table.error;
  const main = useRef<HTMLElement>(null);
  const ready = Boolean(error ?? (early ? files.value : table.value));
  useLayoutEffect(() => {
    if (ready) onReady();
  }, [ready]);
  useArrival(route, ready, main);
  useEffect(() => {
    document.title = [route.argument.slice(0, 12), view?.title ?? "Not found", files.value?.index.project].filter(Boolean).join(" · ");
  }, [route.view, route.argument, files.value]);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>
        Skip to the content
      </a>
      <Header files={files.value} route={route} dark={dark} />
      <main id="main" tabIndex={-1} ref={main}>
        {files.value && <AnswerLine answer={files.value.index.answer} tracked={files.value.index.tracked} />}
        {!view ? <><h1>Not found</h1><p>Page not found. <a href={link("")}>Overview</a></p></>
          : "showEarly" in view && files.value ? <view.showEarly key={viewKey(route)} files={files.value} route={route} />
          : "show" in view && table.value ? <view.show key={viewKey(route)} site={table.value} route={route} />
          : <Problem text={error} />}
      </main>
      <footer>
        <p>
          Made by asynctasq-tracker. Data as JSON: <a href="latest.json">latest.json</a>. Feeds:{" "}
          <a href="feed.xml">all changes</a>, <a href="feed-worse.xml">regressions</a>.
        </p>
      </footer>
    </>
  );
}

/** The table of all series; its first rows come first where it is large, for the pages as they open. */
function useSite(files: Files | undefined, route: Route, early: boolean): Loaded<Site> {
  const quick = Boolean(files?.index.names.front) && !files?.whole && (opensWithFront(route) || opensRanked(route));
  const front = useLoaded(quick ? firstKey(route) : "", () => (opensWithFront(route) ? withFirst(files!, route, files!.front()) : firstRanked(files!, route)));
  const whole = useLoaded(files && !early && (!quick || front.value || front.error) ? "site" : "", async () => {
    if (quick) await afterPaint();
    return withFirst(files!, route, files!.site());
  });
  return whole.value || whole.error || !quick ? whole : front;
}

/** The overview, the newest changes, and the list of series in its first order. */
function opensWithFront({ view, query }: Route): boolean {
  if (view === "changes") return query.size === 0;
  return view === "" && (query.size === 0 || (query.size === 1 && query.get("order") === FIRST_ORDER));
}

/** A list of series that is filtered, or longer, in its first order. */
function opensRanked({ view, query }: Route): boolean {
  return view === "" && (query.get("order") ?? FIRST_ORDER) === FIRST_ORDER;
}

function firstKey(route: Route): string {
  return opensWithFront(route) ? "front" : `ranked ${route.query}`;
}

function firstRanked(files: Files, { query }: Route): Promise<Site> {
  return files.worstOf(keeps(query), query.get("verdict"), rowsShown(query));
}

/** What is shown first comes with the table: so that nothing moves, and not behind the whole table. */
async function withFirst(files: Files, route: Route, table: Promise<Site>): Promise<Site> {
  const [site] = await Promise.all([table, opensWithFront(route) ? firstOf(files, route) : undefined]);
  return site;
}

function firstOf(files: Files, { view, query }: Route): Promise<unknown> | undefined {
  if (view === "changes") return files.commits();
  if (query.size === 0) return files.matrix();
  return files.index.names.front ? files.sparks(0) : undefined;
}

function afterPaint(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

function viewKey(route: Route): string {
  return `${route.view}/${route.argument}`;
}

/** Moves the focus to a view that has come, and scrolls to where it begins, or was left. */
function useArrival(route: Route, ready: boolean, main: { current: HTMLElement | null }): void {
  const shown = useRef("");
  useEffect(() => {
    if (!ready) return;
    const before = shown.current;
    shown.current = viewKey(route);
    if (!before || before === shown.current) {
      nameEntry();
      return;
    }
    main.current?.focus({ preventScroll: true });
    settleScroll();
  }, [route, ready]);
}

const PARENTS = new Map([["event", "events"], ["changes", "events"]]);

function Header({ files, route, dark }: { files: Files | undefined; route: Route; dark: boolean }) {
  const current = PARENTS.get(route.view) ?? route.view;
  const menu = MENU.filter((name) => name !== "libraries" || !files || files.libraries.length > 1);
  return (
    <header class="top">
      <a class="brand" href={link("")}>
        <span class="logo" aria-hidden="true" /><bdi>{files?.index.project}</bdi> <span class="quiet">performance</span>
      </a>
      <nav aria-label="Views">
        <ul>
          {menu.map((name) => (
            <li>
              <a href={link(name)} aria-current={current === name ? "page" : undefined}>{VIEWS.get(name)!.title}</a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="page-tools">
        <Tools route={route} />
            <button type="button" class="theme" onClick={() => setTheme(dark ? "light" : "dark")}>
              {dark ? "Light" : "Dark"}<span class="hidden"> theme</span>
            </button>
      </div>
    </header>
  );
}
