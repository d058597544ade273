import { ratio, words } from "../format";

export function VerdictMark({ verdict }: { verdict: string }) {
  return (
    <span class={`verdict ${verdict}`}>
      <span class="mark" aria-hidden="true" />
      {words(verdict)}
    </span>
  );
}

/** A change that was found may be too small to matter. */
export function changeWords(verdict: string): string {
  return verdict === "no_change" ? "below the floor" : words(verdict);
}

export function ChangeMark({ verdict }: { verdict: string }) {
  return verdict === "no_change" ? <span class="quiet">{changeWords(verdict)}</span> : <VerdictMark verdict={verdict} />;
}

/** What a verdict does not speak of: a newest value far out, which too few commits hold. */
export function FarOut({ size }: { size: number | null }) {
  return size === null ? null : <span class="far-out"><span class="unbroken">newest {ratio(size)},</span> <span class="unbroken">not judged yet</span></span>;
}
