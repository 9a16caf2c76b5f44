import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { hashSync } from 'bcryptjs';
import { dump, load } from 'js-yaml';
import { z } from 'zod';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { alertGroups } from '../alerts/alert-rules.ts';
import { loadFile } from '../deploy/local/history.ts';
import { freePort } from '../deploy/local/process.ts';
import { type Prometheus, startPrometheus } from '../deploy/local/prometheus.ts';
import { monthPeriod } from './period.ts';

/*
 * What goes wrong in a night: the command as an operator runs it, against real servers. Whatever happens, the report of
 * before stands as it was, nothing half written lies beside it, and one line says what to do.
 */

const hour = 3600;
const directory = mkdtempSync(join(tmpdir(), 'maintenance-failures-'));
const out = join(directory, 'out');
const october = join(out, 'acme', '2026-10');
const { start, end } = monthPeriod('2026-10', 'Europe/Madrid');
const endings: (() => Promise<void>)[] = [];
let server: Prometheus;
/** The shipped policy for an estate whose services nobody probes: without them October has no gap. */
const policyFile = join(directory, 'policy.yaml');

/** Hourly evaluations of October; one control of acme, nothing of birch. */
function history(): string {
  const groups = ['maintenance-controls', ...alertGroups];
  const hours = Array.from({ length: (end - start) / hour }, (_, index) => start + index * hour);
  const series: readonly (readonly [string, string, (at: number) => number])[] = [
    ...groups.map(
      (group) =>
        ['maintenance:evaluation_timestamp_seconds', `rule_group="${group}"`, (at: number) => at] as const,
    ),
    ...groups.map(
      (group) => ['maintenance:evaluation_interval_seconds', `rule_group="${group}"`, () => hour] as const,
    ),
    ...['compliant', 'known', 'expected'].map(
      (part) =>
        [`customer:maintenance_control_${part}:sum`, 'customer="acme",control="backup"', () => 2] as const,
    ),
  ];
  const byName = Map.groupBy(series, ([name]) => name);
  return [...byName]
    .flatMap(([name, all]) => [
      `# TYPE ${name} gauge`,
      ...all.flatMap(([, labels, value]) => hours.map((at) => `${name}{${labels}} ${value(at)} ${at}`)),
    ])
    .join('\n');
}

async function serverWith(name: string, content: string, flags: readonly string[] = []): Promise<Prometheus> {
  const folder = join(directory, name);
  mkdirSync(join(folder, 'data'), { recursive: true });
  const file = join(folder, 'history.om');
  writeFileSync(file, `${content}\n# EOF\n`);
  await loadFile(file, join(folder, 'data'));
  const retention = '--storage.tsdb.retention.time=10y';
  const started = await startPrometheus({ name, directory: folder, port: 0, flags: [retention, ...flags] });
  endings.push(started.stop);
  return started;
}

