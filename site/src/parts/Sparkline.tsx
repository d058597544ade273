const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const WIDTH = 236;
const WIDEST_STEP = 24;

interface Props {
  line: string;
  mark: number | null;
  verdict: string;
  /** The same measurement of another library, on the same scale. */
  control?: string;
}

/** Draws the characters of a `Sparks` line; the part after the newest change in its colour. */
export function Sparkline({ line, mark, verdict, control = "" }: Props) {
  const cut = mark ?? line.length;
  const step = Math.min(WIDEST_STEP, WIDTH / Math.max(1, line.length - 1));
  const last = lastPoint(line, step);
  return (
    <svg viewBox={`-4 -6 ${WIDTH + 8} 76`} preserveAspectRatio="none" aria-hidden="true">
      {control && <path class="control" d={path(control, 0, control.length, step)} />}
      <path d={path(line, 0, cut, step)} />
      {mark !== null && <path class={`after ${verdict}`} d={path(line, Math.max(0, mark - 1), line.length, step)} />}
      {last && <path class={`end ${verdict}`} d={`M${last[0]} ${last[1]}h0`} />}
    </svg>
  );
}

/** What the height of a small chart spans. */
export function reachText(reach: number | null | undefined): string {
  return reach == null ? "" : `±${Math.round(reach * 100)} %`;
}

function path(line: string, from: number, to: number, step: number): string {
  let text = "";
  let down = false;
  for (let i = from; i < to; i++) {
    const level = DIGITS.indexOf(line[i]!);
    if (level < 0) down = false;
    else {
      text += `${down ? "L" : "M"}${Math.round(i * step)} ${63 - level}`;
      down = true;
    }
  }
  return text;
}

function lastPoint(line: string, step: number): [number, number] | null {
  for (let i = line.length - 1; i >= 0; i--) {
    const level = DIGITS.indexOf(line[i]!);
    if (level >= 0) return [Math.round(i * step), 63 - level];
  }
  return null;
}
