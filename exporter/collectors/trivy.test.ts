import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectorError } from '../collector.ts';
import type { Sample } from '../metrics.ts';
import { replay, type Replay } from '../replay.ts';
import { trivy } from './trivy.ts';
import { databaseOfScan, parseDatabase } from './trivy/database.ts';
import { parseReport } from './trivy/report.ts';

const shared = new URL('../../../shared/fixtures/sources/trivy/', import.meta.url);
const scanned = Date.parse('2026-11-18T03:00:00Z') / 1000;
const path = '/var/lib/trivy/host.json';

/** Samples by `name labels`, without the scanner. */
function facts(samples: readonly Sample[]): Record<string, number> {
  return Object.fromEntries(
    samples.map(({ name, labels, value }) => {
      const { scanner: _, ...rest } = labels;
      return [
        [name.replace(/^maintenance_vulnerabilit(?:ies|y)_/, ''), ...Object.values(rest)].join(' '),
        value,
      ];
    }),
  );
}

async function collect(captured: Replay, settings: Readonly<Record<string, unknown>> = {}) {
  const { samples, problems } = await trivy.collect(replay(captured), { reports: [{ path }], ...settings });
  return { facts: facts(samples), reasons: problems.map(({ reason }) => reason), problems };
}

const vulnerability = (id: string, more: Readonly<Record<string, unknown>> = {}) => ({
  VulnerabilityID: id,
  PkgName: 'openssl',
  InstalledVersion: '3.0.1',
  FixedVersion: '3.0.2',
  Status: 'fixed',
  Severity: 'HIGH',
  ...more,
});

const report = (
  vulnerabilities: readonly unknown[] | null | undefined,
  more: Readonly<Record<string, unknown>> = {},
) => ({
  SchemaVersion: 2,
  CreatedAt: '2026-11-18T03:00:00.123456789Z',
  ArtifactName: '/',
  ArtifactType: 'filesystem',
  Metadata: { OS: { Family: 'debian', Name: '12.8' } },
  Results: [
    {
      Target: '/ (debian 12.8)',
      Class: 'os-pkgs',
      Type: 'debian',
      ...(vulnerabilities === undefined ? {} : { Vulnerabilities: vulnerabilities }),
    },
  ],
  ...more,
});

const whole = { osPackages: true };
const file = (value: unknown, at = path): Replay => ({ files: { [at]: JSON.stringify(value) } });
const opens = (found: Record<string, number>) => Object.keys(found).filter((key) => key.startsWith('open '));

