import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Sample } from '../metrics.ts';
import { replay, type Replay } from '../replay.ts';
import { grype } from './grype.ts';
import { parseReport } from './grype/report.ts';

const shared = new URL('../../../shared/fixtures/sources/grype/', import.meta.url);
const path = '/var/lib/grype/host.json';
const scanned = Date.parse('2026-11-18T03:00:00Z') / 1000;
const built = Date.parse('2026-11-17T06:30:41Z') / 1000;

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

async function collect(value: unknown, more: Replay = {}, settings: Readonly<Record<string, unknown>> = {}) {
  const files = { [path]: JSON.stringify(value), ...more.files };
  const { samples, problems } = await grype.collect(replay({ ...more, files }), {
    reports: [{ path }],
    ...settings,
  });
  return { facts: facts(samples), reasons: problems.map(({ reason }) => reason), problems };
}

const match = (id: string, more: Readonly<Record<string, unknown>> = {}, name = 'openssl') => ({
  vulnerability: {
    id,
    dataSource: '',
    severity: 'High',
    urls: [],
    fix: { versions: ['3.0.2'], state: 'fixed' },
    advisories: [],
    risk: 1,
    ...more,
  },
  relatedVulnerabilities: [],
  matchDetails: [],
  artifact: { id: 'a', name, version: '3.0.1', type: 'deb' },
});

const configuration = { 'only-fixed': false, 'only-notfixed': false, 'ignore-wontfix': '', ignore: null };
const status = {
  schemaVersion: 'v6.1.9',
  from: 'https://grype.anchore.io/databases/v6/x.tar.zst',
  built: '2026-11-17T06:30:41Z',
  path: '/x/6/vulnerability.db',
  valid: true,
};
const db = { status, providers: { kev: { captured: '2026-11-17T00:00:00Z' }, debian: {} } };
const descriptor = {
  name: 'grype',
  version: '0.119.0',
  timestamp: '2026-11-18T04:00:00.123456789+01:00',
  configuration,
  db,
};

const report = (matches: unknown, more: Readonly<Record<string, unknown>> = {}) => ({
  matches,
  source: { type: 'directory', target: '/' },
  distro: { name: 'debian', version: '12', idLike: null },
  descriptor,
  ...more,
});
const of = (more: Readonly<Record<string, unknown>>) => ({ descriptor: { ...descriptor, ...more } });

const whole = { osPackages: true };
const first = (value: unknown) => parseReport(value, whole).findings[0];
const opens = (found: Record<string, number>) => Object.keys(found).filter((key) => key.startsWith('open '));

describe('a report', () => {
  test.each([
    ['Critical', 'critical'],
    ['High', 'important'],
    ['Medium', 'moderate'],
    ['Low', 'low'],
    ['Negligible', 'low'],
    ['Unknown', 'unknown'],
    ['', 'unknown'],
    [undefined, 'unknown'],
  ])('severity %s is %s', (severity, expected) => {
    expect(first(report([match('CVE-1', { severity })]))?.severity).toBe(expected);
  });

  test.each([
    ['fixed', ['1'], 'true'],
    ['fixed', [], 'true'],
    ['not-fixed', [], 'false'],
    ['wont-fix', [], 'false'],
    ['unknown', [], 'unknown'],
    ['', [], 'unknown'],
    ['', null, 'unknown'],
    ['', ['1'], 'true'],
  ])('fix state "%s" with versions %j: fixable %s', (state, versions, expected) => {
    expect(first(report([match('CVE-1', { fix: { state, versions } })]))?.fixable).toBe(expected);
  });

  test('the date of the fix that this package needs is its release, but not when it was only observed', () => {
    const fix = {
      versions: ['1.2', '2.0'],
      state: 'fixed',
      available: [
        { version: '1.2', date: '2025-03-01', kind: 'advisory' },
        { version: '2.0', date: '2024-01-01', kind: 'advisory' },
      ],
    };
    const suggested = {
      ...match('CVE-1', { fix }),
      matchDetails: [{ type: 'x', fix: { suggestedVersion: '1.2' } }],
    };
    expect(first(report([suggested]))).toMatchObject({
      fixed: '1.2',
      released: Date.parse('2025-03-01') / 1000,
    });
    expect(first(report([match('CVE-1', { fix })]))?.released).toBe(Date.parse('2024-01-01') / 1000);
    const observed = { ...fix, available: [{ version: '1.2', date: '2025-03-01', kind: 'first-observed' }] };
    expect(first(report([match('CVE-1', { fix: observed })]))).toMatchObject({
      released: undefined,
      observed: Date.parse('2025-03-01') / 1000,
    });
    const none = { ...fix, available: [{ version: '1.2', date: '0001-01-01', kind: 'advisory' }] };
    expect(first(report([match('CVE-1', { fix: none })]))?.released).toBeUndefined();
  });

  test('CVE numbers and advisories are other names of a GHSA', () => {
    const value = {
      ...match('GHSA-1', { advisories: [{ id: 'RHSA-1', link: '' }] }),
      relatedVulnerabilities: [{ id: 'CVE-1', namespace: 'nvd:cpe' }, { id: 'GHSA-1' }],
    };
    expect(first(report([value]))?.aliases).toEqual(['CVE-1', 'RHSA-1']);
  });

  test('the scan and its database have their own times', () => {
    expect(parseReport(report([]), whole)).toMatchObject({
      scannedAt: scanned,
      databaseAt: built,
      artifact: '/',
    });
    const five = {
      built: status.built,
      schemaVersion: 5,
      location: '/x/5',
      checksum: 'sha256:x',
      error: null,
    };
    expect(parseReport(report([], of({ db: five })), whole)).toMatchObject({
      databaseAt: built,
      limits: [],
      marksExploited: false,
    });
    expect(parseReport(report([], of({ db: undefined })), whole).databaseAt).toBeUndefined();
  });

  test('an image is named as it was asked for', () => {
    const source = { type: 'image', target: { userInput: 'nginx:1.27', imageID: 'sha256:x', tags: [] } };
    expect(parseReport(report([], { source }), whole).artifact).toBe('nginx:1.27');
  });

  test.each([
    ['a report of trivy', { SchemaVersion: 2, Results: [] }],
    ['matches that are null', report(null)],
    ['SARIF', { version: '2.1.0', runs: [] }],
    ['another tool', report([], of({ name: 'syft' }))],
    ['a list', []],
    ['null', null],
  ])('%s is no report of it', (_, value) => {
    expect(() => parseReport(value, whole)).toThrow(/is not a report of grype in its JSON format/);
  });
});

