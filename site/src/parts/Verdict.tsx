import { ratio, words } from "../format";

export function VerdictMark({ verdict }: { verdict: string }) {
  return (
    <span class={`verdict ${verdict}`}>
      <span class="mark" aria-hidden="true" />
      {words(verdict)}
    </span>
  );
}

/** What a verdict does not speak of: a newest value far out, which too few commits hold. */
export function FarOut({ size }: { size: number | null }) {
  return size === null ? null : <span class="far-out"><span class="unbroken">newest {ratio(size)},</span> <span class="unbroken">not judged yet</span></span>;
}
