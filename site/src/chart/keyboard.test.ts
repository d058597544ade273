import { expect, test, vi } from "vitest";
import { actOnKey } from "./keyboard";
import type { ChartProps } from "./props";

const POSITIONS = Array.from({ length: 100 }, (_, i) => i);

function press(key: string, focus: number, range: [number, number] | null) {
  const props = { focus, range, onFocus: vi.fn(), onRange: vi.fn(), onOpen: vi.fn() };
  actOnKey({ key, preventDefault: () => {} } as KeyboardEvent, props as unknown as ChartProps, POSITIONS);
  return props;
}

test.each([
  ["ArrowRight", 30, [31, 41], 31, null],
  ["ArrowRight", 40, [30, 40], 41, [31, 41]],
  ["ArrowLeft", 30, [30, 40], 29, [29, 39]],
  ["End", 35, [30, 40], 99, [89, 99]],
  ["Home", 35, [30, 40], 0, [0, 10]],
  ["End", 35, null, 99, null],
] as const)("%s from %i in the window %j goes to %i, and the window follows to %j", (key, focus, range, to, window) => {
  const props = press(key, focus, range && [...range]);
  expect(props.onFocus).toHaveBeenCalledWith(to);
  if (window) expect(props.onRange).toHaveBeenCalledWith(window);
  else expect(props.onRange).not.toHaveBeenCalled();
});
