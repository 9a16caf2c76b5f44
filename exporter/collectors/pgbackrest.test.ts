import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectorError } from '../collector.ts';
import { replay, type Replay } from '../replay.ts';
import { parseInfo } from './pgbackrest/info.ts';
import { parseBackupResult, parseCheck, parseVerify, pgbackrestResult } from './pgbackrest/result.ts';
import { pgbackrest } from './pgbackrest.ts';

const info =
  'pgbackrest --stanza=demo --log-level-console=off --log-level-stderr=error --log-level-file=off --io-timeout=60 --protocol-timeout=60 --output=json info';
const job = { backup_job: 'database', stanza: 'demo', expected_interval: '24h', criticality: 'critical' };
const declared = { expected_interval_seconds: 86_400, job_info: 1 };
const unreadable = { ...declared, repository_readable: 0 };

/** Values by name, and reasons, of one job. */
async function ask(captured: Replay, settings: Readonly<Record<string, unknown>> = {}) {
  const { samples, problems } = await pgbackrest.collect(replay({ now: 1_795_710_000, ...captured }), {
    jobs: [{ ...job, ...settings }],
  });
  for (const { labels } of samples)
    expect(labels).toMatchObject({ tool: 'pgbackrest', backup_job: 'database' });
  return {
    facts: Object.fromEntries(
      samples.map(({ name, value }) => [name.replace('maintenance_backup_', ''), value]),
    ),
    reasons: problems.map(({ reason }) => reason),
    messages: problems.map(({ message }) => message),
  };
}

const answer = (stdout: string, settings?: Readonly<Record<string, unknown>>) =>
  ask({ commands: { [info]: stdout } }, settings);

/** A backup as 2.45 lists it. */
const backup = (change: Readonly<Record<string, unknown>> = {}) => ({
  archive: { start: '000000010000000000000002', stop: '000000010000000000000003' },
  database: { id: 1, 'repo-key': 1 },
  error: false,
  info: { delta: 900, repository: { delta: 300, size: 300 }, size: 1000 },
  label: '20261125-215217F',
  reference: null,
  timestamp: { start: 1_795_643_537, stop: 1_795_643_538 },
  type: 'full',
  ...change,
});

