import { setQuery } from "../../router";

interface Props {
  query: URLSearchParams;
  /** What lies along the x-axis, if it is a parameter; "" before one is known, or where there is none. */
  param: string | undefined;
  /** The parameters that may. */
  scaling: string[];
  /** Whether there are samples to draw. */
  hasSamples: boolean;
}

/** What lies along the x-axis, and what is drawn. */
export function Controls({ query, param, scaling, hasSamples }: Props) {
  const x = param === undefined ? (query.get("x") === "date" ? "date" : "commit") : `param:${param}`;
  const offered = param === undefined || scaling.includes(param) ? scaling : [...scaling, param];
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <label>
        Across{" "}
        <select value={x} onChange={(event) => setQuery({ x: event.currentTarget.value === "commit" ? undefined : event.currentTarget.value }, "push")}>
          <option value="commit">commits</option>
          <option value="date" selected={x === "date"}>dates</option>
          {offered.map((name) => <option value={`param:${name}`} selected={x === `param:${name}`}>{name || "a parameter"}</option>)}
        </select>
      </label>
      {param === undefined && (
        <>
          {hasSamples && <Check label="Samples" checked={query.get("samples") !== "no"} onChange={(on) => setQuery({ samples: on ? undefined : "no" })} />}
          <Check label="From zero" checked={query.get("zero") === "yes"} onChange={(on) => setQuery({ zero: on ? "yes" : undefined })} />
          <Check label="Logarithmic" checked={query.get("log") === "yes"} onChange={(on) => setQuery({ log: on ? "yes" : undefined })} />
        </>
      )}
    </form>
  );
}

function Check({ label, checked, onChange }: { label: string; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}
