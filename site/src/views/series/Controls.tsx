import { setQuery } from "../../router";

/** What lies along the x-axis, and what is drawn; *scaling* are the parameters that may. */
export function Controls({ query, scaling }: { query: URLSearchParams; scaling: string[] }) {
  const x = query.get("x") ?? "commit";
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <label>
        Across{" "}
        <select value={x} onChange={(event) => setQuery({ x: event.currentTarget.value === "commit" ? undefined : event.currentTarget.value }, "push")}>
          <option value="commit">commits</option>
          <option value="date" selected={x === "date"}>dates</option>
          {scaling.map((name) => <option value={`param:${name}`} selected={x === `param:${name}`}>{name}</option>)}
        </select>
      </label>
      {!x.startsWith("param:") && (
        <>
          <Check label="Samples" checked={query.get("samples") !== "no"} onChange={(on) => setQuery({ samples: on ? undefined : "no" })} />
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
