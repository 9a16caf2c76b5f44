import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CollectorError } from '../collector.ts';
import { replay, type Replay } from '../replay.ts';
import { parseChecksum } from './dump/checksum.ts';
import { cutOff } from './dump/content.ts';
import { alternatives, pathsOf } from './dump/pattern.ts';
import { lookAt } from './dump/stored.ts';
import { dump } from './dump.ts';

const now = 1_795_000_000;
const hour = 3600;
const plainDump = '-- dump\nINSERT INTO shop VALUES (1);\n';
const pgDump = (inside = 'COPY shop FROM stdin;\n') =>
  `--\n-- PostgreSQL database dump\n--\n\n${inside}\n--\n-- PostgreSQL database dump complete\n--\n\n`;

/** What the collector says of one job: facts by name, and reasons. */
async function collect(captured: Replay, settings: Readonly<Record<string, unknown>> = {}) {
  const job = { backup_job: 'shop', files: ['/dumps/*.sql'], expected_interval: '24h', ...settings };
  const { samples, problems } = await dump.collect(replay({ now, ...captured }), { jobs: [job] });
  const facts = Object.fromEntries(
    samples.map(({ name, labels, value }) => [
      [name.slice('maintenance_backup_'.length), labels['depth'] ?? labels['criticality']]
        .filter(Boolean)
        .join(' '),
      value,
    ]),
  );
  return {
    facts,
    reasons: problems.map(({ reason }) => reason),
    messages: problems.map(({ message }) => message),
  };
}
const declared = { expected_interval_seconds: 86_400, 'job_info normal': 1 };
/** Files by path with their age in hours. */
function aged(files: Readonly<Record<string, readonly [content: string, hours: number]>>): Replay {
  return {
    files: Object.fromEntries(Object.entries(files).map(([path, [content]]) => [path, content])),
    modified: Object.fromEntries(
      Object.entries(files).map(([path, [, hours]]) => [path, now - hours * hour]),
    ),
  };
}

