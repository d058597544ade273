// What is drawn around and over the lines: releases, location intervals, levels, samples, failures.
import type uPlot from "uplot";
import { cssColor } from "../colors";
import type { Commits } from "../commits";
import { ratio } from "../format";
import type { ChangeInfo } from "../schema";
import type { SeriesFile } from "../series-file";
import { segments } from "./series-data";

/** Pixels for a release below which only those with a name have a line. */
const TAG_ROOM = 16;
const TAG_GAP = 14;
const MOST_ROWS = 4;

export interface Scene {
  series: SeriesFile[];
  commits: Commits;
  samples: Map<number, number[]> | null;
  /** x of a position of a commit. */
  x: (position: number) => number;
  strokes: string[];
  focus: number | null;
}

/** Under the lines: releases, and where each change may have come. */
export function drawUnder(u: uPlot, scene: Scene): void {
  const { ctx, bbox } = u;
  ctx.save();
  clip(u);
  ctx.strokeStyle = cssColor("rule");
  ctx.lineWidth = devicePixelRatio;
  const releases = releasesOf(u, scene);
  const dense = releases.length * TAG_ROOM * devicePixelRatio > bbox.width;
  const named = namedReleases(u, releases);
  for (const { x } of dense ? named : releases) line(ctx, Math.round(x) + 0.5, bbox.top, Math.round(x) + 0.5, bbox.top + bbox.height);
  for (const change of scene.series[0]?.changes ?? []) {
    if (change.status === "withdrawn") continue;
    const left = u.valToPos(scene.x(change.earliest) , "x", true);
    const right = u.valToPos(scene.x(change.latest), "x", true);
    ctx.fillStyle = cssColor(`${change.verdict}-soft`);
    ctx.fillRect(left - 3, bbox.top, Math.max(6, right - left + 6), bbox.height);
  }
  ctx.restore();
  drawTags(u, named);
}

interface Release {
  x: number;
  text: string;
  half: number;
}

/** Releases in view. */
function releasesOf(u: uPlot, scene: Scene): Release[] {
  const { ctx, bbox } = u;
  ctx.font = tagFont();
  return Object.entries(scene.commits.tags).flatMap(([position, tags]) => {
    const x = u.valToPos(scene.x(Number(position)), "x", true);
    const text = tags[0]!.slice(0, 16);
    return x < bbox.left || x > bbox.left + bbox.width ? [] : [{ x, text, half: ctx.measureText(text).width / 2 }];
  });
}

/** As many as have room for their names beside one another, the newest first. */
function namedReleases(u: uPlot, releases: Release[]): Release[] {
  let free = u.ctx.canvas.width;
  return releases.toReversed().filter(({ x, half }) => {
    const middle = Math.min(x, u.ctx.canvas.width - half - 4);
    if (middle + half > free) return false;
    free = middle - half - TAG_GAP * devicePixelRatio;
    return true;
  });
}

function drawTags(u: uPlot, releases: Release[]): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.font = tagFont();
  ctx.fillStyle = cssColor("quiet");
  ctx.textAlign = "center";
  for (const { x, text, half } of releases) {
    ctx.fillText(text, Math.min(x, ctx.canvas.width - half - 4), bbox.top - 6 * devicePixelRatio);
  }
  ctx.restore();
}

function tagFont(): string {
  return `${11 * devicePixelRatio}px system-ui, sans-serif`;
}

/** Over the lines: levels before and after, samples, failures, sizes of changes, the focus. */
export function drawOver(u: uPlot, scene: Scene): void {
  const { ctx } = u;
  ctx.save();
  clip(u);
  const [lowest, highest] = visible(u, scene);
  if (scene.samples) drawSamples(u, scene, lowest, highest);
  const main = scene.series[0];
  if (main) {
    drawLevels(u, scene, main);
    drawChanges(u, scene, main);
  }
  drawFailures(u, scene);
  if (scene.focus !== null) {
    const x = Math.round(u.valToPos(scene.x(scene.focus), "x", true)) + 0.5;
    ctx.strokeStyle = cssColor("ink");
    ctx.setLineDash([devicePixelRatio, 3 * devicePixelRatio]);
    const isChange = main?.changes.some((change) => change.position === scene.focus && change.status !== "withdrawn");
    line(ctx, x, u.bbox.top + (isChange ? 0.75 * u.bbox.height : 0), x, u.bbox.top + u.bbox.height);
  }
  ctx.restore();
}

