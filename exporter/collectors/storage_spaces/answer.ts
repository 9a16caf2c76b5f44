import { z } from 'zod';
import { CollectorError } from '../../collector.ts';
import type { VolumeFacts } from '../volume/facts.ts';

/** A list of one is its member in some versions of PowerShell, an empty one null. */
const list = z
  .unknown()
  .transform((value): readonly unknown[] => (value === null || value === undefined ? [] : [value].flat()));

const diskSchema = z.object({
  name: z.string(),
  id: z.string(),
  layout: z.string(),
  health: z.number(),
  operational: list.pipe(z.array(z.number())),
  detached: z.number(),
  size: z.number(),
  members: z.number(),
  unhealthy: z.number(),
});
type Disk = z.infer<typeof diskSchema>;

/** HealthStatus of MSFT_VirtualDisk; 5 is unknown. */
const health = { healthy: 0, warning: 1, unhealthy: 2 } as const;
/** OperationalStatus: nothing to say. Any other (degraded, in service, incomplete ...) is not in order. */
const fine = 2;
/** DetachedReason: too many disks unhealthy, incomplete. 2 is by policy; 1, or nothing, while it is attached. */
const lost: readonly number[] = [3, 4];

/** What the script printed. @throws CollectorError unexpected_output. */
export function parseAnswer(document: unknown): readonly VolumeFacts[] {
  const { data, error } = z.object({ disks: list.pipe(z.array(diskSchema)) }).safeParse(document);
  if (data === undefined || (typeof document === 'object' && document !== null && !('disks' in document)))
    throw new CollectorError(
      'unexpected_output',
      'what came back about Storage Spaces is not from the script',
      {
        cause: error,
      },
    );
  return data.disks.map(judge);
}

function judge(disk: Disk): VolumeFacts {
  const bad =
    disk.health === health.warning ||
    disk.health === health.unhealthy ||
    disk.unhealthy > 0 ||
    lost.includes(disk.detached);
  const good =
    disk.health === health.healthy &&
    disk.operational.length > 0 &&
    disk.operational.every((one) => one === fine);
  return {
    volume: disk.name === '' ? disk.id : disk.name,
    id: disk.id,
    level: disk.layout === '' ? 'unknown' : disk.layout.toLowerCase(),
    healthy: bad ? false : good ? true : undefined,
    operational: lost.includes(disk.detached)
      ? false
      : disk.detached <= 1 && disk.health <= health.warning
        ? true
        : undefined,
    members: disk.members === 0 ? undefined : disk.members,
    degradedMembers: disk.members === 0 ? undefined : disk.unhealthy,
    size: disk.size,
  };
}
