import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readArchive, trendOf } from './archive.ts';
import { publish } from './output.ts';
import { monthPeriod } from './period.ts';
import { type Snapshot, snapshotText } from './snapshot.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-archive-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const zone = 'Europe/Madrid';

function snapshotOf(month: string, value: number, id = 'acme'): Snapshot {
  const { start, end, offset, zoneName } = monthPeriod(month, zone);
  return {
    version: 1,
    provider: 'Faro Managed IT',
    customer: { id, name: 'Acme Manufacturing', zone, language: 'en' },
    month,
    period: { start, end, offset, zoneName },
    prometheus: { version: '2.42.0' },
    policySha256: '0'.repeat(64),
    evaluation: [],
    indicators: [
      {
        id: 'backup',
        unit: 'ratio',
        better: 'high',
        value,
        reason: null,
        numerator: value * 10,
        denominator: 10,
        target: 0.9,
        verdict: 'met',
        coverage: { objects: 1, time: 1 },
        atEnd: null,
        trend: [
          { month: '2025-01', value: 0.1, time: 1 },
          { month, value, time: 0.75 },
        ],
        queries: ['up'],
      },
    ],
    controls: [],
    hosts: [],
    facts: {},
  };
}

const keep = (snapshot: Snapshot) =>
  publish([{ name: 'snapshot.json', content: snapshotText(snapshot) }], {
    out: directory,
    customer: 'acme',
    month: snapshot.month,
  });
const file = (month: string): string => join(directory, 'acme', month, 'snapshot.json');
const read = (...months: readonly string[]) => readArchive({ directory, customer: 'acme', zone }, months);

test('what reports of earlier months said is the trend; a month without one is asked for', async () => {
  await keep(snapshotOf('2026-08', 0.8));
  await keep(snapshotOf('2026-09', 0.9));
  const { snapshots, ignored } = await read('2026-07', '2026-08', '2026-09');
  expect(ignored).toEqual([]);
  expect(snapshots.map(({ month }) => month)).toEqual(['2026-08', '2026-09']);
  const measured = [
    { month: '2026-07', value: 0.7, time: 1 },
    { month: '2026-10', value: 1, time: 1 },
  ];
  const months = ['2026-06', '2026-07', '2026-08', '2026-09', '2026-10'];
  expect(trendOf('backup', months, measured, snapshots)).toEqual([
    { month: '2026-06', value: null, time: 0 },
    { month: '2026-07', value: 0.7, time: 1 },
    { month: '2026-08', value: 0.8, time: 0.75 },
    { month: '2026-09', value: 0.9, time: 0.75 },
    { month: '2026-10', value: 1, time: 1 },
  ]);
  // An indicator that is newer than those reports.
  expect(trendOf('reboot', ['2026-09'], [], snapshots)).toEqual([{ month: '2026-09', value: null, time: 0 }]);
});

const spoiled: readonly (readonly [string, () => void, RegExp])[] = [
  [
    'a changed file',
    () => writeFileSync(file('2026-09'), readFileSync(file('2026-09'), 'utf8').replace('0.9', '1.0')),
    /snapshot\.json is ignored: it was changed after it was written/,
  ],
  [
    'half a file',
    () => {
      writeFileSync(file('2026-09'), readFileSync(file('2026-09'), 'utf8').slice(0, 100));
      rmSync(join(directory, 'acme', '2026-09', 'SHA256SUMS'));
    },
    /is ignored: it is damaged/,
  ],
  [
    'another version',
    () => {
      writeFileSync(file('2026-09'), '{"version": 99}');
      rmSync(join(directory, 'acme', '2026-09', 'SHA256SUMS'));
    },
    /is ignored: it is damaged, or of another version/,
  ],
  [
    'a folder instead of a file',
    () => {
      rmSync(file('2026-09'));
      mkdirSync(file('2026-09'));
    },
    /is ignored: it cannot be read \(EISDIR\)/,
  ],
  [
    'another month',
    () => {
      rmSync(join(directory, 'acme', '2026-09'));
      cpSync(join(directory, 'acme', '2026-08'), join(directory, 'acme', '2026-09'), {
        recursive: true,
        dereference: true,
      });
    },
    /is ignored: it is of 2026-08/,
  ],
];
test.each(spoiled)('%s is named and ignored', async (_, spoil, message) => {
  await keep(snapshotOf('2026-08', 0.8));
  await keep(snapshotOf('2026-09', 0.9));
  spoil();
  const { snapshots, ignored } = await read('2026-08', '2026-09');
  expect(snapshots.map(({ month }) => month)).toEqual(['2026-08']);
  expect(ignored).toEqual([expect.stringMatching(message)]);
});

test('a month of another customer or of another zone is ignored', async () => {
  await keep(snapshotOf('2026-08', 0.8, 'birch'));
  await keep(snapshotOf('2026-09', 0.9));
  const { snapshots, ignored } = await readArchive(
    { directory, customer: 'acme', zone: 'America/New_York' },
    ['2026-08', '2026-09'],
  );
  expect(snapshots).toEqual([]);
  expect(ignored).toEqual([
    expect.stringContaining('it is of customer birch'),
    expect.stringContaining('it was made for Europe/Madrid, and the policy says America/New_York'),
  ]);
});
