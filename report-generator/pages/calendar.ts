import { calendar } from '../charts/calendar.ts';
import { type TaskFacts, type TaskOutcome, taskOutcomes } from '../facts/tasks.ts';
import { action, heading, para } from '../pdf/blocks.ts';
import { figure, mark } from '../pdf/items.ts';
import { group, leaf } from '../pdf/structure.ts';
import { baseline, put } from '../pdf/text.ts';
import type { Verdict } from '../snapshot.ts';
import { occurrenceCounts } from '../task-counts.ts';
import { type Density, grid } from '../tokens.ts';
import { type Drawing, measureOn } from './drawing.ts';
import { dayText, daysAfter } from './local-day.ts';

const marks: Readonly<Record<TaskOutcome, Verdict>> = {
  on_time: 'met',
  late: 'risk',
  missed: 'missed',
  unconfirmed: 'unknown',
  running: 'running',
};

type Task = TaskFacts['tasks'][number];

/** The month of the tasks: a row each, what the marks mean, and the one thing to be done now. */
export function drawCalendar(drawing: Drawing, y: number, { chart }: Density): number {
  const { sheet, snapshot, words } = drawing;
  const { tasks: facts } = snapshot.facts;
  const say = words.governance.calendar;
  return group(sheet, 'Sect', () => {
    const top = heading(sheet, say.title, grid.left, y, grid.width);
    if (facts === undefined || facts.tasks.length === 0)
      return para(sheet, facts === undefined ? say.none : say.noneDue, grid.left, top, grid.width, 'body');
    const scene = calendar({
      rows: facts.tasks.map((task) => rowOf(task, drawing)),
      days: new Date(
        Date.UTC(Number(snapshot.month.slice(0, 4)), Number(snapshot.month.slice(5)), 0),
      ).getUTCDate(),
      weekday: (new Date(`${snapshot.month}-01T00:00:00Z`).getUTCDay() + 6) % 7,
      holidays: facts.holidays,
      weekdays: say.weekdays,
      totalHead: say.onTime,
      measure: measureOn(sheet),
      width: grid.width,
      rowHeight: Math.min(13, 12 * chart),
      alt: say.alt(facts.tasks.map((task) => altOf(task, drawing))),
    });
    const bottom = key(drawing, facts, figure(sheet, scene, grid.left, top - 4) + 3);
    const text = actionText(facts, drawing);
    return text === undefined ? bottom : action(sheet, text, grid.left, bottom + 2, grid.width);
  });
}

function rowOf({ title, occurrences }: Task, { words }: Drawing) {
  const { on_time, planned } = occurrenceCounts(occurrences);
  return {
    label: title,
    marks: occurrences.map(({ day, outcome }) => ({ day, verdict: marks[outcome] })),
    total: planned === 0 ? '–' : words.governance.calendar.total(on_time, planned),
    isWhole: on_time === planned,
  };
}

function altOf({ title, occurrences }: Task, { words }: Drawing): string {
  const { key: names } = words.governance.calendar;
  return `${title}: ${occurrences.map(({ due, outcome }) => `${dayText(due, words)}, ${names[outcome]}`).join(', ')}`;
}

/** What the marks mean: those that are there. */
function key({ sheet, words }: Drawing, facts: TaskFacts, y: number): number {
  const there = taskOutcomes.filter((outcome) =>
    facts.tasks.some(({ occurrences }) => occurrences.some((one) => one.outcome === outcome)),
  );
  leaf(sheet, 'P', () => {
    let x = grid.left;
    for (const outcome of there) {
      mark(sheet, marks[outcome], x + 3.6, y + 5.2, 3.4);
      const text = words.governance.calendar.key[outcome];
      x += 11 + put(sheet, text, x + 11, y + baseline('note'), 'note') + 14;
    }
  });
  return y + 11;
}

/** The last that was missed, else the last nobody confirmed, within a week after the month. */
function actionText({ tasks }: TaskFacts, { snapshot, words }: Drawing): string | undefined {
  const all = tasks.flatMap((task) => task.occurrences.map((one) => ({ ...one, task })));
  const found = (['missed', 'unconfirmed'] as const).flatMap((outcome) =>
    all.filter((one) => one.outcome === outcome).toSorted((one, other) => other.day - one.day),
  );
  const [open] = found;
  if (open === undefined) return undefined;
  const { calendar: say, owned } = words.governance;
  const until = daysAfter(`${snapshot.month}-01`, 31 + 6);
  return `${say.action(open.task.title, dayText(open.due, words), open.outcome)} ${owned(open.task.owner, dayText(until, words))}`;
}
