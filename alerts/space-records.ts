import { vector } from '../exporter/metrics.ts';
import { firstOf, host, nested, perObject } from './control.ts';
import type { Policy } from './policy.ts';
import { recorded } from './records.ts';
import type { RecordingRule } from './rules.ts';

/** Full from the start, or gone with the next start. */
const noRoom = 'squashfs|iso9660|udf|erofs|cramfs|tmpfs|devtmpfs|ramfs|overlay';
const ofFiles = (metric: 'size' | 'free'): string =>
  `${vector(`maintenance_filesystem_${metric}_bytes`)}{fstype!~"${noRoom}"}`;
const files = `(1 - ${ofFiles('free')} / (${ofFiles('size')} > 0))`;
/** `lvm:vg/pool:data`: data and metadata run full one by one. */
const pools = `label_join(${nested(`${vector('maintenance_volume_used_ratio')},\n"object", ":", "kind", "volume", "space"`)})`;

const used = recorded('object:maintenance_space_used:ratio');
/** Two instants of the same time of day: backups and logs that come and go each day are no growth. */
const since = (days: number): string =>
  `(${used} - ${used} offset ${days}d)${days === 7 ? '' : ` * 7 / ${days}`}`;

/** What is recorded per file system, pool and snapshot: how full it is, and how fast it becomes so. */
export function spaceRecords({ watching }: Policy): readonly RecordingRule[] {
  return [
    { record: 'maintenance:space_full_limit:ratio', expr: `vector(${watching.space_full})` },
    {
      record: 'object:maintenance_space_used:ratio',
      expr: firstOf(perObject('max', 'mountpoint', files), `max by (${host}, object) (${nested(pools)})`),
    },
    {
      record: 'object:maintenance_space_used:growth7d',
      // A host that was off a week ago: a day more or less will do.
      expr: firstOf(since(7), since(8), since(6)),
    },
  ];
}
