import { expect, test } from "vitest";
import { type Box, overlap, placeNames } from "./placement";

const FRAME: Box = { left: 0, top: 0, width: 340, height: 260 };

test("a lone name stands to the right of its point, or to the left where the frame ends", () => {
  const [first, last] = placeNames([{ x: 40, y: 50, width: 60 }, { x: 330, y: 200, width: 60 }], FRAME);
  expect(first!.left).toBeGreaterThan(40);
  expect(last!.left + last!.width).toBeLessThan(330);
  expect([first!.led, last!.led]).toEqual([false, false]);
});

test("names of points that lie on one another share no place and stay in the frame", () => {
  const places = placeNames(Array.from({ length: 8 }, (_, i) => ({ x: 170 + i, y: 4 + i, width: 70 })), FRAME);
  for (const [i, place] of places.entries()) {
    expect(place.top).toBeGreaterThanOrEqual(0);
    expect(place.left + place.width).toBeLessThanOrEqual(FRAME.width);
    for (const other of places.slice(i + 1)) expect(overlap(place, other)).toBe(false);
  }
});

test("a name covers nothing that was there before", () => {
  const there: Box = { left: 45, top: 90, width: 100, height: 20 };
  const [place] = placeNames([{ x: 40, y: 100, width: 60 }], FRAME, [there]);
  expect(overlap(place!, there)).toBe(false);
});
