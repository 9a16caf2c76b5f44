import type { PlayedTask } from './tasks.ts';
import { spanAt, valueAt } from './track.ts';
import type { Life, World } from './world.ts';

/** What is known of a task at an instant. */
export interface TaskVerdict {
  readonly object: string;
  readonly known: boolean;
  readonly compliant: boolean;
  /** Seconds; Infinity when it was never done, or not done the last time. Undefined when nothing is known within a day. */
  readonly age: number | undefined;
  /** Seconds. */
  readonly limit: number;
}

/** Whether the confirmations on a host can be read at an instant. */
export function isReadable({ up, tasks }: Pick<Life, 'up' | 'tasks'>, instant: number): boolean {
  return valueAt(up, instant) === true && spanAt(tasks?.unreadable ?? [], instant) === undefined;
}

/** The verdicts on the tasks of a customer, none before its first host joined. */
export function taskVerdicts(world: World, customer: string, instant: number): readonly TaskVerdict[] {
  const lives = world.lives.filter(({ host }) => host.customer === customer);
  const holder = lives.find(({ tasks }) => tasks !== undefined);
  if (holder?.tasks === undefined || lives.every(({ up }) => valueAt(up, instant) === undefined)) return [];
  return holder.tasks.tasks
    .filter(({ task: { from } }) => from === undefined || instant >= midnight(from))
    .map((played) => verdictOf(played, holder, instant));
}

const remembered = 86_400;

function verdictOf(played: PlayedTask, holder: Life, instant: number): TaskVerdict {
  const limit = played.task.every.seconds + played.task.grace;
  const since = sinceAt(played, holder, instant);
  // An age is remembered for a day more.
  const last = since ?? sinceAt(played, holder, instant - remembered);
  const age = last === undefined ? undefined : instant - last;
  const known = since !== undefined;
  return { object: played.name, known, compliant: known && age !== undefined && age <= limit, age, limit };
}

/** When the clock of the task started, as it was shown last within a day. */
function sinceAt({ task, confirmations }: PlayedTask, holder: Life, instant: number): number | undefined {
  const shown = isReadable(holder, instant) ? instant : lastReadable(holder, instant);
  if (shown === undefined) return undefined;
  const newest = confirmations.findLast(({ at }) => at <= shown);
  if (newest !== undefined) return newest.success ? newest.at : -Infinity;
  if (shown !== instant) return undefined;
  return task.from === undefined ? -Infinity : midnight(task.from);
}

/** A moment before the record became unreadable, when that is less than a day ago. */
function lastReadable(holder: Life, instant: number): number | undefined {
  const changes = [
    ...holder.up.map(({ from }) => from),
    ...(holder.tasks?.unreadable ?? []).map(({ from }) => from),
  ];
  const last = Math.max(...changes.filter((at) => at <= instant && isReadable(holder, at - 1)));
  return instant - last < remembered ? last - 1 : undefined;
}

function midnight(written: string): number {
  return Date.parse(`${written}T00:00:00Z`) / 1000;
}
