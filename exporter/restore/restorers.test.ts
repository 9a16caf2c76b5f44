import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { restoreTestSchema } from '../collectors/backup/job.ts';
import { type RestoreVerdict, restoreTest } from './restore-test.ts';
import { restorers } from './restorers.ts';

const root = mkdtempSync(join(tmpdir(), 'restorers-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const source = join(root, 'source');
const hours = 3600;

beforeAll(() => {
  mkdirSync(source);
  for (let index = 0; index < 10; index += 1)
    writeFileSync(join(source, `${index}.txt`), `file ${index}\n`.repeat(5000 + index));
  writeFileSync(join(source, 'SHA256SUMS'), execFileSync('sh', ['-c', 'sha256sum *.txt'], { cwd: source }));
});

async function run(
  tool: string,
  job: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, unknown>> = {},
  scratch = mkdtempSync(join(root, 'scratch-')),
): Promise<RestoreVerdict & { readonly left: readonly string[] }> {
  const verdict = await restoreTest({
    name: 'nightly',
    tool,
    job,
    test: {
      ...restoreTestSchema.parse({
        scratch_directory: scratch,
        maximum_bytes: 50_000_000,
        ...settings,
        timeout: '60s',
      }),
      // No tool is done in a millisecond.
      ...(settings['timeout'] === 'soon' ? { timeout: 0.001 } : {}),
    },
    restorer: restorers.find(({ collector }) => collector === tool),
    stateDirectory: mkdtempSync(join(root, 'state-')),
    now: () => Date.now() / 1000,
    signal: new AbortController().signal,
  });
  return { ...verdict, left: readdirSync(scratch) };
}

/** What must go wrong in the same way whatever the tool: a file of the backup that is another, no time, no room. */
async function failsAsItShould(
  tool: string,
  job: Readonly<Record<string, unknown>>,
  path: string,
): Promise<void> {
  expect(await run(tool, job, { canary: { path, sha256: '0'.repeat(64) } })).toMatchObject({
    success: false,
    reason: 'canary_mismatch',
    left: [],
  });
  expect(await run(tool, job, { canary: { path: '/no/canary', sha256: '0'.repeat(64) } })).toMatchObject({
    reason: 'canary_missing',
    left: [],
  });
  expect(await run(tool, job, { timeout: 'soon' })).toMatchObject({
    success: false,
    reason: 'timeout',
    left: [],
  });
  const full = mkdtempSync(join(root, 'full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', full]);
  try {
    // As much as the disk has: less would be reached first, now and then.
    expect(await run(tool, job, { maximum_bytes: 128 * 1024 }, full)).toMatchObject({
      success: false,
      reason: 'no_space',
      left: [],
    });
  } finally {
    execFileSync('umount', [full]);
  }
}

describe('borg', () => {
  const passphrase = join(root, 'passphrase');
  const jobOf = (repository: string) => ({
    repository,
    passphrase_file: passphrase,
    archives: 'web-*',
    cache_directory: join(root, 'borg-cache'),
    base_directory: join(root, 'borg-base'),
  });
  const borg = (repository: string, ...args: readonly string[]) =>
    execFileSync('borg', args, {
      cwd: root,
      env: {
        ...process.env,
        BORG_REPO: repository,
        BORG_PASSPHRASE: 'secret',
        BORG_BASE_DIR: join(root, 'borg-base'),
        BORG_CACHE_DIR: join(root, 'borg-cache'),
      },
      stdio: 'pipe',
    });
  const make = (name: string): string => {
    const repository = join(root, name);
    writeFileSync(passphrase, 'secret');
    borg(repository, 'init', '--encryption=repokey');
    borg(repository, 'create', '::web-1', 'source');
    borg(repository, 'create', '::other-2', 'passphrase');
    return repository;
  };

  test('the newest archive of the job comes back whole', async () => {
    const job = jobOf(make('borg-good'));
    expect(await run('borg', job, { manifest: '/source/SHA256SUMS', minimum_files: 11 })).toMatchObject({
      success: true,
      verified: { files: 11, digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
      left: [],
    });
    expect(await run('borg', job, { include: ['/source/3.txt'] })).toMatchObject({
      success: true,
      verified: { files: 1 },
    });
  });

  test.runIf(process.getuid?.() === 0)(
    'a canary that is another, no time and a full disk (a tmpfs, needs root) each fail for their own reason',
    () => failsAsItShould('borg', jobOf(make('borg-reasons')), '/source/3.txt'),
  );

  test('damaged data fail, which a check of the structure does not notice', async () => {
    const repository = make('borg-corrupt');
    const segments = readdirSync(join(repository, 'data'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\d+\/\d+$/.test(name))
      .map((name) => join(repository, 'data', name))
      .toSorted((a, b) => readFileSync(b).length - readFileSync(a).length);
    const bytes = readFileSync(segments[0] ?? '');
    bytes[200] = (bytes[200] ?? 0) ^ 0xff;
    writeFileSync(segments[0] ?? '', bytes);
    expect(await run('borg', jobOf(repository))).toMatchObject({
      success: false,
      reason: 'restore_failed',
      left: [],
    });
  });

  test('a wrong passphrase and a repository that is not there fail with what borg says', async () => {
    const repository = make('borg-locked-out');
    writeFileSync(passphrase, 'wrong');
    expect(await run('borg', jobOf(repository))).toMatchObject({
      success: false,
      reason: 'restore_failed',
      message: expect.stringMatching(/passphrase/i),
    });
    writeFileSync(passphrase, 'secret');
    expect(await run('borg', jobOf('/no/such'))).toMatchObject({
      success: false,
      reason: 'restore_failed',
      message: expect.stringContaining('/no/such'),
    });
    expect(await run('borg', { ...jobOf(repository), archives: 'nothing-*' })).toMatchObject({
      success: false,
      message: 'the repository holds no archive of this job',
    });
  });
});

describe('borgmatic', () => {
  const repository = join(root, 'borgmatic');
  const config = join(root, 'borgmatic.yaml');
  const env = { ...process.env, BORG_BASE_DIR: join(root, 'borgmatic-base') };
  const job = {
    config,
    repository,
    archives: 'web-*',
    cache_directory: join(root, 'borgmatic-cache'),
  };
  beforeAll(() => {
    writeFileSync(
      config,
      JSON.stringify({
        location: { source_directories: [source], repositories: [repository] },
        storage: {
          encryption_passphrase: 'secret',
          archive_name_format: 'web-{now}',
          borg_base_directory: join(root, 'borgmatic-base'),
        },
      }),
    );
    execFileSync('borgmatic', ['--config', config, 'rcreate', '--encryption', 'repokey'], {
      env,
      stdio: 'pipe',
    });
    execFileSync('borgmatic', ['--config', config, 'create'], { env, stdio: 'pipe' });
  });

  test('the newest archive of the job comes back whole', async () => {
    expect(await run('borgmatic', job, { manifest: `${source}/SHA256SUMS` })).toMatchObject({
      success: true,
      verified: { digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
      left: [],
    });
  });

  test.runIf(process.getuid?.() === 0)(
    'a canary that is another, no time and a full disk (a tmpfs, needs root) each fail for their own reason',
    () => failsAsItShould('borgmatic', job, join(source, '3.txt')),
  );

  test('damaged data, no archive and no configuration fail', async () => {
    expect(await run('borgmatic', { ...job, archives: 'none-*' })).toMatchObject({
      success: false,
      message: 'the repository holds no archive of this job',
    });
    expect(await run('borgmatic', { ...job, config: '/no/such.yaml' })).toMatchObject({
      success: false,
      reason: 'restore_failed',
    });
    const segments = readdirSync(join(repository, 'data'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\d+\/\d+$/.test(name))
      .map((name) => join(repository, 'data', name))
      .toSorted((a, b) => readFileSync(b).length - readFileSync(a).length);
    const bytes = readFileSync(segments[0] ?? '');
    bytes[200] = (bytes[200] ?? 0) ^ 0xff;
    writeFileSync(segments[0] ?? '', bytes);
    expect(await run('borgmatic', job)).toMatchObject({ success: false, reason: 'restore_failed', left: [] });
  });
});

describe('restic (more of it in restore-test.test.ts)', () => {
  test.runIf(process.getuid?.() === 0)(
    'a canary that is another, no time and a full disk (a tmpfs, needs root) each fail for their own reason',
    async () => {
      const password = join(root, 'restic-password');
      writeFileSync(password, 'secret');
      const env = {
        ...process.env,
        RESTIC_REPOSITORY: join(root, 'restic'),
        RESTIC_PASSWORD_FILE: password,
        RESTIC_CACHE_DIR: join(root, 'restic-cache'),
      };
      execFileSync('restic', ['init'], { env });
      execFileSync('restic', ['backup', source], { env });
      await failsAsItShould(
        'restic',
        { repository: env.RESTIC_REPOSITORY, password_file: password, cache_directory: env.RESTIC_CACHE_DIR },
        join(source, '3.txt'),
      );
    },
  );
});

describe('dump files', () => {
  const folder = join(root, 'dumps');
  const make = (name: string, command: string, ago = 1): void => {
    execFileSync('sh', ['-c', `${command} > "$0"`, join(folder, name)], { cwd: source });
    const at = new Date(Date.now() - ago * hours * 1000);
    utimesSync(join(folder, name), at, at);
  };
  const job = (...files: readonly string[]) => ({
    files: files.map((name) => join(folder, name)),
    settle: 600,
  });
  beforeAll(() => {
    mkdirSync(folder);
    make('all.tar.gz', 'tar cz *');
    make('all.tar.zst', 'tar c * | zstd -q');
    make('text.sql.xz', 'cat *.txt | xz');
    make('text.sql.bz2', 'cat *.txt | bzip2');
    make('plain.sql', 'cat *.txt');
    make('cut.tar.gz', 'tar cz * | head -c 400');
    make('day-1.sql.gz', 'echo old | gzip', 30);
    make('day-2.sql.gz', 'echo new | gzip', 6);
  });

  test.each([
    ['all.tar.gz', 11],
    ['all.tar.zst', 11],
    ['text.sql.xz', 1],
    ['text.sql.bz2', 1],
    ['plain.sql', 1],
  ])('%s is unpacked', async (name, files) => {
    const settings = files === 11 ? { manifest: '/SHA256SUMS' } : {};
    expect(await run('dump', job(name), settings)).toMatchObject({
      success: true,
      verified: { files },
      left: [],
    });
  });

  test('the newest one is, and what is in it can be looked at', async () => {
    expect(
      await run('dump', job('day-*.sql.gz'), { check: ['grep', '-qx', 'new', 'day-2.sql'] }),
    ).toMatchObject({ success: true });
    expect(
      await run('dump', job('day-*.sql.gz'), { check: ['grep', '-qx', 'other', 'day-2.sql'] }),
    ).toMatchObject({ success: false, reason: 'check_failed' });
  });

  test.runIf(process.getuid?.() === 0)(
    'a canary that is another, no time and a full disk (a tmpfs, needs root) each fail for their own reason',
    () => failsAsItShould('dump', job('all.tar.gz'), '/3.txt'),
  );

  test('one that is cut off fails', async () => {
    expect(await run('dump', job('cut.tar.gz'))).toMatchObject({
      success: false,
      reason: 'restore_failed',
      message: expect.stringMatching(/tar of .*cut\.tar\.gz ended with 2/),
      left: [],
    });
  });

  test('none at all fails', async () => {
    expect(await run('dump', job('none-*.sql'))).toMatchObject({ success: false, reason: 'restore_failed' });
  });
});

describe('kopia (no Debian package has it: a stand-in that prints its JSON and copies)', () => {
  const bin = join(root, 'bin');
  const snapshots = JSON.stringify([
    {
      id: 'old',
      source: { host: 'web', userName: 'root', path: '/srv' },
      startTime: '2026-11-01T00:00:00Z',
      endTime: '2026-11-01T00:01:00Z',
      stats: { errorCount: 0 },
      rootEntry: { summ: { files: 1, size: 1 } },
    },
    {
      id: 'new',
      source: { host: 'web', userName: 'root', path: '/srv' },
      startTime: '2026-11-20T00:00:00Z',
      endTime: '2026-11-20T00:01:00Z',
      stats: { errorCount: 0 },
      rootEntry: { summ: { files: 1, size: 1 } },
    },
  ]);

  test('the newest snapshot of the source is restored', async () => {
    mkdirSync(bin);
    const script = `#!/bin/sh\nif [ "$2" = list ]; then echo '${snapshots}'; exit; fi\nmkdir -p "$5"; echo "$4" > "$5/restored"\n`;
    writeFileSync(join(bin, 'kopia'), script);
    chmodSync(join(bin, 'kopia'), 0o755);
    const path = process.env['PATH'];
    process.env['PATH'] = `${bin}:${path}`;
    try {
      const verdict = await run(
        'kopia',
        { sources: ['root@web:/srv'], environment: { PATH: `${bin}:${path}` } },
        { check: ['grep', '-qx', 'new', '0/restored'] },
      );
      expect(verdict).toMatchObject({ success: true, verified: { files: 1 } });
    } finally {
      process.env['PATH'] = path;
    }
  });
});
