// Where the names of points stand: beside them, on no other name and no point, and inside the frame.

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Named {
  x: number;
  y: number;
  /** Pixels that the name takes. */
  width: number;
}

export interface Place extends Box {
  /** Whether the name stands so far off that a line must lead to it. */
  led: boolean;
}

export const LINE_HEIGHT = 16;
/** Radius of a point, and the room between it and its name. */
export const POINT = 5;
const GAP = 4;
/** Between two names in one line. */
const BETWEEN = 6;

/** The places of the names, in the order of the *points*; *taken* is what else they must not cover. */
export function placeNames(points: Named[], frame: Box, taken: Box[] = []): Place[] {
  const used = [...taken, ...points.map(({ x, y }) => ({ left: x - POINT, top: y - POINT, width: 2 * POINT, height: 2 * POINT }))];
  return points.map((point) => {
    const places = [...candidates(point, frame.height)];
    const free = places.find((place) => within(place, frame) && !used.some((box) => overlap(place, box)));
    const found = free ?? places.find((place) => within(place, frame)) ?? places[0]!;
    used.push({ ...found, left: found.left - BETWEEN, width: found.width + 2 * BETWEEN });
    return found;
  });
}

/** Beside the point first, then below and above it by half a line at a time. */
function* candidates({ x, y, width }: Named, height: number): Generator<Place> {
  const side = POINT + GAP;
  const middle = y - LINE_HEIGHT / 2;
  for (let step = 0; step <= height; step += LINE_HEIGHT / 2) {
    const tops = step ? [middle + step, middle - step] : [middle];
    const lefts = step < LINE_HEIGHT ? [x + side, x - side - width] : [x + side, x - side - width, x - width / 2];
    for (const top of tops) for (const left of lefts) yield { left, top, width, height: LINE_HEIGHT, led: step > LINE_HEIGHT };
  }
}

export function overlap(a: Box, b: Box): boolean {
  return a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
}

function within(box: Box, frame: Box): boolean {
  return box.left >= frame.left && box.top >= frame.top && box.left + box.width <= frame.left + frame.width && box.top + box.height <= frame.top + frame.height;
}
