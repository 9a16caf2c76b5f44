import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPolicyFile, readSnapshot, subjectOf, writeReport } from './report.ts';
import type { Indicator, Snapshot, Verdict } from './snapshot.ts';
import { october } from './tests/october.ts';

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
    ...october,
    indicators: [...indicators],
  };
}

const breaking = () => Promise.reject(new Error('no font'));
const draw =
  (missingGlyphs: readonly string[] = []) =>
  () =>
    Promise.resolve({ pdf: Buffer.from('%PDF-1.7 drawn'), html: '<!DOCTYPE html>', missingGlyphs });

test('a snapshot becomes a folder of its customer and month, and is read back as it was', async () => {
  const snapshot = snapshotWith(indicator('backup', 'met'), indicator('reboot', 'missed'));
  const out = join(directory, 'a', 'b');
  const folder = join(out, 'acme', '2026-10');
  expect(await writeReport(snapshot, { out, replace: false }, draw())).toEqual({
    files: [
      'report.pdf',
      'report.html',
      'snapshot.json',
      'csv/indicators.csv',
      'csv/trends.csv',
      'csv/hosts.csv',
      'csv/evaluation.csv',
      'SHA256SUMS',
    ].map((name) => join(folder, name)),
    gaps: [],
  });
  expect(readdirSync(folder).toSorted()).toEqual([
    'SHA256SUMS',
    'csv',
    'report.html',
    'report.pdf',
    'snapshot.json',
  ]);
  expect(readFileSync(join(folder, 'report.pdf'), 'utf8')).toBe('%PDF-1.7 drawn');
  expect(await readSnapshot(join(folder, 'snapshot.json'))).toEqual(snapshot);
});

test('each gap is a line that says how much is missing, never rounded up', async () => {
  const snapshot = snapshotWith(
    indicator('patch_security', 'unknown', { coverage: { objects: 0.7999, time: 0.9996 } }),
    indicator('incidents_opened', 'unknown', { coverage: { objects: null, time: 0.5 } }),
    indicator('reboot', 'none', { value: null, reason: 'no_evaluations' }),
    indicator('backup', 'none', { value: null, reason: 'no_series' }),
    indicator('disk_health', 'plain', { value: null, reason: 'nothing_expected' }),
  );
  const { gaps } = await writeReport(snapshot, { out: directory, replace: false }, draw(['U+1F600']));
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
  const where = { out: directory, replace: false };
  await writeReport(snapshot, where, draw());
  await expect(writeReport(snapshotWith(), where, breaking)).rejects.toThrow('no font');
  expect(await readSnapshot(join(directory, 'acme', '2026-10', 'snapshot.json'))).toEqual(snapshot);
  expect(readdirSync(join(directory, 'acme'))).toHaveLength(2);
});

test('a report is not replaced by one that saw less of the month, unless told', async () => {
  const seen = (ruleGroup: string, evaluations: number): Snapshot => ({
    ...snapshotWith(indicator('backup', 'met')),
    evaluation: [{ ruleGroup, interval: 60, evaluations, expected: 100 }],
  });
  const file = join(directory, 'acme', '2026-10', 'snapshot.json');
  const where = { out: directory, replace: false };
  await writeReport(seen('maintenance-controls', 90), where, draw());
  await expect(writeReport(seen('maintenance-controls', 89), where, draw())).rejects.toThrow(
    `${file} was made from 90 evaluations of the rules, and Prometheus has 89 of them now. It is kept.`,
  );
  expect((await readSnapshot(file)).evaluation[0]?.evaluations).toBe(90);
  await writeReport(seen('maintenance-controls', 89), { ...where, replace: true }, draw());
  expect((await readSnapshot(file)).evaluation[0]?.evaluations).toBe(89);
  // Other rules cannot be compared.
  await writeReport(seen('maintenance-other', 1), where, draw());
  expect((await readSnapshot(file)).evaluation[0]?.evaluations).toBe(1);
});

test.each(['../acme', 'a/b', '', '.', '..'])(
  'a snapshot of the customer %j is written nowhere',
  async (id) => {
    const snapshot = snapshotWith(indicator('backup', 'met'));
    const named = { ...snapshot, customer: { ...snapshot.customer, id } };
    await expect(writeReport(named, { out: directory, replace: false }, draw())).rejects.toThrow(
      /is no customer and month/,
    );
    expect(readdirSync(directory)).toEqual([]);
  },
);

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
  const file = await readPolicyFile(policy);
  expect(() => subjectOf(file, { customer: 'acmee' }, november)).toThrow(
    'alerts/policy.yaml has no customer "acmee". Did you mean acme?',
  );
  expect(() => subjectOf(file, { customer: '__proto__' }, november)).toThrow(/has no customer/);
});

test.each([
  ['2026-11', '2026-11 is not over in Europe/Madrid. Its report can be made from 2026-11-30T23:20:00.000Z.'],
  ['2027-01', '2027-01 is not over in Europe/Madrid.'],
  ['2026-13', '"2026-13" is no month. Write it like 2026-10.'],
  ['', '"" is no month.'],
])('the month %j is refused', async (month, message) => {
  const file = await readPolicyFile(policy);
  expect(() => subjectOf(file, { customer: 'acme', month }, november)).toThrow(message);
});

test('a month can be reported once its incidents are settled, and the last such month is the default', async () => {
  const file = await readPolicyFile(policy);
  const end = Date.parse('2026-10-31T23:00:00Z') / 1000;
  expect(() => subjectOf(file, { customer: 'acme', month: '2026-10' }, end + 1199)).toThrow(/not over/);
  expect(subjectOf(file, { customer: 'acme', month: '2026-10' }, end + 1200).month).toBe('2026-10');
  expect(subjectOf(file, { customer: 'acme' }, end + 1199).month).toBe('2026-09');
  expect(subjectOf(file, { customer: 'acme' }, end + 1200).month).toBe('2026-10');
});

test('a policy that is none is refused with its mistakes', async () => {
  await expect(readPolicyFile('/nonexistent.yaml')).rejects.toThrow('/nonexistent.yaml cannot be read');
  const file = join(directory, 'policy.yaml');
  writeFileSync(file, `${readFileSync(policy, 'utf8')}\ncontrolls: {}\n`);
  await expect(readPolicyFile(file)).rejects.toThrow(
    /is not a valid policy:\n- line \d+, controlls: unknown key\. Did you mean controls\?/,
  );
});
