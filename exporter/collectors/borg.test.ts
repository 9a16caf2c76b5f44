import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectorError, type Collection, type Host, type ToolOutput } from '../collector.ts';
import { emptyRecord, recordName } from '../job-record.ts';
import type { Sample } from '../metrics.ts';
import { replay, type Replay } from '../replay.ts';
import { isCheckpoint, parseAnswer, parseTime } from './borg/archives.ts';
import { parseFailure } from './borg/failure.ts';
import { borg } from './borg.ts';

const shared = new URL('../../../shared/fixtures/sources/borg/', import.meta.url);
const hasShared = existsSync(shared);
if (!hasShared) console.warn('../shared is not here: its captures of borg 1.2 and 1.4 are not tested');

function read(name: string): string {
  return readFileSync(new URL(name, shared), 'utf8');
}

const job = {
  backup_job: 'files',
  repository: '/srv/borg',
  passphrase_file: '/etc/borg/passphrase',
  cache_directory: '/var/cache/b',
  expected_interval: '24h',
};
const declared = { expected_interval_seconds: 86_400, job_info: 1 };
const listing = 'borg list --json --bypass-lock --lock-wait=30 --log-json';
const informing = (name: string) => `borg info --json ::${name} --bypass-lock --lock-wait=30 --log-json`;

/** What borg prints: archives by name and start. */
function archives(
  list: readonly (readonly [name: string, start: string, more?: Readonly<Record<string, unknown>>])[],
): string {
  return JSON.stringify(
    {
      archives: list.map(([name, start, more = {}]) => ({
        archive: name,
        barchive: name,
        id: `id-${name}`,
        name,
        start,
        time: start,
        ...more,
      })),
      encryption: { mode: 'repokey' },
      repository: { id: 'r1', last_modified: '2026-11-24T01:00:00.000000', location: '/srv/borg' },
    },
    null,
    4,
  );
}

const two = archives([
  ['web01-1', '2026-11-23T01:00:00.000000'],
  ['web01-2', '2026-11-24T01:00:00.000000'],
]);
/** After everything that was captured. */
const now = Date.parse('2026-12-01T00:00:00Z') / 1000;
const newest = Date.parse('2026-11-24T01:00:00Z') / 1000;

function facts(samples: readonly Sample[]): Record<string, number> {
  return Object.fromEntries(
    samples.map(({ name, value }) => [name.replace('maintenance_backup_', ''), value]),
  );
}

async function collect(
  commands: NonNullable<Replay['commands']>,
  settings: Readonly<Record<string, unknown>> = {},
  more: Partial<Replay> = {},
): Promise<Collection> {
  const host = replay({ files: { '/etc/borg/passphrase': 'secret\n' }, commands, now, ...more });
  return borg.collect(host, { jobs: [{ ...job, sizes: false, ...settings }] });
}

describe('a time', () => {
  test.each([
    ['2026-11-21T17:43:45.000000', '2026-11-21T17:43:45Z'],
    ['2026-11-21T17:43:45', '2026-11-21T17:43:45Z'],
    ['2026-11-21T18:43:45.250000+01:00', '2026-11-21T17:43:45.250Z'],
    ['2026-11-21 12:43:45.000000-0500', '2026-11-21T17:43:45Z'],
    ['2026-03-29T02:30:00.000000', '2026-03-29T02:30:00Z'],
  ])('%s is %s', (written, utc) => {
    expect(parseTime(written)).toBe(Date.parse(utc) / 1000);
  });

  test.each(['Sat, 2026-11-21 17:43:45', '2026-02-30T01:00:00', '2026-11-21', '2026-11-21T17:43:4', ''])(
    '%j is none',
    (written) => expect(parseTime(written)).toBeUndefined(),
  );
});

