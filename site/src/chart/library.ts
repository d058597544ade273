// The library that draws charts, a third of the script: loaded by views that have one.
import type uPlot from "uplot";
import { type Loaded, useLoaded } from "../loaded";

export type Drawing = typeof uPlot;

let drawing: Drawing | undefined;

/** Loads the library, unless it is there. */
export async function loadDrawing(): Promise<Drawing> {
  drawing ??= (await import("uplot")).default;
  return drawing;
}

/** The library: at once where it is there, so that a chart stands in the frame of its text. */
export function useDrawing(): Loaded<Drawing> {
  const loaded = useLoaded(drawing ? "" : "drawing", loadDrawing);
  return drawing ? { value: drawing } : loaded;
}
