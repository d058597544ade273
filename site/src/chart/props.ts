// What the chart of a series shows, and what it tells its page.
import type { Look } from "../colors";
import type { Commits } from "../commits";
import type { SeriesFile } from "../series-file";
import type { Axis, Range } from "./series-data";

export interface ChartProps {
  series: SeriesFile[];
  looks: Look[];
  commits: Commits;
  axis: Axis;
  log: boolean;
  /** Whether the value axis begins at zero. */
  zero: boolean;
  showSamples: boolean;
  range: Range | null;
  focus: number | null;
  label: string;
  /** Where the value axis begins. */
  onAxis: (from: number) => void;
  onFocus: (position: number) => void;
  onRange: (range: Range | null) => void;
  onOpen: (position: number) => void;
}
