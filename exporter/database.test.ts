import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

test('one with a write-ahead log is read by a user who may write nothing beside it, as the history of dnf', () => {
  const closed = mkdtempSync(join(directory, 'closed-'));
  const logged = join(closed, 'history.sqlite');
  const database = new DatabaseSync(logged);
  database.exec('pragma journal_mode = wal; create table trans (id integer); insert into trans values (7)');
  database.close();
  expect(readdirSync(closed)).toEqual(['history.sqlite']);
  chmodSync(directory, 0o755);
  chmodSync(closed, 0o555);
  const program = `import { query } from ${JSON.stringify(new URL('database.ts', import.meta.url).href)};
    console.log(JSON.stringify(await query(${JSON.stringify(logged)}, 'select id from trans')));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    ...(process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}),
  });
  expect([stdout.trim(), stderr]).toEqual(['[{"id":7}]', '']);
  expect(readdirSync(closed)).toEqual(['history.sqlite']);
  chmodSync(closed, 0o755);
});

test('a table that is not there is an error with its reason', async () => {
  await expect(host.query(path, 'select * from other')).rejects.toMatchObject({
    reason: 'unexpected_output',
    message: expect.stringContaining('no such table: other'),
  });
});
