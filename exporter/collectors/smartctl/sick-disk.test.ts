import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Collection, Host } from '../../collector.ts';

const directory = mkdtempSync(join(tmpdir(), 'maintenance-sick-disk-'));
const program = join(directory, 'bin', 'smartctl');
const asked = join(directory, 'asked');
const pids = join(directory, 'pids');

// The host takes PATH when it is loaded.
vi.stubEnv('PATH', `${join(directory, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`);
const { localHost } = await import('../../host.ts');
const { smartctl } = await import('../smartctl.ts');

const start = 1_795_000_000;
const count = 60;
const sickDevice = '/dev/disk30';
const sickDisk = 'SERIAL30';

/** A smartctl of 60 disks; `sick` is what it does, as shell, when it is asked for one of them. */
function install(sick: string): void {
  const names = Array.from({ length: count }, (_, index) => `/dev/disk${index}`);
  const scan = JSON.stringify({
    smartctl: { exit_status: 0 },
    devices: names.map((name) => ({ name, type: 'scsi', protocol: 'SCSI' })),
  });
  mkdirSync(join(directory, 'bin'), { recursive: true });
  writeFileSync(
    program,
    `#!/bin/sh
for last; do :; done
case "$*" in *--scan*) echo '${scan}'; exit 0;; esac
n=\${last#/dev/disk}
echo "$last" >> ${asked}
if [ "$last" = ${sickDevice} ]; then
${sick}
fi
echo '{"smartctl":{"exit_status":0},"device":{"protocol":"ATA"},"model_name":"M","serial_number":"SERIAL'$n'","smart_status":{"passed":true},"power_on_time":{"hours":'$n'}}'
`,
  );
  chmodSync(program, 0o755);
}

const settings = { device_timeout: '4s', concurrency: 4 };

/** Runs with one clock time each; the state stays on disk, as over a restart of the exporter. */
function run(now: number): Promise<Collection> {
  const host: Host = { ...localHost({ stateDirectory: join(directory, 'state') }), now: () => now };
  return smartctl.collect(host, settings);
}

/** Disks with a verdict of this run. */
function fresh({ samples }: Collection): readonly string[] {
  return samples
    .filter(({ name }) => name === 'maintenance_disk_smart_healthy')
    .map(({ labels }) => labels['disk'] ?? '');
}

function timesAsked(): number {
  return existsSync(asked)
    ? readFileSync(asked, 'utf8')
        .split('\n')
        .filter((line) => line === sickDevice).length
    : 0;
}

function factsOf({ samples }: Collection, disk: string): Record<string, number> {
  return Object.fromEntries(
    samples
      .filter(({ name, labels }) => labels['disk'] === disk && name !== 'maintenance_disk_info')
      .map(({ name, value }) => [name.replace('maintenance_disk_', ''), value]),
  );
}

function endLeftBehind(): void {
  if (!existsSync(pids)) return;
  for (const pid of readdirSync(pids))
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended already.
    }
}

beforeEach(() => {
  endLeftBehind();
  for (const path of ['state', 'asked', 'pids'])
    rmSync(join(directory, path), { recursive: true, force: true });
  mkdirSync(pids);
});
afterAll(() => {
  endLeftBehind();
  rmSync(directory, { recursive: true });
});

const note = `: > ${pids}/$$`;
const others = Array.from({ length: count }, (_, index) => `SERIAL${index}`)
  .filter((id) => id !== sickDisk)
  .toSorted();

