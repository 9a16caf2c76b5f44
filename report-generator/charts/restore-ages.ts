import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { hatch } from '../marks.ts';
import type { Item, Measure, Scene } from '../scene.ts';
import { type Colour, colour } from '../tokens.ts';
import { dot, straight, targetDash, text } from './shapes.ts';

export interface AgedJob {
  readonly name: string;
  /** Days since its last verified restore; null: never verified. */
  readonly days: number | null;
  readonly critical: boolean;
  /** Past its own limit, or never verified. */
  readonly late: boolean;
}

export interface RestoreAgesOptions {
  readonly jobs: readonly AgedJob[];
  /** Days of the limit that most jobs have. */
  readonly limit: number;
  /** A limit that ends within so many days is named. */
  readonly soon: number;
  readonly labels: { readonly axis: string; readonly limit: string; readonly never: string };
  readonly measure: Measure;
  readonly width: number;
  readonly height: number;
  readonly alt: string;
}

/** From one dot to the next: dots that would touch are stacked. */
const step = 6.6;
const top = 28;
const neverWidth = 74;

interface Placed {
  readonly job: AgedJob & { readonly days: number };
  readonly x: number;
  /** From the bottom of its stack. */
  readonly level: number;
}

/** Every job as one dot on the days since its last verified restore. Those never verified have a hatched field of their own. */
export function restoreAges(options: RestoreAgesOptions): Scene {
  const { jobs, limit, labels, width, height, alt } = options;
  const never = jobs.filter(({ days }) => days === null);
  const aged = jobs.flatMap((job) => (job.days === null ? [] : [{ ...job, days: job.days }]));
  const side = never.length === 0 ? 0 : neverWidth;
  const most = Math.max(limit * 1.2, ...aged.map(({ days }) => days));
  const x = scaleLinear([0, most], [4, width - side - 14]);
  const placed = place(aged, x);
  const perRow = Math.floor((neverWidth - 14) / step);
  const levels = Math.max(3, ...placed.map(({ level }) => level + 1), Math.ceil(never.length / perRow));
  const base = height - 22;
  const rise = Math.min(step, (base - top) / levels);
  const yOf = (level: number): number => base - 4.5 - level * rise;
  const line = x(limit);
  const ticks = ticksOf(most);
  return {
    width,
    height,
    alt,
    items: [
      { kind: 'rect', x: line, y: 14, width: x(most) - line + 6, height: base - 14, fill: colour.tint },
      ...ticks.flatMap((day) => [
        straight([x(day), base], [x(day), base + 3], colour.ink3),
        text(x(day), base + 12, String(day), 'axis', 'middle', colour.ink2),
      ]),
      text(0, base + 21, labels.axis, 'axis', 'start', colour.ink2),
      straight([0, base], [x(most) + 6, base], colour.ink3),
      straight([line, 14], [line, base], colour.ink, 0.9, targetDash),
      text(line + 4, 9, labels.limit, 'axis', isLate(line, width) ? 'end' : 'start', colour.ink2),
      ...placed.flatMap(({ job, x: at, level }) => marker(job, at, yOf(level))),
      ...neverField(never, options, { base, perRow, line, yOf }),
      ...names(placed, options, { side, line, yOf }),
    ],
  };
}

function place(
  jobs: readonly (AgedJob & { readonly days: number })[],
  x: ScaleLinear<number, number>,
): readonly Placed[] {
  const stacks = new Map<number, number>();
  return jobs
    .toSorted((one, other) => one.days - other.days || Number(other.critical) - Number(one.critical))
    .map((job) => {
      const column = Math.round(x(job.days) / step);
      const level = stacks.get(column) ?? 0;
      stacks.set(column, level + 1);
      return { job, x: column * step, level };
    });
}

function ticksOf(most: number): readonly number[] {
  const every = [30, 90, 180, 365].find((days) => most / days <= 12) ?? 730;
  return Array.from({ length: Math.floor(most / every) + 1 }, (_, index) => index * every);
}

