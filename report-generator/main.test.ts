import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { controlNames, readPolicy } from '../alerts/policy.ts';
import { loadFile } from '../deploy/local/history.ts';
import { freePort } from '../deploy/local/process.ts';
import type { Prometheus } from '../deploy/local/prometheus.ts';
import { startHistory } from '../deploy/local/stack.ts';
import { simulate } from '../simulator/simulate.ts';
import { monthPeriod } from './period.ts';
import { readSnapshot } from './report.ts';

/*
 * The command as an operator runs it, over one simulated month in a real Prometheus.
 */

const stepSeconds = 7200;
const directory = mkdtempSync(join(tmpdir(), 'maintenance-report-'));
let server: Prometheus;

beforeAll(async () => {
  const policy = readPolicy('alerts/policy.yaml');
  const simulation = simulate({ seed: 1, end: Date.UTC(2026, 10, 21, 12) / 1000, stepSeconds, policy });
  const { start, end } = monthPeriod('2026-10', 'Europe/Madrid');
  const { path } = await simulation.writePart({ name: 'month', from: start, to: end + 7200 }, directory);
  mkdirSync(join(directory, 'data'));
  await loadFile(path, join(directory, 'data'));
  server = await startHistory(directory, stepSeconds);
});
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

async function report(...args: readonly string[]) {
  const child = spawn(process.execPath, ['report-generator/main.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, error, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once('exit', resolve)),
  ]);
  return { out, error, code };
}

const core = [
  'report.pdf',
  'report.html',
  'snapshot.json',
  ...['indicators', 'trends', 'hosts', 'evaluation'].map((name) => `csv/${name}.csv`),
];
/** Everything in a report but its sums. */
const filesIn = (folder: string): readonly string[] =>
  [...readdirSync(folder), ...readdirSync(join(folder, 'csv')).map((name) => `csv/${name}`)]
    .filter((name) => name !== 'csv' && name !== 'SHA256SUMS')
    .toSorted();
/** Some tests make three reports, and the machine may be busy; milliseconds. */
const whole = 240_000;
const october = (out: string): string => join(out, 'acme', '2026-10');

test(
  'a month becomes a folder, and the gaps are printed',
  async () => {
    const out = join(directory, 'out');
    const month = ['--customer', 'acme', '--month', '2026-10', '--prometheus', server.url];
    const first = await report(...month, '--out', out);
    expect(first.error).toBe('');
    const files = filesIn(october(out));
    expect(files).toEqual(expect.arrayContaining(core));
    expect(
      readFileSync(join(october(out), 'report.pdf'))
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    const snapshot = await readSnapshot(join(october(out), 'snapshot.json'));
    const missing = snapshot.indicators.filter(({ verdict }) => verdict === 'none' || verdict === 'unknown');
    const printed = first.out.split('\n');
    expect(printed.slice(0, files.length).toSorted()).toEqual(files.map((file) => join(october(out), file)));
    expect(printed.slice(files.length)).toEqual([
      join(october(out), 'SHA256SUMS'),
      ...missing.map(({ id }) => expect.stringContaining(`Gap: ${id}: `)),
      '',
    ]);
    expect(first.code).toBe(missing.length === 0 ? 0 : 2);
    const checked = execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: october(out), encoding: 'utf8' });
    expect(checked.trim().split('\n').toSorted()).toEqual(files.map((file) => `${file}: OK`));

    // The numbers are in the PDF as they are beside it.
    const attached = ['--show-attachment=snapshot.json', join(october(out), 'report.pdf')];
    expect(execFileSync('qpdf', attached, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })).toBe(
      readFileSync(join(october(out), 'snapshot.json'), 'utf8'),
    );

    // The same month again, and drawn from its snapshot, are the same files byte for byte.
    const again = join(directory, 'again');
    await report(...month, '--out', again);
    const drawn = join(directory, 'drawn');
    const redrawn = await report('--from-snapshot', join(october(out), 'snapshot.json'), '--out', drawn);
    expect(redrawn.code).toBe(first.code);
    for (const file of [...files, 'SHA256SUMS']) {
      const bytes = readFileSync(join(october(out), file));
      expect(readFileSync(join(october(again), file)).equals(bytes), file).toBe(true);
      expect(readFileSync(join(october(drawn), file)).equals(bytes), file).toBe(true);
    }
  },
  whole,
);

test(
  'every customer: one that fails does not stop the others, and the worst is the exit code',
  async () => {
    const out = join(directory, 'all');
    mkdirSync(join(out, 'birch', '2026-10'), { recursive: true });
    const everyone = ['--all-customers', '--prometheus', server.url, '--out', out];
    const { code, error, out: said } = await report(...everyone, '--at', '2026-11-21T12:00:00Z');
    expect(code).toBe(3);
    expect(error).toMatch(
      /^birch: no report: .*birch\/2026-10 is there and was not written by this program/m,
    );
    expect(filesIn(october(out))).toEqual(expect.arrayContaining(core));
    expect(said).toMatch(/^Reports: 1 with gaps \(acme\), 1 not written \(birch\)\.$/m);

    rmdirSync(join(out, 'birch', '2026-10'));
    const quiet = await report(...everyone, '--at', '2026-11-21T12:00:00Z', '--quiet');
    expect(quiet.code).toBe(2);
    expect(quiet.out).toBe('');
    expect(quiet.error).toMatch(/^acme: gap: /m);
    expect(existsSync(join(out, 'birch', '2026-10', 'report.pdf'))).toBe(true);
  },
  whole,
);

