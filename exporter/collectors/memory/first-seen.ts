import { z } from 'zod';
import { CollectorError, problemOf, type Host, type Problem } from '../../collector.ts';

/** Since when this exporter knows an update, unix seconds. */
export interface FirstSeen {
  /** Since when anything is pending for this name; a newer version of the same update does not start it anew. */
  readonly pending: number;
  /** Since when a security update is among it. */
  readonly security?: number;
}

/** Something that is open now. */
export interface Seen {
  /** What it is remembered under, such as a package name with its architecture. */
  readonly name: string;
  readonly security: boolean;
  /** Where the host itself tells since when, unix seconds; the earliest that was ever told counts. */
  readonly since?: number;
}

const documentSchema = z.record(
  z.string(),
  z.object({ pending: z.number(), security: z.number().exactOptional() }),
);

/**
 * What to remember after seeing what is open now. Whatever is no longer open is forgotten. No time is later
 * than `now`, so a clock that was ahead does no lasting harm.
 */
export function updateFirstSeen(
  known: ReadonlyMap<string, FirstSeen>,
  seen: readonly Seen[],
  now: number,
): Map<string, FirstSeen> {
  return new Map(
    seen.map(({ name, security, since = now }) => {
      const before = known.get(name);
      return [
        name,
        {
          pending: Math.min(now, since, before?.pending ?? now),
          ...(security ? { security: Math.min(now, since, before?.security ?? now) } : {}),
        },
      ];
    }),
  );
}

/** @throws CollectorError state_unreadable when the document is not what `rememberFirstSeen` writes. */
export function parseFirstSeen(document: unknown, state: string): Map<string, FirstSeen> {
  const parsed = documentSchema.safeParse(document ?? {});
  if (parsed.success) return new Map(Object.entries(parsed.data));
  throw new CollectorError(
    'state_unreadable',
    `the state ${state} is not what this exporter writes; what it remembered starts anew`,
    { cause: parsed.error },
  );
}

/**
 * Brings the remembered times of first sight up to date with what is open now.
 * @param state the name of the state document.
 * @param before drops what must no longer count from what is remembered.
 * @returns times that a restart of the exporter will not make younger: what could not be written is left out.
 */
export async function rememberFirstSeen(
  host: Host,
  state: string,
  seen: readonly Seen[],
  stillCounts: (times: FirstSeen) => boolean = () => true,
): Promise<{ readonly firstSeen: ReadonlyMap<string, FirstSeen>; readonly problems: readonly Problem[] }> {
  const now = Math.floor(host.now());
  const problems: Problem[] = [];
  let stored: ReadonlyMap<string, FirstSeen> = new Map();
  try {
    stored = parseFirstSeen(await host.state.read(state), state);
  } catch (error) {
    problems.push(problemOf(error));
    // What is only out of reach must not be overwritten with younger times.
    if (!(error instanceof CollectorError && error.reason === 'state_unreadable'))
      return { firstSeen: withoutMemory(stored, seen, now), problems };
  }
  const known = new Map([...stored].filter(([, times]) => stillCounts(times)));
  const firstSeen = updateFirstSeen(known, seen, now);
  try {
    if (problems.length > 0 || !sameTimes(stored, firstSeen))
      await host.state.write(state, Object.fromEntries(firstSeen));
  } catch (error) {
    problems.push(problemOf(error));
    return { firstSeen: withoutMemory(known, seen, now), problems };
  }
  return { firstSeen, problems };
}

/** Only what was stored before or what the host itself dates: a time that is made up anew at every run would never grow old. */
function withoutMemory(
  known: ReadonlyMap<string, FirstSeen>,
  seen: readonly Seen[],
  now: number,
): ReadonlyMap<string, FirstSeen> {
  const lasting = seen.flatMap((one) => {
    const before = known.get(one.name);
    if (one.since !== undefined) return [one];
    return before === undefined ? [] : [{ ...one, security: one.security && before.security !== undefined }];
  });
  return updateFirstSeen(known, lasting, now);
}

function sameTimes(a: ReadonlyMap<string, FirstSeen>, b: ReadonlyMap<string, FirstSeen>): boolean {
  return (
    a.size === b.size &&
    [...a].every(([name, times]) => {
      const other = b.get(name);
      return other !== undefined && times.pending === other.pending && times.security === other.security;
    })
  );
}
