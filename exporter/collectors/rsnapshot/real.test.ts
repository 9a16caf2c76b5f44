import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { localHost } from '../../host.ts';
import { rsnapshot } from '../rsnapshot.ts';

const scratch = mkdtempSync(join(tmpdir(), 'rsnapshot-real-'));
const started: ChildProcess[] = [];
afterAll(async () => {
  await Promise.all(
    started.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }),
  );
  rmSync(scratch, { recursive: true, force: true });
});

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(scratch, 'case-'));
  mkdirSync(at('source'));
  mkdirSync(at('root'));
  writeFileSync(at('source/a'), 'a');
  configure();
});

/** @param rsync what stands in for rsync: a script that is told the real arguments. */
function configure(rsync = 'exec rsync "$@"', more: readonly string[] = []): void {
  writeFileSync(at('rsync'), `#!/bin/sh\n${rsync}\n`);
  chmodSync(at('rsync'), 0o755);
  const lines = [
    'config_version\t1.2',
    `snapshot_root\t${at('root')}/`,
    'cmd_cp\t/bin/cp',
    'cmd_rm\t/bin/rm',
    `cmd_rsync\t${at('rsync')}`,
    'retain\talpha\t3',
    'retain\tbeta\t2',
    'verbose\t1',
    'loglevel\t3',
    `logfile\t${at('log')}`,
    `lockfile\t${at('lock')}`,
    ...more,
    `backup\t${at('source')}/\tlocalhost/`,
  ];
  writeFileSync(at('conf'), `${lines.join('\n')}\n`);
}
const make = (level: string, zone = 'UTC') =>
  spawnSync('rsnapshot', ['-c', at('conf'), level], { env: { ...process.env, TZ: zone }, encoding: 'utf8' })
    .status;
const made = (name: string) => statSync(at(`root/${name}`)).mtimeMs / 1000;
/** Puts the dates of all directories back, so that the next one differs. */
function anHourLater(...names: readonly string[]): void {
  for (const name of names) utimesSync(at(`root/${name}`), made(name) - 3600, made(name) - 3600);
}

async function collect(zone = 'UTC') {
  const job = { backup_job: 'files', expected_interval: '24h', config: at('conf'), time_zone: zone };
  const { samples, problems } = await rsnapshot.collect(localHost({ stateDirectory: at('state') }), {
    jobs: [job],
  });
  const value = (name: string) => samples.find((one) => one.name === `maintenance_backup_${name}`)?.value;
  return {
    success: value('last_success_timestamp_seconds'),
    points: value('restore_points'),
    lastRun: value('last_run_success'),
    running: value('run_started_timestamp_seconds'),
    reasons: problems.map(({ reason }) => reason),
  };
}

describe('the real rsnapshot', () => {
  test('is the version whose log is read here', () => {
    expect(execFileSync('rsnapshot', ['version'], { encoding: 'utf8' })).toMatch(/^rsnapshot 1\.\d/);
  });

  test('complete runs are successes, also under another level and after rotation', async () => {
    expect(await collect()).toMatchObject({ points: 0, success: undefined, reasons: [] });
    expect([make('alpha'), make('alpha'), make('alpha')]).toEqual([0, 0, 0]);
    expect(await collect()).toEqual({
      success: made('alpha.0'),
      points: 3,
      lastRun: 1,
      running: undefined,
      reasons: [],
    });
    expect(make('beta')).toBe(0);
    expect(await collect()).toMatchObject({ success: made('alpha.0'), points: 3, lastRun: 1 });
  });

  test.each([
    ['files it could not read', 23, 2],
    ['a host that is away', 12, 1],
  ])('a run with %s dates its directory as today, and is no success', async (_, code, exit) => {
    expect(make('alpha')).toBe(0);
    anHourLater('alpha.0');
    configure(`exit ${code}`);
    expect(make('alpha')).toBe(exit);
    expect(made('alpha.0')).toBeGreaterThan(made('alpha.1') + 1800);
    expect(await collect()).toMatchObject({ success: made('alpha.1'), points: 2, lastRun: 0, reasons: [] });
  });

  test('a run under way is no restore point yet, and one that was killed never becomes one', async () => {
    expect(make('alpha')).toBe(0);
    anHourLater('alpha.0');
    configure(`touch ${at('begun')}; exec sleep 60`);
    const child = spawn('rsnapshot', ['-c', at('conf'), 'alpha'], {
      env: { ...process.env, TZ: 'UTC' },
      stdio: 'ignore',
      detached: true,
    });
    started.push(child);
    await vi.waitUntil(() => existsSync(at('begun')), { timeout: 30_000 });
    expect(await collect()).toMatchObject({
      success: made('alpha.1'),
      points: 1,
      running: expect.any(Number),
    });
    process.kill(-Number(child.pid), 'SIGKILL');
    await once(child, 'exit');
    expect(await collect()).toMatchObject({
      success: made('alpha.1'),
      points: 2,
      lastRun: 0,
      running: undefined,
    });
  });

  test('a run that could not begin leaves the last success as it was', async () => {
    expect(make('alpha')).toBe(0);
    rmSync(at('source'), { recursive: true });
    expect(make('alpha')).toBe(1);
    expect(await collect()).toMatchObject({ success: made('alpha.0'), points: 1, lastRun: 0 });
  });

  test('with sync_first only the sync makes something fresh', async () => {
    configure(undefined, ['sync_first\t1']);
    expect([make('sync'), make('alpha')]).toEqual([0, 0]);
    const first = made('alpha.0');
    expect(await collect()).toMatchObject({ success: first, points: 1, lastRun: 1 });
    configure('exit 23', ['sync_first\t1']);
    anHourLater('alpha.0');
    expect(make('sync')).toBe(2);
    expect(make('alpha')).toBe(0);
    expect(await collect()).toMatchObject({ success: made('alpha.1'), points: 2, lastRun: 0 });
  });

  test.each(['UTC', 'Asia/Tokyo', 'America/New_York'])(
    'run under %s it gives the same second',
    async (zone) => {
      configure('exit 23');
      expect(make('alpha', zone)).toBe(2);
      configure();
      anHourLater('alpha.0');
      expect(make('alpha', zone)).toBe(0);
      expect(await collect(zone)).toMatchObject({
        success: made('alpha.0'),
        points: 2,
        lastRun: 1,
        reasons: [],
      });
    },
  );

  test('a root that went away is unreadable', async () => {
    expect(make('alpha')).toBe(0);
    rmSync(at('root'), { recursive: true });
    expect(await collect()).toMatchObject({
      success: undefined,
      points: undefined,
      reasons: ['source_missing'],
    });
  });
});
