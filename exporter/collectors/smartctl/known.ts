import { z } from 'zod';
import type { Host, Problem } from '../../collector.ts';
import { processSchema, sickSchema } from './back-off.ts';

/** Name of the state document. */
export const knownName = 'smartctl-disks';

const text = z.string();

/** What a run found of a known disk; `gone` stays until it is found again. */
const states = ['readable', 'asleep', 'unreadable', 'gone', 'unknown'] as const;

const diskSchema = z.object({
  device: text,
  type: text.optional(),
  protocol: text,
  kind: text,
  model: text,
  serial: text,
  firmware: text,
  /** Other ways to it, when it was last read. */
  ways: z.array(z.object({ device: text, type: text.optional() })).exactOptional(),
  /** Last read, unix seconds. */
  last_seen: z.number().exactOptional(),
  /** First found, or found again after it was gone, unix seconds. */
  arrived: z.number().exactOptional(),
  state: z.enum(states).exactOptional(),
});

/** A disk that was read before: its identity, and where it was found last. */
export type KnownDisk = Readonly<z.infer<typeof diskSchema>>;

/** Disks that were read at least once, by id. */
export type KnownDisks = ReadonlyMap<string, KnownDisk>;

/** Before back-off there were only `disks`, with their identity and device. */
const schema = z.object({
  disks: z.record(text, diskSchema),
  /** Devices that told no name, with the time since when, unix seconds: a disk seen later than that is another one. */
  strangers: z.record(text, z.number()).default({}),
  sick: z.record(text, sickSchema).default({}),
  /** Devices that were not asked because the time was over, with the time since when, unix seconds. */
  unreached: z.record(text, z.number()).default({}),
  /** A scan that was told to end. */
  scan: processSchema.optional(),
});

/** What is remembered from run to run. */
export interface Memory {
  readonly disks: KnownDisks;
  readonly strangers: ReadonlyMap<string, number>;
  readonly sick: ReadonlyMap<string, z.infer<typeof sickSchema>>;
  readonly unreached: ReadonlyMap<string, number>;
  readonly scan: z.infer<typeof processSchema> | undefined;
}

export const nothingKnown: Memory = {
  disks: new Map(),
  strangers: new Map(),
  sick: new Map(),
  unreached: new Map(),
  scan: undefined,
};

/** The memory in a state document; undefined when it is none. */
export function parseKnown(document: unknown): Memory | undefined {
  const { data } = schema.safeParse(document);
  if (data === undefined) return undefined;
  return {
    disks: new Map(Object.entries(data.disks)),
    strangers: new Map(Object.entries(data.strangers)),
    sick: new Map(Object.entries(data.sick)),
    unreached: new Map(Object.entries(data.unreached)),
    scan: data.scan,
  };
}

/** What is known, and what was wrong with the memory of it; what is lost is learned anew. @throws CollectorError permission_denied. */
export async function readKnown(
  host: Host,
): Promise<{ readonly memory: Memory; readonly problems: readonly Problem[] }> {
  const { document, problems } = await host.state.read(knownName);
  if (document === undefined) return { memory: nothingKnown, problems };
  const memory = parseKnown(document);
  if (memory !== undefined) return { memory, problems };
  const message = `${knownName} is damaged; the known disks are learned anew`;
  return { memory: nothingKnown, problems: [...problems, { reason: 'state_unreadable', message }] };
}

/** Writes only what changed, or what was damaged. @throws CollectorError when it cannot be written. */
export async function writeKnown(host: Host, before: Memory, after: Memory, damaged: boolean): Promise<void> {
  const document = documentOf(after);
  if (!damaged && JSON.stringify(document) === JSON.stringify(documentOf(before))) return;
  await host.state.write(knownName, document);
}

/** In one order of disks and members, so that equal is equal. */
function documentOf({ disks, strangers, sick, unreached, scan }: Memory): z.infer<typeof schema> {
  return schema.parse({
    disks: sorted(disks),
    strangers: sorted(strangers),
    sick: sorted(sick),
    unreached: sorted(unreached),
    ...(scan === undefined ? {} : { scan }),
  });
}

function sorted<T>(map: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return Object.fromEntries([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
