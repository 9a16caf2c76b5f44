import { existsSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CollectorError } from '../collector.ts';
import { databaseHeader } from '../fixtures/clamav-database.ts';
import type { Sample } from '../metrics.ts';
import { replay, type Replay } from '../replay.ts';
import { clamav } from './clamav.ts';
import { findSocket, parseOption, parseVersion } from './clamav/clamd.ts';
import { parseBuildTime, parseHeader } from './clamav/cvd.ts';

const shared = new URL('../../../shared/fixtures/sources/clamav/', import.meta.url);
const socket = '/run/clamav/clamd.ctl';
const ping = `${socket} zPING\0`;
const version = `${socket} zVERSION\0`;

/** Samples as `name without prefix`, with the database where there is one, and value. */
function facts(samples: readonly Sample[]): Record<string, number> {
  return Object.fromEntries(
    samples.map(({ name, labels, value }) => [
      [name.replace('maintenance_antivirus_', ''), labels['database']].filter(Boolean).join(' '),
      value,
    ]),
  );
}

async function collect(captured: Replay, settings: Readonly<Record<string, unknown>> = {}) {
  const { samples, problems } = await clamav.collect(replay(captured), settings);
  return { samples, facts: facts(samples), reasons: problems.map(({ reason }) => reason), problems };
}

const day = 86_400;
const daily = databaseHeader({ version: 27_800, built: 1_763_700_000 });
const main = databaseHeader({ version: 62, built: 1_631_796_973 });
const running = {
  [ping]: 'PONG\0',
  [version]: 'ClamAV 1.4.6/27800/Fri Nov 21 04:40:00 2025\0',
};

describe('a database header', () => {
  test('gives its version and the second it was built', () => {
    const header =
      'ClamAV-VDB:22 Jun 2021 21-34 -0400:6:14:81:3e249e00076b0b15bb54ced37be880c7:Dou6ICRT5HwLTtLN+/w:micasnyd:1624412045';
    expect(parseHeader(header.padEnd(512))).toEqual({ version: 6, built: 1_624_412_045 });
  });

  test.each([
    [
      'of an old builder without seconds',
      databaseHeader({ version: 6, built: undefined, time: '22 Jun 2021 21-34 -0400' }),
    ],
    ['with second 0', databaseHeader({ version: 6, built: 0, time: '22 Jun 2021 21-34 -0400' })],
  ])('%s gives the minute in its zone', (_, header) => {
    expect(parseHeader(header)).toEqual({ version: 6, built: Date.parse('2021-06-23T01:34:00Z') / 1000 });
  });

  test('cut off at any place it is no header', () => {
    fc.assert(
      fc.property(fc.nat(511), (end) => {
        expect(() => parseHeader(daily.slice(0, end))).toThrow(/cut off after \d+ of 512 bytes/);
      }),
    );
  });

  test.each([
    ['zeros', '\0'.repeat(512)],
    ['spaces', ' '.repeat(512)],
    ['another magic', daily.replace('ClamAV-VDB', 'ClamAV-VDC')],
    ['a web page', '<html>429 Too Many Requests</html>'.padEnd(512)],
    ['half of its fields', 'ClamAV-VDB:22 Jun 2021 21-34 -0400:6:14'.padEnd(512)],
    ['a version that is no number', daily.replace('27800', 'x')],
    ['neither seconds nor a time', databaseHeader({ version: 6, built: undefined, time: 'yesterday' })],
    ['a time without a zone', databaseHeader({ version: 6, built: undefined, time: '22 Jun 2021 21-34' })],
  ])('with %s it is refused', (_, header) => {
    expect(() => parseHeader(header)).toThrow(expect.objectContaining({ reason: 'unexpected_output' }));
  });

  test.each([
    ['22 Jun 2021 21-34 -0400', '2021-06-22T21:34:00-04:00'],
    ['1 Jan 2026 00-05 +0530', '2026-01-01T00:05:00+05:30'],
    ['14 May 2010 09-57 +0000', '2010-05-14T09:57:00Z'],
  ])('its time %s is %s', (text, iso) => {
    expect(parseBuildTime(text)).toBe(Date.parse(iso) / 1000);
  });

  test.each(['22 Juin 2021 21-34 -0400', '22 Jun 2021 21:34 -0400', '22 Jun 2021 25-34 -0400', ''])(
    '%j is no time',
    (text) => {
      expect(parseBuildTime(text)).toBeUndefined();
    },
  );
});