/** A stanza as 2.45 tells it. */
const stanza = (change: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify([
    {
      archive: [
        {
          database: { id: 1, 'repo-key': 1 },
          id: '15-1',
          min: '000000010000000000000001',
          max: '000000010000000000000005',
        },
      ],
      backup: [backup()],
      cipher: 'none',
      db: [{ id: 1, 'repo-key': 1, version: '15' }],
      name: 'demo',
      repo: [{ cipher: 'none', key: 1, status: { code: 0, message: 'ok' } }],
      status: { code: 0, lock: { backup: { held: false } }, message: 'ok' },
      ...change,
    },
  ]);

const status = (code: number, held = false) => ({ code, lock: { backup: { held } }, message: 'x' });

describe('a stanza', () => {
  test('is fresh as of the end of its newest backup, whatever the zone of anybody', async () => {
    const facts = {
      ...declared,
      repository_readable: 1,
      restore_points: 1,
      last_success_timestamp_seconds: 1_795_643_538,
      duration_seconds: 1,
      size_bytes: 1000,
      added_bytes: 300,
    };
    const before = process.env['TZ'];
    try {
      for (const zone of ['UTC', 'Asia/Tokyo', 'America/New_York']) {
        process.env['TZ'] = zone;
        // oxlint-disable-next-line no-await-in-loop -- one zone after the other
        expect(await answer(stanza())).toEqual({ facts, reasons: [], messages: [] });
      }
    } finally {
      process.env['TZ'] = before;
    }
  });

  test('says nothing of runs that failed: pgBackRest keeps none, so a last run would always be a success', async () => {
    const { facts } = await answer(stanza());
    expect(Object.keys(facts).filter((name) => /last_run|runs_total/.test(name))).toEqual([]);
  });

  test('that holds no backup has 0 restore points and no success', async () => {
    const text = stanza({ backup: [], status: status(2), repo: [{ key: 1, status: { code: 2 } }] });
    expect((await answer(text)).facts).toEqual({ ...declared, repository_readable: 1, restore_points: 0 });
  });

  test.each([
    ['page checksums are wrong', { error: true }],
    ['a backup it builds on is gone', { reference: ['20261124-215217F'] }],
    [
      'its last WAL has not arrived',
      { archive: { start: '000000010000000000000005', stop: '000000010000000000000006' } },
    ],
    [
      'its first WAL is gone',
      { archive: { start: '000000010000000000000000', stop: '000000010000000000000001' } },
    ],
  ])('with status ok is no success when %s', async (_, change) => {
    const { facts, reasons } = await answer(stanza({ backup: [backup(change)] }));
    expect(reasons).toEqual([]);
    expect(facts).toMatchObject({ repository_readable: 1, restore_points: 1 });
    expect(facts).not.toHaveProperty('last_success_timestamp_seconds');
  });

  test('falls back on the newest backup that is complete', async () => {
    const later = backup({
      label: '20261126-000000F',
      error: true,
      timestamp: { start: 1_795_700_000, stop: 1_795_700_009 },
    });
    const { facts } = await answer(stanza({ backup: [backup(), later] }));
    expect(facts).toMatchObject({
      restore_points: 2,
      last_success_timestamp_seconds: 1_795_643_538,
      duration_seconds: 9,
    });
  });

  test('with a backup dated in the future is as fresh as the one before, and says so', async () => {
    const later = backup({
      label: '20271126-000000F',
      timestamp: { start: 1_827_000_000, stop: 1_827_000_009 },
    });
    const { facts, reasons } = await answer(stanza({ backup: [backup(), later] }));
    expect(reasons).toEqual(['clock_wrong']);
    expect(facts).toMatchObject({ restore_points: 2, last_success_timestamp_seconds: 1_795_643_538 });
  });

  test('whose WAL is all gone has no success, although pgBackRest says ok', async () => {
    const archive = [{ database: { id: 1, 'repo-key': 1 }, id: '15-1', min: null, max: null }];
    expect((await answer(stanza({ archive }))).facts).not.toHaveProperty('last_success_timestamp_seconds');
  });

  test('of a stopped database needs no WAL', async () => {
    const offline = backup({ archive: { start: null, stop: null } });
    const archive = [{ database: { id: 1, 'repo-key': 1 }, id: '15-1', min: null, max: null }];
    expect((await answer(stanza({ archive, backup: [offline] }))).facts).toHaveProperty(
      'last_success_timestamp_seconds',
      1_795_643_538,
    );
  });

  test('after an upgrade of PostgreSQL the backups of the former database do not make the new one safe', async () => {
    const db = [
      { id: 1, 'repo-key': 1, version: '15' },
      { id: 2, 'repo-key': 1, version: '17' },
    ];
    const { facts } = await answer(stanza({ db }));
    expect(facts).toMatchObject({ restore_points: 1 });
    expect(facts).not.toHaveProperty('last_success_timestamp_seconds');
  });

  test('smaller than it must be is no success', async () => {
    expect((await answer(stanza(), { minimum_bytes: 1001 })).facts).not.toHaveProperty(
      'last_success_timestamp_seconds',
    );
    expect((await answer(stanza(), { minimum_bytes: 1000 })).facts).toHaveProperty(
      'last_success_timestamp_seconds',
    );
  });

  test('from before 2.32, without a list of repositories, is read by its own status', async () => {
    const text = stanza({ repo: undefined, status: { code: 0, message: 'ok' } });
    expect((await answer(text)).facts).toMatchObject({ repository_readable: 1, restore_points: 1 });
    const missing = await answer(
      stanza({ repo: undefined, backup: [], status: { code: 1, message: 'missing' } }),
    );
    expect(missing).toMatchObject({ facts: unreadable, reasons: ['repository_missing'] });
  });

  test('is asked as the user, of the configuration and the repository that are named', async () => {
    const command = `sudo -n -u postgres -- ${info.replace('--stanza=demo', '--config=/etc/pb.conf --stanza=demo --repo=1')}`;
    const settings = { user: 'postgres', config: '/etc/pb.conf', repo: 1 };
    const { facts, reasons } = await ask({ commands: { [command]: stanza() } }, settings);
    expect(reasons).toEqual([]);
    expect(facts).toMatchObject({ repository_readable: 1, restore_points: 1 });
  });
});

describe('a backup that is under way', () => {
  const held = (label: string) => ({
    commands: { [info]: stanza({ status: status(0, true), backup: [backup({ label })] }) },
  });

  test('is known since it was first seen, also after a restart, and gone when it ends', async () => {
    const state = new Map<string, unknown>();
    expect(
      (await ask({ ...held('A'), state, now: 1_795_650_000 })).facts['run_started_timestamp_seconds'],
    ).toBe(1_795_650_000);
    expect(
      (await ask({ ...held('A'), state, now: 1_795_650_900 })).facts['run_started_timestamp_seconds'],
    ).toBe(1_795_650_000);
    const ended = await ask({ commands: { [info]: stanza() }, state, now: 1_795_651_800 });
    expect(ended.facts).not.toHaveProperty('run_started_timestamp_seconds');
    expect(
      (await ask({ ...held('A'), state, now: 1_795_652_700 })).facts['run_started_timestamp_seconds'],
    ).toBe(1_795_652_700);
  });

  test('is another one when a newer backup is listed', async () => {
    const state = new Map<string, unknown>();
    await ask({ ...held('A'), state, now: 1_795_650_000 });
    expect(
      (await ask({ ...held('B'), state, now: 1_795_650_900 })).facts['run_started_timestamp_seconds'],
    ).toBe(1_795_650_900);
  });

  test('does not make the stanza unreadable', async () => {
    expect((await ask(held('A'))).facts).toMatchObject({ repository_readable: 1, restore_points: 1 });
  });

  test('is not claimed of one repository: the lock does not tell which', async () => {
    const command = info.replace('--stanza=demo', '--stanza=demo --repo=1');
    const { facts } = await ask(
      { commands: { [command]: stanza({ status: status(0, true) }) } },
      { repo: 1 },
    );
    expect(facts).toMatchObject({ restore_points: 1 });
    expect(facts).not.toHaveProperty('run_started_timestamp_seconds');
  });
});

describe('several repositories', () => {
  const second = backup({
    database: { id: 1, 'repo-key': 2 },
    timestamp: { start: 1_795_600_000, stop: 1_795_600_005 },
  });
  const archive = [1, 2].map((key) => ({
    database: { id: 1, 'repo-key': key },
    min: '000000010000000000000001',
    max: '000000010000000000000005',
  }));
  const repo = [1, 2].map((key) => ({ key, cipher: 'none', status: { code: 0, message: 'ok' } }));
  const both = stanza({ backup: [backup(), second], archive, repo });
  const only = (key: number) => info.replace('--stanza=demo', `--stanza=demo --repo=${key}`);

  test('count together without repo', async () => {
    expect((await answer(both)).facts).toMatchObject({
      restore_points: 2,
      last_success_timestamp_seconds: 1_795_643_538,
    });
  });

  test('are told apart with repo: a stale copy shows', async () => {
    const { facts } = await ask({ commands: { [only(2)]: both } }, { repo: 2 });
    expect(facts).toMatchObject({ restore_points: 1, last_success_timestamp_seconds: 1_795_600_005 });
  });

  test('of which one cannot be read leave the whole unknown, and say which', async () => {
    const broken = [
      repo[0],
      { key: 2, cipher: 'none', status: { code: 99, message: '[PathOpenError] x: [13] Permission denied' } },
    ];
    const { facts, reasons, messages } = await answer(stanza({ status: status(4), repo: broken }));
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['permission_denied'] });
    expect(messages[0]).toContain('backup job database: repository 2 of stanza demo');
  });

  test('of which another one cannot be read cost the one that is asked nothing', async () => {
    const broken = [repo[0], { key: 2, status: { code: 99, message: 'x' } }];
    const text = stanza({ status: status(4), repo: broken });
    const { facts, reasons } = await ask({ commands: { [only(1)]: text } }, { repo: 1 });
    expect(reasons).toEqual([]);
    expect(facts).toMatchObject({ repository_readable: 1, restore_points: 1 });
  });

  test('with different databases are a problem; the backups are still there', async () => {
    const { facts, reasons } = await answer(stanza({ status: status(5), repo }));
    expect(reasons).toEqual(['tool_failed']);
    expect(facts).toMatchObject({ repository_readable: 1, restore_points: 1 });
  });

  test('do not have one that is not configured', async () => {
    const { facts, reasons } = await ask({ commands: { [only(3)]: both } }, { repo: 3 });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['repository_missing'] });
  });
});

