// Numbers and times for people. The same rules as tracker/units.py; a shared table of examples
// (tests/golden/quantities.json) holds the two together.

/** "0.392 ratio" says no more than "0.392". */
const UNSPOKEN = new Map([["ratio", ""]]);
/** What is counted is written whole, not to three digits. */
const COUNTED = new Set(["lines", "calls", "instructions", "allocations", "commands", "round trips", "transactions", "modules"]);
/** From here on tenths of it say nothing. */
const MANY = 1000;
const SCALES = new Map<string, [number, string][]>([
  ["s", [[1, "s"], [1e-3, "ms"], [1e-6, "us"], [1e-9, "ns"]]],
  ["B", [[2 ** 30, "GiB"], [2 ** 20, "MiB"], [2 ** 10, "KiB"], [1, "B"]]],
]);

export function quantity(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "n/a";
  if (COUNTED.has(unit) && !isExtreme(value)) return `${wholeDigits(value)} ${unit}`;
  const scales = SCALES.get(unit);
  if (!scales || isExtreme(value / scales.at(-1)![0])) return `${threeDigits(value)} ${spoken(unit)}`.trimEnd();
  const fitting = scales.find(([factor]) => Math.abs(value) >= factor);
  const [factor, name] = fitting ?? (value ? scales.at(-1)! : scales[0]!);
  return `${threeDigits(value / factor)} ${name}`;
}

/** A unit as it stands after a number. */
export function spoken(unit: string): string {
  return UNSPOKEN.get(unit) ?? unit;
}

/** Digits that are counted rather than read. */
function isExtreme(value: number): boolean {
  return value !== 0 && !(Math.abs(value) >= 1e-5 && Math.abs(value) < 1e15);
}

function threeDigits(value: number): string {
  if (value === 0) return "0";
  if (isExtreme(value)) return exponential(value);
  const decimals = 2 - Math.floor(Math.log10(Math.abs(value)));
  const rounded = decimals < 0 ? Math.round(Math.abs(value) / 10 ** -decimals) * 10 ** -decimals * Math.sign(value) : value * PAST_TIE;
  return fixed(rounded, Math.max(0, Math.min(decimals, 6)));
}

/** No digit before the point is rounded, and no zero at the end says nothing. */
function wholeDigits(value: number): string {
  const size = Math.abs(value);
  const digits = Math.max(size >= MANY ? 0 : 1, Math.min(2 - Math.floor(Math.log10(size || 1)), 6));
  const text = fixed(value * PAST_TIE, digits);
  return digits ? text.replace(/\.?0+$/, "") : text;
}

/** As Python writes it, 1.00e-05. */
function exponential(value: number): string {
  return value.toExponential(2).replace(/e([+-])(\d)$/, "e$10$2");
}

/** The ratio after / before as a signed percentage. */
export function ratio(value: number | null | undefined): string {
  return percent(value == null ? Number.NaN : (value - 1) * 100, "always");
}

/** Between which ratios a change lies; what was counted has no interval. */
export function interval(low: number | null, high: number | null): string {
  return low === high && low !== null ? "counted" : `${ratio(low)} to ${ratio(high)}`;
}

/** A relative size without a sign. */
export function share(value: number | null | undefined): string {
  return percent(value == null ? Number.NaN : value * 100, "auto");
}

/** The smallest step that is detectable: where only large ones are, "no change" says little. */
export function atLeast(step: number): string {
  return `≥ ${share(step)}`;
}

/** What *after* is over *before*: nothing where one is missing, and no ratio to zero. */
export function difference(before: number | null, after: number | null): string {
  if (before === null || after === null) return "";
  return ratio(before === after ? 1 : after / before);
}

function percent(value: number, sign: "always" | "auto"): string {
  if (!Number.isFinite(value)) return "n/a";
  const size = Math.abs(value);
  if (size < WHOLE_PERCENT) return `${fixed(size < LEAST_PERCENT ? 0 : value * PAST_TIE, percentDecimals(size), sign)} %`;
  const left = 100 + value;
  if (left >= LEAST_LEFT && left <= 100 - WHOLE_PERCENT) return `${fixed(value, firstDigit(left), sign)} %`;
  if (isExtreme(value)) return `${sign === "always" && value > 0 ? "+" : ""}${exponential(value)} %`;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(size)) - 2);
  return `${fixed(Math.round(value / unit) * unit, 0, sign)} %`;
}

