import { z } from 'zod';
import { problemOf, type Host, type Problem } from '../../collector.ts';

/** Something that is open now. */
export interface Sight<T> {
  /** What it is remembered under, such as a package name with a version. */
  readonly key: string;
  /** Where the host itself tells since when, unix seconds; the earliest that was ever told counts. */
  readonly since?: number;
  /** What is remembered beside the time; JSON. */
  readonly facts: T;
}

/** Something that is open, with the time of its first sight. */
export interface Dated<T> {
  readonly key: string;
  /** Unix seconds. Undefined when it cannot be told: it could not be stored, or what was stored is lost. */
  readonly seen: number | undefined;
  readonly facts: T;
}

export interface FirstSeenOptions<T> {
  /** Name of the state document. */
  readonly state: string;
  /** Shape of the facts. */
  readonly facts: z.ZodType<T>;
  /** What is remembered, in the plural, for messages: `updates`. */
  readonly things: string;
  /** Whether the facts date it, so that its first sight does not matter; they do not unless told. */
  readonly dated?: (facts: T) => boolean;
  /** Facts of one that was known and is seen again; those of now unless told. */
  readonly merge?: (before: T, now: T) => T;
  /** Whether what is remembered still counts; all of it unless told. */
  readonly counts?: (entry: Dated<T>) => boolean;
  /** What to remember of one that is not seen now; undefined, also unless told, forgets it. */
  readonly keep?: (entry: Dated<T>) => T | undefined;
}

/** A clock that stands before this program was written was never set. Unix seconds, 1 January 2026. */
const clockFloor = 1_767_225_600;

/** A time of first sight that is lost stays unknown until the thing is gone. */
const documentSchema = z.object({
  format: z.literal(1),
  entries: z.array(z.tuple([z.string(), z.number().nullable(), z.unknown()])),
});

/**
 * Brings the remembered times of first sight up to date with what is open now. No time is later than now, so a clock that was
 * ahead does no lasting harm; a clock that was never set dates nothing.
 * @returns what is open, what `keep` kept included, with times that a restart of the exporter will not make younger.
 */
export async function rememberFirstSeen<T>(
  host: Host,
  seen: readonly Sight<T>[],
  options: FirstSeenOptions<T>,
): Promise<{ readonly entries: readonly Dated<T>[]; readonly problems: readonly Problem[] }> {
  const now = Math.floor(host.now());
  const stored = await readStored(host, options);
  const problems = [...stored.problems];
  const known = new Map([...stored.entries].filter(([, entry]) => options.counts?.(entry) !== false));
  const clockUnset = now < clockFloor;
  const ceiling = clockUnset ? Infinity : now;
  const date = (entry: Sight<T>): Dated<T> => {
    const before = known.get(entry.key);
    const facts =
      before === undefined ? entry.facts : (options.merge?.(before.facts, entry.facts) ?? entry.facts);
    const fresh = stored.lost ? undefined : now;
    const times = [entry.since, before === undefined ? fresh : before.seen].filter(
      (time) => time !== undefined,
    );
    return { key: entry.key, facts, seen: times.length === 0 ? undefined : Math.min(ceiling, ...times) };
  };
  const open = new Map(seen.map((entry) => [entry.key, date(entry)]));
  for (const [key, entry] of known) {
    const facts = open.has(key) ? undefined : options.keep?.(entry);
    if (facts !== undefined) open.set(key, { ...entry, facts });
  }
  const entries = [...open.values()];
  if (clockUnset) problems.push(unsetClock(now));
  // What is only out of reach must not be overwritten with younger times.
  const mayWrite = stored.reachable && !clockUnset;
  if (mayWrite && (problems.length > 0 || !same(stored.entries, entries))) {
    try {
      await host.state.write(options.state, documentOf(entries));
      return { entries, problems: [...problems, ...lostTimes(entries, options)] };
    } catch (error) {
      problems.push(problemOf(error));
      return { entries: entries.map(lastingOnly(known, seen)), problems };
    }
  }
  return {
    entries: mayWrite ? entries : entries.map(lastingOnly(known, seen)),
    problems: [...problems, ...lostTimes(entries, options)],
  };
}

interface Stored<T> {
  readonly entries: ReadonlyMap<string, Dated<T>>;
  readonly problems: readonly Problem[];
  readonly reachable: boolean;
  readonly lost: boolean;
}

async function readStored<T>(host: Host, { state, facts }: FirstSeenOptions<T>): Promise<Stored<T>> {
  const nothing = { entries: new Map<string, Dated<T>>(), lost: false };
  try {
    const { document, problems, lost } = await host.state.read(state);
    if (document === undefined) return { ...nothing, problems, lost, reachable: true };
    const parsed = documentSchema.safeParse(document);
    const entries = parsed.data?.entries.flatMap(([key, seen, value]) => {
      const read = facts.safeParse(value);
      return read.success ? [[key, { key, seen: seen ?? undefined, facts: read.data }] as const] : [];
    });
    if (entries !== undefined && entries.length === parsed.data?.entries.length)
      return { entries: new Map(entries), problems, lost: false, reachable: true };
    const message = `the state ${state} is not what this exporter writes; what it remembered starts anew`;
    return {
      entries: new Map(entries),
      problems: [...problems, { reason: 'state_unreadable', message }],
      lost: true,
      reachable: true,
    };
  } catch (error) {
    return { ...nothing, problems: [problemOf(error)], reachable: false };
  }
}

/** Only times that were stored before or that the host itself tells: one that is made up anew at every run never grows old. */
function lastingOnly<T>(known: ReadonlyMap<string, Dated<T>>, seen: readonly Sight<T>[]) {
  const told = new Map(seen.map(({ key, since }) => [key, since]));
  return (entry: Dated<T>): Dated<T> =>
    known.has(entry.key) || told.get(entry.key) !== undefined ? entry : { ...entry, seen: undefined };
}

function lostTimes<T>(
  entries: readonly Dated<T>[],
  { things, dated }: FirstSeenOptions<T>,
): readonly Problem[] {
  const lost = entries.filter(({ seen, facts }) => seen === undefined && dated?.(facts) !== true).length;
  if (lost === 0) return [];
  return [
    {
      reason: 'state_unreadable',
      message: `since when ${lost} of the open ${things} are known was lost with the state file, so their age is unknown until they are gone; restore the state directory from a backup to bring it back`,
    },
  ];
}

function unsetClock(now: number): Problem {
  return {
    reason: 'clock_wrong',
    message: `the clock of this host says ${new Date(now * 1000).toISOString()}, so nothing can be dated; set it (timedatectl set-ntp true)`,
  };
}

function documentOf<T>(entries: readonly Dated<T>[]): z.infer<typeof documentSchema> {
  return { format: 1, entries: entries.map(({ key, seen, facts }) => [key, seen ?? null, facts]) };
}

function same<T>(stored: ReadonlyMap<string, Dated<T>>, entries: readonly Dated<T>[]): boolean {
  if (stored.size !== entries.length) return false;
  return entries.every((entry) => {
    const before = stored.get(entry.key);
    return (
      before !== undefined && JSON.stringify(documentOf([before])) === JSON.stringify(documentOf([entry]))
    );
  });
}
