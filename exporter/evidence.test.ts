import { appendFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { appendEvidence, type Evidence, readEvidence } from './evidence.ts';

const scratch = mkdtempSync(join(tmpdir(), 'evidence-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(scratch, 'case-'));
  file = join(directory, 'evidence-2026-11.jsonl');
});

const november = Date.UTC(2026, 10, 25) / 1000;
const event = (id: string, more: Partial<Evidence> = {}): Evidence => ({
  kind: 'patch_deployment',
  id,
  at: '2026-11-24T10:00:00.000Z',
  outcome: 'success',
  tool: 'apt',
  source: '/var/log/apt/history.log',
  details: { packages: [{ name: 'openssl', from: '1.0', to: '1.1' }] },
  ...more,
});

test('what was added is read back, with device and time, over months', async () => {
  await appendEvidence(directory, [event('a', { actor: 'ana' })], november);
  await appendEvidence(directory, [event('b'), event('c')], november + 30 * 86_400);
  const { records, damage } = await readEvidence(directory);
  expect(damage).toEqual([]);
  expect(records.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(records[0]).toMatchObject({
    ...event('a', { actor: 'ana' }),
    device: hostname(),
    recorded_at: '2026-11-25T00:00:00.000Z',
    previous: '',
  });
  expect(records[1]?.previous).toBe(records[0]?.hash);
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(2);
});

test('nothing to add makes no file', async () => {
  await appendEvidence(join(directory, 'none'), [], november);
  expect(await readEvidence(join(directory, 'none'))).toEqual({ records: [], damage: [] });
});

describe('what is wrong with it is said', () => {
  beforeEach(async () => {
    await appendEvidence(directory, [event('a'), event('b'), event('c')], november);
  });
  const lines = () => readFileSync(file, 'utf8').split('\n');

  test('a changed record', async () => {
    writeFileSync(file, readFileSync(file, 'utf8').replace('"outcome":"success"', '"outcome":"failure"'));
    expect((await readEvidence(directory)).damage).toEqual([
      'evidence-2026-11.jsonl, line 1: changed after it was written',
    ]);
  });

  test('a record that was taken out', async () => {
    writeFileSync(file, [lines()[0], lines()[2], ''].join('\n'));
    expect((await readEvidence(directory)).damage).toEqual([
      'evidence-2026-11.jsonl, line 2: the record before it is not the one it was written after',
    ]);
  });

  test('a line that a power cut left unfinished; the next record does not suffer', async () => {
    appendFileSync(file, '{"kind":"patch_dep');
    await appendEvidence(directory, [event('d')], november);
    const { records, damage } = await readEvidence(directory);
    expect(damage).toEqual(['evidence-2026-11.jsonl, line 4: not a record; it was cut off or damaged']);
    expect(records.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    expect(records[3]?.previous).toBe(records[2]?.hash);
  });

  test('noise', async () => {
    writeFileSync(file, Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x7b, 0x7d, 0x0a]));
    expect((await readEvidence(directory)).damage).toHaveLength(2);
  });
});

test('several writers at once lose nothing and keep one chain', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `event ${index}`);
  await Promise.all(names.map((name) => appendEvidence(directory, [event(name)], november)));
  const { records, damage } = await readEvidence(directory);
  expect(damage).toEqual([]);
  expect(records.map(({ id }) => id).toSorted()).toEqual(names.toSorted());
});

test('a lock whose owner died is taken over', async () => {
  const lock = join(directory, 'evidence.lock');
  writeFileSync(lock, '');
  utimesSync(lock, new Date(0), new Date(0));
  await appendEvidence(directory, [event('a')], november);
  expect((await readEvidence(directory)).records).toHaveLength(1);
});

test('a directory that cannot be made is a problem with its reason', async () => {
  writeFileSync(join(directory, 'file'), '');
  await expect(appendEvidence(join(directory, 'file'), [event('a')], november)).rejects.toMatchObject({
    reason: 'state_unwritable',
  });
});
