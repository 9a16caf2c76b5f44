import type { Host } from '../../collector.ts';
import { type Answer, unanswered } from './answer.ts';
import { fallSick, isCostly, type Sick, watchProcess, whenNext, whyNotAsked } from './back-off.ts';
import { type Target, targetName } from './scan.ts';

/** What one question brought, and the process that may hang on behind it. */
export interface Asked {
  readonly answer: Answer;
  readonly leftBehind?: number | undefined;
}

/** What the rounds before left to this one, by `targetName`. */
export interface Turns {
  readonly sick: ReadonlyMap<string, Sick>;
  /** Not asked because the time was over; since when, unix seconds. */
  readonly unreached: ReadonlyMap<string, number>;
}

/** Seconds after which a sick device that was not listed since is nobody's memory any more. */
const forgotten = 7 * 86_400;

/**
 * Asks every device, several at once. Those that were not reached for longest come first and those that were sick last, so that
 * a few slow ones starve nobody for ever; a sick one is left out until its back-off ends. What one device does is
 * never another one's problem.
 * @param ask has `limit` seconds; @param limit for one device; @param concurrency questions at once.
 * @returns answers in the order of `targets`, and what to remember.
 */
export async function askAll(
  host: Host,
  targets: readonly Target[],
  { sick, unreached }: Turns,
  { limit, concurrency }: { readonly limit: number; readonly concurrency: number },
  ask: (target: Target, limit: number) => Promise<Asked>,
): Promise<Turns & { readonly answers: readonly Answer[] }> {
  const started = host.now();
  // No further disk is asked then, so that what was read still counts within the collector's limit.
  const budget = Math.max(host.timeLimit - 20, host.timeLimit * 0.8);
  const answers: Answer[] = [];
  const names = new Set(targets.map(targetName));
  // A device that a failed scan did not list is no better for it.
  const nowSick = new Map(
    [...sick].filter(([name, { failed }]) => !names.has(name) && started < failed + forgotten),
  );
  const nowUnreached = new Map<string, number>();

  const answer = async (target: Target): Promise<Answer> => {
    const name = targetName(target);
    const before = sick.get(name);
    const reason = before === undefined ? undefined : await whyNotAsked(host, target.device, before);
    if (before !== undefined && reason !== undefined) {
      nowSick.set(name, before);
      return unansweredAsItIs(target, before.reason, reason);
    }
    const left = budget - (host.now() - started);
    const share = Math.min(limit, left);
    const asked = left < 1 ? undefined : await ask(target, share);
    const failure = asked?.answer.state === 'unreadable' ? asked.answer.problem : undefined;
    // Who was given less than others is not sick for having needed more.
    const cutShort = failure?.reason === 'timeout' && share < Math.min(limit, budget);
    if (asked === undefined || cutShort) {
      nowUnreached.set(name, unreached.get(name) ?? Math.floor(started));
      const watched = before ?? (await watchProcess(host, target.device, failure, asked?.leftBehind));
      if (watched !== undefined) nowSick.set(name, watched);
      return unanswered(
        target,
        'timeout',
        'was not asked because the disks before it took too long; it is asked first next time',
      );
    }
    if (failure === undefined || !isCostly(failure)) return asked.answer;
    const fallen = await fallSick(host, target.device, before, failure, asked.leftBehind);
    nowSick.set(name, fallen);
    return unansweredAsItIs(target, fallen.reason, `${fallen.message}; ${whenNext(fallen)}`);
  };

  /** Lower comes first. */
  const turn = ([, target]: readonly [number, Target]): readonly [number, number] => {
    const name = targetName(target);
    const since = unreached.get(name);
    if (since !== undefined) return [0, since];
    return [sick.has(name) ? 2 : 1, 0];
  };
  const queue = [...targets.entries()]
    .toSorted((a, b) => turn(a)[0] - turn(b)[0] || turn(a)[1] - turn(b)[1])
    .values();
  const work = async () => {
    for (const [index, target] of queue) answers[index] = await answer(target);
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { answers, sick: nowSick, unreached: nowUnreached };
}

/** The message names the device already. */
function unansweredAsItIs(target: Target, reason: Sick['reason'], message: string): Answer {
  return { ...unanswered(target, reason, ''), state: 'unreadable', problem: { reason, message } };
}
