import { words } from "../format";

export function VerdictMark({ verdict }: { verdict: string }) {
  return (
    <span class={`verdict ${verdict}`}>
      <span class="mark" aria-hidden="true" />
      {words(verdict)}
    </span>
  );
}