describe('what is open', () => {
  test('a system without vulnerabilities: every 0 was counted', async () => {
    const { facts: found, reasons } = await collect(report([]));
    expect(reasons).toEqual([]);
    expect(found).toMatchObject({
      'open critical true': 0,
      'open critical false': 0,
      exploited_open: 0,
      scan_timestamp_seconds: scanned,
      database_timestamp_seconds: built,
    });
    expect(opens(found)).toHaveLength(15);
  });

  test('matches of one package by several ways count once', async () => {
    const { facts: found } = await collect(
      report([match('CVE-1', { severity: 'Low' }), match('CVE-1'), match('CVE-1', {}, 'libssl3')]),
    );
    expect(found).toMatchObject({ 'open important true': 2, 'open low true': 0 });
  });

  test('a fix that was first observed long ago is at least that old', async () => {
    const fix = {
      versions: ['1'],
      state: 'fixed',
      available: [{ version: '1', date: '2025-03-01', kind: 'first-observed' }],
    };
    const { facts: found } = await collect(report([match('CVE-1', { fix })]));
    expect(found).toMatchObject({
      'oldest_open_timestamp_seconds important true first_seen': Date.parse('2025-03-01') / 1000,
    });
  });

  test.each([
    ['--only-fixed', { 'only-fixed': true }],
    ['--ignore-states', { 'ignore-wontfix': 'not-fixed,unknown' }],
  ])('with %s what cannot be fixed is unknown, not 0', async (_, narrowed) => {
    const { facts: found } = await collect(
      report([], of({ configuration: { ...configuration, ...narrowed } })),
    );
    expect(opens(found)).toEqual(
      ['critical', 'important', 'moderate', 'low', 'unknown'].map((name) => `open ${name} true`),
    );
  });

  test.each([
    ['no operating system was recognised', { distro: { name: '', version: '', idLike: null } }],
    ['there is no word of one', { distro: undefined }],
    [
      'it is past its support',
      {
        alertsByPackage: [
          { package: {}, alerts: [{ type: 'distro-eol', message: 'debian 8 is end of life' }] },
        ],
      },
    ],
    [
      'grype does not match it',
      { alertsByPackage: [{ package: {}, alerts: [{ type: 'distro-disabled' }] }] },
    ],
    ['what can be fixed was left out', of({ configuration: { ...configuration, 'only-notfixed': true } })],
    [
      'the database was not valid',
      of({ db: { ...db, status: { ...status, valid: false, error: 'checksum mismatch' } } }),
    ],
  ])('where %s nothing is called 0', async (_, more) => {
    const { facts: found, reasons } = await collect(report([], more));
    expect(reasons).toEqual(['unsupported']);
    expect(Object.keys(found).toSorted()).toEqual(['database_timestamp_seconds', 'scan_timestamp_seconds']);
  });

  test('a target without an operating system can be said to be one, but an empty list says nothing', async () => {
    const settings = { reports: [{ path, os_packages: false }] };
    const distro = { name: '', version: '' };
    const some = await collect(report([match('GHSA-1')], { distro }), {}, settings);
    expect([some.reasons, some.facts['open important true']]).toEqual([[], 1]);
    expect((await collect(report([], { distro }), {}, settings)).reasons).toEqual(['unsupported']);
  });

  test('without its time (--timestamp=false) a report may be of any age', async () => {
    const { facts: found, reasons } = await collect(report([], of({ timestamp: '' })));
    expect([found, reasons]).toEqual([{}, ['unsupported']]);
  });

  test('a match that is not understood makes the rest a lower bound', async () => {
    const { facts: found, problems } = await collect(report([match('CVE-1'), { vulnerability: {} }]));
    expect(problems).toEqual([
      { reason: 'unsupported', message: `${path}: 1 of 2 matches have no vulnerability or package` },
    ]);
    expect(opens(found)).toEqual(['open important true']);
  });

  test('what closes and opens is counted between two scans', async () => {
    const state = new Map<string, unknown>();
    await collect(report([match('CVE-1'), match('CVE-2', { severity: 'Critical' })]), { state });
    const later = of({ timestamp: '2026-11-18T05:00:00Z' });
    const { facts: found } = await collect(report([match('CVE-1'), match('CVE-3')], later), { state });
    expect(found).toMatchObject({
      'opened_total important': 1,
      'closed_total critical': 1,
      'closed_total important': 0,
    });
  });
});

