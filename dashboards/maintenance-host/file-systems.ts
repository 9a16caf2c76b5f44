import type { Policy } from '../../alerts/policy.ts';
import { explain, lineColors, trend } from '../panels.ts';
import { everyHost, metric } from '../queries.ts';
import { table } from '../table.ts';
import { host, hostColumns, worst } from './facts.ts';

const size = metric('maintenance_filesystem_size_bytes');
const free = metric('maintenance_filesystem_free_bytes');
const freeShare = `max by (${host}, mountpoint, fstype) (${free} / ${size})`;

export function fileSystems(policy: Policy) {
  return table(
    {
      id: 43,
      title: 'File systems, fullest first',
      width: 12,
      height: 7,
      description: explain(policy, {
        what: 'Local file systems and the space an unprivileged user can still use.',
        formula: 'Free / size.',
        target: 'No limit is set yet; what counts is the time until it is full.',
        action: 'Clean up or extend before it is full: a full file system also stops updates and backups.',
        controls: ['host_reporting'],
      }),
    },
    {
      share: everyHost(freeShare),
      free: worst('mountpoint, fstype', free),
      size: worst('mountpoint, fstype', size),
    },
    {
      mountpoint: { title: 'Mounted on' },
      fstype: { title: 'Type' },
      share: { title: 'Free share', unit: 'percentunit', decimals: 1 },
      free: { title: 'Free', unit: 'bytes' },
      size: { title: 'Size', unit: 'bytes' },
      ...hostColumns,
    },
    { column: 'Free share', descending: false },
  );
}

export function freeTrend(policy: Policy) {
  return trend(
    {
      id: 44,
      title: 'Free space, trend',
      width: 24,
      height: 7,
      unit: 'percentunit',
      max: 1,
      description: explain(policy, {
        what: 'Share of each local file system that is still free.',
        formula: 'Free / size.',
        target: 'No limit is set yet; a line that falls steadily shows when it will be full.',
        action: 'Find out what grows before the line meets the floor.',
        controls: ['host_reporting'],
      }),
    },
    { free: { query: freeShare, legend: '{{instance}} {{mountpoint}}', color: lineColors[0], shades: true } },
  );
}
