import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readGiven } from './given.ts';
import { type Snapshot, snapshotText } from './snapshot.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-given-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const snapshot: Snapshot = {
  version: 1,
  provider: 'Faro Managed IT',
  customer: { id: 'acme', name: 'Acme', zone: 'UTC', language: 'en' },
  month: '2026-06',
  period: { start: 0, end: 1, offset: 0, zoneName: 'UTC' },
  prometheus: { version: '2.42.0' },
  policySha256: '0'.repeat(64),
  evaluation: [],
  indicators: [],
  controls: [],
  hosts: [],
  facts: {},
};

test('nothing is given, nothing is read', async () => {
  expect(await readGiven({}, 'acme', '2026-10')).toEqual({});
});

test('a note belongs to a customer and a month, and nobody must write one', async () => {
  mkdirSync(join(directory, 'acme'));
  writeFileSync(join(directory, 'acme', '2026-10.md'), '# Comment\n');
  const given = { notes: directory };
  expect(await readGiven(given, 'acme', '2026-10')).toEqual({ notes: '# Comment\n' });
  expect(await readGiven(given, 'acme', '2026-09')).toEqual({});
  expect(await readGiven(given, 'birch', '2026-10')).toEqual({});
  mkdirSync(join(directory, 'acme', '2026-08.md'));
  await expect(readGiven(given, 'acme', '2026-08')).rejects.toThrow(/2026-08\.md cannot be read: EISDIR/);
});

test('a baseline is of its customer; in a folder not everybody needs one', async () => {
  const file = join(directory, 'acme.json');
  writeFileSync(file, snapshotText(snapshot));
  expect(await readGiven({ baseline: file }, 'acme', '2026-10')).toEqual({ baseline: snapshot });
  expect(await readGiven({ baseline: directory }, 'acme', '2026-10')).toEqual({ baseline: snapshot });
  expect(await readGiven({ baseline: directory }, 'birch', '2026-10')).toEqual({});
  await expect(readGiven({ baseline: file }, 'birch', '2026-10')).rejects.toThrow(
    `${file} is the baseline of acme, not of birch.`,
  );
  await expect(readGiven({ baseline: join(directory, 'none.json') }, 'acme', '2026-10')).rejects.toThrow(
    /none\.json cannot be read/,
  );
});