/** One; more where a step that was counted would read as none. */
function percentDecimals(size: number): number {
  return size >= LEAST_PERCENT && size < ONE_DECIMAL ? firstDigit(size) : 1;
}

/** The decimals that a number needs to have one digit. */
function firstDigit(value: number): number {
  return -Math.floor(Math.log10(Number(value.toPrecision(1))));
}

/** Below it percents have more than one decimal, and below the other they are nothing. */
const ONE_DECIMAL = 0.05;
const LEAST_PERCENT = 0.001;
/** Percent: so little is nothing. */
const LEAST_LEFT = 1e-6;
/** From here on percents have no decimals, and three digits that count. */
const WHOLE_PERCENT = 99.95;
/** What lies halfway, but for the error of a product, is rounded up. */
const PAST_TIE = 1 + 2 ** -50;
const writers = new Map<string, Intl.NumberFormat>();

function fixed(value: number, digits: number, signDisplay: "always" | "auto" = "auto"): string {
  const key = `${digits} ${signDisplay}`;
  let writer = writers.get(key);
  if (!writer) {
    writer = new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay });
    writers.set(key, writer);
  }
  return writer.format(value);
}

/** Whether numbers of this unit need it to be read: ms or s, MiB or GiB. */
export function scaled(unit: string): boolean {
  return SCALES.has(unit);
}

/** Decimals of an axis: with more of them a smaller unit reads better, 1,360 MiB instead of 1.328125 GiB. */
const FEW_DIGITS = 2;

/** Tick labels of an axis share one unit, chosen by the largest; ticks without a label are null. */
export function axisLabels(ticks: (number | null)[], unit: string): string[] {
  const values = ticks.filter((tick) => tick !== null);
  const largest = Math.max(...values.map(Math.abs), 0);
  if (isExtreme(largest / (SCALES.get(unit)?.at(-1)![0] ?? 1))) {
    return ticks.map((tick) => (tick === null ? "" : quantity(tick, unit)));
  }
  const digitsIn = (factor: number) => Math.max(0, ...values.map((value) => decimalsOf(value / factor)));
  const fitting = (SCALES.get(unit) ?? []).filter(([f]) => largest >= f);
  const [factor, name] = fitting.find(([f]) => digitsIn(f) <= FEW_DIGITS) ?? fitting[0] ?? [1, spoken(unit)];
  const digits = digitsIn(factor);
  return ticks.map((tick) => (tick === null ? "" : `${fixed(tick / factor, digits)} ${name}`.trimEnd()));
}

/** Labels of a logarithmic axis: each in a unit of its own, since they lie far apart. */
export function logLabels(ticks: (number | null)[], unit: string): string[] {
  return ticks.flatMap((tick) => axisLabels([tick], unit));
}

/** Decimals that write *value* exactly, or nearly so. */
function decimalsOf(value: number): number {
  for (let digits = 0; digits < 6; digits++) {
    const scaled = Math.abs(value) * 10 ** digits;
    if (Math.abs(scaled - Math.round(scaled)) <= 1e-6 * scaled) return digits;
  }
  return 6;
}

export function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** Within a day, of a year that is known. */
export function hour(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(5, 16).replace("T", " ");
}

export function minute(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

const UNITS: [number, string][] = [[365.25 * 86400, "year"], [30.44 * 86400, "month"], [86400, "day"], [3600, "hour"], [60, "minute"]];

/** How long ago a moment is. */
export function ago(seconds: number, now = Date.now() / 1000): string {
  const age = Math.max(0, now - seconds);
  const unit = UNITS.find(([size]) => age >= size);
  return unit ? `${count(Math.floor(age / unit[0]), unit[1])} ago` : "just now";
}

export function words(name: string): string {
  return name.replaceAll("_", " ");
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
}
