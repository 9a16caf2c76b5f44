import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localHost } from './host.ts';

const directory = mkdtempSync(join(tmpdir(), 'database-'));
const path = join(directory, 'history.sqlite');
afterAll(() => rmSync(directory, { recursive: true }));
const host = localHost({ stateDirectory: join(directory, 'state') });

beforeAll(() => {
  const database = new DatabaseSync(path);
  database.exec(
    "create table trans (id integer, cmdline text); insert into trans values (1, 'ü'), (2, null)",
  );
  database.close();
});

test('rows are read, and the file stays as it was', async () => {
  const before = readFileSync(path);
  expect(await host.query(path, 'select id, cmdline from trans order by id')).toEqual([
    { id: 1, cmdline: 'ü' },
    { id: 2, cmdline: null },
  ]);
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('it cannot be written', async () => {
  await expect(host.query(path, 'delete from trans')).rejects.toMatchObject({ reason: 'unexpected_output' });
});

test('a database that is not there is an answer and is not made', async () => {
  expect(await host.query(join(directory, 'none'), 'select 1')).toBeUndefined();
});

test.each([
  ['no database', () => Buffer.from('not a database at all, but long enough to look at its head')],
  [
    'one that was cut off (SQLite alone reads it as rows of nulls)',
    () => readFileSync(path).subarray(0, 5000),
  ],
] as const)('%s is an error with its reason', async (_, content) => {
  const broken = join(directory, 'broken');
  writeFileSync(broken, content());
  await expect(host.query(broken, 'select * from trans')).rejects.toMatchObject({
    reason: 'unexpected_output',
  });
});

test('a table that is not there is an error with its reason', async () => {
  await expect(host.query(path, 'select * from other')).rejects.toMatchObject({
    reason: 'unexpected_output',
    message: expect.stringContaining('no such table: other'),
  });
});
