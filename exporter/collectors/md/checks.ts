import { z } from 'zod';
import type { Host, Problem } from '../../collector.ts';
import { problemOf } from '../../collector.ts';
import type { Attributes } from './attributes.ts';

const schema = z.object({
  arrays: z.record(
    z.string(),
    z.object({
      seen: z.number(),
      running: z.boolean(),
      last: z.string().optional(),
      /** `mismatch_cnt` at that look, whatever had counted it. */
      counted: z.number().optional(),
      ended: z.number().optional(),
      mismatches: z.number().optional(),
    }),
  ),
});
type Seen = z.infer<typeof schema>['arrays'][string];

/** The last check of an array that reached its end. */
export interface Check {
  /** Unix seconds: when it was last seen running, so never later than its end. */
  readonly ended: number;
  readonly mismatches: number | undefined;
}

const stateName = 'md-checks';
const checking = (action: string | undefined) => action === 'check' || action === 'repair';

/**
 * The last check of each array, by its id. md keeps no date of it, so what is seen of it is remembered: that it ran and then ended,
 * or that the kind of the last action, or what it found, changed in between. `sync_min` is 0 again only after one that was not broken off
 * (md_do_sync in drivers/md/md.c).
 */
export async function rememberChecks(
  host: Host,
  arrays: ReadonlyMap<string, Attributes>,
): Promise<{ readonly checks: ReadonlyMap<string, Check>; readonly problems: readonly Problem[] }> {
  try {
    const { document, problems } = await host.state.read(stateName);
    const before = schema.safeParse(document).data?.arrays ?? {};
    const after = { ...before };
    for (const [id, attributes] of arrays) after[id] = follow(before[id], attributes, host.now());
    if (problems.length > 0 || isNews(before, after)) await host.state.write(stateName, { arrays: after });
    const checks = new Map(
      Object.entries(after).flatMap(([id, { ended, mismatches }]) =>
        ended === undefined ? [] : [[id, { ended, mismatches }] as const],
      ),
    );
    return { checks, problems };
  } catch (error) {
    return { checks: new Map(), problems: [problemOf(error, 'the last check of the arrays')] };
  }
}

/** Whether there is more to remember than that an idle array was seen again within the hour. */
function isNews(before: Readonly<Record<string, Seen>>, after: Readonly<Record<string, Seen>>): boolean {
  return Object.entries(after).some(([id, now]) => {
    const then = before[id];
    return (
      then === undefined ||
      now.running ||
      Math.abs(now.seen - then.seen) >= 3600 ||
      JSON.stringify({ ...then, seen: 0 }) !== JSON.stringify({ ...now, seen: 0 })
    );
  });
}

function follow(before: Seen | undefined, attributes: Attributes, now: number): Seen {
  const { action, lastAction: last, checkFrom, mismatches } = attributes;
  const kept = { ended: before?.ended, mismatches: before?.mismatches };
  const running = checking(action);
  const completed =
    before !== undefined &&
    before.seen <= now &&
    action === 'idle' &&
    checking(last) &&
    checkFrom === 0 &&
    (before.running || before.last !== last || isRecounted(before.counted, mismatches));
  return {
    seen: now,
    running,
    last,
    counted: mismatches,
    ...(completed ? { ended: before.seen, mismatches } : kept),
  };
}

/** Only another check gives another count. */
function isRecounted(before: number | undefined, now: number | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now;
}