describe('a report', () => {
  test.each([
    ['CRITICAL', 'critical'],
    ['HIGH', 'important'],
    ['MEDIUM', 'moderate'],
    ['LOW', 'low'],
    ['UNKNOWN', 'unknown'],
    ['URGENT', 'unknown'],
    [undefined, 'unknown'],
  ])('severity %s is %s', (Severity, severity) => {
    expect(parseReport(report([vulnerability('CVE-1', { Severity })]), whole).findings[0]?.severity).toBe(
      severity,
    );
  });

  test.each([
    ['fixed', '3.0.2', 'true'],
    // Reports of before 2023 have no status.
    [undefined, '3.0.2', 'true'],
    [undefined, undefined, 'false'],
    [undefined, '', 'false'],
    ['affected', undefined, 'false'],
    ['will_not_fix', undefined, 'false'],
    ['fix_deferred', undefined, 'false'],
    ['end_of_life', undefined, 'false'],
    ['under_investigation', undefined, 'unknown'],
    ['unknown', undefined, 'unknown'],
    ['something_new', undefined, 'unknown'],
  ])('status %s with the fixed version %s: fixable %s', (Status, FixedVersion, fixable) => {
    const { findings } = parseReport(report([vulnerability('CVE-1', { Status, FixedVersion })]), whole);
    expect(findings[0]?.fixable).toBe(fixable);
  });

  test('what does not affect the host (VEX) is not open', () => {
    const { findings } = parseReport(report([vulnerability('CVE-1', { Status: 'not_affected' })]), whole);
    expect(findings).toEqual([]);
  });

  test('libraries count beside the packages of the system', () => {
    const value = report([vulnerability('CVE-1')]);
    const library = {
      Target: 'usr/bin/crictl',
      Class: 'lang-pkgs',
      Type: 'gobinary',
      Vulnerabilities: [vulnerability('GHSA-1', { PkgName: 'golang.org/x/net', VendorIDs: ['GO-2024-1'] })],
    };
    const { findings } = parseReport({ ...value, Results: [...value.Results, library] }, whole);
    expect(findings).toMatchObject([
      { id: 'CVE-1', package: 'openssl', installed: '3.0.1', fixed: '3.0.2' },
      { id: 'GHSA-1', package: 'golang.org/x/net', aliases: ['GO-2024-1'] },
    ]);
  });

  test('the time of the scan is to the second, and the database is that of the report, or of its server', () => {
    const database = { Version: 2, UpdatedAt: '2026-11-17T18:00:00Z', NextUpdate: '2026-11-18T18:00:00Z' };
    const at = Date.parse('2026-11-17T18:00:00Z') / 1000;
    expect(parseReport(report([]), whole)).toMatchObject({ scannedAt: scanned, databaseAt: undefined });
    expect(
      parseReport(report([], { Trivy: { Version: '1', VulnerabilityDB: database } }), whole).databaseAt,
    ).toBe(at);
    const server = { Version: '1', Server: { Version: '1', VulnerabilityDB: database } };
    expect(parseReport(report([], { Trivy: server }), whole).databaseAt).toBe(at);
  });

  test.each([
    ['SARIF', { version: '2.1.0', runs: [] }],
    ['CycloneDX', { bomFormat: 'CycloneDX', vulnerabilities: [] }],
    ['a newer schema', report([], { SchemaVersion: 3 })],
    ['a summary of Kubernetes', { ClusterName: 'x', Findings: [] }],
    ['null', null],
    ['text', 'x'],
  ])('%s is no report of it', (_, value) => {
    expect(() => parseReport(value, whole)).toThrow(/is not a report of trivy in its JSON format/);
  });

  test('the format before 0.20 does not tell when it scanned', () => {
    expect(() => parseReport([{ Target: 'x (alpine 3.10)', Vulnerabilities: null }], whole)).toThrow(
      /before 0\.20/,
    );
  });
});

describe('scanned and clean is not the same as not scanned', () => {
  test.each([
    ['no key', undefined],
    ['null', null],
    ['an empty list', []],
  ])('a system without vulnerabilities (%s): every 0 of what can be fixed was counted', async (_, list) => {
    const { facts: found, reasons } = await collect(file(report(list)));
    expect(reasons).toEqual([]);
    expect(found).toMatchObject({
      'open critical true': 0,
      'open unknown true': 0,
      scan_timestamp_seconds: scanned,
      'opened_total critical': 0,
    });
    // A report does not tell whether --ignore-unfixed left the others out.
    expect(opens(found)).toHaveLength(5);
  });

  test('with one that cannot be fixed the scan was not narrowed, so the other 0s were counted too', async () => {
    const { facts: found } = await collect(
      file(report([vulnerability('CVE-1', { Status: 'affected', FixedVersion: undefined })])),
    );
    expect(found).toMatchObject({
      'open important false': 1,
      'open critical false': 0,
      'open low unknown': 0,
    });
    expect(opens(found)).toHaveLength(15);
  });

  test.each([
    ['no operating system was recognised', report([], { Metadata: {}, Results: undefined })],
    ['there are no results', report([], { Results: null })],
    [
      'trivy does not know the system',
      report([], { Metadata: { OS: { Family: 'gentoo', Name: '2.15' } }, Results: [] }),
    ],
    [
      'only libraries were looked at',
      report([], { Results: [{ Target: 'x', Class: 'lang-pkgs', Type: 'npm' }] }),
    ],
    ['only secrets were looked for', report([], { Results: [{ Target: 'x', Class: 'secret' }] })],
    [
      'the system is past its support',
      report([], { Metadata: { OS: { Family: 'alpine', Name: '3.10.2', EOSL: true } } }),
    ],
  ])('where %s nothing is called 0', async (_, value) => {
    const { facts: found, reasons } = await collect(file(value));
    expect(reasons).toEqual(['unsupported']);
    expect(found).toEqual({ scan_timestamp_seconds: scanned });
  });

  test('a target that has no operating system can be said to be one', async () => {
    const results = [{ Target: 'app', Class: 'lang-pkgs', Type: 'gobinary' }];
    const settings = { reports: [{ path, os_packages: false }] };
    const scannedIt = await collect(file(report([], { Metadata: {}, Results: results })), settings);
    expect(scannedIt.reasons).toEqual([]);
    expect(scannedIt.facts).toMatchObject({ 'open critical true': 0 });
    const nothing = await collect(file(report([], { Metadata: {}, Results: undefined })), settings);
    expect(nothing.reasons).toEqual(['unsupported']);
  });

  test('entries that are not understood make the rest a lower bound', async () => {
    const { facts: found, problems } = await collect(
      file(report([vulnerability('CVE-1'), { PkgName: 'x' }, 7])),
    );
    expect(problems).toEqual([
      { reason: 'unsupported', message: `${path}: 2 of 3 entries have no vulnerability or package` },
    ]);
    expect(opens(found)).toEqual(['open important true']);
  });

  test('severities that the scan leaves out are not called 0', async () => {
    const { facts: found } = await collect(file(report([])), { severities: ['CRITICAL', 'HIGH'] });
    expect(opens(found)).toEqual(['open critical true', 'open important true']);
  });
});

