import { expect, test } from 'vitest';
import { CollectorError } from '../collector.ts';
import { replay, type Replay } from '../replay.ts';
import { btrfsVolume } from './btrfs_volume.ts';

// As Linux 6.18 shows a mirror of two loop devices, and btrfs-progs 6.2 records its scrub; real.test.ts asks the real ones.
const uuid = '69f20130-5885-490f-bbfc-3d33e16a7ecf';
const at = `/sys/fs/btrfs/${uuid}`;
const stats = 'write_errs 0\nread_errs 0\nflush_errs 0\ncorruption_errs 0\ngeneration_errs 0\n';
const whole: Readonly<Record<string, string>> = {
  [`${at}/label`]: 'pool\n',
  [`${at}/devinfo/1/missing`]: '0\n',
  [`${at}/devinfo/1/error_stats`]: stats,
  [`${at}/devinfo/2/missing`]: '0\n',
  [`${at}/devinfo/2/error_stats`]: stats,
  [`${at}/devices/sda/size`]: '409600\n',
  [`${at}/devices/sdb/size`]: '409600\n',
  [`${at}/allocation/data/raid1/used_bytes`]: '20971520\n',
  [`${at}/allocation/data/disk_used`]: '41943040\n',
  [`${at}/allocation/metadata/disk_used`]: '327680\n',
  [`${at}/allocation/system/disk_used`]: '32768\n',
  '/sys/fs/btrfs/features/raid1c34': '0\n',
};
const scrub = (one: string, two = one) =>
  `scrub status:1\n${[one, two]
    .map(
      (end, index) =>
        `${uuid}:${index + 1}|data_extents_scrubbed:320|read_errors:0|csum_errors:${index}|verify_errors:0|super_errors:0|corrected_errors:0|t_start:1795652012|t_resumed:0|duration:60|${end}`,
    )
    .join('\n')}\n`;
const finished = 'canceled:0|finished:1';
const record = `/var/lib/btrfs/scrub.status.${uuid}`;

async function collect(changed: Replay['files'] = {}, more: Replay = {}, scrubs = true) {
  const { samples, problems } = await btrfsVolume.collect(
    replay({ ...more, files: { ...whole, ...changed } }),
    { scrubs },
  );
  const value = (name: string) => samples.find((one) => one.name === `maintenance_volume_${name}`)?.value;
  return {
    volume: samples[0]?.labels['volume'],
    healthy: value('healthy'),
    degraded: value('degraded_members'),
    scrubbed: value('scrub_timestamp_seconds'),
    found: value('scrub_errors'),
    used: value('used_ratio'),
    reasons: problems.map(({ reason }) => reason),
  };
}
const inOrder = {
  volume: 'pool',
  healthy: 1,
  degraded: 0,
  scrubbed: undefined,
  found: undefined,
  used: 0.10085,
  reasons: [],
};

test('in order', async () => {
  const { used, ...facts } = await collect();
  expect({ ...facts, used: Number(used?.toFixed(5)) }).toEqual({ ...inOrder, used: 0.10086 });
});

test.each<[string, Replay['files'], object]>([
  ['a device missing', { [`${at}/devinfo/2/missing`]: '1\n' }, { healthy: 0, degraded: 1, used: undefined }],
  [
    'an error',
    { [`${at}/devinfo/2/error_stats`]: stats.replace('read_errs 0', 'read_errs 3') },
    { healthy: 0, degraded: 0 },
  ],
  [
    'counters the kernel calls invalid',
    { [`${at}/devinfo/2/error_stats`]: 'invalid\n' },
    { healthy: undefined, degraded: 0 },
  ],
  [
    'counters that are cut off',
    { [`${at}/devinfo/2/error_stats`]: 'write_errs 0\nread_e' },
    { healthy: undefined },
  ],
  [
    'an error beside invalid counters',
    { [`${at}/devinfo/1/missing`]: '1\n', [`${at}/devinfo/2/error_stats`]: 'invalid\n' },
    { healthy: 0 },
  ],
  ['data of one copy in a mirror', { [`${at}/allocation/data/single/used_bytes`]: '4096\n' }, { healthy: 0 }],
  ['an empty remainder of one copy', { [`${at}/allocation/data/single/used_bytes`]: '0\n' }, { healthy: 1 }],
  ['without a label', { [`${at}/label`]: '\n' }, { volume: uuid }],
  ['scrubbed', { [record]: scrub(finished) }, { scrubbed: 1795652072, found: 1 }],
  [
    'a scrub that was stopped',
    { [record]: scrub(finished, 'canceled:1|finished:0') },
    { scrubbed: undefined },
  ],
  ['a scrub under way', { [record]: scrub('canceled:0|finished:0') }, { scrubbed: undefined }],
  [
    'a record that is cut off',
    { [record]: scrub(finished).slice(0, 140) },
    { scrubbed: undefined, healthy: 1 },
  ],
  [
    'a record nobody else may read',
    { [record]: new CollectorError('permission_denied', 'may not read') },
    { healthy: 1, scrubbed: undefined, reasons: ['permission_denied'] },
  ],
])('%s', async (_, changed, expected) => {
  expect(await collect(changed)).toMatchObject(expected);
});

test('scrubs are not asked for where nobody may read them', async () => {
  const denied = { [record]: new CollectorError('permission_denied', 'may not read') };
  expect((await collect(denied, {}, false)).reasons).toEqual([]);
});

test('one that could not be read is not called gone, one that is not there is', async () => {
  const state = new Map<string, unknown>();
  await collect({}, { state });
  const broken = replay({
    state,
    files: { [`${at}/devinfo/1/missing`]: new CollectorError('permission_denied', 'no') },
  });
  expect((await btrfsVolume.collect(broken, {})).samples).toEqual([]);
  const gone = await btrfsVolume.collect(replay({ state }), {});
  expect(gone.samples).toEqual([
    { name: 'maintenance_volume_present', labels: { kind: 'btrfs', volume: 'pool' }, value: 0 },
  ]);
});

test('none is mounted', async () => {
  await expect(btrfsVolume.collect(replay({}), {})).rejects.toMatchObject({ reason: 'unsupported' });
});
