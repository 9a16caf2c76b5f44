import { firstOf, host, nested } from '../control.ts';
import { call, type MappingRule, owned } from './mapped.ts';
import { volumeRules } from './volumes.ts';

const named = (label: string, selector: string) =>
  call('label_replace', selector, `"volume", "$1", "${label}", "(.+)"`);
const array = (worse: 'min' | 'max', name: string, match = '') =>
  `${worse} by (${host}, volume) (${nested(named('device', `node_md_${name}{${match}${owned}}`))})`;
const pool = (match: string) =>
  `(max by (${host}, volume) (${nested(named('zpool', `node_zfs_zpool_state{${match}${owned}}`))}) == 1)`;

const collected = (collector: string) =>
  `(max by (customer, instance) (node_scrape_collector_success{collector="${collector}",${owned}}) == 1)`;

/** Linear arrays and those of an unknown layout require none. */
const required = `(${array('max', 'disks_required')} > 0)`;
const active = array('min', 'disks', 'state="active",');
const failed = array('max', 'disks', 'state="failed",');
const quiet = `(${array('max', 'state', 'state=~"active|check.*",')} == 1)`;
const rebuilding = `(${array('max', 'state', 'state=~"recover.*|resync.*",')} == 1)`;
const inactive = `(${array('max', 'state', 'state="inactive",')} == 1)`;

const md = volumeRules({
  exporter: 'node_exporter',
  kind: 'md',
  info: named('device', `node_md_state{${owned}}`),
  complete: collected('mdadm'),
  facts: [
    {
      record: 'maintenance_volume_healthy',
      expr: firstOf(
        `${rebuilding} * 0`,
        `${inactive} * 0`,
        `(${failed} > 0) * 0`,
        `(${active} < ${required}) * 0`,
        `(${quiet} and ${active} >= ${required} and ${failed} == 0)`,
      ),
    },
    {
      record: 'maintenance_volume_operational',
      expr: firstOf(`${inactive} * 0`, quiet, rebuilding),
    },
    { record: 'maintenance_volume_members', expr: required },
    {
      record: 'maintenance_volume_degraded_members',
      expr: firstOf(`(${required} - ${active} >= ${failed})`, `(${failed} and ${required} and ${active})`),
    },
  ],
});

const zfs = volumeRules({
  exporter: 'node_exporter',
  kind: 'zfs',
  info: named('zpool', `node_zfs_zpool_state{${owned}}`),
  complete: collected('zfs'),
  facts: [
    {
      record: 'maintenance_volume_healthy',
      // The state of a pool says nothing of damaged files.
      expr: firstOf(`${pool('state!="online",')} * 0`, pool('state="online",')),
    },
    {
      record: 'maintenance_volume_operational',
      expr: firstOf(`${pool('state!~"online|degraded",')} * 0`, pool('state=~"online|degraded",')),
    },
  ],
});

/** Of the network: each client would tell of the same one. */
const remote = 'nfs.*|cifs|smb.*|smbfs|ceph|glusterfs|fuse[.](?:sshfs|glusterfs|ceph.*)|9p|afs';
const files = (worse: 'min' | 'max', metric: 'size' | 'avail') =>
  `${worse} by (${host}, mountpoint, fstype) (node_filesystem_${metric}_bytes{fstype!~"${remote}",${owned}})`;
/** Where our own exporter tells of file systems, it does. */
const unlessOurs =
  'unless on (customer, instance) present_over_time(maintenance_filesystem_size_bytes{exporter=""}[1d])';

const fileSystems: readonly MappingRule[] = [
  {
    record: 'maintenance_filesystem_size_bytes',
    expr: `${files('max', 'size')}\n${unlessOurs}`,
    labels: { exporter: 'node_exporter' },
  },
  {
    record: 'maintenance_filesystem_free_bytes',
    expr: `${files('min', 'avail')}\n${unlessOurs}`,
    labels: { exporter: 'node_exporter' },
  },
];

/**
 * Linux software RAID, ZFS pools and file systems that node_exporter reads (collector/mdadm_linux.go, collector/zfs_linux.go,
 * collector/filesystem_common.go: `avail` is what an unprivileged user may use; with a device error there is neither size nor avail).
 */
export const nodeExporter: readonly MappingRule[] = [...md, ...zfs, ...fileSystems];