describe('a list of archives', () => {
  test.each([
    ['cut off', two.slice(0, 300)],
    ['empty', ''],
    ['of groups', '[]'],
    ['German', 'Fehler: Datei oder Verzeichnis nicht gefunden\n'],
    ['an archive without a time', archives([['a', '']])],
    ['an archive with a time that no calendar has', archives([['a', '2026-02-30T00:00:00.000000']])],
  ])('that is %s is unexpected output, not an empty repository', (_, stdout) => {
    expect(() => parseAnswer(stdout)).toThrow(expect.objectContaining({ reason: 'unexpected_output' }));
  });

  test('is found among warnings and carriage returns', () => {
    const noisy = `Warning: something\r\n${two.replaceAll('\n', '\r\n')}\r\nterminating with success status, rc 0\r\n`;
    expect(parseAnswer(noisy)).toEqual(parseAnswer(two));
  });

  test.each([
    ['web01-1.checkpoint', true],
    ['web01-1.checkpoint.2', true],
    ['checkpoint', false],
    ['web01.checkpoint-monday', false],
  ])('%s is what an interrupted run leaves behind: %s', (name, expected) => {
    expect(isCheckpoint({ name })).toBe(expected);
  });
});

describe('a failure has its reason', () => {
  const line = (msgid: string, message: string) =>
    `${JSON.stringify({ type: 'log_message', time: 1, message, levelname: 'ERROR', name: 'borg.archiver', msgid })}\n`;
  test.each([
    [2, line('Repository.DoesNotExist', 'Repository /nope does not exist.'), 'repository_missing'],
    [
      2,
      line('Repository.InvalidRepository', '/mnt is not a valid repository. Check repo config.'),
      'repository_missing',
    ],
    [
      2,
      line('LockTimeout', 'Failed to create/acquire the lock /r/lock.exclusive (timeout).'),
      'repository_locked',
    ],
    [
      2,
      line(
        'LockFailed',
        "Failed to create/acquire the lock /r/lock.exclusive ([Errno 13] Permission denied: 'x').",
      ),
      'permission_denied',
    ],
    [
      2,
      line('PassphraseWrong', 'passphrase supplied in BORG_PASSPHRASE is incorrect.'),
      'authentication_failed',
    ],
    [
      2,
      line('NoPassphraseFailure', 'can not acquire a passphrase: BORG_PASSPHRASE is not set.'),
      'password_unreadable',
    ],
    [2, line('KeyfileNotFoundError', 'No key file for repository /r found in /k.'), 'authentication_failed'],
    [2, line('MandatoryFeatureUnsupported', 'Unsupported repository feature(s) x.'), 'unsupported'],
    [
      2,
      line('Exception', 'Local Exception') +
        line(
          '',
          "Traceback (most recent call last):\n  File\nPermissionError: [Errno 13] Permission denied: '/r/config'\n",
        ),
      'permission_denied',
    ],
    [2, 'Failed to create/acquire the lock /r/lock.exclusive (timeout).\n', 'repository_locked'],
    [2, 'Repository /nope does not exist.\n', 'repository_missing'],
    [
      2,
      'Remote: backup@host: Permission denied (publickey).\nConnection closed by remote host.\n',
      'authentication_failed',
    ],
    [2, line('IntegrityError', 'Data integrity error: Segment entry checksum mismatch'), 'tool_failed'],
    [2, line('ConnectionClosedWithHint', 'Connection closed by remote host.'), 'tool_failed'],
    [13, '', 'repository_missing'],
    [52, '', 'authentication_failed'],
    [73, '', 'repository_locked'],
    [2, '', 'tool_failed'],
  ] as const)('exit %i, %s', (exitCode, stderr, reason) => {
    expect(parseFailure({ exitCode, stderr }).reason).toBe(reason);
  });

  test('a repository that moved asks a question; it is told how to answer, not answered here', () => {
    const stderr =
      '{"type": "question_prompt", "msgid": "BORG_RELOCATED_REPO_ACCESS_IS_OK", "message": "Warning: The repository at location /b was previously located at /a\\nDo you want to continue? [yN] "}\n' +
      line('Cache.RepositoryAccessAborted', 'Repository access aborted');
    expect(parseFailure({ exitCode: 2, stderr }).message).toBe(
      'borg ended with 2: Repository access aborted; borg knows this repository at another place; if it was moved on purpose, run borg list once as the user of the exporter and answer its question',
    );
  });

  test('user and password of an address are not shown', () => {
    const stderr = line('Exception', 'x') + line('ConnectionClosed', 'ssh://backup:hunter2@host/./r: closed');
    expect(parseFailure({ exitCode: 2, stderr }).message).toBe(
      'borg ended with 2: ssh://***@host/./r: closed',
    );
  });
});