/** Filled: critical; ring: other. */
function marker({ critical, late }: AgedJob, x: number, y: number): readonly Item[] {
  const fill: Colour = late ? colour.missed : colour.data;
  if (critical) return [dot(x, y, 2.7, fill)];
  return [dot(x, y, 2.9, fill), dot(x, y, 1.8, colour.paper)];
}

function neverField(
  never: readonly AgedJob[],
  { labels, width, measure }: RestoreAgesOptions,
  {
    base,
    perRow,
    line,
    yOf,
  }: {
    readonly base: number;
    readonly perRow: number;
    readonly line: number;
    readonly yOf: (level: number) => number;
  },
): readonly Item[] {
  if (never.length === 0) return [];
  const left = width - neverWidth + 8;
  const middle = left + (neverWidth - 8) / 2;
  const [only, ...more] = never;
  // A long name begins where the label of the limit ends.
  const besideLimit = isLate(line, width) ? 0 : width - (line + 10 + measure(labels.limit, 'axis'));
  return [
    ...hatch(left, 14, neverWidth - 8, base - 14, { gap: 5, framed: false }),
    straight([left, base], [width, base], colour.ink3),
    text(middle, base + 12, labels.never, 'axis', 'middle', colour.ink2),
    ...never.flatMap((job, index) =>
      marker(job, left + 8 + (index % perRow) * step, yOf(Math.floor(index / perRow))),
    ),
    ...(only === undefined || more.length > 0 ? [] : [nameOf(only)]),
  ];

  function nameOf({ name }: AgedJob): Item {
    const own = neverWidth - 6;
    if (measure(name, 'axisStrong') <= own) return text(middle, 9, name, 'axisStrong', 'middle');
    return text(width, 9, shortened(name, '', Math.max(own, besideLimit), measure), 'axisStrong', 'end');
  }
}

/** Where the label of the limit stands on its left. */
function isLate(line: number, width: number): boolean {
  return line > width * 0.75;
}

/** The oldest past the limit, and the critical one that runs out next, each above its dot, with how many more there are. */
function names(
  placed: readonly Placed[],
  { limit, soon, width, measure }: RestoreAgesOptions,
  {
    side,
    line,
    yOf,
  }: { readonly side: number; readonly line: number; readonly yOf: (level: number) => number },
): readonly Item[] {
  const oldestFirst = placed.toSorted((one, other) => other.job.days - one.job.days);
  const late = oldestFirst.filter(({ job }) => job.late);
  const ending = oldestFirst.filter(({ job }) => !job.late && job.critical && limit - job.days < soon);
  const right = side === 0 ? width : width - side + 6;
  let taken = 0;
  return [ending, late].flatMap((group): readonly Item[] => {
    const [first, ...more] = group;
    if (first === undefined) return [];
    const { job, x, level } = first;
    const rest = more.length === 0 ? '' : ` +${more.length}`;
    const low = Math.max(taken, job.late ? line + 3 : 0);
    const toRight = right - x;
    const toLeft = x - low;
    const full = measure(job.name + rest, 'axisStrong');
    // Away from the limit, where there is room for the name.
    const [own, other] = job.late ? [toRight, toLeft] : [toLeft, toRight];
    const align = (own >= full || own >= other) === job.late ? 'start' : 'end';
    const room = Math.min(150, align === 'start' ? toRight : toLeft);
    const label = shortened(job.name, rest, room, measure);
    const wide = measure(label, 'axisStrong');
    if (wide > room) return [];
    taken = align === 'start' ? x + wide + 6 : x + 6;
    return [
      straight([x, yOf(level) - 3.4], [x, 23], colour.ink3),
      text(align === 'start' ? x - 1.5 : x + 1.5, 21, label, 'axisStrong', align),
    ];
  });
}

function shortened(name: string, rest: string, room: number, measure: Measure): string {
  if (measure(name + rest, 'axisStrong') <= room) return name + rest;
  let kept = name;
  while (kept.length > 3 && measure(`${kept}…${rest}`, 'axisStrong') > room) kept = kept.slice(0, -1);
  return `${kept}…${rest}`;
}
