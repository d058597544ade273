// Two fingers zoom, one finger moves sideways once zoomed; the page still scrolls up and down.
import type uPlot from "uplot";

interface Finger {
  id: number;
  x: number;
}

export function touchZoom(full: () => [number, number], onRange: (min: number, max: number) => void): uPlot.Plugin {
  return {
    hooks: {
      ready: (u) => {
        const fingers = new Map<number, Finger>();
        let start: { min: number; max: number; fingers: Finger[] } | null = null;
        const over = u.over;
        over.style.touchAction = "pan-y";
        const begin = () => {
          const { min, max } = u.scales.x!;
          start = { min: min!, max: max!, fingers: [...fingers.values()].map((f) => ({ ...f })) };
        };
        over.addEventListener("pointerdown", (event) => {
          if (event.pointerType !== "touch") return;
          fingers.set(event.pointerId, { id: event.pointerId, x: event.offsetX });
          begin();
        });
        over.addEventListener("pointermove", (event) => {
          const finger = fingers.get(event.pointerId);
          if (!finger || !start) return;
          finger.x = event.offsetX;
          const range = moved(start, [...fingers.values()], over.clientWidth, full());
          if (range) u.setScale("x", { min: range[0], max: range[1] });
        });
        const end = (event: PointerEvent) => {
          if (!fingers.delete(event.pointerId)) return;
          if (fingers.size) begin();
          else onRange(u.scales.x!.min!, u.scales.x!.max!);
        };
        over.addEventListener("pointerup", end);
        over.addEventListener("pointercancel", end);
      },
    },
  };
}

/** The range that keeps the values under the fingers where they were. */
export function moved(
  start: { min: number; max: number; fingers: Finger[] },
  now: Finger[],
  width: number,
  full: [number, number],
): [number, number] | null {
  const scale = (start.max - start.min) / width;
  const [a, b] = start.fingers;
  const [c, d] = now;
  if (!a || !c) return null;
  let span = start.max - start.min;
  if (b && d) {
    const before = Math.max(Math.abs(a.x - b.x), 10);
    span = Math.min(full[1] - full[0], (span * before) / Math.max(Math.abs(c.x - d.x), 10));
  }
  const anchor = start.min + (b ? (a.x + b.x) / 2 : a.x) * scale;
  const at = (d ? (c.x + d.x) / 2 : c.x) / width;
  const min = Math.min(Math.max(anchor - at * span, full[0]), full[1] - span);
  return [min, min + span];
}