describe('the collector', () => {
  test('reads a repository', async () => {
    const { samples, problems } = await collect({ [listing]: two });
    expect(problems).toEqual([]);
    expect(facts(samples)).toEqual({
      ...declared,
      repository_readable: 1,
      restore_points: 2,
      last_success_timestamp_seconds: newest,
    });
  });

  test('an empty repository is readable and holds 0 restore points', async () => {
    const { samples } = await collect({ [listing]: archives([]) });
    expect(facts(samples)).toEqual({ ...declared, repository_readable: 1, restore_points: 0 });
  });

  test('a checkpoint is no restore point, however new', async () => {
    const stdout = archives([
      ['web01-2', '2026-11-24T01:00:00.000000'],
      ['web01-3.checkpoint', '2026-11-25T01:00:00.000000'],
    ]);
    expect(facts((await collect({ [listing]: stdout })).samples)).toMatchObject({
      restore_points: 1,
      last_success_timestamp_seconds: newest,
    });
  });

  test('an archive that is dated in the future is no success until then', async () => {
    const stdout = archives([
      ['web01-2', '2026-11-24T01:00:00.000000'],
      ['web01-3', '2031-01-01T00:00:00.000000'],
    ]);
    const { samples, problems } = await collect({ [listing]: stdout });
    expect(problems.map(({ reason }) => reason)).toEqual(['clock_wrong']);
    expect(facts(samples)).toMatchObject({ restore_points: 2, last_success_timestamp_seconds: newest });
  });

  test('a fresh archive of a run that warned is no success', async () => {
    const started = newest - 1;
    const run = { id: '1', process: 'x/1/1', started, ended: started + 60, outcome: 'partial' };
    const state = new Map<string, unknown>([
      [recordName('files'), { ...emptyRecord, runs: [run], totals: { ...emptyRecord.totals, partial: 1 } }],
    ]);
    const { samples } = await collect({ [listing]: two }, {}, { state });
    expect(facts(samples)).toMatchObject({
      restore_points: 2,
      last_success_timestamp_seconds: newest - 86_400,
      last_run_timestamp_seconds: started + 60,
      last_run_success: 0,
    });
  });

  const unreadable = { ...declared, repository_readable: 0 };
  test.each([
    ['the repository is missing', { exitCode: 13 }, 'repository_missing'],
    ['the passphrase is wrong', { exitCode: 52 }, 'authentication_failed'],
    ['the output is cut off', two.slice(0, 400), 'unexpected_output'],
    ['the output is empty', '', 'unexpected_output'],
    ['borg takes too long', new CollectorError('timeout', 'borg took longer than 290 s'), 'timeout'],
    ['borg floods', new CollectorError('output_too_large', 'too much'), 'output_too_large'],
    ['borg may not be run', new CollectorError('permission_denied', 'no'), 'permission_denied'],
  ] as const)('when %s, only what is declared and unreadable remain', async (_, answer, reason) => {
    const { samples, problems } = await collect({ [listing]: answer });
    expect(problems).toEqual([{ reason, message: expect.stringMatching(/^backup job files: ./) }]);
    expect(facts(samples)).toEqual(unreadable);
  });

  test('borg is not installed', async () => {
    const { samples, problems } = await collect({});
    expect(problems.map(({ reason }) => reason)).toEqual(['tool_missing']);
    expect(facts(samples)).toEqual(unreadable);
  });

  test('a passphrase file that is not there is found before borg is asked', async () => {
    const { samples, problems } = await collect({ [listing]: two }, {}, { files: {} });
    expect(problems).toEqual([
      {
        reason: 'password_unreadable',
        message: 'backup job files: passphrase_file /etc/borg/passphrase does not exist',
      },
    ]);
    expect(facts(samples)).toEqual(unreadable);
  });

  test('a locked repository is busy: not said to be unreadable', async () => {
    const { samples, problems } = await collect({ [listing]: { exitCode: 73 } });
    expect(problems.map(({ reason }) => reason)).toEqual(['repository_locked']);
    expect(facts(samples)).toEqual(declared);
  });

  test('what cannot be read beside a borg that writes is busy, not broken', async () => {
    const damaged = { exitCode: 90, stderr: 'Data integrity error: Segment entry checksum mismatch\n' };
    const files = { '/etc/borg/passphrase': 'secret\n', '/srv/borg/lock.exclusive/vm.1-0': '' };
    const busy = await collect({ [listing]: damaged }, {}, { files });
    expect(busy.problems.map(({ reason }) => reason)).toEqual(['repository_locked']);
    expect(facts(busy.samples)).toEqual(declared);
    const question = { exitCode: 62, stderr: 'Repository access aborted\n' };
    const asked = await collect({ [listing]: question }, {}, { files });
    expect(asked.problems.map(({ reason }) => reason)).toEqual(['tool_failed']);
    const broken = await collect({ [listing]: damaged });
    expect(broken.problems.map(({ reason }) => reason)).toEqual(['tool_failed']);
    expect(facts(broken.samples)).toEqual(unreadable);
  });

  test('repository, passphrase and directories reach borg in the environment, never in arguments; it runs in UTC', async () => {
    const seen: unknown[] = [];
    const host: Host = {
      ...replay({ files: { "/etc/it's": 'x' } }),
      run: async (tool, args, options): Promise<ToolOutput> => {
        seen.push([tool, args, options]);
        return { exitCode: 0, stdout: archives([]), stderr: '' };
      },
    };
    const settings = {
      passphrase_file: "/etc/it's",
      archives: '-web*',
      cache_directory: '/var/cache/b',
      base_directory: '/var/lib/b',
      environment: { BORG_RSH: 'ssh -i /k' },
    };
    await borg.collect(host, { jobs: [{ ...job, ...settings }] });
    expect(seen).toEqual([
      [
        'borg',
        ['list', '--json', '--glob-archives=-web*', '--bypass-lock', '--lock-wait=30', '--log-json'],
        {
          timeout: 110_000,
          env: {
            BORG_RSH: 'ssh -i /k',
            TZ: 'UTC',
            BORG_EXIT_CODES: 'modern',
            BORG_REPO: '/srv/borg',
            BORG_PASSCOMMAND: `cat -- '/etc/it'"'"'s'`,
            BORG_BASE_DIR: '/var/lib/b',
            BORG_CACHE_DIR: '/var/cache/b',
          },
        },
      ],
    ]);
  });
});