describe('a pattern', () => {
  const files = [
    '/d/a.sql',
    '/d/b.sql',
    '/d/b.sql.gz',
    '/d/.b.sql.Xa1',
    '/d/x/c.sql',
    '/d/y/c.sql',
    '/d/[1].sql',
  ];
  const host = replay({ files: Object.fromEntries(files.map((path) => [path, ''])) });
  test.each([
    ['/d/*.sql', ['/d/[1].sql', '/d/a.sql', '/d/b.sql']],
    ['/d/?.sql', ['/d/a.sql', '/d/b.sql']],
    ['/d/[a].sql', ['/d/a.sql']],
    ['/d/[!a].sql', ['/d/b.sql']],
    ['/d/[b-z].sql*', ['/d/b.sql', '/d/b.sql.gz']],
    ['/d/*/c.sql', ['/d/x/c.sql', '/d/y/c.sql']],
    ['/d/{a,b}.sql', ['/d/a.sql', '/d/b.sql']],
    ['/{d,d/x}/{a,c}.sql', ['/d/a.sql', '/d/c.sql', '/d/x/a.sql', '/d/x/c.sql']],
    ['/d/.b*', ['/d/.b.sql.Xa1']],
    ['/d/nothing*', []],
  ])('%s fits what a shell would find', async (pattern, found) => {
    expect(await pathsOf(host, pattern)).toEqual(found);
  });

  test('of a folder that is not there is no empty list', async () => {
    await expect(pathsOf(host, '/mnt/backup/*.sql')).rejects.toMatchObject({ reason: 'source_missing' });
  });

  test('any text is a pattern, and fits itself when it has no wildcard', async () => {
    const name = fc.stringMatching(/^[^/*?[\]{}\0]{1,20}$/);
    await fc.assert(
      fc.asyncProperty(name, fc.string(), async (literal, anything) => {
        const own = replay({ files: { [`/d/${literal}`]: '' } });
        expect(await pathsOf(own, `/d/${literal}`)).toEqual([`/d/${literal}`]);
        expect(alternatives(anything).length).toBeGreaterThan(0);
        await pathsOf(own, `/d/*${anything.replaceAll('/', '')}`);
      }),
    );
  });
});

describe('a file of checksums', () => {
  const hash = 'a'.repeat(64);
  test.each([
    ['of sha256sum', `${'b'.repeat(64)}  other.sql\n${hash}  shop.sql\n`],
    ['of sha256sum --binary', `${hash} *shop.sql\n`],
    ['of sha256sum --tag', `SHA256 (shop.sql) = ${hash}\n`],
    ['with folders', `${hash}  ./2026/shop.sql\r\n`],
    ['with a hash alone', `${hash.toUpperCase()}\n`],
    ['with an escaped name', `\\${hash}  shop.sql\n`],
  ])('%s names it', (_, text) => {
    expect(parseChecksum(text, 'shop.sql')).toEqual({ digest: 'sha256', expected: hash });
  });

  test.each([
    ['md5', 32],
    ['sha1', 40],
    ['sha512', 128],
  ])('%s is told by its length', (digest, length) => {
    const expected = '0'.repeat(length);
    expect(parseChecksum(`${expected}  shop.sql`, 'shop.sql')).toEqual({ digest, expected });
  });

  test.each([
    ['for another file', `${hash}  other.sql\n`],
    ['that is empty', ''],
    ['that is no such file', '<html>404</html>'],
    ['of two nameless hashes', `${hash}\n${hash}\n`],
    ['of a length nothing has', `${'a'.repeat(50)}  shop.sql`],
  ])('%s gives none', (_, text) => {
    expect(parseChecksum(text, 'shop.sql')).toBeUndefined();
  });
});

describe('content that tells where it ends', () => {
  const ends = (text: string) => ({ head: text, tail: text, bytes: text.length });
  const mysql = `/*M!999999\\- enable the sandbox mode */\n-- MariaDB dump 10.19  Distrib 10.11.14-MariaDB\n--\nx\n`;
  const tar = `${'f'.padEnd(257, '\0')}ustar\0`.padEnd(1024, '\0');
  const zip = `PK\x03\x04${'x'.repeat(60)}`;
  const zipEnd = `PK\x05\x06${'\0'.repeat(16)}`;
  test.each([
    ['a pg_dump script', pgDump(), pgDump().slice(0, -60)],
    ['one of pg_dump since 2025', `${pgDump()}\\unrestrict abc\n\n`, pgDump().slice(0, -60)],
    [
      'a pg_dumpall script, whose databases end by themselves',
      `--\n-- PostgreSQL database cluster dump\n--\n${pgDump()}--\n-- PostgreSQL database cluster dump complete\n--\n`,
      `--\n-- PostgreSQL database cluster dump\n--\n${pgDump()}`,
    ],
    ['a mysqldump script', `${mysql}-- Dump completed on 2026-11-25  3:00:02\n`, mysql],
    ['one with --skip-dump-date', `${mysql}-- Dump completed\n`, `${mysql}-- Dump comp`],
    [
      'an SQLite script',
      'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nx;\nCOMMIT;\n',
      'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nx;\nROLLBACK; -- due to errors\n',
    ],
    ['a tar', tar + '\0'.repeat(1024), tar.slice(0, 1000)],
    ['a zip', `${zip}${zipEnd}\0\0`, zip],
    ['a zip with a comment', `${zip}${zipEnd}\x03\0PK!`, `${zip}${zipEnd}\x09\0PK!`],
  ])('%s', (_, whole, cut) => {
    expect(cutOff(ends(whole))).toBeUndefined();
    expect(cutOff(ends(cut))).toBeDefined();
  });

  test('text that names no tool is not judged', () => {
    expect(cutOff(ends(plainDump))).toBeUndefined();
    expect(cutOff(ends(''))).toBeUndefined();
  });
});

describe('a look at both ends', () => {
  const look = (name: string, text: string) => lookAt(name, { head: text, tail: text, bytes: text.length });
  test('a name that promises a compression its content has not is no dump', () => {
    expect(look('shop.sql.gz', '<html>502 Bad Gateway</html>')).toEqual({
      missing: 'is called gzip and is none',
    });
    expect(look('shop.tar.zst', '\x1f\x8b\x08')).toEqual({ missing: 'is called zstd and is none' });
    expect(look('shop.zip', 'PK\x05\x06'.padEnd(22, '\0'))).toEqual({ missing: 'is a zip of nothing' });
  });

  test('what a failed dump leaves behind a pipe into gzip is a gzip of nothing', () => {
    const nothing = `\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0${'\0'.repeat(8)}`;
    expect(look('shop.sql.gz', nothing)).toEqual({ missing: 'is a gzip of nothing' });
    expect(look('shop.sql.gz', `\x1f\x8b\x08${'x'.repeat(600)}${'\0'.repeat(8)}`)).toEqual({
      missing: 'is a gzip that ends in zeros',
    });
  });

  test('a format that nobody here knows is left open', () => {
    expect(look('shop.sql.gpg', '\x85\x01')).toEqual({ missing: undefined, endSeen: false, testable: false });
  });
});

describe('dumps in a folder', () => {
  test('the newest one that nothing is missing in is the last success', async () => {
    const host = aged({
      '/dumps/2.sql': [plainDump, 2],
      '/dumps/1.sql': [plainDump, 26],
      '/dumps/note.txt': ['', 1],
    });
    expect(await collect(host)).toEqual({
      facts: {
        ...declared,
        repository_readable: 1,
        restore_points: 2,
        last_success_timestamp_seconds: now - 2 * hour,
        size_bytes: plainDump.length,
        added_bytes: plainDump.length,
        files: 1,
      },
      reasons: [],
      messages: [],
    });
  });

  test('an empty, a cut off and a small one are no success; the one before them is', async () => {
    const host = aged({
      '/dumps/4.sql': ['', 1],
      '/dumps/3.sql': [pgDump().slice(0, 50), 2],
      '/dumps/1.sql': [pgDump(), 26],
    });
    const { facts, reasons, messages } = await collect(host);
    expect(facts).toMatchObject({
      restore_points: 3,
      last_success_timestamp_seconds: now - 26 * hour,
      last_run_timestamp_seconds: now - hour,
      last_run_success: 0,
    });
    expect(reasons).toEqual(['unexpected_output']);
    expect(messages).toEqual(['backup job shop: /dumps/4.sql is empty']);

    const small = aged({ '/dumps/2.sql': ['-- x\n', 2], '/dumps/1.sql': [plainDump, 26] });
    expect((await collect(small, { minimum_bytes: 20 })).facts).toMatchObject({
      restore_points: 2,
      last_success_timestamp_seconds: now - 26 * hour,
    });
  });

  test('a whole dump says nothing of the runs after it', async () => {
    const { facts } = await collect(aged({ '/dumps/1.sql': [pgDump(), 2] }));
    expect(facts).not.toHaveProperty('last_run_success');
    expect(facts).not.toHaveProperty('runs_total');
  });

  test('what may still be written is no restore point yet, under whatever name', async () => {
    const host = aged({
      '/dumps/3.sql': [plainDump, 0.1],
      '/dumps/2.sql.part': [plainDump, 5],
      '/dumps/2.sql.tmp': [plainDump, 5],
      '/dumps/1.sql': [plainDump, 26],
    });
    const settings = { files: ['/dumps/*.sql*'] };
    expect((await collect(host, settings)).facts).toMatchObject({
      restore_points: 1,
      last_success_timestamp_seconds: now - 26 * hour,
    });
    expect((await collect(host, { ...settings, settle: '5m' })).facts).toMatchObject({
      restore_points: 2,
      last_success_timestamp_seconds: now - 0.1 * hour,
    });
  });

  test('a dump that is being written over the one before leaves open how many there are', async () => {
    expect(await collect(aged({ '/dumps/1.sql': [plainDump, 0.1] }))).toEqual({
      facts: { ...declared, repository_readable: 1 },
      reasons: [],
      messages: [],
    });
  });

  test('an empty folder holds 0 restore points; a folder that is not there is unreadable', async () => {
    expect((await collect(aged({ '/dumps/readme': ['', 1] }))).facts).toEqual({
      ...declared,
      repository_readable: 1,
      restore_points: 0,
    });
    expect(await collect({})).toMatchObject({
      facts: { ...declared, repository_readable: 0 },
      reasons: ['source_missing'],
    });
  });

  test('a date in the future is no age: it makes nothing fresh', async () => {
    const host = aged({ '/dumps/2.sql': [plainDump, -48], '/dumps/1.sql': [plainDump, 26] });
    const { facts, reasons } = await collect(host);
    expect(facts).toMatchObject({ restore_points: 1, last_success_timestamp_seconds: now - 26 * hour });
    expect(reasons).toEqual(['clock_wrong']);
    const { facts: alone } = await collect(aged({ '/dumps/2.sql': [plainDump, -48] }));
    expect(alone).not.toHaveProperty('last_success_timestamp_seconds');
  });

  test('patterns are parts of one backup: it is as old as its oldest part', async () => {
    const files = ['/dumps/a-*.sql', '/dumps/b-*.sql'];
    const host = aged({
      '/dumps/a-2.sql': [plainDump, 1],
      '/dumps/a-1.sql': [plainDump, 25],
      '/dumps/b-1.sql': [plainDump, 73],
    });
    expect((await collect(host, { files })).facts).toMatchObject({
      restore_points: 1,
      last_success_timestamp_seconds: now - 73 * hour,
      size_bytes: 2 * plainDump.length,
      files: 2,
    });
    const without = aged({ '/dumps/a-2.sql': [plainDump, 1] });
    expect((await collect(without, { files })).facts).toMatchObject({ restore_points: 0 });
    const broken = aged({
      '/dumps/a-2.sql': [plainDump, 1],
      '/dumps/a-1.sql': [plainDump, 25],
      '/dumps/b-2.sql': ['', 1],
      '/dumps/b-1.sql': [plainDump, 25],
    });
    expect((await collect(broken, { files })).facts).toMatchObject({
      restore_points: 2,
      last_success_timestamp_seconds: now - 25 * hour,
    });
  });

  test('when everything is broken nothing is called a success, however many there are', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`/dumps/${at}.sql`, ['', at + 1]] as const),
    );
    const { facts } = await collect(aged(files));
    expect(facts).toMatchObject({ restore_points: 40, last_run_success: 0 });
    expect(facts).not.toHaveProperty('last_success_timestamp_seconds');
  });

  test('a dump that may not be read is unknown, unless the configuration does not want it opened', async () => {
    const denied = new CollectorError('permission_denied', 'could not read /dumps/1.sql (EACCES)');
    const host = {
      ...replay({ now, ...aged({ '/dumps/1.sql': [plainDump, 2] }) }),
      head: () => Promise.reject(denied),
    };
    const job = { backup_job: 'shop', files: ['/dumps/*.sql'], expected_interval: '24h' };
    const closed = await dump.collect(host, { jobs: [{ ...job, test: 'none' }] });
    expect(closed.problems).toEqual([]);
    expect(closed.samples).toContainEqual({
      name: 'maintenance_backup_last_success_timestamp_seconds',
      labels: { tool: 'dump', backup_job: 'shop' },
      value: now - 2 * hour,
    });
    const { samples, problems } = await dump.collect(host, { jobs: [job] });
    expect(problems.map(({ reason }) => reason)).toEqual(['permission_denied']);
    expect(samples.map(({ name, value }) => [name.slice('maintenance_backup_'.length), value])).toEqual([
      ['expected_interval_seconds', 86_400],
      ['job_info', 1],
      ['repository_readable', 0],
    ]);
  });

  test('a gzip too large to be read through is unknown until the operator says what to make of it', async () => {
    const gzip = `\x1f\x8b\x08${'x'.repeat(2000)}`;
    const host = aged({ '/dumps/1.sql.gz': [gzip, 2] });
    const settings = { files: ['/dumps/*.gz'], test_maximum_bytes: 1000 };
    expect(await collect(host, settings)).toMatchObject({ facts: declared, reasons: ['output_too_large'] });
    expect((await collect(host, settings)).facts).not.toHaveProperty('last_success_timestamp_seconds');
    expect((await collect(host, { ...settings, test: 'ends' })).facts).toMatchObject({
      last_success_timestamp_seconds: now - 2 * hour,
    });
  });

  test('directories count only with the mark their tool leaves last', async () => {
    const host = (mark: string) =>
      aged({ '/dumps/base-1/base.tar': ['x', 2], [`/dumps/base-1/${mark}`]: ['y', 2] });
    const settings = { files: ['/dumps/base-*'] };
    for (const mark of ['backup_manifest', 'metadata', 'xtrabackup_info', 'mariadb_backup_info'])
      expect(
        (
          await collect(
            { ...host(mark), modified: { ...host(mark).modified, '/dumps/base-1': now - 2 * hour } },
            settings,
          )
        ).facts,
      ).toMatchObject({
        last_success_timestamp_seconds: now - 2 * hour,
        size_bytes: 2,
      });
    for (const mark of ['metadata.partial', 'backup_manifest.tmp', 'toc.dat']) {
      const { facts } = await collect(
        { ...host(mark), modified: { ...host(mark).modified, '/dumps/base-1': now - 2 * hour } },
        settings,
      );
      expect(facts).toMatchObject({ restore_points: 1, last_run_success: 0 });
      expect(facts).not.toHaveProperty('last_success_timestamp_seconds');
    }
  });

  test('the record of a run knows better than the file it left', async () => {
    const state = new Map<string, unknown>([
      [
        'backup-job-shop',
        {
          format: 1,
          runs: [
            {
              id: 'a',
              started: now - 3 * hour,
              process: 'x/1/',
              ended: now - 2 * hour,
              outcome: 'failure',
              exit_code: 1,
            },
          ],
          totals: { success: 0, partial: 0, failure: 1, interrupted: 0 },
          checks: {},
        },
      ],
    ]);
    const { facts } = await collect({
      ...aged({ '/dumps/2.sql': [plainDump, 2], '/dumps/1.sql': [plainDump, 26] }),
      state,
    });
    expect(facts).toMatchObject({ last_success_timestamp_seconds: now - 26 * hour, last_run_success: 0 });
  });
});

describe('a checksum beside a dump', () => {
  const hash = '3b5d5c3712955042212316173ccf37be800a5d4f0e9eb2f60c21af5e4a3a5d0c';
  test('must be there, name it and be right', async () => {
    const settings = { checksum: '.sha256' };
    const missing = await collect(aged({ '/dumps/1.sql': [plainDump, 2] }), settings);
    expect(missing.messages).toEqual([
      'backup job shop: /dumps/1.sql has no checksum (/dumps/1.sql.sha256 is not there)',
    ]);
    const other = aged({ '/dumps/1.sql': [plainDump, 2], '/dumps/1.sql.sha256': [`${hash}  0.sql\n`, 2] });
    expect((await collect(other, settings)).facts).not.toHaveProperty('last_success_timestamp_seconds');
    const wrong = await collect(
      aged({ '/dumps/1.sql': [plainDump, 2], '/dumps/SHA256SUMS': [`${hash}  1.sql\n`, 2] }),
      { checksum: 'SHA256SUMS' },
    );
    expect(wrong.messages).toEqual(['backup job shop: /dumps/1.sql does not have its sha256 checksum']);
    expect(wrong.facts).toMatchObject({ 'check_success data': 0, 'check_timestamp_seconds data': now });
    expect(wrong.facts).not.toHaveProperty('last_success_timestamp_seconds');
  });
});
