import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Host } from '../../collector.ts';
import { localHost } from '../../host.ts';
import { dump } from '../dump.ts';

const scratch = mkdtempSync(join(tmpdir(), 'dump-real-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let folder: string;
let host: Host;
beforeEach(() => {
  folder = mkdtempSync(join(scratch, 'case-'));
  host = localHost({ stateDirectory: join(folder, 'state') });
  mkdirSync(at('data'));
  writeFileSync(at('data/a'), 'a'.repeat(10_000));
});
const at = (name: string) => join(folder, name);
const shell = (command: string) => execFileSync('bash', ['-c', command], { cwd: folder, stdio: 'pipe' });

const now = Math.floor(Date.now() / 1000);
/** Dates a file so many hours back. */
function age(name: string, hours: number): void {
  utimesSync(at(name), now - hours * 3600, now - hours * 3600);
}
const yesterday = now - 24 * 3600;
const today = now - 3600;

async function collect(files: string, settings: Readonly<Record<string, unknown>> = {}, on: Host = host) {
  const job = { backup_job: 'shop', files: [at(files)], expected_interval: '24h', ...settings };
  const { samples, problems } = await dump.collect(on, { jobs: [job] });
  const value = (name: string) => samples.find((one) => one.name === `maintenance_backup_${name}`)?.value;
  return {
    success: value('last_success_timestamp_seconds'),
    points: value('restore_points'),
    checked: value('check_success'),
    checkedAt: value('check_timestamp_seconds'),
    reasons: problems.map(({ reason }) => reason),
    messages: problems.map(({ message }) => message),
  };
}

const dumped = (lines: number) =>
  `--\n-- PostgreSQL database dump\n--\n${Array.from({ length: lines }, (_, line) => `INSERT INTO shop VALUES (${(line * line) % 9973});\n`).join('')}`;
const complete = '--\n-- PostgreSQL database dump complete\n--\n\n';

describe.each([
  ['gz', 'gzip'],
  ['zst', 'zstd -q'],
  ['xz', 'xz'],
  ['bz2', 'bzip2'],
])('a dump through .%s', (extension, program) => {
  const name = `shop-1.sql.${extension}`;
  beforeEach(() => {
    writeFileSync(at('shop.sql'), dumped(20_000) + complete);
    shell(`${program} -c shop.sql > shop-0.sql.${extension}; cp shop-0.sql.${extension} ${name}`);
    age(`shop-0.sql.${extension}`, 24);
    age(name, 1);
  });

  test('is a success when all of it can be read back', async () => {
    expect(await collect('shop-*.sql.*')).toMatchObject({
      success: today,
      points: 2,
      checked: 1,
      reasons: [],
    });
  });

  test.each([0.3, 0.9])('cut off at %d of its length is none; yesterday’s is', async (share) => {
    truncateSync(at(name), Math.floor(readFileSync(at(name)).length * share));
    age(name, 1);
    expect(await collect('shop-*.sql.*')).toMatchObject({
      success: yesterday,
      points: 2,
      reasons: ['unexpected_output'],
    });
  });

  test('with one byte changed fails its check of the data', async () => {
    const bytes = readFileSync(at(name));
    const middle = Math.floor(bytes.length / 2);
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 0x55, middle);
    writeFileSync(at(name), bytes);
    age(name, 1);
    expect(await collect('shop-*.sql.*')).toMatchObject({
      success: yesterday,
      checked: 0,
      messages: [`backup job shop: ${at(name)} is cut off or damaged`],
    });
  });

  test('whose database died before the pipe did is whole as a file and none as a dump', async () => {
    writeFileSync(at('dead.sql'), dumped(500));
    shell(`${program} -c dead.sql > ${name}`);
    age(name, 1);
    expect(await collect('shop-*.sql.*')).toMatchObject({
      success: yesterday,
      checked: 0,
      messages: [`backup job shop: ${at(name)} holds a pg_dump script without its last line`],
    });
  });

  test('whose database never began is none', async () => {
    shell(`false | ${program} -c > ${name} || true`);
    age(name, 1);
    const { success, messages } = await collect('shop-*.sql.*');
    expect(success).toBe(yesterday);
    expect(messages[0]).toMatch(/is a gzip of nothing$|holds nothing$|without its end$|cut off or damaged$/);
  });
});

describe('archives', () => {
  test.each([
    ['files.tar', 'tar -cf files.tar data'],
    ['files.tar.gz', 'tar -czf files.tar.gz data'],
    ['files.tgz', 'tar -czf files.tgz data data'],
    ['files.tar.xz', 'tar -cJf files.tar.xz data'],
  ])('%s is whole with its end and none without', async (name, command) => {
    shell(command);
    age(name, 1);
    expect(await collect(name)).toMatchObject({ success: today, reasons: [] });
    truncateSync(at(name), readFileSync(at(name)).length - (name === 'files.tar' ? 10_240 / 2 : 4));
    if (name === 'files.tar') truncateSync(at(name), 1536);
    age(name, 1);
    expect(await collect(name)).toMatchObject({
      success: undefined,
      points: 1,
      reasons: ['unexpected_output'],
    });
  });

  test('a tar that was cut off before it was compressed is none', async () => {
    shell('tar -cf - data | head -c 4096 | gzip > files.tar.gz');
    age('files.tar.gz', 1);
    const { success, messages } = await collect('files.tar.gz');
    expect(success).toBeUndefined();
    expect(messages).toEqual([`backup job shop: ${at('files.tar.gz')} holds a tar archive without its end`]);
  });
});

test('each dump is read through once, also after a restart, and again when it changes', async () => {
  shell('gzip -c data/a > shop-1.gz; gzip -c data/a > shop-0.gz');
  age('shop-1.gz', 1);
  age('shop-0.gz', 24);
  const read: string[] = [];
  const counting = (): Host => {
    const real = localHost({ stateDirectory: at('state') });
    return {
      ...real,
      readThrough: (path, options) => {
        read.push(basename(path));
        return real.readThrough(path, options);
      },
    };
  };
  const first = await collect('shop-*.gz', {}, counting());
  expect(first).toMatchObject({ success: today, checked: 1 });
  expect(await collect('shop-*.gz', {}, counting())).toEqual(first);
  expect(read).toEqual(['shop-1.gz']);
  appendFileSync(at('shop-1.gz'), readFileSync(at('shop-0.gz')).subarray(0, 30));
  age('shop-1.gz', 1);
  expect(await collect('shop-*.gz', {}, counting())).toMatchObject({ success: yesterday, checked: 0 });
  expect(read).toEqual(['shop-1.gz', 'shop-1.gz', 'shop-0.gz']);
});

test('what sha256sum wrote beside it is compared, and a changed byte found in a format without a checksum', async () => {
  writeFileSync(at('shop.dump'), 'PGDMP\x01\x0e\0');
  shell('sha256sum shop.dump > shop.dump.sha256');
  age('shop.dump', 1);
  const settings = { checksum: '.sha256' };
  expect(await collect('shop.dump', settings)).toMatchObject({ success: today, checked: 1, reasons: [] });
  writeFileSync(at('shop.dump'), 'PGDMP\x01\x0f\0');
  age('shop.dump', 1);
  expect(await collect('shop.dump', settings)).toMatchObject({
    success: undefined,
    checked: 0,
    messages: [`backup job shop: ${at('shop.dump')} does not have its sha256 checksum`],
  });
});

test('links to a dump are no further restore points, and links to nowhere none', async () => {
  writeFileSync(at('shop-1.sql'), 'x');
  age('shop-1.sql', 1);
  symlinkSync('shop-1.sql', at('shop-latest.sql'));
  linkSync(at('shop-1.sql'), at('shop-weekly.sql'));
  symlinkSync('rotated-away.sql', at('shop-old.sql'));
  expect(await collect('shop-*.sql')).toMatchObject({ success: today, points: 1, reasons: [] });
});

test('a pipe or a socket that lies there is not waited for', async () => {
  shell('mkfifo shop.sql');
  age('shop.sql', 1);
  expect(await collect('shop.sql')).toMatchObject({
    success: undefined,
    messages: [expect.stringMatching(/is empty$/)],
  });
});

test('a job that may not take its time leaves the others theirs', async () => {
  shell('gzip -c data/a > shop.gz');
  age('shop.gz', 1);
  const slow: Host = {
    ...host,
    readThrough: (path, options) =>
      path.endsWith('slow.gz')
        ? host.readThrough('/dev/zero', { ...options, timeout: 50 })
        : host.readThrough(path, options),
  };
  shell('cp shop.gz slow.gz');
  age('slow.gz', 1);
  const job = { expected_interval: '24h' };
  const { samples, problems } = await dump.collect(slow, {
    jobs: [
      { ...job, backup_job: 'slow', files: [at('slow.gz')] },
      { ...job, backup_job: 'shop', files: [at('shop.gz')] },
    ],
  });
  expect(problems.map(({ reason }) => reason)).toEqual(['timeout']);
  expect(
    samples
      .filter(({ name }) => name === 'maintenance_backup_last_success_timestamp_seconds')
      .map(({ labels, value }) => [labels['backup_job'], value]),
  ).toEqual([['shop', today]]);
});