describe('size, files and duration', () => {
  const own = { sizes: true };
  const details = (size: number, files: number) => ({
    duration: 12.5,
    stats: { nfiles: files, original_size: size, deduplicated_size: 7 },
  });
  const info = (name: string, size: number, files = 3) =>
    archives([[name, '2026-11-24T01:00:00.000000', details(size, files)]]);

  test('are those of the newest archive, asked once and remembered', async () => {
    const state = new Map<string, unknown>();
    const first = await collect({ [listing]: two, [informing('web01-2')]: info('web01-2', 5000) }, own, {
      state,
    });
    expect(first.problems).toEqual([]);
    expect(facts(first.samples)).toEqual({
      ...declared,
      repository_readable: 1,
      restore_points: 2,
      last_success_timestamp_seconds: newest,
      duration_seconds: 12.5,
      size_bytes: 5000,
      files: 3,
    });
    const second = await collect({ [listing]: two }, own, { state });
    expect(second).toEqual(first);
  });

  test('are not asked where that is not wanted', async () => {
    const { samples } = await collect({ [listing]: two, [informing('web01-2')]: info('web01-2', 5000) });
    expect(facts(samples)).not.toHaveProperty('size_bytes');
  });

  test('a smaller archive than expected is no success; the newest that is large enough is', async () => {
    const settings = { ...own, minimum_bytes: 1000 };
    const commands = {
      [listing]: two,
      [informing('web01-2')]: info('web01-2', 10),
      [informing('web01-1')]: info('web01-1', 5000),
    };
    const state = new Map<string, unknown>();
    const first = await collect(commands, settings, { state });
    expect(facts(first.samples)).toMatchObject({ restore_points: 2, size_bytes: 10 });
    expect(facts(first.samples)).not.toHaveProperty('last_success_timestamp_seconds');
    // One archive is asked per run.
    const second = await collect(commands, settings, { state });
    expect(facts(second.samples)).toMatchObject({
      size_bytes: 10,
      last_success_timestamp_seconds: newest - 86_400,
    });
  });

  test.each([
    ['when the cache is busy', { exitCode: 73 }, 'repository_locked'],
    ['when another archive is told', info('web01-9', 1), 'unexpected_output'],
    ['when it is cut off', '{"archives": [', 'unexpected_output'],
  ])('are unknown %s; the list stays', async (_, answer, reason) => {
    const { samples, problems } = await collect({ [listing]: two, [informing('web01-2')]: answer }, own);
    expect(problems.map((problem) => problem.reason)).toEqual([reason]);
    expect(facts(samples)).toEqual({
      ...declared,
      repository_readable: 1,
      restore_points: 2,
      last_success_timestamp_seconds: newest,
    });
  });

  test('that take too long are not asked again for the same archive', async () => {
    const state = new Map<string, unknown>();
    const slow = new CollectorError('timeout', 'borg took longer than 290 s');
    const first = await collect({ [listing]: two, [informing('web01-2')]: slow }, own, { state });
    const second = await collect({ [listing]: two }, own, { state });
    expect(second).toEqual(first);
    expect(second.problems).toEqual([
      { reason: 'timeout', message: expect.stringContaining('is not asked again; raise the timeout') },
    ]);
    expect(facts(second.samples)).toMatchObject({ repository_readable: 1, restore_points: 2 });
  });

  test('a memory that is damaged is asked anew', async () => {
    const state = new Map<string, unknown>([['borg-archives-files', { format: 7 }]]);
    const { samples } = await collect(
      { [listing]: two, [informing('web01-2')]: info('web01-2', 5000) },
      own,
      { state },
    );
    expect(facts(samples)).toMatchObject({ size_bytes: 5000 });
  });
});

