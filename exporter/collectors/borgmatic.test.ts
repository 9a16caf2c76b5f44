import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectorError, type Collection, type Host } from '../collector.ts';
import type { Sample } from '../metrics.ts';
import { replay, type Replay } from '../replay.ts';
import { parseAnswers, pickAnswer } from './borgmatic/answers.ts';
import { isProof } from './borgmatic/checks.ts';
import { parseErrorCodes } from './borgmatic/error-codes.ts';
import { borgmatic } from './borgmatic.ts';

const shared = new URL('../../../shared/fixtures/sources/borgmatic/', import.meta.url);
const hasShared = existsSync(shared);
if (!hasShared) console.warn('../shared is not here: its captures of borgmatic 1.9.14 are not tested');

function read(name: string): string {
  return readFileSync(new URL(name, shared), 'utf8');
}

const job = {
  backup_job: 'files',
  config: '/etc/borgmatic/config.yaml',
  repository: 'local',
  cache_directory: '/var/cache/b',
  state_directory: '/state',
  expected_interval: '24h',
};
/** After everything that was captured. */
const now = Date.parse('2026-12-01T00:00:00Z') / 1000;
const declared = { expected_interval_seconds: 86_400, job_info: 1 };
const call = 'borgmatic --no-color --syslog-verbosity -1 --config /etc/borgmatic/config.yaml';
const listing = `${call} borg --repository local list --json --bypass-lock --lock-wait=30`;
const informing = (name: string) =>
  `${call} borg --repository local info --json --glob-archives=${name} --bypass-lock --lock-wait=30`;
const validating = `${call} config validate --show`;
const at = (time: string) => Date.parse(time) / 1000;

/** What borg prints of a repository with these archives. */
function answer(
  names: readonly string[],
  repository: Readonly<Record<string, string>> = {},
  more: Readonly<Record<string, unknown>> = {},
): string {
  const archives = names.map((name, n) => ({
    archive: name,
    id: `id-${name}`,
    name,
    start: `2026-11-2${n + 1}T01:00:00.000000`,
    ...more,
  }));
  return JSON.stringify(
    { archives, repository: { id: 'r1', location: '/srv/borg', ...repository } },
    null,
    4,
  );
}

function facts(samples: readonly Sample[]): Record<string, number> {
  return Object.fromEntries(
    samples.map(({ name, labels, value }) => [
      [name.replace('maintenance_backup_', ''), labels['depth']].filter(Boolean).join(' '),
      value,
    ]),
  );
}

async function collect(
  commands: NonNullable<Replay['commands']>,
  settings: Readonly<Record<string, unknown>> = {},
  more: Partial<Replay> = {},
): Promise<Collection> {
  return borgmatic.collect(replay({ commands, now, ...more }), {
    jobs: [{ ...job, sizes: false, ...settings }],
  });
}

/** Check time files of repository r1, by path below it. */
function noted(times: Readonly<Record<string, number>>, folder = '/state/checks/r1') {
  const entries = Object.entries(times).map(([name, time]) => [`${folder}/${name}`, time] as const);
  return {
    files: Object.fromEntries(entries.map(([path]) => [path, ''])),
    modified: Object.fromEntries(entries),
  };
}

describe('the answers of several repositories', () => {
  const one = JSON.parse(answer(['one-1'], { id: 'r1', location: '/r/one', label: 'one' }));
  const two = JSON.parse(answer(['two-1', 'two-2'], { id: 'r2', location: '/r/two', label: 'two' }));
  const three = JSON.parse(answer([], { id: 'r3', location: '/r/three', label: 'three' }));

  test('are told apart by name: one that fails does not shift the others, as in borgmatic-exporter, which zips two lists', () => {
    const all = JSON.stringify([one, two, three]);
    const lacking = JSON.stringify([two, three]);
    for (const stdout of [all, lacking]) {
      expect(pickAnswer(parseAnswers(stdout), 'two').archives.map(({ name }) => name)).toEqual([
        'two-1',
        'two-2',
      ]);
      expect(pickAnswer(parseAnswers(stdout), '/r/three').archives).toEqual([]);
    }
    expect(() => pickAnswer(parseAnswers(lacking), 'one')).toThrow(
      'borgmatic told nothing of repository one, only of /r/two, /r/three; check repository',
    );
  });

  test('are read one after the other, with warnings between them', () => {
    const stdout = `a warning: {x}\n${JSON.stringify(one, null, 4)}\nanother\n${JSON.stringify(two, null, 4)}\n`;
    expect(parseAnswers(stdout)).toEqual([one, two]);
  });

  test('need a name', () => {
    expect(() => pickAnswer([one, two], undefined)).toThrow(
      'borgmatic told of several repositories (/r/one, /r/two); name one of them with repository',
    );
    expect(pickAnswer([one], undefined).repository.id).toBe('r1');
  });

  test('the only answer is that of the repository asked for: borg does not know its label', () => {
    const unlabelled = JSON.parse(answer(['a']));
    expect(pickAnswer([unlabelled], 'local').archives.length).toBe(1);
  });

  test.each([
    ['nothing', ''],
    ['German', 'Fehler: Datei oder Verzeichnis nicht gefunden\n'],
    ['a list that is cut off', answer(['a', 'b']).slice(0, 120)],
  ])('%s is unexpected output', (_, stdout) => {
    expect(() => parseAnswers(stdout)).toThrow(expect.objectContaining({ reason: 'unexpected_output' }));
  });
});

