// The one place that makes a uPlot: sizes it with its box, makes it anew when the theme changes.
import { useLayoutEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { cssColor, isDark } from "../colors";
import { axisLabels, logLabels, scaled } from "../format";
import { PAPER, PAPER_WIDTH } from "../paper";
import { Problem } from "../parts/names";
import { type Drawing, useDrawing } from "./library";

export type Options = Omit<uPlot.Options, "width" | "height">;

interface Props {
  height: number;
  label: string;
  /** Makes options anew; called again when `version` or the theme changes. */
  options: (drawing: Drawing) => Options;
  data: uPlot.AlignedData;
  version: string;
  onPlot?: (u: uPlot | null) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
}

export function Plot({ height, label, options, data, version, onPlot, onKeyDown }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { value: drawing, error } = useDrawing();
  useLayoutEffect(() => {
    if (!drawing) return undefined;
    const element = box.current!;
    const started = performance.now();
    const made = options(drawing);
    const hooks = { ...made.hooks, ready: [...(made.hooks?.ready ?? []), () => drawn(started)] };
    // On paper a drawing of another width would be scaled, letters and all.
    const width = () => (PAPER.matches ? PAPER_WIDTH : element.clientWidth);
    const plot = new drawing({ ...made, width: width(), height, hooks }, data, element);
    onPlot?.(plot);
    const fit = () => {
      if (width() && width() !== plot.width) plot.setSize({ width: width(), height });
    };
    const resize = new ResizeObserver(fit);
    resize.observe(element);
    PAPER.addEventListener("change", fit);
    return () => {
      resize.disconnect();
      PAPER.removeEventListener("change", fit);
      plot.destroy();
      onPlot?.(null);
    };
  }, [version, height, isDark(), drawing]);
  if (error) return <Problem text={error} />;
  return (
    <div
      ref={box}
      class="plot"
      role={onKeyDown ? "application" : "img"}
      aria-label={label}
      aria-roledescription="chart"
      tabIndex={onKeyDown ? 0 : undefined}
      onKeyDown={onKeyDown}
      style={{ minHeight: `${height}px` }}
    />
  );
}

let tellDrawn = () => {};

/** Settles when the first chart of the page stands: what is not needed for it waits until then. */
export const firstChart = new Promise<void>((done) => {
  tellDrawn = done;
});

function drawn(started: number): void {
  performance.measure("chart-drawn", { start: started, end: performance.now() });
  requestAnimationFrame(() => setTimeout(tellDrawn));
}

/** Below this width an axis has no room for a unit that the text beside it names. */
const NARROW = 520;
const LOGARITHMIC = 3;
const POWERS_OF_TWO = Array.from({ length: 60 }, (_, i) => 2 ** i);
/** Steps of an axis of whole numbers: a half of a commit or of a parameter does not exist. */
export const WHOLE = Array.from({ length: 15 }, (_, i) => [1, 2, 5].map((n) => n * 10 ** i)).flat();
const HOUR_S = 3600;
export const DAY_S = 24 * HOUR_S;
/** Steps of an axis of dates, so that a label stands where its day, or hour, begins. */
export const DATES = [...[1, 2, 6, 12].map((hours) => hours * HOUR_S), ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].map((days) => days * DAY_S)];

/** Pixels that a label of the x-axis needs: a hash over a date is wide. */
const WIDE_LABEL = 92;
const SHORT_LABEL = 64;

export function axes(xLabels: uPlot.Axis["values"], unit: string, xTitle?: string, xSteps?: number[]): uPlot.Axis[] {
  const shared = {
    stroke: cssColor("quiet"),
    grid: { stroke: cssColor("grid"), width: 1 },
    ticks: { stroke: cssColor("grid"), width: 1, size: 4 },
    font: "12px system-ui, sans-serif",
    labelFont: "12px system-ui, sans-serif",
    labelSize: 20,
  };
  return [
    {
      ...shared, ...(xSteps ? { incrs: xSteps } : {}), values: xLabels, space: xTitle ? SHORT_LABEL : WIDE_LABEL, grid: { show: false }, label: xTitle,
      size: (_u: uPlot, labels: string[] | null) => (labels?.some((label) => label?.includes("\n")) ? 48 : 28),
    },
    {
      ...shared,
      ...(unit === "B" ? { incrs: POWERS_OF_TWO } : {}),
      size: (_u: uPlot, labels: string[] | null) => 18 + 6.8 * Math.max(4, ...(labels ?? []).map((label) => label?.length ?? 0)),
      values: (u: uPlot, ticks: number[]) => (u.scales.y!.distr === LOGARITHMIC ? logLabels : axisLabels)(ticks, u.width < NARROW && !scaled(unit) ? "" : unit),
    },
  ] as uPlot.Axis[];
}
