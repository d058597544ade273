import type { ChartProps } from "./props";
import { nearest } from "./series-data";

const FAST = 10;

/** Arrows walk the points, and a zoomed chart follows; plus and minus zoom around the chosen one, 0 shows all, Enter opens it. */
export function actOnKey(event: KeyboardEvent, props: ChartProps, positions: number[]): void {
  const first = positions[0];
  const last = positions.at(-1);
  if (first === undefined || last === undefined) return;
  const at = props.focus === null ? positions.length - 1 : nearest(positions, props.focus);
  const [from, to] = props.range ?? [first, last];
  const step = event.shiftKey ? FAST : 1;
  const go = (i: number) => {
    const position = positions[Math.min(positions.length - 1, Math.max(0, i))]!;
    props.onFocus(position);
    if (position < from) props.onRange([position, position + to - from]);
    else if (position > to) props.onRange([position - to + from, position]);
  };
  const zoom = (factor: number) => {
    const middle = positions[at]!;
    const half = Math.max(2, ((to - from) / 2) * factor);
    const next = [Math.max(first, Math.round(middle - half)), Math.min(last, Math.round(middle + half))] as const;
    props.onRange(next[0] <= first && next[1] >= last ? null : [...next]);
  };
  const actions = new Map<string, () => void>([
    ["ArrowLeft", () => go(at - step)],
    ["ArrowRight", () => go(at + step)],
    ["Home", () => go(0)],
    ["End", () => go(positions.length - 1)],
    ["Enter", () => props.onOpen(positions[at]!)],
    ["+", () => zoom(0.5)],
    ["=", () => zoom(0.5)],
    ["-", () => zoom(2)],
    ["0", () => props.onRange(null)],
    ["Escape", () => props.onRange(null)],
  ]);
  const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions.get(event.key);
  if (!action) return;
  event.preventDefault();
  action();
}