describe('the collector', () => {
  test('reads a repository', async () => {
    const { samples, problems } = await collect({ [listing]: answer(['a', 'b', 'c.checkpoint']) });
    expect(problems).toEqual([]);
    expect(facts(samples)).toEqual({
      ...declared,
      repository_readable: 1,
      restore_points: 2,
      last_success_timestamp_seconds: at('2026-11-22T01:00:00Z'),
    });
  });

  test('asks for duration, size and files of the newest archive, by a pattern that only it fits', async () => {
    const details = { duration: 2.5, stats: { nfiles: 9, original_size: 700 } };
    const commands = { [listing]: answer(['a', 'b*']), [informing('b[*]')]: answer(['b*'], {}, details) };
    const { samples, problems } = await collect(commands, { sizes: true });
    expect(problems).toEqual([]);
    expect(facts(samples)).toMatchObject({
      restore_points: 2,
      duration_seconds: 2.5,
      size_bytes: 700,
      files: 9,
    });
  });

  test('borg runs in UTC with a cache of its own', async () => {
    const seen: unknown[] = [];
    const host: Host = {
      ...replay({}),
      run: async (_, __, options) => {
        seen.push(options?.env);
        return { exitCode: 0, stdout: answer([]), stderr: '' };
      },
    };
    await borgmatic.collect(host, { jobs: [job] });
    expect(seen).toEqual([{ TZ: 'UTC', BORG_CACHE_DIR: '/var/cache/b' }]);
  });

  const unreadable = { ...declared, repository_readable: 0 };
  test.each([
    ['the repository is missing', 'Repository /srv/borg does not exist.', 'repository_missing'],
    [
      'the passphrase is wrong',
      'passphrase supplied in BORG_PASSPHRASE, by BORG_PASSCOMMAND or via BORG_PASSPHRASE_FD is incorrect.',
      'authentication_failed',
    ],
    ['the repository is not in it', 'Repository "local" not found in configuration files', 'tool_failed'],
  ])('when %s, only what is declared and unreadable remain', async (_, words, reason) => {
    const traceback = '--- Logging error ---\nTraceback (most recent call last):\n  File "x", line 1\n';
    const files = { '/etc/borgmatic/config.yaml': '' };
    const said = { exitCode: 1, stderr: `${words}\n${traceback}` };
    const { samples, problems } = await collect({ [listing]: said }, {}, { files });
    expect(problems).toEqual([{ reason, message: expect.stringContaining(words.slice(0, 30)) }]);
    expect(facts(samples)).toEqual(unreadable);
  });

  test.each([
    ['takes too long', new CollectorError('timeout', 'borgmatic took longer than 290 s'), 'timeout'],
    ['floods', new CollectorError('output_too_large', 'too much'), 'output_too_large'],
    ['may not be run', new CollectorError('permission_denied', 'no'), 'permission_denied'],
    ['is not installed', undefined, 'tool_missing'],
    ['prints nothing', '', 'unexpected_output'],
  ] as const)('when borgmatic %s', async (_, given, reason) => {
    const { samples, problems } = await collect(given === undefined ? {} : { [listing]: given });
    expect(problems.map((problem) => problem.reason)).toEqual([reason]);
    expect(facts(samples)).toEqual(unreadable);
  });

  test('a configuration that is not there is found out, whatever borgmatic says', async () => {
    const said = { exitCode: 1, stderr: 'Repository "local" not found in configuration files\n' };
    const { samples, problems } = await collect({ [listing]: said });
    expect(problems).toEqual([
      {
        reason: 'source_missing',
        message: 'backup job files: /etc/borgmatic/config.yaml does not exist; check config',
      },
    ]);
    expect(facts(samples)).toEqual(unreadable);
  });

  test('a lock is busy: not said to be unreadable', async () => {
    const stderr =
      'Failed to create/acquire the lock /srv/borg/lock.exclusive (timeout).\nlocal: Error running actions for repository\n';
    const { samples, problems } = await collect({ [listing]: { exitCode: 1, stderr } });
    expect(problems.map(({ reason }) => reason)).toEqual(['repository_locked']);
    expect(facts(samples)).toEqual(declared);
  });
});