describe('one sick disk of sixty, with a real smartctl process', () => {
  test.each([
    [
      'hangs and ignores SIGTERM',
      `trap '' TERM; ${note}; while :; do sleep 1; done`,
      'timeout',
      'smartctl took longer than 4 s',
    ],
    [
      'leaves its process group and holds the pipe open',
      `setsid sh -c '${note}; exec sleep 300' & exit 0`,
      'timeout',
      'smartctl took longer than 4 s',
    ],
    [
      'floods its output without end',
      `${note}; exec yes`,
      'output_too_large',
      'smartctl printed more than 4 MiB',
    ],
  ])(
    '%s: the others are fresh, and it is left alone until its back-off ends',
    async (_, shell, reason, message) => {
      install(':');
      expect(fresh(await run(start))).toHaveLength(count);
      install(shell);
      const now = start + 600;
      const first = await run(now);
      expect(fresh(first).toSorted()).toEqual(others);
      expect(factsOf(first, sickDisk)).toEqual({
        present: 1,
        readable: 0,
        last_seen_timestamp_seconds: start,
      });
      expect(
        first.samples.filter(
          ({ name, value }) => name.endsWith('last_seen_timestamp_seconds') && value === now,
        ),
      ).toHaveLength(59);
      expect(first.problems).toEqual([
        {
          reason,
          message: `${sickDevice}: ${message}; left alone until 2026-11-18T11:31Z: check the disk and its cable`,
        },
      ]);
      expect(timesAsked()).toBe(2);

      const second = await run(now + 600);
      expect(fresh(second).toSorted()).toEqual(others);
      expect(factsOf(second, sickDisk)).toEqual({
        present: 1,
        readable: 0,
        last_seen_timestamp_seconds: start,
      });
      expect(second.problems).toEqual(first.problems);
      expect(timesAsked()).toBe(2);

      // The process that asked is killed two seconds after it was told to end; one that left its group lives on.
      const ended = () => readdirSync(pids).every((pid) => !existsSync(`/proc/${pid}`));
      const letEnd = async () => shell.startsWith('setsid') || vi.waitUntil(ended, { timeout: 10_000 });
      await letEnd();
      // After 15 minutes once more, then only after another 30.
      const third = await run(now + 900);
      expect(timesAsked()).toBe(3);
      expect(third.problems).toEqual([
        {
          reason,
          message: `${sickDevice}: ${message}; left alone (2 times in a row) until 2026-11-18T12:01Z: check the disk and its cable`,
        },
      ]);
      install(':');
      await run(now + 900 + 1799);
      expect(timesAsked()).toBe(3);
      await letEnd();
      for (const later of [1800, 2400]) {
        const well = await run(now + 900 + later);
        expect(fresh(well)).toHaveLength(count);
        expect(well.problems).toEqual([]);
      }
      expect(timesAsked()).toBe(5);
    },
    60_000,
  );

  test('is slow but answers in time: every disk is fresh', async () => {
    install('sleep 1');
    const collection = await run(start);
    expect(fresh(collection)).toHaveLength(count);
    expect(collection.problems).toEqual([]);
  }, 120_000);

  test('whose smartctl cannot be ended gets no second one beside it, also after its back-off', async () => {
    install(`trap '' TERM; ${note}; exec sleep 300`);
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => true);
    const first = await run(start);
    expect(first.problems).toHaveLength(1);
    const [pid] = readdirSync(pids);
    const stuck = await run(start + 7 * 86_400);
    expect(fresh(stuck).toSorted()).toEqual(others);
    expect(stuck.problems).toEqual([
      {
        reason: 'timeout',
        message: `${sickDevice}: smartctl took longer than 4 s; that smartctl (process ${pid}) cannot be ended, so no second one is started: check the disk and its cable, then reboot`,
      },
    ]);
    expect(timesAsked()).toBe(1);
    kill.mockRestore();

    install(':');
    process.kill(Number(pid), 'SIGKILL');
    await vi.waitUntil(() => !existsSync(`/proc/${pid}`), { timeout: 10_000 });
    expect(fresh(await run(start + 7 * 86_400 + 600))).toHaveLength(count);
  }, 120_000);

  test('does not make the exporter end later, and its end makes no disk sick', async () => {
    install(`${note}; exec sleep 300`);
    const controller = new AbortController();
    const host = localHost({ stateDirectory: join(directory, 'state'), signal: controller.signal });
    const running = smartctl.collect(host, { device_timeout: '60s', concurrency: 4 });
    await vi.waitUntil(() => readdirSync(pids).length > 0, { timeout: 20_000 });
    controller.abort();
    await expect(running).rejects.toMatchObject({
      reason: 'timeout',
      message: 'smartctl was stopped with its collector',
    });
    install(':');
    const next = await run(start);
    expect(fresh(next)).toHaveLength(count);
    expect(next.problems).toEqual([]);
  }, 120_000);
});