describe('the files', () => {
  test('reports of several targets add up; the oldest scan counts', async () => {
    const image = report([vulnerability('CVE-1'), vulnerability('CVE-2', { Severity: 'CRITICAL' })], {
      ArtifactName: 'nginx:1.27',
      CreatedAt: '2026-11-01T00:00:00Z',
    });
    const { facts: found, reasons } = await collect(
      {
        files: {
          [path]: JSON.stringify(report([vulnerability('CVE-1')])),
          '/web.json': JSON.stringify(image),
        },
      },
      { reports: [{ path }, { path: '/web.json', target: 'web' }] },
    );
    expect(reasons).toEqual([]);
    expect(found).toMatchObject({
      'open important true': 2,
      'open critical true': 1,
      scan_timestamp_seconds: Date.parse('2026-11-01T00:00:00Z') / 1000,
    });
  });

  test('where one of them is missing the sum would be a lie', async () => {
    const { facts: found, problems } = await collect(file(report([])), {
      reports: [{ path }, { path: '/web.json' }],
    });
    expect(problems).toMatchObject([{ reason: 'source_missing' }]);
    expect(problems[0]?.message).toMatch(/^\/web\.json: does not exist/);
    expect(opens(found)).toEqual([]);
    expect(found).not.toHaveProperty('scan_timestamp_seconds');
  });

  test('a directory gives the newest report of each target', async () => {
    const older = report([vulnerability('CVE-1')], { CreatedAt: '2026-11-01T00:00:00Z' });
    const image = report([vulnerability('CVE-2')], { ArtifactName: 'nginx' });
    const files = {
      '/var/lib/trivy/2026-11-01.json': JSON.stringify(older),
      '/var/lib/trivy/2026-11-18.json': JSON.stringify(report([])),
      '/var/lib/trivy/nginx.json.gz': JSON.stringify(image),
      '/var/lib/trivy/2026-11-18.json.tmp': '{',
      '/var/lib/trivy/notes.txt': 'x',
    };
    const { facts: found, reasons } = await collect({ files }, { reports: [{ path: '/var/lib/trivy/' }] });
    expect(reasons).toEqual([]);
    expect(found).toMatchObject({ 'open important true': 1, scan_timestamp_seconds: scanned });
  });

  test('a directory without reports is not a clean one', async () => {
    const { facts: found, reasons } = await collect(
      { files: { '/var/lib/trivy/notes.txt': 'x' } },
      { reports: [{ path: '/var/lib/trivy' }] },
    );
    expect([found, reasons]).toEqual([{}, ['source_missing']]);
  });

  test('two files of the same target need names', async () => {
    const files = { [path]: JSON.stringify(report([])), '/b.json': JSON.stringify(report([])) };
    const clash = await collect({ files }, { reports: [{ path }, { path: '/b.json' }] });
    expect(clash.reasons).toEqual(['unexpected_output']);
    expect(opens(clash.facts)).toEqual([]);
    const named = await collect({ files }, { reports: [{ path }, { path: '/b.json', target: 'b' }] });
    expect(named.reasons).toEqual([]);
  });

  test.each([
    ['missing', {}, 'source_missing'],
    ['empty', { [path]: '' }, 'unexpected_output'],
    ['white space', { [path]: ' \n' }, 'unexpected_output'],
    [
      'cut off',
      { [path]: JSON.stringify(report([vulnerability('CVE-1')])).slice(0, -20) },
      'unexpected_output',
    ],
    ['a table', { [path]: '┌──────┬───┐' }, 'unexpected_output'],
    [
      'UTF-16',
      { [path]: Buffer.from('\u{FEFF}{"SchemaVersion":2}', 'utf16le').toString('utf8') },
      'unexpected_output',
    ],
    [
      'not readable',
      { [path]: new CollectorError('permission_denied', 'may not read') },
      'permission_denied',
    ],
    ['too large', { [path]: new CollectorError('output_too_large', 'is too large') }, 'output_too_large'],
    ['without a time', { [path]: JSON.stringify(report([], { CreatedAt: undefined })) }, 'unsupported'],
    [
      'of the year 1',
      { [path]: JSON.stringify(report([], { CreatedAt: '0001-01-01T00:00:00Z' })) },
      'unsupported',
    ],
    [
      'of next year',
      { [path]: JSON.stringify(report([], { CreatedAt: '2027-11-18T03:00:00Z' })) },
      'clock_wrong',
    ],
  ])('a report that is %s says nothing', async (_, files, reason) => {
    const { facts: found, reasons, problems } = await collect({ files });
    expect([found, reasons]).toEqual([{}, [reason]]);
    expect(problems[0]?.message.startsWith(`${path}: `)).toBe(true);
  });

  test('without a name of what was scanned the file gives it', async () => {
    const state = new Map<string, unknown>();
    const { reasons } = await collect({ ...file(report([], { ArtifactName: undefined })), state });
    expect(reasons).toEqual([]);
    expect(state.get('trivy-vulnerability-ledger')).toMatchObject({ targets: [{ target: path }] });
  });

  test('a byte order mark does not matter', async () => {
    const { reasons } = await collect({ files: { [path]: `\u{FEFF}${JSON.stringify(report([]))}` } });
    expect(reasons).toEqual([]);
  });

  test('a report that is written while it is read is read once more', async () => {
    const text = JSON.stringify(report([vulnerability('CVE-1')]));
    const host = replay({ files: { [path]: text } });
    let reads = 0;
    const writing = {
      ...host,
      stat: async () => ({ size: reads, modified: reads, changed: reads, directory: false }),
      readCompressed: async () => {
        reads += 1;
        return reads === 1 ? text.slice(0, 50) : text;
      },
    };
    const { samples, problems } = await trivy.collect(writing, { reports: [{ path }] });
    expect(problems).toEqual([]);
    expect(facts(samples)).toMatchObject({ 'open important true': 1 });
    expect(reads).toBe(2);
  });

  test('one of 200 MiB is not read at all', async () => {
    const host = {
      ...replay({}),
      stat: async () => ({ size: 200 * 1024 * 1024, modified: 1, changed: 1, directory: false }),
      readCompressed: () => Promise.reject(new Error('was read')),
    };
    const { problems } = await trivy.collect(host, { reports: [{ path }] });
    expect(problems).toEqual([
      { reason: 'output_too_large', message: `${path}: is larger than 128 MiB; scan less at once` },
    ]);
  });

  test('a failed scan closes nothing, also when it leaves an empty file', async () => {
    const state = new Map<string, unknown>();
    await collect({ ...file(report([vulnerability('CVE-1')])), state });
    await collect({ files: { [path]: '' }, state });
    const rescan = report([vulnerability('CVE-1')], { CreatedAt: '2026-11-18T09:00:00Z' });
    const { facts: found } = await collect({ ...file(rescan), state });
    expect(found).toMatchObject({ 'opened_total important': 0, 'closed_total important': 0 });
  });

  test('a report of another image in place of the old one closes nothing', async () => {
    const state = new Map<string, unknown>();
    await collect({ ...file(report([vulnerability('CVE-1')])), state });
    const other = report([], { ArtifactName: 'nginx', CreatedAt: '2026-11-18T09:00:00Z' });
    const { facts: found } = await collect({ ...file(other), state });
    expect(found).toMatchObject({ 'closed_total important': 0, 'open important true': 0 });
  });
});