function launched(...args: readonly string[]) {
  return spawn(process.execPath, ['report-generator/main.ts', '--out', out, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function report(...args: readonly string[]) {
  const child = launched(...args);
  const [said, error, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { said, error, code: Number(code) };
}

const asked = (url: string) => [
  '--policy',
  policyFile,
  '--month',
  '2026-10',
  '--customer',
  'acme',
  '--prometheus',
  url,
];

/** Every byte of the report that is there, and where it really lies. */
function standing(): readonly string[] {
  const folder = realpathSync(october);
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return [
    folder,
    ...names.map(
      (entry) => `${entry.name} ${readFileSync(join(entry.parentPath, entry.name)).toString('base64')}`,
    ),
  ];
}

let before: readonly string[] = [];
beforeAll(async () => {
  const shipped = z.looseObject({}).parse(load(readFileSync('alerts/policy.yaml', 'utf8')));
  writeFileSync(policyFile, dump({ ...shipped, services: {} }));
  server = await serverWith('whole', history());
  const first = await report(...asked(server.url));
  expect(first.error).toBe('');
  expect(first.code).toBe(0);
});
beforeEach(() => {
  before = standing();
});
afterAll(async () => {
  await Promise.all(endings.map((stop) => stop()));
  rmSync(directory, { recursive: true });
});

/** Refused in one line, and nothing is changed. */
function expectRefusal({ said, error, code }: Awaited<ReturnType<typeof report>>, message: RegExp): void {
  expect(error).toMatch(message);
  expect(error.trim().split('\n')).toHaveLength(1);
  expect(said).toBe('');
  expect(code).toBe(3);
  expect(standing()).toEqual(before);
  expect(readdirSync(dirname(october))).toHaveLength(2);
}

test('Prometheus is down', async () => {
  const url = `http://127.0.0.1:${await freePort(0)}`;
  expectRefusal(
    await report(...asked(url)),
    /^No report: Prometheus at http:\/\/127.*cannot be reached \(ECONNREFUSED\): check/,
  );
});

test('Prometheus hangs', async () => {
  process.kill(server.pid, 'SIGSTOP');
  try {
    const slow = await report(...asked(server.url), '--timeout', '2s');
    expectRefusal(
      slow,
      /^No report: .*did not answer within 2 s\. See whether it is overloaded, or wait longer with --timeout/,
    );
  } finally {
    process.kill(server.pid, 'SIGCONT');
  }
});

test('the password is wrong', async () => {
  const web = join(directory, 'web.yml');
  writeFileSync(web, dump({ basic_auth_users: { report: hashSync('correct horse', 4) } }));
  const plain = await freePort(0);
  const folder = join(directory, 'protected');
  mkdirSync(folder);
  writeFileSync(join(folder, 'prometheus.yml'), '');
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${folder}`,
      `--web.config.file=${web}`,
      `--web.listen-address=127.0.0.1:${plain}`,
    ],
    { stdio: 'ignore' },
  );
  endings.push(async () => {
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  });
  const password = join(directory, 'password');
  writeFileSync(password, 'battery staple\n');
  // It is asked again while it starts.
  const wrong = await report(
    ...asked(`http://127.0.0.1:${plain}`),
    '--user',
    'report',
    '--password-file',
    password,
  );
  expectRefusal(wrong, /^No report: .*answered HTTP 401: it does not accept the name and password/);
  expect(wrong.error).not.toContain('battery');
});

test('the rules are not loaded', async () => {
  const now = Math.floor(Date.now() / 1000);
  const bare = await serverWith('bare', `# TYPE up gauge\nup{job="maintenance"} 1 ${now - 60}`);
  expectRefusal(
    await report(...asked(bare.url)),
    /^No report: this Prometheus has targets and no record of our rules since 2026-10 began: the rules are not loaded/,
  );
});

test('half of the customers are missing: theirs says so, and the other is made', async () => {
  const all = ['--policy', policyFile, '--month', '2026-10', '--all-customers', '--prometheus', server.url];
  const { said, code } = await report(...all);
  expect(code).toBe(2);
  expect(said).toMatch(/^Reports: 1 whole \(acme\), 1 with gaps \(birch\)\.$/m);
  expect(said).toMatch(/^birch: gap: backup: no data, the rules ran and recorded nothing of it/m);
  expect(said).not.toMatch(/^acme: gap: backup:/m);
  const [, ...files] = standing();
  // The same bytes again, in a folder of their own.
  expect(files).toEqual(before.slice(1));
});

test('the disk is full', () => {
  const small = join(directory, 'small');
  mkdirSync(small);
  const command = [
    'mount -t tmpfs -o size=3m tmpfs "$1"',
    '"$2" report-generator/main.ts --from-snapshot "$3" --out "$1" >/dev/null',
    'sum=$(cd "$1/acme/2026-10" && sha256sum SHA256SUMS)',
    // What is left is less than a report.
    'head -c 10m /dev/zero > "$1/filler" 2>/dev/null; truncate -s -8192 "$1/filler"',
    '"$2" report-generator/main.ts --from-snapshot "$3" --out "$1"; echo "code $?"',
    'test "$sum" = "$(cd "$1/acme/2026-10" && sha256sum SHA256SUMS)" && echo untouched',
    'cd "$1/acme/2026-10" && sha256sum --quiet -c SHA256SUMS && echo whole; ls -A .. | wc -l',
  ].join('\n');
  const { stdout, stderr } = spawnSync(
    'unshare',
    [
      '--map-root-user',
      '--mount',
      'sh',
      '-c',
      command,
      'sh',
      small,
      process.execPath,
      join(october, 'snapshot.json'),
    ],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe(
    `No report: ${small}/acme/2026-10 cannot be written (ENOSPC): the disk is full. Free some space there, then run it again. What was there before is untouched.\n`,
  );
  expect(stdout.trim().split('\n')).toEqual(['code 3', 'untouched', 'whole', '2']);
});

test('killed while it writes: the report of before stands, and the next run removes what was left', async () => {
  const watcher = watch(dirname(october));
  const child = launched('--from-snapshot', join(october, 'snapshot.json'));
  const gone = once(child, 'exit');
  watcher.on('change', (_, name) => {
    if (String(name).startsWith('.2026-10.')) child.kill('SIGKILL');
  });
  expect(await gone).toEqual([null, 'SIGKILL']);
  watcher.close();
  expect(readdirSync(dirname(october)).length).toBeGreaterThan(2);
  expect(standing()).toEqual(before);
  const next = await report('--from-snapshot', join(october, 'snapshot.json'));
  expect(next.code).toBe(0);
  expect(readdirSync(dirname(october))).toHaveLength(2);
  expect(standing().slice(1)).toEqual(before.slice(1));
});
