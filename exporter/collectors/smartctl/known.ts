import { z } from 'zod';
import type { Host, Problem } from '../../collector.ts';
import type { Identity } from './identity.ts';

const stateName = 'smartctl-disks';

const text = z.string();
const schema = z.object({
  disks: z.record(
    text,
    z.object({
      device: text,
      type: text.optional(),
      protocol: text,
      kind: text,
      model: text,
      serial: text,
      firmware: text,
    }),
  ),
});

/** A disk that was read before: its identity, and where it was found last. */
export interface KnownDisk extends Omit<Identity, 'id'> {
  readonly device: string;
  readonly type?: string | undefined;
}

/** Disks that were read at least once, by id. One that is gone stays until it is excluded. */
export type KnownDisks = ReadonlyMap<string, KnownDisk>;

/** The known disks, and what was wrong with the memory of them; what is lost is learned anew. @throws CollectorError permission_denied. */
export async function readKnown(
  host: Host,
): Promise<{ readonly disks: KnownDisks; readonly problems: readonly Problem[] }> {
  const { document, problems } = await host.state.read(stateName);
  if (document === undefined) return { disks: new Map(), problems };
  const { data } = schema.safeParse(document);
  if (data !== undefined) return { disks: new Map(Object.entries(data.disks)), problems };
  const message = `${stateName} is damaged; the known disks are learned anew`;
  return { disks: new Map(), problems: [...problems, { reason: 'state_unreadable', message }] };
}

/** Writes only what changed, or what was damaged. @throws CollectorError when it cannot be written. */
export async function writeKnown(
  host: Host,
  before: KnownDisks,
  after: KnownDisks,
  damaged: boolean,
): Promise<void> {
  const document = documentOf(after);
  if (!damaged && JSON.stringify(document) === JSON.stringify(documentOf(before))) return;
  await host.state.write(stateName, document);
}

/** In one order of disks and members, so that equal is equal. */
function documentOf(known: KnownDisks): z.infer<typeof schema> {
  return schema.parse({ disks: Object.fromEntries([...known].toSorted(([a], [b]) => (a < b ? -1 : 1))) });
}