describe('the database', () => {
  const metadata = {
    Version: 2,
    NextUpdate: '2026-11-18T06:00:00Z',
    UpdatedAt: '2026-11-17T00:14:59.123456789Z',
    DownloadedAt: '2026-11-17T01:00:00Z',
  };
  const updated = Date.parse('2026-11-17T00:14:59Z') / 1000;

  test.each([
    ['metadata.json of the cache', metadata],
    ['trivy version --format json', { Version: '0.65.0', VulnerabilityDB: metadata, JavaDB: metadata }],
  ])('%s says as of when it is', (_, value) => {
    expect(parseDatabase(JSON.stringify(value)).updated).toBe(updated);
  });

  test.each([
    '',
    '{',
    '{"Version":"0.65.0"}',
    '[]',
    JSON.stringify({ ...metadata, UpdatedAt: '0001-01-01T00:00:00Z' }),
  ])('%s does not', (text) => {
    expect(() => parseDatabase(text)).toThrow(/does not say when the vulnerability database was updated/);
  });

  test('one that was renewed after the scan is not the one behind it', () => {
    expect(databaseOfScan({ updated, downloaded: undefined }, scanned)).toBe(updated);
    expect(databaseOfScan({ updated: scanned + 1, downloaded: undefined }, scanned)).toBeUndefined();
    expect(databaseOfScan({ updated, downloaded: scanned + 1 }, scanned)).toBeUndefined();
  });

  test('stale data behind a fresh scan are told', async () => {
    const files = {
      [path]: JSON.stringify(report([])),
      '/db.json': JSON.stringify({ ...metadata, UpdatedAt: '2026-01-02T00:00:00Z' }),
    };
    const { facts: found } = await collect({ files }, { database: '/db.json' });
    expect(found).toMatchObject({ database_timestamp_seconds: Date.parse('2026-01-02T00:00:00Z') / 1000 });
  });

  test.each([
    ['missing', {}, 'source_missing'],
    ['damaged', { '/db.json': '{' }, 'unexpected_output'],
  ])('a file that is %s hides only its date', async (_, files, reason) => {
    const { facts: found, reasons } = await collect(
      { files: { [path]: JSON.stringify(report([])), ...files } },
      { database: '/db.json' },
    );
    expect(reasons).toEqual([reason]);
    expect(found).toMatchObject({ 'open critical true': 0 });
    expect(found).not.toHaveProperty('database_timestamp_seconds');
  });
});

