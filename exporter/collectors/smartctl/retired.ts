import { z } from 'zod';
import type { Host, Problem } from '../../collector.ts';
import type { KnownDisk, KnownDisks } from './known.ts';

/** Name of the state document. Only `disks retire` writes it, so that it and a running exporter never undo each other's work. */
export const retiredName = 'smartctl-retired';

const retirementSchema = z.object({
  /** Unix seconds. */
  at: z.number(),
  by: z.string(),
  why: z.string().exactOptional(),
});
/** Who took a disk out of service, and when. */
export type Retirement = z.infer<typeof retirementSchema>;

/** By the id of the disk. */
export type Retired = ReadonlyMap<string, Retirement>;

const schema = z.object({ disks: z.record(z.string(), retirementSchema) });

/** Retirements in a state document; undefined when it is none. */
export function parseRetired(document: unknown): Retired | undefined {
  const { data } = schema.safeParse(document);
  return data === undefined ? undefined : new Map(Object.entries(data.disks));
}

/** As it is remembered. */
export function retiredDocument(retired: Retired): z.infer<typeof schema> {
  return { disks: Object.fromEntries([...retired].toSorted(([a], [b]) => (a < b ? -1 : 1))) };
}

/** Nobody is retired where that cannot be read: rather an alarm too many. @throws CollectorError permission_denied. */
export async function readRetired(
  host: Host,
): Promise<{ readonly disks: Retired; readonly problems: readonly Problem[] }> {
  const { document, problems } = await host.state.read(retiredName);
  if (document === undefined) return { disks: new Map(), problems };
  const disks = parseRetired(document);
  if (disks !== undefined) return { disks, problems };
  const message = `${retiredName} is damaged; retire the disks that are out of service again`;
  return { disks: new Map(), problems: [...problems, { reason: 'state_unreadable', message }] };
}

/** A disk that came after its retirement is in service again. One that was still there then stays retired until it has been away. */
export function isRetired(retirement: Retirement | undefined, { arrived }: KnownDisk): boolean {
  return retirement !== undefined && retirement.at >= (arrived ?? 0);
}

/** Puts on record that retired disks are back. @throws CollectorError when it cannot be recorded. */
export async function recordReturns(
  host: Host,
  before: KnownDisks,
  after: KnownDisks,
  retired: Retired,
): Promise<void> {
  const returned = [...after].flatMap(([id, disk]) => {
    const retirement = retired.get(id);
    const was = before.get(id);
    return retirement !== undefined &&
      was !== undefined &&
      isRetired(retirement, was) &&
      !isRetired(retirement, disk)
      ? [{ id, disk, retirement }]
      : [];
  });
  await host.evidence(
    returned.map(({ id, disk, retirement }) => ({
      kind: 'disk_returned',
      id: `disk_returned:${id}:${disk.arrived ?? 0}`,
      at: new Date(host.now() * 1000).toISOString(),
      outcome: 'returned',
      tool: 'smartctl',
      source: disk.device,
      details: {
        disk: id,
        model: disk.model,
        serial: disk.serial,
        retired_at: new Date(retirement.at * 1000).toISOString(),
        retired_by: retirement.by,
      },
    })),
  );
}