describe('a repository that cannot be read', () => {
  test.each([
    ['missing stanza path', 1, 'missing stanza path', 'none', 'repository_missing'],
    ['missing stanza data', 3, 'missing stanza data', 'none', 'repository_missing'],
    [
      'permission',
      99,
      "[PathOpenError] unable to list file info for path '/r': [13] Permission denied",
      'none',
      'permission_denied',
    ],
    [
      'a wrong key that is noticed',
      99,
      '[CryptoError] unable to load info file',
      'aes-256-cbc',
      'authentication_failed',
    ],
    [
      'a wrong key that decrypts to garbage',
      99,
      '[FormatError] unable to load info file: \u0407\u0001',
      'aes-256-cbc',
      'authentication_failed',
    ],
    ['damage', 99, '[FormatError] unable to load info file', 'none', 'tool_failed'],
    ['a host that is down', 99, "[HostConnectError] unable to connect to 'h:8432'", 'none', 'not_running'],
    [
      'S3 that refuses',
      99,
      '[ProtocolError] HTTP request failed with 403 (Forbidden)',
      'none',
      'authentication_failed',
    ],
    ['a status of the future', 7, 'new', 'none', 'tool_failed'],
  ])('for %s has a reason of its own and no restore points', async (_, code, message, cipher, reason) => {
    const repo = [{ key: 1, cipher, status: { code, message } }];
    const { facts, reasons, messages } = await answer(stanza({ repo, status: status(code) }));
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: [reason] });
    expect(messages[0]).toMatch(/^backup job database: repository 1 of stanza demo[\x20-\x7e]+$/);
  });

  test.each([
    [37, 'ERROR: [037]: info command requires option: repo1-cipher-pass', 'password_unreadable'],
    [
      41,
      "ERROR: [041]: unable to open file '/etc/pgbackrest.conf' for read: [13] Permission denied",
      'permission_denied',
    ],
    [55, "ERROR: [055]: unable to open missing file '/nowhere.conf' for read", 'source_missing'],
    [29, 'ERROR: [029]: key/value found outside of section at line 1: garbage', 'tool_failed'],
    [1, 'sudo: a password is required', 'permission_denied'],
    [1, 'sudo: pgbackrest: command not found', 'tool_missing'],
  ])('when pgbackrest ends with %i: %s', async (exitCode, stderr, reason) => {
    const { facts, reasons, messages } = await ask({ commands: { [info]: { exitCode, stderr } } });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: [reason] });
    expect(messages[0]).toContain(stderr.split(']: ').at(-1));
  });

  test.each([
    ['nothing', ''],
    ['cut off', stanza().slice(0, 200)],
    ['in another shape', '{"version":1}'],
    ['without the time of a backup', stanza({ backup: [{ label: 'x' }] })],
    ['without a status', stanza({ status: undefined })],
    ['noise', '\uFFFD\u0000[{"'],
  ])('when what it prints is %s', async (_, stdout) => {
    const { facts, reasons } = await answer(stdout);
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['unexpected_output'] });
  });

  test.each(['tool_missing', 'permission_denied', 'timeout', 'output_too_large'] as const)(
    'for %s',
    async (reason) => {
      const { facts, reasons } = await ask({
        commands: { [info]: new CollectorError(reason, `played: ${reason}`) },
      });
      expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: [reason] });
    },
  );

  test('for a wrong key whose garbage makes the JSON invalid, as 2.45 prints it', async () => {
    const repo = [
      { key: 1, cipher: 'aes-256-cbc', status: { code: 99, message: '[FormatError] unable to load: @@' } },
    ];
    const text = stanza({ repo, status: status(99) }).replace('@@', '\u0001\uFFFD\u000f\u001c');
    expect(() => JSON.parse(text)).toThrow(/control character/);
    const { facts, reasons } = await answer(text);
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['authentication_failed'] });
  });

  test('costs another job nothing', async () => {
    const other = info.replace('--stanza=demo', '--stanza=other');
    const host = replay({
      now: 1_795_710_000,
      commands: { [info]: new CollectorError('timeout', 'played'), [other]: stanza({ name: 'other' }) },
    });
    const { samples, problems } = await pgbackrest.collect(host, {
      jobs: [job, { ...job, backup_job: 'second', stanza: 'other' }],
    });
    expect(problems.map(({ reason }) => reason)).toEqual(['timeout']);
    expect(samples).toContainEqual({
      name: 'maintenance_backup_last_success_timestamp_seconds',
      labels: { tool: 'pgbackrest', backup_job: 'second' },
      value: 1_795_643_538,
    });
  });
});