describe('checks that borgmatic noted', () => {
  const times = { repository: 1000, 'archives/f1': 1001, 'data/f1': 1002, extract: 1100, spot: 1200 };
  const base = { [listing]: answer(['a']), 'borgmatic --version': '2.1.2\n' };

  test('repository and archives are of the structure, the others of the data; the newest counts', async () => {
    const { samples, problems } = await collect(base, {}, noted(times));
    expect(problems).toEqual([]);
    expect(facts(samples)).toMatchObject({
      'check_timestamp_seconds structure': 1001,
      'check_success structure': 1,
      'check_timestamp_seconds data': 1200,
      'check_success data': 1,
    });
  });

  test('of several filters the one that was checked longest ago counts', async () => {
    const { samples } = await collect(base, {}, noted({ 'data/f1': 5000, 'data/f2': 3000 }));
    expect(facts(samples)).toMatchObject({ 'check_timestamp_seconds data': 3000 });
  });

  test.each([
    ['/state/checks/r1', '/state'],
    ['/state/borgmatic/checks/r1', '/state'],
    ['/root/.local/state/borgmatic/checks/r1', undefined],
    ['/root/.borgmatic/checks/r1', undefined],
    ['/var/lib/borgmatic/borgmatic/checks/r1', undefined],
  ])('are found at %s', async (folder, state) => {
    const { samples } = await collect(base, { state_directory: state }, noted({ data: 4000 }, folder));
    expect(facts(samples)).toMatchObject({ 'check_timestamp_seconds data': 4000 });
  });

  test('of another repository are not taken', async () => {
    const { samples } = await collect(base, {}, noted(times, '/state/checks/r2'));
    expect(Object.keys(facts(samples)).filter((name) => name.startsWith('check'))).toEqual([]);
  });

  test('by a borgmatic that notes damage like success are not believed; what it cannot get wrong is', async () => {
    const commands = {
      ...base,
      'borgmatic --version': '1.9.14\n',
      [validating]: 'checks:\n    - name: data\n\nsummary:\nAll configuration files are valid\n',
    };
    const { samples, problems } = await collect(commands, {}, noted(times));
    expect(problems).toEqual([
      {
        reason: 'unsupported',
        message: expect.stringContaining('borgmatic 1.9.14 notes a check that found damage'),
      },
    ]);
    expect(facts(samples)).toMatchObject({ 'check_timestamp_seconds data': 1200 });
    expect(facts(samples)).not.toHaveProperty('check_timestamp_seconds structure');
    const only = await collect(commands, {}, noted({ 'data/f1': 1002 }));
    expect(facts(only.samples)).not.toHaveProperty('check_timestamp_seconds data');
  });

  test('are believed once its configuration says that 1 is an error', async () => {
    const commands = {
      ...base,
      'borgmatic --version': '1.9.14\n',
      [validating]:
        'borg_exit_codes:\n    - code: 1\n      treat_as: error\n\nsummary:\nAll configuration files are valid\n',
    };
    const { samples, problems } = await collect(commands, {}, noted(times));
    expect(problems).toEqual([]);
    expect(facts(samples)).toMatchObject({ 'check_timestamp_seconds structure': 1001 });
  });

  test('an extract noted at the same moment as the others was only meant to be tried (borgmatic 1.7)', async () => {
    const { samples } = await collect(base, {}, noted({ repository: 1000, extract: 1000.004 }));
    expect(facts(samples)).toMatchObject({ 'check_timestamp_seconds structure': 1000 });
    expect(facts(samples)).not.toHaveProperty('check_timestamp_seconds data');
  });

  test('an empty repository has no data that could have been checked', async () => {
    const { samples } = await collect({ ...base, [listing]: answer([]) }, {}, noted(times));
    expect(facts(samples)).toMatchObject({ restore_points: 0, 'check_timestamp_seconds structure': 1001 });
    expect(facts(samples)).not.toHaveProperty('check_timestamp_seconds data');
  });

  test('that may not be read leave the archives known', async () => {
    const files = {
      '/state/checks/r1/extract': new CollectorError('permission_denied', 'may not read /state'),
    };
    const { samples, problems } = await collect(base, {}, { files });
    expect(problems).toEqual([
      { reason: 'permission_denied', message: 'backup job files: checks of borgmatic: may not read /state' },
    ]);
    expect(facts(samples)).toMatchObject({ repository_readable: 1, restore_points: 1 });
  });

  test.each([
    ['1.7.7', [], true],
    ['1.7.15', [], true],
    ['1.8.0', [], false],
    ['1.8.6', [1], false],
    ['1.8.7', [1], true],
    ['1.9.14', [], false],
    ['1.9.14', [2, 107], false],
    ['2.1.1', [], false],
    ['2.1.2', [], true],
    ['2.1.2.dev0', [], true],
    ['3.0.0', [], true],
    ['', [1], false],
    ['unknown', [1], false],
  ])('version %j with %j as errors: proof %s', (version, codes, proof) => {
    expect(isProof(version, codes)).toBe(proof);
  });

  test.each([
    ['borg_exit_codes:\n- code: 1\n  treat_as: error\n- code: 100\n  treat_as: warning\n', [1]],
    ['borg_exit_codes: none\n', []],
    ['repositories: []\n', []],
    ['', []],
    ['a: [\n', []],
    ['\u0000', []],
  ])('exit codes in %j are %j', (text, codes) => {
    expect(parseErrorCodes(text)).toEqual(codes);
  });
});

