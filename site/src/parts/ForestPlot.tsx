// Changes as a picture: the ratio with its interval on one axis, over the band of what is noise.
import type { ComponentChildren } from "preact";
import { ratio } from "../format";
import { VerdictMark } from "./Verdict";

export interface Effect {
  key: string;
  name: ComponentChildren;
  ratio: number;
  low: number | null;
  high: number | null;
  /** The smallest relative step that could be told from noise. */
  noise: number | null;
  verdict: string | null;
  text?: string;
}

const LEAST = 0.1;
const MOST = Math.log(10);

interface Props {
  label: string;
  effects: Effect[];
  /** Whether the picture explains itself, and not one legend several of them. */
  legend?: boolean;
}

export function ForestLegend() {
  return (
    <p class="quiet legend-line">
      <Keyed kind="dot" text="after ÷ before, on a logarithmic axis" />{" "}
      <Keyed kind="bar" text="95 % interval, where a change was detected" />{" "}
      <Keyed kind="noise" text="a step this small could be noise" />
    </p>
  );
}

/** A key never stands alone at the end of a line. */
export function Keyed({ kind, text }: { kind: string; text: string }) {
  const [first, ...rest] = text.split(" ");
  return <><span class="unbroken"><span class={`key ${kind}`} /> {first}</span>{rest.map((word) => ` ${word}`)}</>;
}

export function ForestPlot({ label, effects, legend = true }: Props) {
  const sizes = effects.flatMap(({ ratio: one, low, high }) => [one, low, high]).filter((value): value is number => value !== null && value > 0);
  const reach = Math.min(MOST, Math.max(LEAST, ...sizes.map((value) => Math.abs(Math.log(value)))) * 1.05);
  const x = (value: number) => `${(50 + 48 * clamp(Math.log(Math.max(value, 1e-9)) / reach)).toFixed(2)}%`;
  return (
    <div class="forest">
      {legend && <ForestLegend />}
      <ul aria-label={label}>
        {effects.map((effect) => <Line key={effect.key} effect={effect} x={x} />)}
        <li class="axis quiet" aria-hidden="true"><span /><span class="ends"><span>{ratio(Math.exp(-reach))}</span><span>0 %</span><span>{ratio(Math.exp(reach))}</span></span></li>
      </ul>
    </div>
  );
}

function Line({ effect, x }: { effect: Effect; x: (value: number) => string }) {
  const { low, high, noise, verdict } = effect;
  return (
    <li>
      <span class="what">{effect.name}</span>
      <svg height="20" aria-hidden="true" class={verdict ?? "no_change"}>
        {noise !== null && <Span from={x(1 / (1 + noise))} to={x(1 + noise)} kind="noise-band" />}
        <line class="none" x1="50%" x2="50%" y1="0" y2="20" />
        {low !== null && high !== null && <line class="interval" x1={x(low)} x2={x(high)} y1="10" y2="10" />}
        {isBeyond(effect.ratio) ? <svg x={x(effect.ratio)} overflow="visible"><path class="beyond" d={effect.ratio > 1 ? "M-5 4l9 6l-9 6z" : "M5 4l-9 6l9 6z"} /></svg> : <circle cx={x(effect.ratio)} cy="10" r="4.5" />}
      </svg>
      <b class="number">{ratio(effect.ratio)}</b>
      <span class="meaning">{verdict ? <VerdictMark verdict={verdict} /> : <span class="quiet">{effect.text}</span>}</span>
    </li>
  );
}

function Span({ from, to, kind }: { from: string; to: string; kind: string }) {
  return <line class={kind} x1={from} x2={to} y1="10" y2="10" />;
}

/** Off the axis, which ends at ten times. */
function isBeyond(size: number): boolean {
  return Math.abs(Math.log(size)) > MOST;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(-1, value));
}
