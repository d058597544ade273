// What stands on every page: a search, a link to copy, and the keys.
import { useEffect, useRef, useState } from "preact/hooks";
import { link, type Route, setQuery } from "../router";

const KEYS = [
  ["/", "search"],
  ["?", "these keys"],
  ["← →", "the points of a chart (with Shift, ten at a time)"],
  ["+ −", "zoom around the selected point"],
  ["0", "show the whole chart"],
  ["Enter", "open the selected commit"],
] as const;

export function Tools({ route }: { route: Route }) {
  const field = useRef<HTMLInputElement>(null);
  const help = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "/") field.current?.focus();
      else if (event.key === "?") help.current?.showModal();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const search = (text: string) => {
    if (route.view === "") setQuery({ q: text || undefined, rows: undefined });
    else location.hash = link("", "", { q: text });
  };
  return (
    <>
      <form class="search" role="search" aria-label="All series" onSubmit={(event) => { event.preventDefault(); search(field.current!.value.trim()); }}>
        <input ref={field} type="search" aria-label="Search all series" aria-keyshortcuts="/" placeholder="Search  /" />
      </form>
      <CopyLink />
      <button type="button" class="theme" aria-keyshortcuts="?" onClick={() => help.current?.showModal()}>?<span class="hidden"> Keys</span></button>
      <dialog ref={help} aria-label="Keys">
        <h2>Keys</h2>
        <dl class="facts">{KEYS.map(([key, what]) => <><dt><kbd>{key}</kbd></dt><dd>{what}</dd></>)}</dl>
        <form method="dialog"><button type="submit">Close</button></form>
      </dialog>
    </>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|select|textarea)$/i.test(target.tagName));
}

/** The address holds everything that is shown. */
function CopyLink() {
  const [said, setSaid] = useState("");
  const copy = () => navigator.clipboard.writeText(location.href).then(() => setSaid("copied"), () => setSaid("not allowed"));
  return (
    <button type="button" class="theme" onClick={copy} onBlur={() => setSaid("")}>
      Copy link<span role="status">{said && `: ${said}`}</span>
    </button>
  );
}