test('thousands of backups are read', () => {
  const many = Array.from({ length: 5000 }, (_, at) => backup({ label: `20261125-${at}F` }));
  expect(parseInfo(stanza({ backup: many }), 'demo').backup).toHaveLength(5000);
});

describe('what a command did', () => {
  const verified =
    'stanza: demo\nstatus: ok\n  backup: F, status: valid, total files checked: 9, total valid files: 9\n';

  test('a backup is a success with its files', () => {
    expect(parseBackupResult('P00   INFO: incr backup size = 8.3KB, file total = 964\n', 0)).toEqual({
      kind: 'run',
      outcome: 'success',
      files: 964,
    });
  });

  test('a backup with wrong page checksums ends with 0 and is partial', () => {
    const text =
      'WARN: invalid page checksum found in file /data/base/1/3 at page 0\nINFO: full backup size = 22.3MB, file total = 963';
    expect(parseBackupResult(text, 0)).toEqual({
      kind: 'run',
      outcome: 'partial',
      reason: 'pgbackrest backup warns: invalid page checksum found in file /data/base/1/3 at page 0',
      files: 963,
    });
  });

  test('other warnings do not make a backup partial', () => {
    expect(parseBackupResult("WARN: option 'repo1-retention-full' is not set\n", 0)).toMatchObject({
      outcome: 'success',
    });
  });

  test('a backup that fails names its error', () => {
    const text =
      '2026-11-25 21:55:07.047 P00   INFO: backup command begin\n2026 P00  ERROR: [082]: WAL segment was not archived\n';
    expect(parseBackupResult(text, 82)).toEqual({
      kind: 'run',
      outcome: 'failure',
      reason: 'pgbackrest ended with 82: ERROR: [082]: WAL segment was not archived',
    });
  });

  test('verify that ends with 0 and says error is a failed check of the data', () => {
    const text =
      'stanza: demo\nstatus: error\n  backup: F, status: invalid, total files checked: 964, total valid files: 963\n    checksum invalid: 1\n';
    expect(parseVerify(text, 0)).toEqual({
      kind: 'check',
      depth: 'data',
      success: false,
      reason: 'backup F is invalid (checksum invalid: 1)',
    });
  });

  test.each([
    [
      'WAL only',
      'stanza: demo\nstatus: error\n  archiveId: 15-1, total WAL checked: 5, total valid WAL: 4\n    missing: 1\n',
      0,
    ],
    [
      'a manifest',
      'status: ok\n  backup: F, status: manifest missing, total files checked: 0, total valid files: 0\n',
      0,
    ],
    ['one of the lists', 'stanza: demo\nstatus: error\n  No usable backup.info file\n', 0],
    ['errors as before 2.46', 'ERROR: [122]: 3 fatal errors encountered, see log for details\n', 122],
  ])('verify finds damage in %s', (_, text, exitCode) => {
    expect(parseVerify(text, exitCode)).toMatchObject({ kind: 'check', depth: 'data', success: false });
  });

  test.each([
    ['with --verbose', verified, []],
    [
      'while a backup runs',
      `${verified}  backup: G, status: in-progress, total files checked: 0, total valid files: 0\n`,
      [],
    ],
    ['silently, when it was told to say errors', '', ['pgbackrest', '--output=text', 'verify']],
    [
      'silently, when its log would have told',
      'P00   INFO: verify command begin 2.45: --stanza=demo\nP00   INFO: verify command end: completed successfully\n',
      [],
    ],
  ])('verify finds all in order %s', (_, text, argv) => {
    expect(parseVerify(text, 0, argv)).toEqual({
      kind: 'check',
      depth: 'data',
      success: true,
      reason: undefined,
    });
  });

  test.each([
    ['it was not told to say errors', '', 0, ['pgbackrest', 'verify']],
    [
      'there was nothing to verify',
      'stanza: demo\nstatus: ok\n    no archives or backups exist in the repo\n',
      0,
      [],
    ],
    [
      'it could not read the repository',
      'status: error\n  No usable backup.info file\n  No usable archive.info file\n',
      0,
      [],
    ],
    [
      'it could not begin',
      "ERROR: [041]: unable to open file '/etc/pgbackrest.conf'",
      41,
      ['pgbackrest', '--output=text', 'verify'],
    ],
    ['it was killed', '', 137, ['pgbackrest', '--output=text', 'verify']],
  ])('verify has no verdict when %s', (_, text, exitCode, argv) => {
    expect(parseVerify(text, exitCode, argv)).toMatchObject({ kind: 'no_verdict' });
  });

  test('check is a verdict on the structure only', () => {
    expect(parseCheck('', 0)).toEqual({ kind: 'check', depth: 'structure', success: true });
    expect(
      parseCheck('ERROR: [082]: WAL segment 000000010000000000000006 was not archived', 82),
    ).toMatchObject({
      kind: 'check',
      depth: 'structure',
      success: false,
      reason: expect.stringContaining('[082]: WAL segment'),
    });
    expect(parseCheck('ERROR: [056]: unable to connect', 56)).toMatchObject({ kind: 'no_verdict' });
  });

  test.each([
    [['/usr/bin/pgbackrest', '--stanza=demo', '--type=full', 'backup'], '', 'run'],
    [['sudo', '-u', 'postgres', 'pgbackrest', 'verify', '--output=text'], '', 'check'],
    [['sh', '-c', './nightly.sh'], 'P00   INFO: verify command begin 2.45: --stanza=demo\n', 'check'],
    [['su', '-', 'postgres', '-c', 'pgbackrest --stanza=demo --output=text verify'], '', 'check'],
    [['pgbackrest', 'info'], '', undefined],
    [['restic', 'backup'], '', undefined],
  ])('%j is recognised', (argv, stdout, kind) => {
    expect(pgbackrestResult({ argv, exitCode: 0, stdout, stderr: '' })?.kind).toBe(kind);
  });
});

