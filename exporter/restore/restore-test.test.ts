import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readEvidence } from '../evidence.ts';
import { parseRecord, recordName } from '../job-record.ts';
import { stateIn } from '../state.ts';

const root = mkdtempSync(join(tmpdir(), 'restore-test-of-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const source = join(root, 'source');
const password = join(root, 'password');
const good = join(root, 'good');
const corrupt = join(root, 'corrupt');
const canary = join(source, 'canary');
const restic = (repository: string, ...args: readonly string[]) =>
  execFileSync('restic', args, {
    env: {
      ...process.env,
      RESTIC_REPOSITORY: repository,
      RESTIC_PASSWORD_FILE: password,
      RESTIC_CACHE_DIR: join(root, 'cache'),
    },
  });

beforeAll(() => {
  mkdirSync(join(source, 'data'), { recursive: true });
  writeFileSync(password, 'secret');
  for (let index = 0; index < 20; index += 1)
    writeFileSync(
      join(source, 'data', `file ${index}.bin`),
      createHash('sha512').update(String(index)).digest('hex').repeat(200),
    );
  const list = execFileSync('sh', ['-c', 'find data -type f -exec sha256sum {} +'], { cwd: source });
  writeFileSync(join(source, 'SHA256SUMS'), list);
  writeFileSync(canary, `${new Date().toISOString()}\n`);
  symlinkSync(canary, join(source, 'link-to-canary'));
  for (const repository of [good, corrupt]) {
    restic(repository, 'init');
    restic(repository, 'backup', source);
  }
  // One byte in the middle of the largest pack: the index stays whole, and `restic check` finds nothing.
  const packs = readdirSync(join(corrupt, 'data'), { recursive: true, encoding: 'utf8' })
    .map((name) => join(corrupt, 'data', name))
    .filter((path) => /[0-9a-f]{64}$/.test(path))
    .toSorted((a, b) => readFileSync(b).length - readFileSync(a).length);
  const pack = packs[0] ?? '';
  const bytes = readFileSync(pack);
  bytes[1000] = (bytes[1000] ?? 0) ^ 0xff;
  execFileSync('chmod', ['u+w', pack]);
  writeFileSync(pack, bytes);
}, 120_000);

let directory: string;
let scratch: string;
beforeEach(() => {
  directory = mkdtempSync(join(root, 'state-'));
  scratch = mkdtempSync(join(root, 'scratch-'));
});

/** Runs the command as an operator would. */
function restoreTest(restoreTestSettings: Readonly<Record<string, unknown>>, repository = good) {
  writeConfig(restoreTestSettings, repository);
  const { status, stdout, stderr } = spawnSync(process.execPath, argsOf('nightly'), { encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}`.trim() };
}
const argsOf = (job: string) => [
  'exporter/main.ts',
  'restore-test',
  '--config.file',
  join(directory, 'config.json'),
  '--job',
  job,
];

function writeConfig(settings: Readonly<Record<string, unknown>>, repository: string): void {
  const entry = {
    backup_job: 'nightly',
    repository,
    password_file: password,
    expected_interval: '24h',
    cache_directory: join(root, 'cache'),
    restore_test: { scratch_directory: scratch, maximum_bytes: 20_000_000, ...settings },
  };
  const silent = { backup_job: 'untested', repository, password_file: password, expected_interval: '24h' };
  writeFileSync(
    join(directory, 'config.json'),
    JSON.stringify({ state_directory: directory, collectors: { restic: { repositories: [entry, silent] } } }),
  );
}
const record = async () =>
  parseRecord((await stateIn(directory).read(recordName('nightly'))).document)?.restore_test;

describe('a good repository', () => {
  test('passes with every check, leaves nothing behind, and is on record and in evidence', async () => {
    const { status, said } = restoreTest({
      canary: { path: canary, newer_than: '1h' },
      manifest: join(source, 'SHA256SUMS'),
      minimum_files: 22,
      check: ['sh', '-c', 'test -e "$SCRATCH$0/canary"', source],
    });
    expect(said).toMatch(
      /^restore test of nightly passed: 22 files, \d+ bytes in \d+\.\d s; contents compared$/,
    );
    expect(status).toBe(0);
    expect(readdirSync(scratch)).toEqual([]);
    expect(await record()).toMatchObject({
      success: true,
      bytes: expect.any(Number),
      duration: expect.any(Number),
    });
    expect((await record())?.last_success).toBe((await record())?.at);
    const { records, damage } = await readEvidence(directory);
    expect(damage).toEqual([]);
    expect(records).toMatchObject([
      {
        kind: 'restore_test',
        outcome: 'success',
        tool: 'restic',
        details: { job: 'nightly', files: 22, compared_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ]);
  });

  test('passes with a part of it, and says that nothing was compared', () => {
    const { said } = restoreTest({ include: [join(source, 'data')], minimum_files: 20 });
    expect(said).toMatch(/passed: 20 files, .*; nothing was compared \(declare a canary or a manifest\)$/);
  });
});

const failures: readonly (readonly [
  name: string,
  expected: RegExp,
  settings: Readonly<Record<string, unknown>>,
  repository?: 'corrupt',
])[] = [
  [
    'a pack that was damaged, which `restic check` does not notice',
    /restore_failed: restic restore ended with 1: ./,
    {},
    'corrupt',
  ],
  [
    'a canary that is older than it may be',
    /canary_old: the canary .* was written 20/,
    { canary: { path: canary, newer_than: '1s' } },
  ],
  [
    'a canary that is another',
    /canary_mismatch: the canary .* came back with SHA-256 [0-9a-f]{64}, not 0{64}/,
    { canary: { path: canary, sha256: '0'.repeat(64) } },
  ],
  [
    'a canary that holds no time',
    /canary_mismatch: the canary .* holds no time/,
    { canary: { path: join(source, 'SHA256SUMS'), newer_than: '1h' } },
  ],
  [
    'a canary that did not come back',
    /canary_missing: the canary \/no\/canary is not among/,
    { canary: { path: '/no/canary' } },
  ],
  [
    'a link instead of the canary, which leads to the original',
    /canary_missing: /,
    { canary: { path: join(source, 'link-to-canary') } },
  ],
  ['a list of hashes that did not come back', /manifest_missing: /, { manifest: '/no/SHA256SUMS' }],
  [
    'files of the list that did not come back',
    /manifest_mismatch: data\/file \d+\.bin is in the list of hashes and did not come back/,
    { manifest: join(source, 'SHA256SUMS'), include: [join(source, 'SHA256SUMS')] },
  ],
  [
    'fewer files than there should be',
    /too_few_files: 22 files came back, and at least 100 should have/,
    { minimum_files: 100 },
  ],
  [
    'more than it may bring back',
    /too_large: more than 100000 bytes came back/,
    { maximum_bytes: 100_000, command: ['sh', '-c', 'head -c 1000000 /dev/zero > big; sleep 60'] },
  ],
  [
    'a restore that takes too long',
    /timeout: sh was stopped: the restore took longer than it may/,
    { timeout: '1s', command: ['sh', '-c', 'echo x > part; sleep 60'] },
  ],
  [
    'a scratch directory without enough room',
    /no_space: .* bytes free, and restore_test.maximum_bytes asks for 9007199254740991/,
    { maximum_bytes: 9_007_199_254_740_991 },
  ],
  [
    'a scratch directory that is not there',
    /no_space: the scratch directory \/no\/such cannot be used \(ENOENT\)/,
    { scratch_directory: '/no/such' },
  ],
  [
    'a command that fails',
    /restore_failed: the restore command ended with 3: no tape/,
    { command: ['sh', '-c', 'echo no tape >&2; exit 3'] },
  ],
  [
    'a command that is not there',
    /restore_failed: no-such-program is not installed, or not in PATH/,
    { command: ['no-such-program'] },
  ],
  [
    'a check that says no',
    /check_failed: the check ended with 1: wrong table/,
    { check: ['sh', '-c', 'echo wrong table; exit 1'] },
  ],
];

describe('a restore that does not bring back what it should fails, each for its own reason, and leaves nothing behind', () => {
  test.each(
    failures.map(([name, expected, settings, repository]) => ({ name, expected, settings, repository })),
  )('$name', async ({ expected, settings, repository }) => {
    const { status, said } = restoreTest(settings, repository === 'corrupt' ? corrupt : good);
    expect(said).toMatch(new RegExp(`^RESTORE TEST OF nightly FAILED: ${expected.source}`));
    expect(status).toBe(1);
    expect(readdirSync(scratch)).toEqual([]);
    expect(await record()).toMatchObject({ success: false, reason: expect.stringMatching(expected) });
    expect((await readEvidence(directory)).records).toMatchObject([
      { kind: 'restore_test', outcome: 'failure' },
    ]);
  });

  test.runIf(process.getuid?.() === 0)(
    'a scratch disk that runs full (a tmpfs of 1 MiB; needs root)',
    async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', scratch]);
      try {
        const { status, said } = restoreTest({
          maximum_bytes: 1000,
          command: ['sh', '-c', 'head -c 3000000 /dev/zero > big'],
        });
        expect(said).toMatch(
          /^RESTORE TEST OF nightly FAILED: no_space: the restore command ended with 1: .*No space left on device/,
        );
        expect(status).toBe(1);
        expect(readdirSync(scratch)).toEqual([]);
      } finally {
        execFileSync('umount', [scratch]);
      }
    },
  );

  test('the last success stays known when a later test fails', async () => {
    restoreTest({});
    const passed = (await record())?.at;
    restoreTest({ minimum_files: 1000 });
    expect(await record()).toMatchObject({ success: false, last_success: passed });
  });
});

test('stopped in the middle it cleans up and gives no verdict', async () => {
  writeConfig(
    { command: ['sh', '-c', 'echo x > part; touch "$0"; sleep 60', join(directory, 'started')] },
    good,
  );
  const child = spawn(process.execPath, argsOf('nightly'), { stdio: 'ignore' });
  await vi.waitUntil(() => existsSync(join(directory, 'started')), { timeout: 20_000 });
  child.kill('SIGTERM');
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(1);
  expect(readdirSync(scratch)).toEqual([]);
  expect(await record()).toBeUndefined();
});

test.each([
  ['weekly', 'the configuration declares no backup job weekly; there are: nightly, untested'],
  ['untested', 'backup job untested declares no restore_test; add one to its entry under collectors.restic'],
])('job %s: what is missing is said', (job, message) => {
  writeConfig({}, good);
  const { status, stderr } = spawnSync(process.execPath, argsOf(job), { encoding: 'utf8' });
  expect(stderr).toContain(message);
  expect(status).toBe(1);
});