test(
  'earlier months come from their own reports, as far as they are there',
  async () => {
    const out = join(directory, 'kept');
    const asked = ['--customer', 'acme', '--prometheus', server.url, '--out', out];
    await report(...asked, '--month', '2026-09');
    // What the report of September said is what the trend of October shows.
    const file = join(out, 'acme', '2026-09', 'snapshot.json');
    const september = await readSnapshot(file);
    const altered = {
      ...september,
      indicators: september.indicators.map((one) => ({
        ...one,
        trend: one.trend.with(12, { month: '2026-09', value: 0.125, time: 1 }),
      })),
    };
    rmSync(join(out, 'acme', '2026-09', 'SHA256SUMS'));
    writeFileSync(file, JSON.stringify(altered));
    const { error } = await report(...asked, '--month', '2026-10');
    expect(error).toBe('');
    const { indicators } = await readSnapshot(join(october(out), 'snapshot.json'));
    expect(indicators.map(({ trend }) => trend.length)).toEqual(indicators.map(() => 13));
    // What the report of September does not have, nobody expected then.
    const known = new Set(september.indicators.map(({ id }) => id));
    expect(indicators.map(({ trend }) => trend.at(-2)?.value)).toEqual(
      indicators.map(({ id }) => (known.has(id) ? 0.125 : null)),
    );
    expect(indicators.every(({ value, trend }) => value === trend.at(-1)?.value)).toBe(true);

    writeFileSync(file, '{');
    const ignoring = await report(...asked, '--month', '2026-10');
    expect(ignoring.error).toContain(`${file} is ignored: it is damaged`);
    expect(ignoring.code).toBe(2);
  },
  whole,
);

test('a month Prometheus does not hold becomes a report that says so, and ends with 2', async () => {
  const out = join(directory, 'empty');
  const { code, out: said } = await report(
    '--customer',
    'birch',
    '--month',
    '2026-03',
    '--prometheus',
    server.url,
    '--out',
    out,
  );
  expect(code).toBe(2);
  const { indicators } = await readSnapshot(join(out, 'birch', '2026-03', 'snapshot.json'));
  const forgotten = indicators.filter(({ reason }) => reason === 'no_evaluations');
  expect(forgotten.length).toBeGreaterThan(controlNames.length);
  expect(said.match(/^Gap: .*no rule was evaluated in the month/gm)).toHaveLength(forgotten.length);
  expect(indicators.every(({ value, verdict }) => value === null && verdict === 'none')).toBe(true);
});

test.each([
  ['an unknown customer', ['--customer', 'acmee'], /^No report: .*Did you mean acme\?$/m],
  ['no customer', [], /^No report: whose\? Add --customer/],
  ['a month that is none', ['--customer', 'acme', '--month', '2026-13'], /Write it like 2026-10\./],
  [
    'a month that is not over',
    ['--customer', 'acme', '--month', '2999-01'],
    /2999-01 is not over in Europe\/Madrid\./,
  ],
  ['no policy', ['--customer', 'acme', '--policy', 'nowhere.yaml'], /nowhere\.yaml cannot be read/],
  [
    'an address that is none',
    ['--customer', 'acme', '--prometheus', 'prometheus'],
    /is no address of a Prometheus/,
  ],
  ['an instant without a zone', ['--customer', 'acme', '--at', '2026-11-02'], /Write it with its zone, like/],
  ['one customer and all', ['--customer', 'acme', '--all-customers'], /cannot be used with option/],
  ['an unknown option', ['--costumer', 'acme'], /unknown option '--costumer'.*Did you mean --customer\?/s],
  [
    'a snapshot that is none',
    ['--from-snapshot', 'package.json'],
    /package\.json is no snapshot of a report/,
  ],
])('%s: nothing is written, and it ends with 3', async (_, args, message) => {
  const out = join(directory, 'refused');
  const { code, error, out: said } = await report(...args, '--out', out);
  expect(error).toMatch(message);
  expect(error).not.toMatch(/^\s+at /m);
  expect(said).toBe('');
  expect(code).toBe(3);
  expect(readdirSync(directory)).not.toContain('refused');
});

test('a Prometheus that is not there: nothing is written, and it ends with 3', async () => {
  const address = `http://127.0.0.1:${await freePort(0)}`;
  const { code, error } = await report(
    '--customer',
    'acme',
    '--prometheus',
    address,
    '--out',
    join(directory, 'no'),
  );
  expect(error).toBe(
    `No report: Prometheus at ${address} cannot be reached (ECONNREFUSED): check --prometheus and that it runs.\n`,
  );
  expect(code).toBe(3);
});

test('help says what the exit codes mean', async () => {
  const { code, out } = await report('--help');
  expect(out).toMatch(/0 {2}written, everything known\n *2 {2}written, with gaps.*\n *3 {2}not written/);
  expect(code).toBe(0);
});