const samples = new URL('../../../shared/fixtures/sources/pgbackrest/', import.meta.url);
if (!existsSync(samples)) console.warn('the samples in ../shared are not here; what they show is not tested');
describe.runIf(existsSync(samples))('the samples of research', () => {
  const sample = (name: string) => readFileSync(new URL(name, samples), 'utf8');

  test('info-2.55.1.json: three backups, the differential one the newest', async () => {
    expect(await answer(sample('info-2.55.1.json'))).toEqual({
      facts: {
        ...declared,
        repository_readable: 1,
        restore_points: 3,
        last_success_timestamp_seconds: Date.parse('2026-11-21T17:53:54Z') / 1000,
        duration_seconds: 2,
        size_bytes: 27_052_446,
        added_bytes: 455_789,
      },
      reasons: [],
      messages: [],
    });
  });

  test('info-2.55.1.txt says the same times', () => {
    const ends = [...sample('info-2.55.1.txt').matchAll(/ \/ (\S+) (\S+)\+00$/gm)].map(
      ([, day, time]) => Date.parse(`${day}T${time}Z`) / 1000,
    );
    const { backup: backups } = parseInfo(sample('info-2.55.1.json'), 'demo');
    expect(backups.map(({ timestamp }) => timestamp.stop)).toEqual(ends);
    expect(backups.map(({ label }) => label)).toEqual([
      '20261121-175346F',
      '20261121-175346F_20261121-175349I',
      '20261121-175346F_20261121-175352D',
    ]);
  });

  test('info-no-backups.json: 0 restore points', async () => {
    expect(await answer(sample('info-no-backups.json'))).toEqual({
      facts: { ...declared, repository_readable: 1, restore_points: 0 },
      reasons: [],
      messages: [],
    });
  });

  test('info-no-stanza.json: no stanza is no empty repository', async () => {
    const { facts, reasons } = await answer(sample('info-no-stanza.json'));
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['repository_missing'] });
  });

  test('pgbackrest_exporter.prom: agrees in times and sizes, and shows no error although a file was corrupt', () => {
    const text = sample('pgbackrest_exporter.prom');
    expect(text).toMatch(/^pgbackrest_stanza_status\{stanza="demo"\} 0$/m);
    expect(text).not.toMatch(/^pgbackrest_backup_error_status\{.*\} [^0]/m);
    const sizes = [...text.matchAll(/^pgbackrest_backup_size_bytes\{.*\} (\S+)$/gm)].map(([, size]) =>
      Number(size),
    );
    const known = parseInfo(sample('info-2.55.1.json'), 'demo').backup.map(({ info: told }) => told?.size);
    expect(sizes.slice(0, 3)).toEqual(known);
  });

  test.each([
    ['backup-full.log', 963],
    ['backup-incr.log', 964],
  ])('%s: a success', (name, files) => {
    expect(pgbackrestResult({ argv: ['sh', 'x'], exitCode: 0, stdout: sample(name), stderr: '' })).toEqual({
      kind: 'run',
      outcome: 'success',
      files,
    });
  });

  test.each(['check-ok.txt', 'check-after-corrupt.txt'])(
    '%s: the structure is in order, of the data it says nothing',
    (name) => {
      expect(
        pgbackrestResult({ argv: ['pgbackrest', 'check'], exitCode: 0, stdout: sample(name), stderr: '' }),
      ).toEqual({
        kind: 'check',
        depth: 'structure',
        success: true,
      });
    },
  );

  test.each(['verify-none.txt', 'verify-text-ok.txt', 'verify-text-verbose-ok.txt'])(
    '%s: the data are in order',
    (name) => {
      expect(
        pgbackrestResult({ argv: ['pgbackrest', 'verify'], exitCode: 0, stdout: sample(name), stderr: '' }),
      ).toMatchObject({
        kind: 'check',
        depth: 'data',
        success: true,
      });
    },
  );

  test('restore-corrupt.log: a restore is no run of the backup job', () => {
    const stdout = sample('restore-corrupt.log');
    expect(stdout).toContain('restore command end: completed successfully');
    expect(
      pgbackrestResult({ argv: ['pgbackrest', 'restore'], exitCode: 0, stdout, stderr: '' }),
    ).toBeUndefined();
  });
});
