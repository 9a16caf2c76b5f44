import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readEvidence } from '../evidence.ts';
import { stateIn } from '../state.ts';
import { retireDisk } from './retire.ts';

const directory = mkdtempSync(join(tmpdir(), 'maintenance-disks-'));
const state = join(directory, 'state');
const disks = join(directory, 'disks');
const config = join(directory, 'config.yaml');
afterAll(() => rmSync(directory, { recursive: true }));

/** A smartctl that finds the disks named in a file: one line each, device, serial number and last digit of the WWN. */
mkdirSync(join(directory, 'bin'));
writeFileSync(
  join(directory, 'bin', 'smartctl'),
  `#!/bin/sh
for last; do :; done
case "$*" in
*--scan*)
  echo '{"smartctl":{"exit_status":0},"devices":['
  separator=
  while read -r device _; do echo "$separator{\\"name\\":\\"$device\\",\\"type\\":\\"scsi\\"}"; separator=,; done < ${disks}
  echo ']}'
  exit 0;;
esac
while read -r device serial wwn; do
  [ "$device" = "$last" ] && echo "{\\"smartctl\\":{\\"exit_status\\":0},\\"device\\":{\\"protocol\\":\\"ATA\\"},\\"model_name\\":\\"WDC WD40\\",\\"serial_number\\":\\"$serial\\",\\"wwn\\":{\\"naa\\":5,\\"oui\\":3274,\\"id\\":$wwn},\\"smart_status\\":{\\"passed\\":true}}"
done < ${disks}
exit 0
`,
);
chmodSync(join(directory, 'bin', 'smartctl'), 0o755);
writeFileSync(config, `state_directory: ${state}\ncollectors: { smartctl: {} }\n`);

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function exporter(...args: readonly string[]): Promise<Ended> {
  const env = {
    ...process.env,
    PATH: `${join(directory, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
    SUDO_USER: 'ada',
    TZ: 'America/New_York',
  };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['exporter/main.ts', ...args, '--config.file', config],
      { env },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : child.exitCode, stdout, stderr }),
    );
  });
}

/** One run of the exporter with these disks; series of presence, and when last seen. */
async function scrape(...lines: readonly string[]): Promise<readonly string[]> {
  writeFileSync(disks, lines.map((line) => `${line}\n`).join(''));
  const { stdout } = await exporter('--once');
  return stdout.split('\n').filter((line) => line.startsWith('maintenance_disk_present'));
}

const [first, second] = ['naa.5000cca000000001', 'naa.5000cca000000002'];
const present = (disk: string, value: number) => `maintenance_disk_present{disk="${disk}"} ${value}`;
const time = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z/g;
const records = async () =>
  (await readEvidence(state)).records.map(({ kind, outcome, actor, details }) => ({
    kind,
    outcome,
    actor,
    details,
  }));

beforeEach(() => rmSync(state, { recursive: true, force: true }));

test('a disk that was taken out is listed as gone, retired, missed no longer, and noticed when it comes back', async () => {
  const none = await exporter('disks');
  expect(none).toEqual({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining(`no disk is known in ${state}; `),
  });

  await scrape('/dev/sda ONE1 1', '/dev/sdb TWO2 2');
  expect(await scrape('/dev/sda ONE1 1')).toEqual([present(first, 1), present(second, 0)]);
  const listed = await exporter('disks');
  expect(listed.stderr).toBe('');
  expect(listed.stdout.replaceAll(time, 'TIME')).toBe(
    `DISK                  MODEL     SERIAL  DEVICE    STATE    LAST SEEN
${first}  WDC WD40  ONE1    /dev/sda  present  TIME
${second}  WDC WD40  TWO2    /dev/sdb  gone     TIME
`,
  );

  const retired = await exporter('disks', 'retire', 'two2', '--why', 'replaced after 5 years');
  expect(retired).toEqual({
    code: 0,
    stdout: `retired ${second} (WDC WD40, serial TWO2, last /dev/sdb). It is missed no longer from the next run of the exporter on; a disk that comes back is in service again.\n`,
    stderr: '',
  });
  expect(await scrape('/dev/sda ONE1 1')).toEqual([present(first, 1)]);
  expect((await exporter('disks')).stdout.replaceAll(time, 'TIME')).toContain(
    'retired TIME by ada: replaced after 5 years  TIME\n',
  );
  const again = await exporter('disks', 'retire', second);
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toMatch(
    /naa\.5000cca000000002 was retired already, \S+ by ada; nothing was changed\n$/,
  );

  expect(await scrape('/dev/sda ONE1 1', '/dev/sdc TWO2 2')).toEqual([present(first, 1), present(second, 1)]);
  expect((await exporter('disks')).stdout.replaceAll(time, 'TIME')).toContain(
    '/dev/sdc  present; back after it was retired TIME by ada: replaced after 5 years  TIME\n',
  );
  expect(await scrape('/dev/sda ONE1 1')).toEqual([present(first, 1), present(second, 0)]);

  expect(await records()).toEqual([
    {
      kind: 'disk_retired',
      outcome: 'retired',
      actor: 'ada',
      details: {
        disk: second,
        model: 'WDC WD40',
        serial: 'TWO2',
        device: '/dev/sdb',
        last_seen: expect.stringMatching(/^2\d{3}-.*Z$/),
        why: 'replaced after 5 years',
      },
    },
    expect.objectContaining({ kind: 'disk_returned', outcome: 'returned' }),
  ]);
  const printed = await exporter('evidence', '--kind', 'disk_retired');
  expect(printed).toMatchObject({ code: 0, stderr: '' });
  expect(printed.stdout).toContain('"why": "replaced after 5 years"');
}, 120_000);

test('a disk that is there is retired only when that is said clearly', async () => {
  await scrape('/dev/sda ONE1 1', '/dev/sdb TWO2 2');
  const refused = await exporter('disks', 'retire', 'TWO2');
  expect(refused).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'maintenance-exporter: this disk is there, as /dev/sdb; take it out first, or retire it all the same: maintenance-exporter disks retire TWO2 --although-present\n',
  });
  expect(await records()).toEqual([]);
  expect(existsSync(join(state, 'smartctl-retired.json'))).toBe(false);

  expect((await exporter('disks', 'retire', 'TWO2', '--although-present', '--by', 'Bo')).code).toBe(0);
  expect(await scrape('/dev/sda ONE1 1', '/dev/sdb TWO2 2')).toEqual([present(first, 1), present(second, 1)]);
  expect((await exporter('disks')).stdout).toMatch(/retired \S+ by Bo, but present/);
  expect(await scrape('/dev/sda ONE1 1')).toEqual([present(first, 1)]);
  expect(await records()).toMatchObject([
    { kind: 'disk_retired', actor: 'Bo', details: { state: 'readable' } },
  ]);
}, 120_000);

test.each([
  [['disks', 'retire'], "error: missing required argument 'disk'"],
  [['disks', 'retire', 'X', '--why', ' '], 'expected some text.'],
  [
    ['disks', 'retire', 'X'],
    `no disk is known in ${state}; --config.file or --state.directory names another`,
  ],
  [['disks', 'retyre', 'X'], 'error: '],
])('%j is refused with the reason', async (args, message) => {
  const { code, stdout, stderr } = await exporter(...args);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
});

describe('retiring', () => {
  const identity = { protocol: 'ATA', kind: 'hdd', model: 'WDC', firmware: '1' };
  const gone = {
    ...identity,
    device: '/dev/sdb',
    last_seen: 1_794_000_000,
    arrived: 1_793_000_000,
    state: 'gone',
  };
  const remember = (known: object) => stateIn(state).write('smartctl-disks', { disks: known });
  const retire = (name: string, more: object = {}) =>
    retireDisk({
      name,
      by: 'ada',
      why: undefined,
      althoughPresent: false,
      stateDirectory: state,
      now: 1_795_000_000,
      ...more,
    });

  test('an unknown name gets the nearest one, and a serial number of two disks gets the list', async () => {
    await remember({
      [first]: { ...gone, serial: 'WD-WCC4E1234567' },
      [second]: { ...gone, serial: 'SAME' },
      'naa.3': { ...gone, serial: 'SAME' },
    });
    await expect(retire('WD-WCC4E1234657')).rejects.toThrow(
      'no disk WD-WCC4E1234657 is known; did you mean WD-WCC4E1234567? `maintenance-exporter disks` lists them all',
    );
    await expect(retire('same')).rejects.toThrow(
      `same is the serial number of 2 disks; name one by its id:\n  ${second} (WDC, serial SAME, last /dev/sdb)\n  naa.3 (WDC, serial SAME, last /dev/sdb)`,
    );
    for (const name of ['0x5000CCA000000001', '5000cca000000002', 'naa.3'])
      expect((await retire(name)).done).toMatch(/^retired naa\./);
  });

  test('a disk of which nobody knows whether it is there counts as there', async () => {
    for (const unsure of ['unknown', undefined]) {
      await remember({ [first]: { ...gone, serial: 'A', state: unsure } });
      await expect(retire('A')).rejects.toThrow(
        /^the last run of the exporter could not tell whether this disk is there; take it out first/,
      );
    }
  });

  test('without a record there is no retirement', async () => {
    await remember({ [first]: { ...gone, serial: 'A' }, [second]: { ...gone, serial: 'B' } });
    await retire('B');
    rmSync(join(state, 'evidence-2026-11.jsonl'));
    mkdirSync(join(state, 'evidence-2026-11.jsonl'));
    await expect(retire('A')).rejects.toMatchObject({ reason: 'state_unwritable' });
    expect((await stateIn(state).read('smartctl-retired')).document).toEqual({
      disks: { [second]: { at: 1_795_000_000, by: 'ada' } },
    });
  });

  test('two at once are both kept', async () => {
    await remember({ [first]: { ...gone, serial: 'A' }, [second]: { ...gone, serial: 'B' } });
    await Promise.all([retire('A'), retire('B')]);
    expect((await stateIn(state).read('smartctl-retired')).document).toEqual({
      disks: { [first]: { at: 1_795_000_000, by: 'ada' }, [second]: { at: 1_795_000_000, by: 'ada' } },
    });
    expect((await readEvidence(state)).damage).toEqual([]);
  });

  test('a damaged memory is said, by the list too; one change back is good enough', async () => {
    await remember({ [first]: { ...gone, serial: 'A' } });
    await remember({ [first]: { ...gone, serial: 'A' }, [second]: { ...gone, serial: 'B' } });
    const path = join(state, 'smartctl-disks.json');
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 40));
    const listed = await exporter('disks');
    expect(listed.stdout).toContain(`${first}  WDC`);
    expect(listed.stdout).not.toContain(second);
    expect(listed.stderr).toMatch(/^disks: .*smartctl-disks\.json is damaged and was kept as /);
    await stateIn(state).write('smartctl-disks', { disks: 7 });
    await expect(retire('A')).rejects.toMatchObject({
      reason: 'state_unreadable',
      message: `smartctl-disks in ${state} is damaged; the next run of the exporter learns the disks anew`,
    });
    await stateIn(state).write('smartctl-disks', { disks: { [first]: { ...gone, serial: 'A' } } });
    await stateIn(state).write('smartctl-retired', []);
    expect((await retire('A')).warnings).toEqual([
      `smartctl-retired in ${state} is damaged; retire the disks that are out of service again`,
    ]);
  });
});