function visible(u: uPlot, scene: Scene): [number, number] {
  const { min, max } = u.scales.x!;
  const inside = (position: number) => scene.x(position) >= (min ?? -Infinity) && scene.x(position) <= (max ?? Infinity);
  const positions = scene.series[0]?.positions.filter(inside) ?? [];
  return [positions[0] ?? 0, positions.at(-1) ?? -1];
}

function drawSamples(u: uPlot, scene: Scene, lowest: number, highest: number): void {
  const { ctx } = u;
  const size = 3 * devicePixelRatio;
  ctx.fillStyle = scene.strokes[0]!;
  ctx.globalAlpha = 0.45;
  ctx.beginPath();
  for (const [position, values] of scene.samples!) {
    if (position < lowest || position > highest) continue;
    const x = u.valToPos(scene.x(position), "x", true) - size / 2;
    for (const value of values) ctx.rect(x, u.valToPos(value, "y", true) - size / 2, size, size);
  }
  ctx.fill();
  ctx.globalAlpha = 1;
}

function drawLevels(u: uPlot, scene: Scene, main: SeriesFile): void {
  const { ctx } = u;
  ctx.strokeStyle = cssColor("ink");
  ctx.lineWidth = 1.5 * devicePixelRatio;
  for (const [first, last, level] of segments(main)) {
    const y = u.valToPos(level, "y", true);
    line(ctx, u.valToPos(scene.x(first), "x", true), y, u.valToPos(scene.x(last), "x", true), y);
  }
}

/** At the foot, those of one commit above each other: the series' own first, the others in the colours of their lines. */
function drawFailures(u: uPlot, scene: Scene): void {
  const { ctx, bbox } = u;
  const r = 4 * devicePixelRatio;
  const below = new Map<string, number>();
  ctx.lineWidth = 2 * devicePixelRatio;
  scene.series.forEach(({ outcomes }, i) => {
    ctx.strokeStyle = i === 0 ? cssColor("failed") : scene.strokes[i]!;
    for (const [position, outcome] of Object.entries(outcomes)) {
      const x = u.valToPos(scene.x(Number(position)), "x", true);
      if (x < bbox.left - r || x > bbox.left + bbox.width + r) continue;
      const row = below.get(position) ?? 0;
      below.set(position, row + 1);
      const y = bbox.top + bbox.height - 2.5 * r * (row + 1);
      line(ctx, x - r, y - (outcome === "failed" ? r : 0), x + r, y + (outcome === "failed" ? r : 0));
      if (outcome === "failed") line(ctx, x - r, y + r, x + r, y - r);
    }
  });
}

function drawChanges(u: uPlot, scene: Scene, main: SeriesFile): void {
  const { ctx, bbox } = u;
  const standing = main.changes.filter((change) => change.status !== "withdrawn");
  const at = (change: ChangeInfo) => Math.round(u.valToPos(scene.x(change.position), "x", true)) + 0.5;
  for (const change of standing) {
    ctx.strokeStyle = cssColor(change.verdict);
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash(change.status === "suspected" ? [4 * devicePixelRatio, 4 * devicePixelRatio] : []);
    line(ctx, at(change), bbox.top, at(change), bbox.top + bbox.height);
  }
  ctx.setLineDash([]);
  ctx.font = `600 ${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "left";
  const rows: number[] = [];
  for (const change of standing) {
    const x = at(change);
    const text = ratio(change.ratio);
    const width = ctx.measureText(text).width;
    const right = x + 5 * devicePixelRatio + width < bbox.left + bbox.width;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const start = right ? x + 5 * devicePixelRatio : x - 5 * devicePixelRatio - width;
    const row = freeRow(rows, start);
    if (row === undefined) continue;
    rows[row] = start + width + 6 * devicePixelRatio;
    ctx.fillStyle = cssColor(change.verdict);
    writeOver(ctx, text, start, bbox.top + 14 * (row + 1) * devicePixelRatio);
  }
}

/** Text that is readable over lines. */
export function writeOver(ctx: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  ctx.save();
  ctx.strokeStyle = cssColor("card");
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.lineJoin = "round";
  ctx.setLineDash([]);
  ctx.strokeText(text, x, y);
  ctx.restore();
  ctx.fillText(text, x, y);
}

/** Sizes of near changes stand below one another, as far as there is room. */
function freeRow(ends: number[], start: number): number | undefined {
  const free = ends.findIndex((end) => end <= start);
  if (free >= 0) return free;
  return ends.length < MOST_ROWS ? ends.length : undefined;
}

function clip(u: uPlot): void {
  const { ctx, bbox } = u;
  ctx.beginPath();
  ctx.rect(bbox.left - 4, bbox.top, bbox.width + 8, bbox.height);
  ctx.clip();
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}
