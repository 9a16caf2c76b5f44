import { scaleBand } from 'd3-scale';
import { verdictMark } from '../marks.ts';
import type { Item, Measure, Scene } from '../scene.ts';
import type { Verdict } from '../snapshot.ts';
import { colour, stroke } from '../tokens.ts';
import { straight, text } from './shapes.ts';

export interface CalendarOptions {
  readonly rows: readonly {
    readonly label: string;
    readonly marks: readonly { readonly day: number; readonly verdict: Verdict }[];
    /** At the right end, as "3 / 4". */
    readonly total: string;
    readonly isWhole: boolean;
  }[];
  /** Days of the month. */
  readonly days: number;
  /** Of its first day; 0 is Monday. */
  readonly weekday: number;
  readonly holidays: readonly number[];
  /** Letters, Monday first. */
  readonly weekdays: readonly string[];
  readonly totalHead: string;
  readonly measure: Measure;
  readonly width: number;
  readonly rowHeight: number;
  readonly alt: string;
}

const head = 24;
const mostLabel = 140;

/** A month with one row per kind of work and one column per day: weekends and holidays tinted, weeks divided. */
export function calendar(options: CalendarOptions): Scene {
  const { rows, days, measure, width, rowHeight, totalHead } = options;
  const widest = Math.max(0, ...rows.map(({ label }) => measure(label, 'note')));
  const labelWidth = Math.min(mostLabel, widest + 8);
  const totalWidth = Math.max(
    measure(totalHead, 'head'),
    ...rows.map(({ total }) => measure(total, 'noteStrong')),
  );
  const x = scaleBand<number>()
    .domain(Array.from({ length: days }, (_, index) => index + 1))
    .range([labelWidth, width - totalWidth - 8]);
  const height = head + rows.length * rowHeight + 2;
  const items = rows.flatMap(({ label, marks, total, isWhole }, index): readonly Item[] => {
    const top = head + index * rowHeight;
    const middle = top + rowHeight / 2;
    return [
      text(0, middle + 2.8, cut(label, labelWidth - 6, measure), 'note', 'start', colour.ink),
      ...spread(marks).flatMap(({ day, verdict, shift }) =>
        verdictMark(verdict, (x(day) ?? 0) + x.bandwidth() / 2 + shift, middle, 3.7),
      ),
      text(width, middle + 2.8, total, isWhole ? 'note' : 'noteStrong', 'end', colour.ink),
      straight([0, top + rowHeight], [width, top + rowHeight], colour.grid),
    ];
  });
  return { width, height, alt: options.alt, items: [...dayItems(options, x, height), ...items] };
}

function dayItems(
  { rows, days, weekday, holidays, weekdays, totalHead, width, rowHeight }: CalendarOptions,
  x: ReturnType<typeof scaleBand<number>>,
  height: number,
): readonly Item[] {
  const columns = Array.from({ length: days }, (_, index) => index + 1).flatMap((day): readonly Item[] => {
    const inWeek = (weekday + day - 1) % 7;
    const off = inWeek > 4 || holidays.includes(day);
    const left = x(day) ?? 0;
    const middle = left + x.bandwidth() / 2;
    const tint = { x: left, y: head - 2, width: x.bandwidth(), height: rows.length * rowHeight + 2 };
    return [
      ...(off ? [{ kind: 'rect', ...tint, fill: colour.tint } as const] : []),
      ...(inWeek === 0 ? [straight([left, head - 12], [left, height - 2], colour.rule)] : []),
      text(middle, head - 5, String(day), 'axis', 'middle', off ? colour.ink3 : colour.ink),
      text(middle, head - 14, weekdays[inWeek] ?? '', 'axis', 'middle', colour.ink3),
    ];
  });
  return [
    ...columns,
    straight([0, head - 2], [width, head - 2], colour.ink, stroke.rule),
    text(width, head - 5, totalHead, 'head', 'end'),
  ];
}

type Mark = CalendarOptions['rows'][number]['marks'][number];

/** Two on one day stand a little apart. */
function spread(marks: readonly Mark[]): readonly (Mark & { readonly shift: number })[] {
  const byDay = Map.groupBy(marks, ({ day }) => day);
  return [...byDay.values()].flatMap((own) =>
    own.map((mark, index) => ({ ...mark, shift: (index - (own.length - 1) / 2) * 3.5 })),
  );
}

function cut(label: string, room: number, measure: Measure): string {
  if (measure(label, 'note') <= room) return label;
  let length = label.length - 1;
  while (length > 3 && measure(`${label.slice(0, length).trimEnd()}…`, 'note') > room) length -= 1;
  return `${label.slice(0, length).trimEnd()}…`;
}
