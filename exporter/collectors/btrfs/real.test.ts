import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localHost } from '../../host.ts';
import { btrfs } from '../btrfs.ts';

const scratch = mkdtempSync(join(tmpdir(), 'btrfs-real-'));
const at = (name: string) => join(scratch, name);
const run = (tool: string, ...args: readonly string[]) =>
  execFileSync(tool, args, { encoding: 'utf8', stdio: 'pipe' });
const shell = (command: string) => spawnSync('bash', ['-c', command], { cwd: scratch, stdio: 'pipe' }).status;

/** Two file systems in files, mounted: it takes root, loop devices and a kernel that knows btrfs. */
const mounted = ['source', 'target'].every((name) => {
  mkdirSync(at(name));
  run('truncate', '-s', '150M', at(`${name}.img`));
  run('mkfs.btrfs', '-q', at(`${name}.img`));
  return spawnSync('mount', ['-o', 'loop', at(`${name}.img`), at(name)]).status === 0;
});
if (!mounted)
  console.warn('no btrfs can be mounted here (kernel, loop devices or root): its real tests are left out');
afterAll(() => {
  for (const name of ['source', 'target']) spawnSync('umount', [at(name)]);
  rmSync(scratch, { recursive: true, force: true });
});

const snapshot = (name: string) =>
  run('btrfs', 'subvolume', 'snapshot', '-r', at('source/home'), at(`source/snap/${name}`));
const made = (path: string) => {
  const shown = run('btrfs', 'subvolume', 'show', at(path));
  return Date.parse(/Creation time:\s+(.*)/.exec(shown)?.[1] ?? '') / 1000;
};

async function collect(settings: Readonly<Record<string, unknown>>) {
  const job = { backup_job: 'home', expected_interval: '24h', time_zone: 'UTC', ...settings };
  const { samples, problems } = await btrfs.collect(localHost({ stateDirectory: at('state') }), {
    jobs: [job],
  });
  const value = (name: string) => samples.find((one) => one.name === `maintenance_backup_${name}`)?.value;
  return {
    success: value('last_success_timestamp_seconds'),
    points: value('restore_points'),
    checked: value('check_success'),
    reasons: problems.map(({ reason }) => reason),
  };
}

describe.runIf(mounted)('the real btrfs', () => {
  const local = { filesystem: at('source'), snapshots: 'snap/home.*' };
  const sent = { filesystem: at('target'), snapshots: 'recv/home.*', received: true };
  beforeAll(() => {
    run('btrfs', 'subvolume', 'create', at('source/home'));
    mkdirSync(at('source/snap'));
    mkdirSync(at('target/recv'));
    writeFileSync(at('source/home/a'), 'a');
  });

  test('a file system without snapshots holds 0 restore points, and no scrub is no check', async () => {
    expect(await collect(local)).toEqual({ success: undefined, points: 0, checked: undefined, reasons: [] });
  });

  test('local snapshots are as old as they are, and a writable one is none', async () => {
    snapshot('home.20261124T0330');
    run('btrfs', 'subvolume', 'snapshot', at('source/home'), at('source/snap/home.writable'));
    expect(await collect(local)).toMatchObject({
      success: made('source/snap/home.20261124T0330'),
      points: 1,
    });
  });

  test.each(['UTC', 'Asia/Tokyo', 'America/New_York'])(
    'an exporter in %s reads the same second',
    async (zone) => {
      const before = process.env['TZ'];
      process.env['TZ'] = zone;
      try {
        expect((await collect(local)).success).toBe(made('source/snap/home.20261124T0330'));
      } finally {
        if (before === undefined) delete process.env['TZ'];
        else process.env['TZ'] = before;
      }
    },
  );

  test('one that arrived is as old as its name says, not as its arrival', async () => {
    expect(shell('btrfs send -q source/snap/home.20261124T0330 | btrfs receive target/recv')).toBe(0);
    expect(await collect(sent)).toMatchObject({
      success: Date.parse('2026-11-24T03:30:00Z') / 1000,
      points: 1,
    });
    expect((await collect({ ...sent, source_filesystem: at('source') })).success).toBe(
      made('source/snap/home.20261124T0330'),
    );
  });

  test('one whose transfer broke off is no restore point that counts', async () => {
    writeFileSync(at('source/home/big'), readFileSync(process.execPath).subarray(0, 8 * 1024 * 1024));
    snapshot('home.20261125T0330');
    expect(
      shell(
        'btrfs send -q -p source/snap/home.20261124T0330 source/snap/home.20261125T0330 | head -c 3000000 | btrfs receive target/recv',
      ),
    ).not.toBe(0);
    expect(await collect(sent)).toMatchObject({
      success: Date.parse('2026-11-24T03:30:00Z') / 1000,
      points: 2,
    });
    run('btrfs', 'subvolume', 'delete', at('target/recv/home.20261125T0330'));
    expect(
      shell(
        'btrfs send -q -p source/snap/home.20261124T0330 source/snap/home.20261125T0330 | btrfs receive target/recv',
      ),
    ).toBe(0);
    expect(await collect(sent)).toMatchObject({
      success: Date.parse('2026-11-25T03:30:00Z') / 1000,
      points: 2,
    });
  });

  test('a scrub is a check of the data', async () => {
    run('btrfs', 'scrub', 'start', '-B', at('target'));
    expect(await collect(sent)).toMatchObject({ checked: 1, reasons: [] });
  });

  test('what is no btrfs is missing', async () => {
    expect(await collect({ ...local, filesystem: '/proc' })).toMatchObject({
      points: undefined,
      reasons: ['repository_missing'],
    });
  });
});