describe("clamd's answer to VERSION", () => {
  test.each([
    ['ClamAV 1.4.6/27800/Fri Nov 21 04:40:00 2025', { engine: '1.4.6', daily: 27_800 }],
    ['ClamAV 0.103.12/27198/Tue Feb 27 09:26:10 2024', { engine: '0.103.12', daily: 27_198 }],
    ['ClamAV 1.5.0-beta/27800/Fr 21 Nov 2025 04:40:00', { engine: '1.5.0-beta', daily: 27_800 }],
    ['ClamAV 1.4.6', { engine: '1.4.6', daily: undefined }],
    ['ClamAV 1.4.6/0/Thu Jan  1 00:00:00 1970', { engine: '1.4.6', daily: undefined }],
  ])('%s', (answer, expected) => {
    expect(parseVersion(answer)).toEqual(expected);
  });

  test.each(['', 'COMMAND UNAVAILABLE', 'UNKNOWN COMMAND', '220 mail ESMTP', 'ClamAV'])(
    '%j is unexpected',
    (answer) => {
      expect(() => parseVersion(answer)).toThrow(expect.objectContaining({ reason: 'unexpected_output' }));
    },
  );
});

describe('the socket', () => {
  test.each([
    ['LocalSocket /var/run/clamav/clamd.ctl\n', '/var/run/clamav/clamd.ctl'],
    ['# comment\n  LocalSocket\t"/run/my clamd/socket" \r\nUser clamav', '/run/my clamd/socket'],
    ['#LocalSocket /run/other\nTCPSocket 3310\nLocalSocket /run/own\n', '/run/own'],
    ['#LocalSocket /run/other\nLocalSocketGroup clamav\n', socket],
  ])('is found in clamd.conf %j', async (text, found) => {
    expect(await findSocket(replay({ files: { '/etc/clamav/clamd.conf': text } }))).toBe(found);
  });

  test('is the usual one without a clamd.conf', async () => {
    expect(await findSocket(replay({}))).toBe(socket);
  });

  test('is not guessed where clamd listens on TCP alone', async () => {
    const files = { '/etc/clamav/clamd.conf': 'TCPSocket 3310\n', '/var/lib/clamav/daily.cvd': daily };
    const result = await collect({ files });
    expect(result.reasons).toEqual(['unsupported']);
    expect(result.facts).toEqual({ 'definitions_timestamp_seconds daily': 1_763_700_000 });
  });

  test('an option that only begins alike is not taken', () => {
    expect(parseOption('LocalSocketMode 666', 'LocalSocket')).toBeUndefined();
  });
});

