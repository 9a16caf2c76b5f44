import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { localHost } from '../../host.ts';
import { borgmatic } from '../borgmatic.ts';
import { parseBackupResult } from './result.ts';

const folder = mkdtempSync(join(tmpdir(), 'borgmatic-real-'));
const at = (name: string) => join(folder, name);
const host = localHost({ stateDirectory: at('state') });
const started: ChildProcess[] = [];

/** The environment of the borgmatic that makes the backups. */
const environment = {
  PATH: process.env['PATH'] ?? '',
  HOME: at('home'),
  LC_ALL: 'C',
  BORG_BASE_DIR: at('base'),
  BORG_PASSPHRASE: 'secret',
};

function run(tool: string, args: readonly string[]) {
  const { status, stdout, stderr, error } = spawnSync(tool, args, {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return { exitCode: status ?? -1, stdout, stderr };
}

/** Runs borgmatic without its lines in the system log. */
const matic = (config: string, ...args: readonly string[]) =>
  run('borgmatic', ['--no-color', '--syslog-verbosity', '-1', '--config', at(config), ...args]);

/** The options in sections: what 1.7 needs and 1.9 still reads. */
function configure(
  name: string,
  sources: readonly string[],
  repositories: readonly string[],
  passphrase = 'secret',
) {
  const list = (names: readonly string[]) => `[${names.map((one) => at(one)).join(', ')}]`;
  writeFileSync(
    at(name),
    `location:
    source_directories: ${list(sources)}
    repositories: ${list(repositories)}
storage:
    encryption_passphrase: ${passphrase}
    borg_base_directory: ${at('base')}
consistency:
    checks:
        - name: repository
        - name: data
        - name: extract
`,
  );
}

async function ask(settings: Readonly<Record<string, unknown>> = {}) {
  const job = {
    backup_job: 'job',
    config: at('good.yaml'),
    repository: at('used'),
    cache_directory: at('own-cache'),
    state_directory: checksFolder(),
    expected_interval: '24h',
    ...settings,
  };
  const { samples, problems } = await borgmatic.collect(host, { jobs: [job] });
  return {
    facts: Object.fromEntries(
      samples.map(({ name, labels, value }) => [
        [name.replace('maintenance_backup_', ''), labels['depth']].filter(Boolean).join(' '),
        value,
      ]),
    ),
    reasons: problems.map(({ reason }) => reason),
    messages: problems.map(({ message }) => message),
  };
}

/** Where this version keeps the times of its checks. */
function checksFolder(): string {
  return existsSync(at('home/.borgmatic/checks')) ? at('home/.borgmatic') : at('home/.local/state/borgmatic');
}

/** Every check time file, set to an hour ago, to see which are written anew. */
function ageChecks(): readonly string[] {
  const files = readdirSync(join(checksFolder(), 'checks'), { recursive: true, encoding: 'utf8' })
    .map((name) => join(checksFolder(), 'checks', name))
    .filter((path) => statSync(path).isFile());
  const hour = Date.now() / 1000 - 3600;
  files.forEach((path, n) => utimesSync(path, hour - n, hour - n));
  return files;
}

const declared = { expected_interval_seconds: 86_400, job_info: 1 };
const unreadable = { ...declared, repository_readable: 0 };

beforeAll(() => {
  for (const name of ['home', 'documents']) mkdirSync(at(name));
  // Not compressible, so that damage hits contents.
  let seed = 1;
  for (let n = 0; n < 10; n += 1) {
    const bytes = Buffer.alloc(30_000).map(() => (seed = (seed * 48_271) % 2_147_483_647) & 255);
    writeFileSync(at(`documents/${n}`), bytes);
  }
  configure('good.yaml', ['documents'], ['used', 'nowhere']);
  configure('lacking.yaml', ['documents', 'gone'], ['used']);
  configure('alone.yaml', ['documents'], ['used']);
  configure('wrong.yaml', ['documents'], ['used'], 'other');
  expect(run('borg', ['init', '-e', 'repokey', at('used')]).exitCode).toBe(0);
});

afterAll(async () => {
  await Promise.all(
    started.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }),
  );
  rmSync(folder, { recursive: true, force: true });
});