describe.skipIf(!hasShared)(
  'captures of 1.9.14 and of borgmatic-exporter (skipped without ../shared)',
  () => {
    test('list.json, in one zone of its own, tells four archives of repository local', () => {
      const { repository, archives } = pickAnswer(parseAnswers(read('list.json')), 'local');
      expect(repository).toEqual({
        id: '79a156336ecf18239fca887f06160ae62d2a9fec7c7c1ccc6cfd14e7079550c4',
        location: '/root/br',
        label: 'local',
      });
      expect(archives.map(({ name, start }) => [name, start])).toEqual([
        ['web01-1', at('2026-11-21T18:53:19Z')],
        ['web01-2', at('2026-11-21T18:53:20Z')],
        ['web01-3', at('2026-11-21T18:53:21Z')],
        ['web01-2026-11-21T18:53:24', at('2026-11-21T18:53:24Z')],
      ]);
    });

    test('info-latest.json tells the newest one', () => {
      expect(pickAnswer(parseAnswers(read('info-latest.json')), '/root/br').archives).toEqual([
        {
          name: 'web01-2026-11-21T18:53:24',
          id: '96e11d19b14cbbb0ca6fe0ff43ca3a7c45d6aa7814b7a7d06c8e100e396c01ad',
          start: at('2026-11-21T18:53:24Z'),
          duration: 0.019933,
          stats: { nfiles: 53, original_size: 1_000_440 },
        },
      ]);
    });

    test.each([
      [
        'exporter-test-list-info.json',
        '/borg/backup-1',
        ['k8s-db-2024-01-08T21:12:39', 'k8s-db-2024-01-09T04:00:05'],
      ],
      [
        'exporter-test-list-info.json',
        '/borg/backup-2',
        ['backup-2-2024-01-16T04:00:07', 'backup-2-2024-01-17T04:00:06'],
      ],
      ['exporter-test-repo-info.json', '/borg/backup-1', ['k8s-db-2024-01-09T04:00:05']],
    ])('%s, %s', (file, repository, names) => {
      expect(pickAnswer(parseAnswers(read(file)), repository).archives.map(({ name }) => name)).toEqual(
        names,
      );
    });

    test('exporter-test-repo-info.json has no list for the third repository: unknown, not empty', () => {
      expect(() => pickAnswer(parseAnswers(read('exporter-test-repo-info.json')), '/borg/backup-3')).toThrow(
        'borg printed no whole list of archives as JSON',
      );
    });

    test('repo-info.json holds no list of archives', () => {
      expect(() => pickAnswer(parseAnswers(read('repo-info.json')), 'local')).toThrow(CollectorError);
    });
  },
);
