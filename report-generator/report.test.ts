import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../deploy/local/process.ts';
import { measureReport, readSnapshot, writeReport } from './report.ts';
import type { Indicator, Snapshot, Verdict } from './snapshot.ts';

const policy = 'alerts/policy.yaml';
const november = Date.parse('2026-11-21T12:00:00Z') / 1000;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-report-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function indicator(id: string, verdict: Verdict, rest: Partial<Indicator> = {}): Indicator {
  return {
    id,
    unit: 'ratio',
    better: 'high',
    value: 0.9,
    reason: null,
    numerator: 9,
    denominator: 10,
    target: 0.9,
    verdict,
    coverage: { objects: 1, time: 1 },
    atEnd: null,
    trend: [{ month: '2026-10', value: 0.9, time: 1 }],
    queries: ['up'],
    ...rest,
  };
}

function snapshotWith(...indicators: readonly Indicator[]): Snapshot {
  return {
    version: 1,
    provider: 'Faro Managed IT',
    customer: { id: 'acme', name: 'Acme Manufacturing', zone: 'Europe/Madrid', language: 'en' },
    month: '2026-10',
    period: { start: 1790805600, end: 1793487600, offset: 60, zoneName: 'CET' },
    prometheus: { version: '2.42.0' },
    policySha256: '0'.repeat(64),
    evaluation: [],
    indicators: [...indicators],
    facts: {},
    controls: [],
    hosts: [],
  };
}

const breaking = () => Promise.reject(new Error('no font'));
const draw =
  (missingGlyphs: readonly string[] = []) =>
  () =>
    Promise.resolve({ pdf: Buffer.from('%PDF-1.7 drawn'), missingGlyphs });

test('a snapshot becomes two files and nothing else, and is read back as it was', async () => {
  const snapshot = snapshotWith(indicator('backup', 'met'), indicator('reboot', 'missed'));
  const out = join(directory, 'a', 'b');
  expect(await writeReport(snapshot, out, draw())).toEqual({
    files: [join(out, 'report.pdf'), join(out, 'snapshot.json')],
    gaps: [],
  });
  expect(readdirSync(out).toSorted()).toEqual(['report.pdf', 'snapshot.json']);
  expect(readFileSync(join(out, 'report.pdf'), 'utf8')).toBe('%PDF-1.7 drawn');
  expect(await readSnapshot(join(out, 'snapshot.json'))).toEqual(snapshot);
});

test('each gap is a line that says how much is missing, never rounded up', async () => {
  const snapshot = snapshotWith(
    indicator('patch_security', 'unknown', { coverage: { objects: 0.7999, time: 0.9996 } }),
    indicator('incidents_opened', 'unknown', { coverage: { objects: null, time: 0.5 } }),
    indicator('reboot', 'none', { value: null, reason: 'no_evaluations' }),
    indicator('backup', 'none', { value: null, reason: 'no_series' }),
    indicator('disk_health', 'plain', { value: null, reason: 'nothing_expected' }),
  );
  const { gaps } = await writeReport(snapshot, directory, draw(['U+1F600']));
  expect(gaps).toEqual([
    'patch_security: unknown, 79.9% of the objects known, 99.9% of the month watched',
    'incidents_opened: unknown, 50.0% of the month watched',
    'reboot: no data, no rule was evaluated in the month. Did Prometheus run, and does it keep thirteen months?',
    'backup: no data, the rules ran and recorded nothing of it. Are the rules and the policy of the same version?',
    'characters the fonts lack: U+1F600',
  ]);
});

test('a drawing that fails leaves the files of before', async () => {
  const snapshot = snapshotWith(indicator('backup', 'met'));
  await writeReport(snapshot, directory, draw());
  await expect(writeReport(snapshotWith(), directory, breaking)).rejects.toThrow('no font');
  expect(await readSnapshot(join(directory, 'snapshot.json'))).toEqual(snapshot);
  expect(readdirSync(directory)).toHaveLength(2);
});

test('a folder that cannot be written is named', async () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  await expect(writeReport(snapshotWith(), join(file, 'out'), draw())).rejects.toThrow(/ENOTDIR|EEXIST/);
});

test.each([
  ['not JSON', '{'],
  ['another version', '{"version": 2}'],
  ['nothing', ''],
])('%s is no snapshot', async (_, content) => {
  const file = join(directory, 'snapshot.json');
  writeFileSync(file, content);
  await expect(readSnapshot(file)).rejects.toThrow(`${file} is no snapshot of a report: `);
});

test('an unknown customer is answered with the nearest one', async () => {
  const wanted = { customer: 'acmee', prometheus: 'http://127.0.0.1:9', policy };
  await expect(measureReport(wanted, november)).rejects.toThrow(
    'alerts/policy.yaml has no customer "acmee". Did you mean acme?',
  );
  await expect(measureReport({ ...wanted, customer: '__proto__' }, november)).rejects.toThrow(
    /has no customer/,
  );
});

test.each([
  ['2026-11', '2026-11 is not over in Europe/Madrid. Its report can be made from 2026-11-30T23:20:00.000Z.'],
  ['2027-01', '2027-01 is not over in Europe/Madrid.'],
  ['2026-13', '"2026-13" is no month. Write it like 2026-10.'],
  ['', '"" is no month.'],
])('the month %j is refused', async (month, message) => {
  const wanted = { customer: 'acme', month, prometheus: 'http://127.0.0.1:9', policy };
  await expect(measureReport(wanted, november)).rejects.toThrow(message);
});

test('a month is over twenty minutes after its end, and until then the last one is the one before', async () => {
  const port = await freePort(0);
  const wanted = { customer: 'acme', prometheus: `http://127.0.0.1:${port}`, policy };
  const end = Date.parse('2026-10-31T23:00:00Z') / 1000;
  await expect(measureReport({ ...wanted, month: '2026-10' }, end + 1199)).rejects.toThrow(/not over/);
  await expect(measureReport({ ...wanted, month: '2026-10' }, end + 1200)).rejects.toThrow(
    /cannot be reached/,
  );
  // The default is never refused as not over.
  await expect(measureReport(wanted, end + 1)).rejects.toThrow(/cannot be reached/);
});

test('a policy that is missing or wrong is named with what is wrong', async () => {
  const wanted = { customer: 'acme', prometheus: 'http://127.0.0.1:9' };
  await expect(measureReport({ ...wanted, policy: '/nonexistent.yaml' }, november)).rejects.toThrow(
    /^\/nonexistent\.yaml cannot be read: ENOENT/,
  );
  const file = join(directory, 'policy.yaml');
  writeFileSync(file, `${readFileSync(policy, 'utf8')}\ncontrolls: {}\n`);
  await expect(measureReport({ ...wanted, policy: file }, november)).rejects.toThrow(
    /is not a valid policy:\n- line \d+, controlls: unknown key\. Did you mean controls\?/,
  );
});
