import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Collector } from '../../collector.ts';
import { disk } from '../../fixtures/guest/disks.ts';
import { bootGuest, type Guest } from '../../fixtures/guest/guest.ts';
import { lvm } from '../lvm.ts';
import { md } from '../md.ts';

/** Real arrays and volume groups of a real kernel, made with the real mdadm and LVM. */
let guest: Guest;
const began = performance.now();
const MiB = 1024 * 1024;
const count = 9;

beforeAll(async () => {
  const all = Array.from({ length: count }, (_, id) => id);
  guest = await bootGuest(
    (folder) => [
      '-device',
      'virtio-scsi-pci,id=scsi',
      ...all.flatMap((id) => disk(folder, `d${id}`, 64, `scsi-hd,bus=scsi.0,scsi-id=${id}`)),
    ],
    ['virtio_scsi', 'sd_mod', 'raid1', 'raid456', 'dm-raid', 'dm-thin-pool', 'dm-snapshot'],
  );
  await vi.waitUntil(
    async () =>
      ((await guest.host.list('/dev')) ?? []).filter((name) => name.startsWith('sd')).length === count,
    { timeout: 120_000, interval: 250 },
  );
  // The kernel gives out sda, sdb ... as it comes; a test needs to know which disk it pulls.
  const link = 'ln -s "$(ls /sys/bus/scsi/devices/0:0:$1:0/block)" "/dev/d$1"';
  await Promise.all(all.map((id) => guest.must('sh', '-c', link, 'sh', String(id))));
}, 900_000);
afterAll(() => {
  guest?.stop();
  process.stdout.write(`tests on real volumes took ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
});

/** Values of a volume by metric, without `maintenance_volume_`, and with the `error` or `space` they are of. */
async function look(collector: Collector, volume: string): Promise<Readonly<Record<string, number>>> {
  const { samples, problems } = await collector.collect(guest.host, {});
  expect(problems).toEqual([]);
  return Object.fromEntries(
    samples
      .filter(({ labels }) => labels['volume'] === volume)
      .map(({ name, labels, value }) => {
        const { error, space, level } = labels;
        const parts = [name.replace('maintenance_volume_', ''), error ?? space ?? level];
        return [parts.filter((part) => part !== undefined).join(' '), value];
      }),
  );
}

const sh = (command: string) => guest.must('sh', '-c', command);
const number = async (file: string) => Number(await guest.must('cat', file));

async function pull(id: number): Promise<void> {
  const pulled = guest.qmp.event('DEVICE_DELETED', `d${id}-device`);
  await guest.qmp.execute('device_del', { id: `d${id}-device` });
  await pulled;
  await vi.waitUntil(async () => (await guest.host.list(`/sys/bus/scsi/devices/0:0:${id}:0`)) === undefined, {
    timeout: 60_000,
  });
}

describe('md', { timeout: 300_000 }, () => {
  const folder = '/sys/block/md0/md';
  /** KiB/s, for what md does by itself: slow enough to be met at it, or done at once. */
  const speed = (limit: number) =>
    sh(`for end in min max min; do echo ${limit} > ${folder}/sync_speed_$end || true; done`);
  const settled = () =>
    vi.waitUntil(async () => (await guest.host.read(`${folder}/sync_action`)) === 'idle\n', {
      timeout: 200_000,
      interval: 250,
    });

  test('a mirror in order', async () => {
    await sh('mdadm --create /dev/md0 --run --level=1 --raid-devices=2 --assume-clean /dev/d0 /dev/d1');
    expect(await look(md, 'md0')).toEqual({
      'info raid1': 1,
      present: 1,
      healthy: 1,
      operational: 1,
      members: 2,
      degraded_members: 0,
      spares: 0,
      'errors corrected': 0,
      size_bytes: Number(await guest.must('blockdev', '--getsize64', '/dev/md0')),
    });
  });

  test('a member that fails: degraded, and still serving', async () => {
    await sh('mdadm --fail /dev/md0 /dev/d1');
    const degraded = { healthy: 0, operational: 1, members: 2, degraded_members: 1 };
    expect(await look(md, 'md0')).toMatchObject(degraded);
    await sh('mdadm --remove /dev/md0 /dev/d1');
    const removed = await look(md, 'md0');
    expect(removed).toMatchObject(degraded);
    expect(removed).not.toHaveProperty('rebuild_ratio');
  });

  test('a new member is rebuilt: degraded until it is done', async () => {
    await speed(100);
    await sh('mdadm --add /dev/md0 /dev/d2');
    const rebuilding = await look(md, 'md0');
    expect(rebuilding).toMatchObject({ healthy: 0, operational: 1, degraded_members: 1 });
    expect(rebuilding['rebuild_ratio']).toBeGreaterThanOrEqual(0);
    expect(rebuilding['rebuild_ratio']).toBeLessThan(1);
    await speed(1_000_000);
    await settled();
    const rebuilt = await look(md, 'md0');
    expect(rebuilt).toMatchObject({ healthy: 1, operational: 1, degraded_members: 0 });
    expect(rebuilt).not.toHaveProperty('rebuild_ratio');
    expect(rebuilt, 'a rebuild is no check').not.toHaveProperty('scrub_timestamp_seconds');
  });

  test('a check is no fault, and leaves its date and what it found', async () => {
    await speed(100);
    const before = Date.now() / 1000;
    await sh(`echo check > ${folder}/sync_action`);
    const checking = await look(md, 'md0');
    expect(checking).toMatchObject({ healthy: 1, degraded_members: 0 });
    expect(checking).not.toHaveProperty('rebuild_ratio');
    expect(checking).not.toHaveProperty('scrub_timestamp_seconds');
    await speed(1_000_000);
    await settled();
    const checked = await look(md, 'md0');
    expect(checked).toMatchObject({ healthy: 1, scrub_errors: 0 });
    expect(checked['scrub_timestamp_seconds']).toBeGreaterThanOrEqual(before);
    expect(checked['scrub_timestamp_seconds']).toBeLessThanOrEqual(Date.now() / 1000);
  });

  test('a check that began and ended between two looks: what it found is not the count of the one before', async () => {
    const last = (await look(md, 'md0'))['scrub_timestamp_seconds'];
    // Behind md's back, far behind its metadata.
    await sh('dd if=/dev/urandom of=/dev/d0 bs=4096 seek=8000 count=4 conv=fsync,notrunc');
    await sh(`echo check > ${folder}/sync_action`);
    await settled();
    const found = await number(`${folder}/mismatch_cnt`);
    expect(found).toBeGreaterThan(0);
    const checked = await look(md, 'md0');
    expect(checked).toMatchObject({ healthy: 1, scrub_errors: found });
    expect(checked['scrub_timestamp_seconds']).toBeGreaterThanOrEqual(last ?? Infinity);
  });

  test('RAID 5 that lost more than it can: failed; stopped: gone', async () => {
    await sh(
      'mdadm --create /dev/md5 --run --level=5 --raid-devices=3 --assume-clean /dev/d3 /dev/d4 /dev/d5',
    );
    expect(await look(md, 'md5')).toMatchObject({ 'info raid5': 1, healthy: 1, operational: 1, members: 3 });
    await sh('mdadm --fail /dev/md5 /dev/d3');
    expect(await look(md, 'md5')).toMatchObject({ healthy: 0, operational: 1, degraded_members: 1 });
    // The kernel says EBUSY, and fails the member and the array all the same.
    await sh('mdadm --fail /dev/md5 /dev/d4 || grep -q "3/1" /proc/mdstat');
    expect(await look(md, 'md5')).toMatchObject({ healthy: 0, operational: 0, degraded_members: 2 });
    await sh('mdadm --stop /dev/md5');
    expect(await look(md, 'md5')).toEqual({ present: 0 });
    await sh('mdadm --zero-superblock /dev/d3 /dev/d4 /dev/d5');
  });

  test('a disk that is pulled out: degraded before md itself has noticed, and after', async () => {
    await pull(0);
    expect(await guest.host.read('/proc/mdstat'), 'what md says').toContain('[2/2] [UU]');
    expect(await look(md, 'md0')).toMatchObject({ healthy: 0, operational: 1, degraded_members: 1 });
    await sh('dd if=/dev/zero of=/dev/md0 bs=4096 count=4 conv=fsync');
    expect(await guest.host.read('/proc/mdstat'), 'what md says').toContain('[2/1]');
    expect(await look(md, 'md0')).toMatchObject({ healthy: 0, operational: 1, degraded_members: 1 });
  });

  test('every array stopped: gone, not healthy', async () => {
    await sh('mdadm --stop /dev/md0');
    expect(await look(md, 'md0')).toEqual({ present: 0 });
    expect(await look(md, 'md5')).toEqual({ present: 0 });
  });
});

describe('lvm', { timeout: 300_000 }, () => {
  test('a group with a mirror and a thin pool, in order', async () => {
    await sh('lvm vgcreate -y vg /dev/d3 /dev/d4 /dev/d5');
    await sh('lvm lvcreate -y --type raid1 -m1 -L16M -n mirror vg /dev/d3 /dev/d4');
    await sh('lvm lvcreate -y --type thin-pool -L24M --poolmetadatasize 4M -n pool vg /dev/d5');
    await vi.waitUntil(
      async () => / (\d+)\/\1 idle /.test(await guest.must('dmsetup', 'status', 'vg-mirror')),
      {
        timeout: 200_000,
        interval: 250,
      },
    );
    expect(await look(lvm, 'vg')).toEqual({
      'info volume group': 1,
      present: 1,
      healthy: 1,
      members: 3,
      degraded_members: 0,
      // Each of the disks gives whole extents of 4 MiB, less one for the metadata.
      size_bytes: 3 * 60 * MiB,
    });
    expect(await look(lvm, 'vg/mirror')).toEqual({
      'info raid1': 1,
      present: 1,
      healthy: 1,
      operational: 1,
      members: 2,
      degraded_members: 0,
      size_bytes: 16 * MiB,
    });
    expect(await look(lvm, 'vg/pool')).toMatchObject({
      'info thin pool': 1,
      healthy: 1,
      operational: 1,
      size_bytes: 24 * MiB,
      'used_ratio data': 0,
    });
  });

  test('a thin pool and a snapshot fill up', async () => {
    await sh('lvm lvcreate -y -V64M --thinpool vg/pool -n thin');
    await sh('dd if=/dev/urandom of=/dev/vg/thin bs=1M count=6 conv=fsync');
    const { 'used_ratio data': data, 'used_ratio metadata': metadata } = await look(lvm, 'vg/pool');
    expect(data).toBe(6 / 24);
    const [, used = '', all = ''] =
      / thin-pool \d+ (\d+)\/(\d+) /.exec(await guest.must('dmsetup', 'status', 'vg-pool-tpool')) ?? [];
    expect(metadata).toBeCloseTo(Number(used) / Number(all), 3);

    await sh('lvm lvcreate -y -s -L8M -n snap vg/mirror /dev/d5');
    expect((await look(lvm, 'vg/snap'))['used_ratio data']).toBeLessThan(0.01);
    await sh('dd if=/dev/urandom of=/dev/vg/mirror bs=1M count=2 conv=fsync');
    expect((await look(lvm, 'vg/snap'))['used_ratio data']).toBeCloseTo(2 / 8, 2);
    await sh('dd if=/dev/urandom of=/dev/vg/mirror bs=1M count=12 conv=fsync');
    expect(await look(lvm, 'vg/snap'), 'a snapshot that ran over').toEqual({ 'used_ratio data': 1 });
    await sh('lvm lvremove -y vg/snap');
  });

  test('a mirror whose copies differ: what its check found', async () => {
    // Behind the back of the mirror; its image begins one extent behind its metadata.
    const place = 'dmsetup table vg-mirror_rimage_1 | sed "s/.* //"';
    await sh(`dd if=/dev/urandom of=/dev/d4 bs=512 seek=$(($(${place}) + 8192)) count=8 conv=fsync,notrunc`);
    await sh('lvm lvchange --syncaction check vg/mirror');
    await vi.waitUntil(async () => / idle /.test(await guest.must('dmsetup', 'status', 'vg-mirror')), {
      timeout: 200_000,
      interval: 250,
    });
    const [, found = ''] = / idle (\d+) /.exec(await guest.must('dmsetup', 'status', 'vg-mirror')) ?? [];
    expect(Number(found)).toBeGreaterThan(0);
    expect(await look(lvm, 'vg/mirror')).toMatchObject({ scrub_errors: Number(found) });
    await sh('lvm lvchange --syncaction repair vg/mirror');
  });

  test('a disk that is pulled out: its group and its mirror are degraded, the pool beside it is not', async () => {
    await pull(4);
    expect(await look(lvm, 'vg')).toMatchObject({ healthy: 0, members: 3, degraded_members: 1 });
    expect(await look(lvm, 'vg/mirror')).toMatchObject({
      healthy: 0,
      operational: 1,
      members: 2,
      degraded_members: 1,
    });
    expect(await look(lvm, 'vg/pool')).toMatchObject({ healthy: 1, operational: 1 });
  });

  test('a new disk, and the repair: in order again', async () => {
    await sh('lvm vgextend vg /dev/d6');
    await sh('lvm lvconvert -y --repair vg/mirror /dev/d6');
    await sh('lvm vgreduce --removemissing vg');
    await vi.waitUntil(async () => (await look(lvm, 'vg/mirror'))['healthy'] === 1, {
      timeout: 200_000,
      interval: 250,
    });
    expect(await look(lvm, 'vg')).toMatchObject({ healthy: 1, members: 3, degraded_members: 0 });
    expect(await look(lvm, 'vg/mirror')).toMatchObject({ operational: 1, degraded_members: 0 });
  });

  test('a thin pool without room for what was promised: full', async () => {
    await sh('lvm lvchange --errorwhenfull y vg/pool');
    await guest.must('sh', '-c', 'dd if=/dev/urandom of=/dev/vg/thin bs=1M count=40 conv=fsync || true');
    const full = await look(lvm, 'vg/pool');
    expect(full).toMatchObject({ 'used_ratio data': 1, healthy: 0 });
  });

  test('a group that is removed is gone', async () => {
    await sh('lvm vgremove -y -f vg');
    expect(await look(lvm, 'vg')).toEqual({ present: 0 });
    expect(await look(lvm, 'vg/mirror')).toEqual({ present: 0 });
  });
});
