import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { appendEvidence } from '../evidence.ts';
import { locked } from '../lock.ts';
import { stateIn } from '../state.ts';
import { formatTasks, timeText } from './list.ts';
import {
  type Confirmations,
  readTasks,
  taskName,
  type TaskOutcome,
  tasksDocument,
  tasksName,
} from './record.ts';

/** What is asked of `confirm`. */
export interface Confirm {
  readonly task: string;
  readonly by: string;
  readonly note: string | undefined;
  readonly outcome: TaskOutcome;
  /** When it was done, as written: `2026-10-31` or `2026-10-31T08:00Z`; now where undefined. */
  readonly at: string | undefined;
  readonly stateDirectory: string;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * Puts a confirmation on record: evidence first, for without it nothing counts as done.
 * @returns what was done with everything confirmed on this host, and what should be looked at.
 * @throws Error that says what to write instead; CollectorError when it cannot be recorded.
 */
export async function confirmTask(
  asked: Confirm,
): Promise<{ readonly done: string; readonly warnings: readonly string[] }> {
  const { task, by, note, outcome, stateDirectory, now } = asked;
  if (!taskName.test(task))
    throw new Error(
      `${task} is no name of a task; write it as under \`tasks\` in the policy, like access_review: small letters, digits, underscores`,
    );
  const at = asked.at === undefined ? now : instantOf(asked.at, now);
  const state = stateIn(stateDirectory);
  await mkdir(stateDirectory, { recursive: true, mode: 0o750 });
  return locked(join(stateDirectory, `${tasksName}.lock`), async () => {
    const { tasks, problems } = await readTasks(state);
    const warnings = problems.map(({ message }) => message);
    if (tasks === undefined && (await state.read(tasksName)).document !== undefined)
      throw new Error(warnings.join('; '));
    const before: Confirmations = tasks ?? new Map();
    await appendEvidence(
      stateDirectory,
      [
        {
          kind: 'task_confirmed',
          id: `${task} ${randomUUID()}`,
          at: new Date(at * 1000).toISOString(),
          outcome,
          actor: by,
          tool: 'confirm',
          source: 'maintenance-exporter confirm',
          details: { task, ...(note === undefined ? {} : { note }) },
        },
      ],
      now,
    );
    const earlier = before.get(task);
    const superseded = earlier !== undefined && earlier.at > at;
    const after = superseded ? before : new Map([...before, [task, { at, outcome, by }]]);
    await state.write(tasksName, tasksDocument(after));
    const said = outcome === 'success' ? 'done' : 'not done';
    return {
      done: `${task}: ${said}, ${timeText(at)}, by ${by}\n\n${formatTasks(after)}`,
      warnings: [
        ...warnings,
        ...(superseded
          ? [`${task} was confirmed later than that, ${timeText(earlier.at)}, which still counts`]
          : []),
        ...strangerWarnings(task, before),
      ],
    };
  });
}

/** The exporter knows no policy: it can only compare with what was confirmed before. */
function strangerWarnings(task: string, before: Confirmations): readonly string[] {
  if (before.size === 0 || before.has(task)) return [];
  const near = closest(task, [...before.keys()]);
  return distance(task, near) <= 3
    ? [`${task} was never confirmed here before; if you meant ${near}, confirm that one, too`]
    : [];
}

/** @throws Error where it is no time, or not over yet. */
function instantOf(written: string, now: number): number {
  const [, day, time = 'T00:00Z'] = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}Z)?$/.exec(written) ?? [];
  const instant = new Date(`${day ?? ''}${time}`);
  if (Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== day)
    throw new Error(`${written} is no time; write a day or a minute of UTC: 2026-10-31 or 2026-10-31T08:00Z`);
  const seconds = instant.getTime() / 1000;
  if (seconds > now) throw new Error(`${written} is in the future; confirm a task when it is done`);
  return seconds;
}