describe('what is exploited in the wild', () => {
  const known = { knownExploited: [{ cve: 'CVE-1', knownRansomwareCampaignUse: 'Known' }] };

  test('the data of schema 6 say it; those of schema 5 do not, and then it is unknown', async () => {
    expect((await collect(report([match('CVE-1', known), match('CVE-2')]))).facts).toMatchObject({
      exploited_open: 1,
    });
    const five = of({ db: { built: status.built, schemaVersion: 5 } });
    expect((await collect(report([match('CVE-2')], five))).facts).not.toHaveProperty('exploited_open');
  });

  test('a mark on the CVE behind a GHSA counts', () => {
    const value = { ...match('GHSA-1'), relatedVulnerabilities: [{ id: 'CVE-1', ...known }] };
    expect(first(report([value]))?.exploited).toBe(true);
  });

  test('a list that is configured and cannot be read makes it unknown', async () => {
    const { facts: found, reasons } = await collect(
      report([match('CVE-1', known)]),
      {},
      { kev: '/kev.json' },
    );
    expect(reasons).toEqual(['source_missing']);
    expect(found).not.toHaveProperty('exploited_open');
  });
});

const hasShared = existsSync(shared);
if (!hasShared) console.warn('../shared is not here: its reports of grype are not tested');

describe.skipIf(!hasShared)('captures (skipped without ../shared)', () => {
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, shared), 'utf8'));

  test('TestJsonImgsPresenter: one low with a fix, one critical that is exploited and whose fix is unknown; no time', async () => {
    const value = read('TestJsonImgsPresenter.json');
    expect(parseReport(value, whole)).toEqual({
      artifact: 'user-input',
      scannedAt: undefined,
      databaseAt: undefined,
      findings: [
        {
          id: 'CVE-1999-0001',
          aliases: [],
          package: 'package-1',
          installed: '1.1.1',
          severity: 'low',
          fixable: 'true',
          fixed: '1.2.1',
          released: undefined,
          observed: undefined,
          exploited: false,
        },
        {
          id: 'CVE-1999-0002',
          aliases: [],
          package: 'package-2',
          installed: '2.2.2',
          severity: 'critical',
          fixable: 'unknown',
          fixed: undefined,
          released: undefined,
          observed: undefined,
          exploited: true,
        },
      ],
      limits: [],
      unfixed: undefined,
      marksExploited: true,
    });
    const { facts: found, reasons } = await collect(value);
    expect([found, reasons]).toEqual([{}, ['unsupported']]);
  });

  test('TestEmptyJsonPresenter: centos 8 without matches and without a time is not a clean host', async () => {
    const value = read('TestEmptyJsonPresenter.json');
    expect(parseReport(value, whole)).toMatchObject({
      artifact: undefined,
      scannedAt: undefined,
      findings: [],
      limits: [],
    });
    const { facts: found, reasons } = await collect(value);
    expect([found, reasons]).toEqual([{}, ['unsupported']]);
  });
});