describe('the catalogue of known exploited vulnerabilities', () => {
  const catalogue = (ids: readonly string[], more: Readonly<Record<string, unknown>> = {}) =>
    JSON.stringify({
      catalogVersion: '2026.11.17',
      dateReleased: '2026-11-17T15:00:12.5797Z',
      count: ids.length,
      vulnerabilities: ids.map((cveID) => ({
        cveID,
        dateAdded: '2026-01-01',
        dueDate: '2026-01-22',
        knownRansomwareCampaignUse: 'Unknown',
      })),
      ...more,
    });
  const read = (kev: string | undefined) =>
    collect(
      {
        files: {
          [path]: JSON.stringify(report([vulnerability('CVE-2026-1')])),
          ...(kev === undefined ? {} : { '/kev.json': kev }),
        },
      },
      { kev: '/kev.json' },
    );

  test('says which are exploited', async () => {
    expect((await read(catalogue(['CVE-2026-1', 'CVE-2026-2']))).facts).toMatchObject({ exploited_open: 1 });
    expect((await read(`\u{FEFF}${catalogue(['CVE-2026-2'])}`)).facts).toMatchObject({ exploited_open: 0 });
  });

  test.each([
    ['missing', undefined, 'source_missing'],
    ['empty', '', 'unexpected_output'],
    ['cut off', catalogue(['CVE-2026-2']).slice(0, -5), 'unexpected_output'],
    ['shorter than it says', catalogue(['CVE-2026-2'], { count: 1400 }), 'unexpected_output'],
    ['without entries', catalogue([]), 'unexpected_output'],
    ['without a date', catalogue(['CVE-2026-2'], { dateReleased: 'today' }), 'unexpected_output'],
    ['months old', catalogue(['CVE-2026-2'], { dateReleased: '2026-06-01T00:00:00Z' }), 'metadata_stale'],
  ])('when it is %s nobody is called not exploited', async (_, text, reason) => {
    const { facts: found, reasons } = await read(text);
    expect(reasons).toEqual([reason]);
    expect(found).not.toHaveProperty('exploited_open');
    expect(found).toMatchObject({ 'open important true': 1 });
  });
});

