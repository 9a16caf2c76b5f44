import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPolicy } from '../alerts/policy.ts';
import { loadFile } from '../deploy/local/history.ts';
import { startPrometheus } from '../deploy/local/prometheus.ts';
import { monthPeriod } from './period.ts';
import { prometheusAt } from './prometheus.ts';
import { forgottenOf, retentionSeconds } from './retention.ts';

/*
 * Prometheus servers that forgot, began late, or never had our rules.
 */

const directory = mkdtempSync(join(tmpdir(), 'maintenance-retention-'));
const policy = { ...readPolicy('alerts/policy.yaml'), evaluation_interval: 3600 };
const endings: (() => Promise<void>)[] = [];
const hour = 3600;
const august = monthPeriod('2026-08', 'UTC');
const september = monthPeriod('2026-09', 'UTC');
const october = monthPeriod('2026-10', 'UTC');
const sixteenth = Date.UTC(2026, 9, 16) / 1000;
const november = Date.UTC(2026, 10, 2, 6) / 1000;
/** Hourly evaluations, from the middle of October on. */
let late = '';
/** Targets, and no rules. */
let bare = '';
let empty = '';

function evaluations(from: number, to: number): string {
  const names = { timestamp: (at: number) => at, interval: () => hour };
  return Object.entries(names)
    .flatMap(([name, value]) => [
      `# TYPE maintenance:evaluation_${name}_seconds gauge`,
      ...Array.from(
        { length: (to - from) / hour },
        (_, index) =>
          `maintenance:evaluation_${name}_seconds{rule_group="maintenance-controls"} ${value(from + index * hour)} ${from + index * hour}`,
      ),
    ])
    .join('\n');
}

async function serverWith(name: string, content: string, retention = '10y'): Promise<string> {
  const folder = join(directory, name);
  mkdirSync(join(folder, 'data'), { recursive: true });
  if (content !== '') {
    const file = join(folder, 'history.om');
    writeFileSync(file, `${content}\n# EOF\n`);
    await loadFile(file, join(folder, 'data'));
  }
  const flags = [`--storage.tsdb.retention.time=${retention}`];
  const { url, stop } = await startPrometheus({ name, directory: folder, port: 0, flags });
  endings.push(stop);
  return url;
}

beforeAll(async () => {
  const lowest = `# TYPE prometheus_tsdb_lowest_timestamp_seconds gauge\nprometheus_tsdb_lowest_timestamp_seconds ${sixteenth} ${november - 60}`;
  late = await serverWith('late', `${evaluations(sixteenth, october.end)}\n${lowest}`);
  bare = await serverWith('bare', `# TYPE up gauge\nup{job="maintenance"} 1 ${november - 60}`);
  empty = await serverWith('empty', '');
});
afterAll(async () => {
  await Promise.all(endings.map((end) => end()));
  rmSync(directory, { recursive: true });
});

test('a month that begins in the middle is told, with where the storage begins', async () => {
  expect(await forgottenOf(prometheusAt(late), policy, october, november)).toEqual([
    'Prometheus has no evaluation of the rules in 2026-10 before 2026-10-16T00:00:00Z; its storage begins on 2026-10-16T00:00:00Z, when it was set up or what its disk holds. What is missing counts as not watched.',
  ]);
});

test('a month before that is told as well, and is no lack of rules', async () => {
  const [said] = await forgottenOf(prometheusAt(late), policy, september, november);
  expect(said).toMatch(/^Prometheus has no evaluation of the rules in 2026-09; its storage begins/);
});

test('a retention that is too short is named, with what to set', async () => {
  // Short enough for August of 2026, long enough that this test holds for years.
  const server = prometheusAt(late);
  const short = { ...server, retention: () => Promise.resolve('15d') };
  const [said] = await forgottenOf(short, policy, october, november);
  expect(said).toMatch(
    /before 2026-10-16T00:00:00Z; it keeps 15d\. Start it with --storage\.tsdb\.retention\.time=400d/,
  );
  const silent = { ...server, retention: () => Promise.resolve(undefined) };
  expect(await forgottenOf(silent, policy, august, Date.UTC(2026, 9, 20) / 1000)).toEqual([
    'Prometheus has no evaluation of the rules in 2026-08. What is missing counts as not watched.',
  ]);
});

test('a whole month is not worth a word', async () => {
  const later = monthPeriod('2026-10', 'UTC');
  const half = { ...later, start: sixteenth };
  expect(await forgottenOf(prometheusAt(late), policy, half, november)).toEqual([]);
});

test('targets without our rules are a refusal that says what to load', async () => {
  await expect(forgottenOf(prometheusAt(bare), policy, october, november)).rejects.toThrow(
    /has targets and no record of our rules since 2026-10 began: the rules are not loaded\. Add alerts\/generated\/records\.yaml/,
  );
});

test('a Prometheus without anything is the wrong one', async () => {
  await expect(forgottenOf(prometheusAt(empty), policy, october, november)).rejects.toThrow(
    /has nothing since 2026-10 began, neither targets nor rules\. Is it the one/,
  );
});

test.each([
  ['15d', 1_296_000],
  ['1y2w', 32_745_600],
  ['45d or 50GiB', 3_888_000],
  ['50GiB', undefined],
  ['0s', undefined],
  ['', undefined],
])('a retention of %j', (text, seconds) => {
  expect(retentionSeconds(text)).toBe(seconds);
});