describe('the real borgmatic', () => {
  test('a repository without archives holds 0 restore points', async () => {
    expect(await ask()).toEqual({
      facts: { ...declared, repository_readable: 1, restore_points: 0 },
      reasons: [],
      messages: [],
    });
  });

  test('a complete backup, one in which a source is missing, and one that says nothing', () => {
    const good = matic('alone.yaml', 'create', '--json');
    expect(parseBackupResult(good.exitCode, good.stdout, good.stderr)).toMatchObject({ outcome: 'success' });
    const lacking = matic('lacking.yaml', '--verbosity', '1', 'create', '--stats');
    expect(lacking.exitCode).toBe(0);
    expect(parseBackupResult(lacking.exitCode, lacking.stdout, lacking.stderr)).toMatchObject({
      outcome: 'partial',
      reason: expect.stringContaining('gone'),
    });
    const silent = matic('lacking.yaml', 'create');
    expect({ ...silent, stderr: silent.stderr.trim(), stdout: silent.stdout.trim() }).toMatchObject({
      exitCode: 0,
      stdout: '',
    });
    expect(parseBackupResult(silent.exitCode, silent.stdout, silent.stderr).outcome).toBe('partial');
  });

  test.each(['UTC', 'Asia/Tokyo', 'America/New_York'])(
    'the same timestamps whatever the zone of the exporter: %s',
    async (zone) => {
      vi.stubEnv('TZ', zone);
      try {
        const { facts, reasons } = await ask();
        expect(reasons).toEqual([]);
        expect(facts).toMatchObject({ repository_readable: 1, restore_points: 3 });
        expect(Math.abs((facts['last_success_timestamp_seconds'] ?? 0) - Date.now() / 1000)).toBeLessThan(
          300,
        );
        expect(facts['files']).toBeGreaterThanOrEqual(10);
      } finally {
        vi.unstubAllEnvs();
      }
    },
  );

  test('checks of a good repository are those borgmatic noted', async () => {
    const before = Date.now() / 1000 - 1;
    expect(matic('alone.yaml', 'check', '--force').exitCode).toBe(0);
    const { facts } = await ask();
    expect(facts['check_success data']).toBe(1);
    expect(facts['check_timestamp_seconds data']).toBeGreaterThan(before);
  });

  test('a lock keeps borgmatic out, not the collector', async () => {
    const holder = spawn('borg', ['with-lock', at('used'), 'cat'], {
      env: environment,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    started.push(holder);
    await vi.waitUntil(() => existsSync(at('used/lock.exclusive')), { timeout: 30_000 });
    const create = matic('alone.yaml', 'create');
    expect(parseBackupResult(create.exitCode, create.stdout, create.stderr)).toMatchObject({
      outcome: 'failure',
      reason: expect.stringMatching(/lock|non-zero exit status/),
    });
    const { facts, reasons } = await ask();
    // Whether the checks noted before can be believed depends on the version.
    expect(reasons.filter((reason) => reason !== 'unsupported')).toEqual([]);
    expect(facts).toMatchObject({ repository_readable: 1, restore_points: 3 });
    holder.stdin.end();
    await once(holder, 'exit');
  });

  test.each([
    ['a wrong passphrase', { config: at('wrong.yaml') }, 'authentication_failed'],
    ['no repository', { repository: at('nowhere') }, 'repository_missing'],
    ['no configuration', { config: at('none.yaml') }, 'source_missing'],
    ['two repositories and none named, one of them missing', { repository: undefined }, 'repository_missing'],
  ])('%s', async (_, settings, reason) => {
    const { facts, reasons } = await ask(settings);
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: [reason] });
  });

  test('damaged data: whatever borgmatic noted, no check of the data is called new and successful', async () => {
    const [largest = ''] = readdirSync(at('used/data/0'))
      .map((name) => join(at('used/data/0'), name))
      .toSorted((a, b) => statSync(b).size - statSync(a).size);
    const bytes = readFileSync(largest);
    bytes.fill(0x55, 100_000, 100_016);
    writeFileSync(largest, bytes);
    const files = ageChecks();
    const before = Date.now() / 1000 - 60;
    expect(files.length).toBeGreaterThan(2);
    expect(matic('alone.yaml', 'check', '--force').exitCode).toBe(1);
    const { facts } = await ask();
    expect(facts['check_timestamp_seconds data']).toBeLessThan(before);
    expect(facts['check_timestamp_seconds structure'] ?? 0).toBeLessThan(before);
  });
});