describe('the collector', () => {
  const files = {
    '/var/lib/clamav/daily.cld': daily,
    '/var/lib/clamav/main.cvd': main,
    '/var/lib/clamav/freshclam.dat': 'x',
  };

  test('says what is on disk, what is loaded and that clamd runs', async () => {
    const result = await collect({ files, sockets: running });
    expect(result.problems).toEqual([]);
    expect(result.facts).toEqual({
      'definitions_timestamp_seconds daily': 1_763_700_000,
      'definitions_timestamp_seconds main': 1_631_796_973,
      running: 1,
      info: 1,
      definitions_loaded_timestamp_seconds: 1_763_700_000,
    });
    expect(result.samples.find(({ name }) => name === 'maintenance_antivirus_info')?.labels).toEqual({
      product: 'clamav',
      version: '1.4.6',
      definitions: '27800',
    });
  });

  test('a clamd that does not run is an answer: 0, and no problem', async () => {
    const result = await collect({ files });
    expect(result.problems).toEqual([]);
    expect(result.facts).toEqual({
      'definitions_timestamp_seconds daily': 1_763_700_000,
      'definitions_timestamp_seconds main': 1_631_796_973,
      running: 0,
    });
  });

  test.each([
    ['may not be asked', new CollectorError('permission_denied', 'may not connect'), 'permission_denied'],
    ['does not answer in time', new CollectorError('timeout', 'no answer in 10 s'), 'timeout'],
    ['answers nonsense', '220 mail ESMTP\r\n', 'unexpected_output'],
    ['hangs up', '', 'unexpected_output'],
  ] as const)('a clamd that %s is unknown, neither running nor stopped', async (_, answer, reason) => {
    const result = await collect({ files, sockets: { [ping]: answer } });
    expect(result.reasons).toEqual([reason]);
    expect(Object.keys(result.facts)).toEqual([
      'definitions_timestamp_seconds daily',
      'definitions_timestamp_seconds main',
    ]);
  });

  test('without VERSION the loaded definitions are unknown, not the ones on disk', async () => {
    const result = await collect({ files, sockets: { ...running, [version]: 'COMMAND UNAVAILABLE\0' } });
    expect(result.reasons).toEqual(['unexpected_output']);
    expect(result.facts).toMatchObject({ running: 1 });
    expect(Object.keys(result.facts)).not.toContain('definitions_loaded_timestamp_seconds');
  });

  test('a clamd without daily has loaded nothing that has an age', async () => {
    const result = await collect({ files, sockets: { ...running, [version]: 'ClamAV 1.4.6\0' } });
    expect(result.reasons).toEqual(['source_missing']);
    expect(Object.keys(result.facts)).not.toContain('definitions_loaded_timestamp_seconds');
    expect(
      result.samples.find(({ name }) => name === 'maintenance_antivirus_info')?.labels['definitions'],
    ).toBe('');
  });

  test('an older version that is still loaded keeps its own time, from what was seen before', async () => {
    const state = new Map<string, unknown>();
    await collect({ files, sockets: running, state });
    const newer = { '/var/lib/clamav/daily.cld': databaseHeader({ version: 27_801, built: 1_763_786_400 }) };
    const result = await collect({ files: newer, sockets: running, state });
    expect(result.problems).toEqual([]);
    expect(result.facts).toMatchObject({
      'definitions_timestamp_seconds daily': 1_763_786_400,
      definitions_loaded_timestamp_seconds: 1_763_700_000,
    });
  });

  test('an older version that was never seen is unknown', async () => {
    const newer = { '/var/lib/clamav/daily.cld': databaseHeader({ version: 27_801, built: 1_763_786_400 }) };
    const result = await collect({ files: newer, sockets: running });
    expect(result.reasons).toEqual(['source_missing']);
    expect(Object.keys(result.facts)).not.toContain('definitions_loaded_timestamp_seconds');
  });

  test.each([
    ['cld is newer', 27_801, 27_800, 27_801],
    ['cvd is newer', 27_800, 27_801, 27_801],
    ['both are the same', 27_800, 27_800, 27_800],
  ])('where %s, that one counts', async (_, cld, cvd, newest) => {
    const both = {
      '/var/lib/clamav/daily.cld': databaseHeader({ version: cld, built: cld * day }),
      '/var/lib/clamav/daily.cvd': databaseHeader({ version: cvd, built: cvd * day }),
    };
    const result = await collect({ files: both, sockets: running });
    expect(result.facts).toMatchObject({
      'definitions_timestamp_seconds daily': newest * day,
      // clamd says 27800, whatever else is on disk.
      definitions_loaded_timestamp_seconds: 27_800 * day,
    });
  });

  test('a truncated database is named, the others are still reported', async () => {
    const broken = {
      ...files,
      '/var/lib/clamav/bytecode.cvd': daily.slice(0, 100),
      '/var/lib/clamav/main.cvd': '',
    };
    const result = await collect({ files: broken, sockets: running });
    expect(result.problems).toEqual([
      {
        reason: 'unexpected_output',
        message: '/var/lib/clamav/bytecode.cvd: is cut off after 100 of 512 bytes',
      },
      { reason: 'unexpected_output', message: '/var/lib/clamav/main.cvd: is cut off after 0 of 512 bytes' },
    ]);
    expect(result.facts).toMatchObject({ 'definitions_timestamp_seconds daily': 1_763_700_000, running: 1 });
    expect(Object.keys(result.facts)).not.toContain('definitions_timestamp_seconds main');
  });

  test.each([
    ['no directory', {}],
    ['only signatures of others', { '/var/lib/clamav/own.ndb': 'x' }],
  ])('%s: the daily database is missing', async (_, none) => {
    const result = await collect({ files: none });
    expect(result.reasons).toEqual(['source_missing']);
    expect(result.facts).toEqual({ running: 0 });
  });

  test('a fresh bytecode does not stand in for a missing daily', async () => {
    const result = await collect({ files: { '/var/lib/clamav/bytecode.cvd': daily } });
    expect(result.reasons).toEqual(['source_missing']);
    expect(result.facts).toEqual({ 'definitions_timestamp_seconds bytecode': 1_763_700_000, running: 0 });
  });

  test('a directory that may not be read hides only the files', async () => {
    const host = {
      ...replay({ sockets: running }),
      list: () => Promise.reject(new CollectorError('permission_denied', 'may not list /var/lib/clamav')),
    };
    const { samples, problems } = await clamav.collect(host, {});
    expect(problems.map(({ reason }) => reason)).toEqual(['permission_denied', 'source_missing']);
    expect(facts(samples)).toEqual({ running: 1, info: 1 });
  });

  test('damaged memory is a problem, and what is on disk is still known', async () => {
    const host = replay({ files, sockets: running });
    const damaged = new CollectorError('state_unreadable', 'clamav.json is damaged');
    const state = { ...host.state, read: () => Promise.reject(damaged) };
    const { samples, problems } = await clamav.collect({ ...host, state }, {});
    expect(problems.map(({ reason }) => reason)).toEqual(['state_unreadable']);
    expect(facts(samples)).toMatchObject({ definitions_loaded_timestamp_seconds: 1_763_700_000 });
  });

  test('only the last 40 versions are remembered', async () => {
    const state = new Map<string, unknown>();
    for (let n = 1; n <= 50; n += 1)
      // oxlint-disable-next-line no-await-in-loop -- one release after the other
      await collect({
        files: { '/var/lib/clamav/daily.cld': databaseHeader({ version: n, built: n * 1000 }) },
        state,
      });
    const versions = Array.from({ length: 40 }, (_, index) => ({
      version: index + 11,
      built: (index + 11) * 1000,
    }));
    expect(state.get('clamav')).toEqual({ daily: versions });
  });

  test('socket and directory can be set', async () => {
    const sockets = { '/srv/clamd zPING\0': 'PONG\0', '/srv/clamd zVERSION\0': 'ClamAV 1.4.6/27800/x\0' };
    const result = await collect(
      { files: { '/srv/db/daily.cvd': daily }, sockets },
      { socket: '/srv/clamd', database_directory: '/srv/db/' },
    );
    expect(result.problems).toEqual([]);
    expect(result.facts).toMatchObject({ running: 1, definitions_loaded_timestamp_seconds: 1_763_700_000 });
  });

  test('is offered by init where clamd is configured', async () => {
    expect(await clamav.detect(replay({ files: { '/etc/clamav/clamd.conf': '' } }))).toEqual({});
    expect(await clamav.detect(replay({}))).toBeUndefined();
  });
});

function readShared(name: string): string {
  return readFileSync(new URL(name, shared), 'utf8');
}

const hasShared = existsSync(shared);
if (!hasShared) console.warn('../shared is not here: its captures of ClamAV are not tested');

describe.skipIf(!hasShared)('captures (skipped without ../shared)', () => {
  test('the header of a real bytecode.cvd', () => {
    const header = readFileSync(new URL('bytecode.cvd.header512', shared), 'latin1');
    expect(parseHeader(header)).toEqual({ version: 19, built: 1_273_845_430 });
  });

  test('the answers of a real clamd', async () => {
    const result = await collect({
      files: { '/var/lib/clamav/daily.cvd': databaseHeader({ version: 6, built: 1_624_412_045 }) },
      sockets: { [ping]: readShared('clamd-PING.bin'), [version]: readShared('clamd-nVERSION.txt') },
    });
    expect(result.problems).toEqual([]);
    expect(result.facts).toMatchObject({ running: 1, definitions_loaded_timestamp_seconds: 1_624_412_045 });
  });
});