const hasShared = existsSync(shared);
if (!hasShared) console.warn('../shared is not here: its reports of trivy are not tested');

describe.skipIf(!hasShared)('captures (skipped without ../shared)', () => {
  const read = (name: string) => readFileSync(new URL(name, shared), 'utf8');
  const created = Date.parse('2021-08-25T12:20:30Z') / 1000;

  test('almalinux-8: one moderate in openssl-libs, with a fix', async () => {
    const text = read('almalinux-8.json');
    expect(parseReport(JSON.parse(text), whole)).toMatchObject({
      artifact: 'testdata/fixtures/images/almalinux-8.tar.gz',
      scannedAt: created,
      databaseAt: undefined,
      limits: [],
      findings: [
        {
          id: 'CVE-2021-3712',
          package: 'openssl-libs',
          installed: '1:1.1.1k-4.el8',
          fixed: '1:1.1.1k-5.el8_5',
          severity: 'moderate',
          fixable: 'true',
        },
      ],
    });
    const { facts: found, reasons } = await collect({ files: { [path]: text } });
    expect(reasons).toEqual([]);
    expect(found).toMatchObject({
      'open moderate true': 1,
      'open critical true': 0,
      'open important true': 0,
      scan_timestamp_seconds: created,
      'oldest_open_timestamp_seconds moderate true first_seen': 1_795_000_000,
    });
  });

  test('alpine-310: two moderates in two packages, on a system past its support', async () => {
    const text = read('alpine-310.json');
    const { findings, limits } = parseReport(JSON.parse(text), whole);
    expect(findings.map(({ id, package: name, fixed }) => [id, name, fixed])).toEqual([
      ['CVE-2019-1549', 'libcrypto1.1', '1.1.1d-r0'],
      ['CVE-2019-1551', 'libcrypto1.1', '1.1.1d-r2'],
      ['CVE-2019-1549', 'libssl1.1', '1.1.1d-r0'],
      ['CVE-2019-1551', 'libssl1.1', '1.1.1d-r2'],
    ]);
    expect(limits).toEqual([
      'alpine 3.10.2 is past its support, so nobody looks for new vulnerabilities of it; what is not listed is unknown',
    ]);
    const { facts: found, reasons } = await collect({ files: { [path]: text } });
    expect(reasons).toEqual(['unsupported']);
    expect(found).toMatchObject({ 'open moderate true': 4, scan_timestamp_seconds: created });
    expect(opens(found)).toEqual(['open moderate true']);
  });

  test('debian-buster-ignore-unfixed: one critical with a fix; what has none was left out, so it is not 0', async () => {
    const text = read('debian-buster-ignore-unfixed.json');
    expect(parseReport(JSON.parse(text), whole).findings).toMatchObject([
      {
        id: 'CVE-2019-18224',
        aliases: ['DSA-4613-1'],
        package: 'libidn2-0',
        severity: 'critical',
        fixable: 'true',
      },
    ]);
    const { facts: found } = await collect({ files: { [path]: text } });
    expect(found).toMatchObject({ 'open critical true': 1, 'open important true': 0 });
    expect(opens(found)).toHaveLength(5);
  });
});
