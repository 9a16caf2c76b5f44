import type { Month } from './calendar.ts';
import { evaluations } from './series.ts';
import { isReadable } from './task-findings.ts';
import type { DueTime, PlayedTask } from './tasks.ts';
import type { Life, World } from './world.ts';

const outcomes = ['on_time', 'late', 'missed', 'unconfirmed', 'running'] as const;
type Outcome = (typeof outcomes)[number];

/** How the tasks of a customer ended in a month: counts by outcome. */
export type TaskTruth = Readonly<Record<Outcome, number>>;

/** @param world with the hosts of one customer. @param interval between scrapes, in seconds. */
export function taskTruth(world: World, month: Month, interval: number): TaskTruth {
  const ended = world.lives.flatMap((life) =>
    (life.tasks?.tasks ?? []).flatMap((played) =>
      played.due.flatMap((due) => endOf(due, played, life, month, world, interval) ?? []),
    ),
  );
  const count = (outcome: Outcome): number => ended.filter((one) => one === outcome).length;
  return {
    on_time: count('on_time'),
    late: count('late'),
    missed: count('missed'),
    unconfirmed: count('unconfirmed'),
    running: count('running'),
  };
}

/** Undefined where the time is not of this month. */
function endOf(
  { from, deadline, until }: DueTime,
  { due, confirmations }: PlayedTask,
  holder: Life,
  month: Month,
  world: World,
  interval: number,
): Outcome | undefined {
  if (from >= month.to || deadline < month.from) return undefined;
  // The customer was not here yet.
  if (deadline < (holder.up[0]?.from ?? Infinity)) return undefined;
  const isRead = (begin: number, end: number): boolean =>
    [...evaluations(world, { from: begin, to: end }, interval)].some((instant) =>
      isReadable(holder, instant),
    );
  const begin = due.findLast((one) => one.until <= until && one.from < from)?.until ?? -Infinity;
  const done = confirmations.find(({ at, success }, index) => {
    if (!success || at < begin || at >= until || at >= month.to) return false;
    // What was confirmed and overwritten while nobody could read it, nobody knows of.
    return isRead(at, Math.min(month.to, confirmations[index + 1]?.at ?? Infinity));
  });
  if (done !== undefined && done.at < month.from && from < month.from) return undefined;
  if (done !== undefined) return done.at < deadline ? 'on_time' : 'late';
  if (deadline >= month.to) return 'running';
  return isRead(deadline, Math.min(until, month.to)) ? 'missed' : 'unconfirmed';
}