describe('settings', () => {
  test.each([
    ['no jobs', {}, 'jobs', 'expected a list of backup jobs'],
    ['a job twice', { jobs: [job, job] }, 'jobs', 'each backup_job must have a name of its own'],
    [
      'the passphrase in the environment',
      { jobs: [{ ...job, environment: { BORG_PASSPHRASE: 'x' } }] },
      'jobs.0.environment',
      'set the repository, its passphrase and directories with the settings of the job; TZ is always UTC',
    ],
    [
      'no cache directory',
      { jobs: [{ ...job, cache_directory: undefined }] },
      'jobs.0.cache_directory',
      'expected the path of a directory for the cache of borg',
    ],
    ['a misspelt key', { jobs: [{ ...job, pasphrase: 'x' }] }, 'jobs.0', 'Unrecognized key: "pasphrase"'],
  ])('%s is refused', (_, settings, path, message) => {
    const result = borg.settings.safeParse(settings);
    expect(result.error?.issues.map((issue) => [issue.path.join('.'), issue.message])).toEqual([
      [path, message],
    ]);
  });
});

describe.skipIf(!hasShared)('captures of 1.2 and 1.4 (skipped without ../shared)', () => {
  test('1.2 lists archives by name, id and start', async () => {
    expect(parseAnswer(read('list-1.2.json')).archives).toEqual([
      {
        name: 'web01-2026-11-21T17:43:45',
        id: 'd1079a0e21f4eafff69f3267b1c362373f120e7a1b48b494923a95f2b4261258',
        start: Date.parse('2026-11-21T17:43:45Z') / 1000,
      },
      {
        name: 'web01-second',
        id: '0d42ed85e4ea31d6a83b52ccc36439f01d089a931cc5363aa5377714152c860f',
        start: Date.parse('2026-11-21T17:43:47Z') / 1000,
      },
    ]);
  });

  test('1.2 tells duration, size and files of an archive', async () => {
    const commands = {
      [listing]: read('list-1.2.json'),
      [informing('web01-second')]: read('info-last1-1.2.json'),
    };
    const { samples, problems } = await collect(commands, { sizes: true });
    expect(problems).toEqual([]);
    expect(facts(samples)).toEqual({
      ...declared,
      repository_readable: 1,
      restore_points: 2,
      last_success_timestamp_seconds: Date.parse('2026-11-21T17:43:47Z') / 1000,
      duration_seconds: 0.018909,
      size_bytes: 1_000_003,
      files: 51,
    });
  });

  test('the lock of 1.2 is busy', () => {
    expect(parseFailure({ exitCode: 2, stderr: read('locked-1.2.stderr') }).reason).toBe('repository_locked');
  });

  test.each(['info-repo-1.2.json', 'create-1.2.json', 'check-1.2-ok-v.jsonl', 'locked-1.2.stdout'])(
    '%s is no list of archives',
    (name) => {
      expect(() => parseAnswer(read(name))).toThrow(CollectorError);
    },
  );
});
