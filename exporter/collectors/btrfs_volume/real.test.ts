import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { localHost } from '../../host.ts';
import { btrfsVolume } from '../btrfs_volume.ts';

const scratch = mkdtempSync(join(tmpdir(), 'btrfs-volume-'));
const at = (name: string) => join(scratch, name);
const run = (tool: string, ...args: readonly string[]) =>
  execFileSync(tool, args, { encoding: 'utf8', stdio: 'pipe' }).trim();
/** Whatever it ends with. */
const attempt = (tool: string, ...args: readonly string[]) => spawnSync(tool, args);
const label = `real-${process.pid}`;
const loops: string[] = [];

/** Two devices in files, mounted as a mirror: it takes root, loop devices and a kernel that knows btrfs. */
const mounted = (() => {
  try {
    mkdirSync(at('mount'));
    for (const name of ['one', 'two']) {
      run('truncate', '-s', '150M', at(name));
      loops.push(run('losetup', '-f', '--show', at(name)));
    }
    run('mkfs.btrfs', '-q', '-L', label, '-m', 'raid1', '-d', 'raid1', ...loops);
    run('mount', loops[0] ?? '', at('mount'));
    return true;
  } catch {
    return false;
  }
})();
if (!mounted)
  console.warn('no btrfs can be mounted here (kernel, loop devices or root): its real tests are left out');
afterAll(() => {
  attempt('umount', at('mount'));
  for (const loop of loops) attempt('losetup', '-d', loop);
  rmSync(scratch, { recursive: true, force: true });
});

async function collect() {
  const { samples, problems } = await btrfsVolume.collect(localHost({ stateDirectory: at('state') }), {});
  const facts = samples
    .filter(({ labels: { volume } }) => volume === label)
    .map(({ name, labels: { level, error, space }, value }) => [
      [name.slice('maintenance_volume_'.length), level ?? error ?? space].filter(Boolean).join(' '),
      value,
    ]);
  return { facts: Object.fromEntries(facts), problems };
}

describe.runIf(mounted)('a real mirror', () => {
  test('is in order, and was never scrubbed', async () => {
    const { facts } = await collect();
    expect(facts).toMatchObject({
      'info raid1': 1,
      present: 1,
      healthy: 1,
      operational: 1,
      members: 2,
      degraded_members: 0,
      'errors read': 0,
      'errors checksum': 0,
      size_bytes: 2 * 150 * 1024 * 1024,
    });
    expect(facts['used_ratio data']).toBeLessThan(0.1);
    expect(facts['scrub_timestamp_seconds']).toBeUndefined();
  });

  test('has been scrubbed', async () => {
    run('btrfs', 'scrub', 'start', '-B', at('mount'));
    const { facts } = await collect();
    expect(Math.abs((facts['scrub_timestamp_seconds'] ?? 0) - Date.now() / 1000)).toBeLessThan(60);
    expect(facts['scrub_errors']).toBe(0);
  });

  test('counts what was damaged under it, also after it was put right', async () => {
    writeFileSync(at('mount/file'), Buffer.alloc(8 * 1024 * 1024, 'content'));
    run('sync');
    run('umount', at('mount'));
    const image = openSync(at('two'), 'r+');
    for (let offset = 40; offset < 140; offset += 1)
      writeSync(image, Buffer.alloc(4096, 'damage'), 0, 4096, offset * 1024 * 1024);
    run('sync');
    run('losetup', '-d', loops[1] ?? '');
    run('losetup', loops[1] ?? '', at('two'));
    run('mount', loops[0] ?? '', at('mount'));
    attempt('btrfs', 'scrub', 'start', '-B', at('mount'));
    const { facts } = await collect();
    expect(facts['errors checksum']).toBeGreaterThan(0);
    expect(facts['scrub_errors']).toBeGreaterThan(0);
    expect(facts).toMatchObject({ healthy: 0, operational: 1, degraded_members: 0 });
    run('btrfs', 'device', 'stats', '-z', at('mount'));
    expect((await collect()).facts).toMatchObject({ healthy: 1, 'errors checksum': 0 });
  });

  test('is degraded with one device, and what was written then has one copy only', async () => {
    run('umount', at('mount'));
    run('losetup', '-d', loops[1] ?? '');
    run('btrfs', 'device', 'scan', '--forget');
    run('mount', '-o', 'degraded', loops[0] ?? '', at('mount'));
    expect((await collect()).facts).toMatchObject({
      healthy: 0,
      operational: 1,
      members: 2,
      degraded_members: 1,
    });
    writeFileSync(at('mount/more'), Buffer.alloc(4 * 1024 * 1024, 'more'));
    run('sync');
    run('umount', at('mount'));
    run('losetup', loops[1] ?? '', at('two'));
    run('btrfs', 'device', 'scan', ...loops);
    run('mount', loops[0] ?? '', at('mount'));
    expect((await collect()).facts).toMatchObject({ healthy: 0, degraded_members: 0 });
  });

  test('is missed when it is not mounted', async () => {
    run('umount', at('mount'));
    expect((await collect()).facts).toEqual({ present: 0 });
  });
});
