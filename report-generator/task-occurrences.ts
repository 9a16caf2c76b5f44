import type { Policy } from '../alerts/policy.ts';
import { nextDay, secondOf } from '../alerts/policy/values.ts';
import { offsetAt } from '../alerts/zone.ts';
import { instantOf } from '../alerts/zone-offset.ts';
import { dayOf, dueDays } from './due-days.ts';
import type { TaskOutcome } from './facts/tasks.ts';
import type { Period } from './period.ts';

const day = 86_400;

/** What is on record about a task, unix seconds. */
export interface TaskRecord {
  /** When it was confirmed as done, oldest first; of those before the month at least the last. */
  readonly confirmed: readonly number[];
  /** Whether the record was read at some time in [from, to). */
  readonly isRead: (from: number, to: number) => boolean;
  /** Whether the policy of that time had the task, at some time in [from, to); unknown counts as yes. */
  readonly isPlanned: (from: number, to: number) => boolean;
}

/** One time a task was due. */
export interface Occurrence {
  /** The local day, `2026-10-05`; it may lie before the month when it could still be done in the month. */
  readonly due: string;
  /** When being on time is over, unix seconds. */
  readonly deadline: number;
  readonly outcome: TaskOutcome;
  /** When it was confirmed, unix seconds. */
  readonly confirmed: number | null;
}

type Task = Pick<Policy['tasks'][string], 'every' | 'on' | 'from' | 'grace'>;
/** A time it is due, with the stretch whose confirmations count for it. */
interface Slot {
  readonly due: string;
  readonly deadline: number;
  readonly from: number;
  readonly to: number;
}

/**
 * How each time a task was due in the month ended. What was due earlier and could still be done in time in this month belongs
 * to it, unless it was done before; what can still be done in time after the month is running and belongs to the next one.
 * missed: the record was read after the deadline, and nobody had confirmed. unconfirmed: nobody could read it then.
 */
export function occurrencesOf(
  task: Task,
  zone: string,
  period: Pick<Period, 'start' | 'end'>,
  record: TaskRecord,
): readonly Occurrence[] {
  const slots = task.every.word === undefined ? countedSlots : calendarSlots;
  const first = dayOf(period.start + offsetAt(zone, period.start));
  return slots(task, zone, period, record).flatMap((slot): readonly Occurrence[] => {
    const found = judged(slot, period.end, record);
    const { due, deadline } = slot;
    const begun = instantOf(zone, secondOf(due));
    if (deadline < period.start || begun >= period.end) return [];
    if (due < first && found.confirmed !== null && found.confirmed < period.start) return [];
    if (!record.isPlanned(begun, Math.min(deadline, period.end))) return [];
    return [{ due, deadline, ...found }];
  });
}

function judged(
  { deadline, from, to }: Slot,
  end: number,
  { confirmed, isRead }: TaskRecord,
): Pick<Occurrence, 'outcome' | 'confirmed'> {
  const done = confirmed.find((at) => at >= from && at < to && at < end);
  if (done !== undefined) return { outcome: done < deadline ? 'on_time' : 'late', confirmed: done };
  if (deadline >= end) return { outcome: 'running', confirmed: null };
  return { outcome: isRead(deadline, Math.min(to, end)) ? 'missed' : 'unconfirmed', confirmed: null };
}

/** A confirmation counts for the due day it is nearest to, and until the deadline for the one before. */
function calendarSlots(
  task: Task,
  zone: string,
  { start, end }: Pick<Period, 'start' | 'end'>,
): readonly Slot[] {
  const reach = 2 * task.every.seconds + task.grace + day;
  const days = dueDays(task, dayOf(start - reach), dayOf(end + reach));
  const ends = days.map((due) => instantOf(zone, secondOf(nextDay(due))));
  const until = ends.map((own, index) =>
    Math.max(own + task.grace, (own + (ends[index + 1] ?? Infinity)) / 2),
  );
  return days.map((due, index) => ({
    due,
    deadline: (ends[index] ?? 0) + task.grace,
    from: until[index - 1] ?? -Infinity,
    to: until[index] ?? Infinity,
  }));
}

/**
 * Days are counted from the last time, or from the day it begins; one that was never done and has no such day is due when the
 * month begins. What was done in time has its day when it was done.
 */
function countedSlots(
  { every, from, grace }: Task,
  zone: string,
  { start, end }: Pick<Period, 'start' | 'end'>,
  { confirmed }: TaskRecord,
): readonly Slot[] {
  const slots: Slot[] = [];
  const begins = from === undefined ? start - every.seconds : instantOf(zone, secondOf(from));
  let last = confirmed.findLast((at) => at < start) ?? begins;
  while (last < end) {
    const due = last + every.seconds;
    const next = confirmed.find((at) => at > last && at < due + every.seconds);
    const shown = next === undefined || next >= due + grace ? due : Math.min(next, due);
    slots.push({
      due: dayOf(shown + offsetAt(zone, shown)),
      deadline: due + grace,
      // What was done last counts for the time before.
      from: last + 0.001,
      to: due + every.seconds,
    });
    last = next ?? due;
  }
  return slots;
}
