import { describe, expect, test } from 'vitest';
import { CollectorError } from '../../collector.ts';
import { replay } from '../../replay.ts';
import { ecosystemsOf, parseAdvisories, readAdvisories } from './advisories.ts';
import type { Candidate } from './candidates.ts';
import { parseStatus } from './dpkg-status.ts';
import { fixesBrought, offersOf } from './offers.ts';
import { debsecanSeveritiesOf } from './severities.ts';

const debian12 = 'ID=debian\nVERSION_ID="12"\n';
const noble = 'NAME="Ubuntu"\nID=ubuntu\nVERSION_ID="24.04"\n';
const published = Date.UTC(2026, 3, 7, 12) / 1000;

/** In the form of the Debian records of osv.dev. */
const dsa = {
  id: 'DSA-6000-1',
  summary: 'openssl - security update',
  published: '2026-04-07T12:00:00Z',
  modified: '2026-05-01T00:00:00Z',
  affected: [
    {
      package: { ecosystem: 'Debian:11', name: 'openssl' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.1.1w-0+deb11u9' }] }],
    },
    {
      package: { ecosystem: 'Debian:12', name: 'openssl', purl: 'pkg:deb/debian/openssl?arch=source' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '3.0.20-1~deb12u2' }] }],
    },
  ],
};
/** In the form of osv/usn of canonical/ubuntu-security-notices. */
const usn = {
  id: 'USN-8000-1',
  published: '2026-04-07T12:00:00.5Z',
  affected: [
    {
      package: { ecosystem: 'Ubuntu:24.04:LTS', name: 'systemd' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '255.4-1ubuntu8.18' }] }],
      ecosystem_specific: {
        binaries: [{ binary_name: 'libsystemd0', binary_version: '255.4-1ubuntu8.18' }],
        availability: 'No subscription required',
      },
    },
  ],
};
const cve = (severity: unknown) => ({
  id: 'UBUNTU-CVE-2026-1',
  published: '2026-01-01T00:00:00Z',
  severity,
  affected: usn.affected,
});

const parsed = (record: unknown, osRelease = debian12) =>
  parseAdvisories(JSON.stringify(record), '/x.json', ecosystemsOf(osRelease));

describe('an advisory', () => {
  test('of Debian dates the fix of this release, and no other', () => {
    expect(parsed(dsa)).toEqual([
      {
        source: 'openssl',
        version: '3.0.20-1~deb12u2',
        binaries: new Map(),
        severity: 'unknown',
        released: published,
      },
    ]);
    expect(parsed(dsa, 'ID=debian\nVERSION_ID="13"\n')).toEqual([]);
    expect(parsed(dsa, 'ID=linuxmint\nVERSION_ID="12"\n')).toEqual([]);
    expect(parsed(dsa, '')).toEqual([]);
  });

  test('of Ubuntu names the versions of its binary packages', () => {
    expect(parsed(usn, noble)).toEqual([
      {
        source: 'systemd',
        version: '255.4-1ubuntu8.18',
        binaries: new Map([['libsystemd0', '255.4-1ubuntu8.18']]),
        severity: 'unknown',
        released: published,
      },
    ]);
    expect(parsed(usn, noble.replace('24.04', '22.04'))).toEqual([]);
  });

  test('that is about a CVE gives no release date: its own date is that of the vulnerability', () => {
    expect(parsed(cve([{ type: 'Ubuntu', score: 'high' }]), noble)).toMatchObject([
      { severity: 'important', released: undefined },
    ]);
  });

  test.each([
    [[{ type: 'Ubuntu', score: 'critical' }], 'critical'],
    [[{ type: 'Ubuntu', score: 'medium' }], 'moderate'],
    [[{ type: 'Ubuntu', score: 'negligible' }], 'low'],
    [[{ type: 'Ubuntu', score: 'untriaged' }], 'unknown'],
    [[{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }], 'unknown'],
    [undefined, 'unknown'],
  ])('with the severity %j is %s: a word is taken, a CVSS vector is not', (severity, expected) => {
    expect(parsed(cve(severity), noble)).toMatchObject([{ severity: expected }]);
  });

  test.each([
    [{ urgency: 'low' }, 'low'],
    [{ urgency: 'not yet assigned' }, 'unknown'],
    [{ urgency: 7 }, 'unknown'],
  ])('of Debian with %j is %s', (specific, expected) => {
    const affected = dsa.affected.map((one) => ({ ...one, ecosystem_specific: specific }));
    expect(parsed({ ...dsa, affected })).toMatchObject([{ severity: expected }]);
  });

  test('that was withdrawn says nothing', () =>
    expect(parsed({ ...dsa, withdrawn: '2026-05-01T00:00:00Z' })).toEqual([]));

  test('without a date dates nothing; several in one file are read', () => {
    const { published: _, ...undated } = dsa;
    expect(parsed([dsa, undated]).map(({ released }) => released)).toEqual([published, undefined]);
  });

  test.each([
    ['not JSON', '<html>'],
    ['cut off', '{"id":"DSA-1"'],
    ['of another shape', '{"id":7}'],
    ['empty', ''],
  ])('file that is %s is a problem', (_, text) =>
    expect(() => parseAdvisories(text, '/x.json', () => true)).toThrow(
      expect.objectContaining({ reason: 'unexpected_output' }),
    ),
  );
});

test('a directory of advisories is read; one damaged file costs only itself', async () => {
  const host = replay({
    files: {
      '/etc/os-release': debian12,
      '/a/DSA-6000-1.json': JSON.stringify(dsa),
      '/a/DSA-6001-1.json': '{',
      '/a/DSA-6002-1.json': '{',
      '/a/README': 'x',
    },
  });
  const { fixes, problems } = await readAdvisories(host, '/a/');
  expect(fixes).toHaveLength(1);
  expect(problems).toEqual([
    {
      reason: 'unexpected_output',
      message: '/a/DSA-6001-1.json is not JSON; fetch it again; and 1 more files like it',
    },
  ]);
  expect((await readAdvisories(host, '/a/DSA-6000-1.json')).fixes).toHaveLength(1);
  expect((await readAdvisories(host, '/none')).problems).toMatchObject([{ reason: 'source_missing' }]);
});

test.each([
  ['is empty', {}],
  ['is about another release', { '/a/1.json': JSON.stringify(dsa).replaceAll('Debian:12', 'Debian:13') }],
])('a directory of advisories that %s says so: without them no severity is known', async (_, advisories) => {
  const host = replay({ files: { '/etc/os-release': debian12, '/a/README': 'x', ...advisories } });
  expect(await readAdvisories(host, '/a')).toEqual({
    fixes: [],
    problems: [{ reason: 'source_missing', message: expect.stringContaining('no advisory in /a is about') }],
  });
});

test('advisories that are compressed, or may not be read, are no surprise', async () => {
  const locked = new CollectorError('permission_denied', 'could not read /a/2.json (EACCES)');
  const host = replay({
    files: { '/etc/os-release': debian12, '/a/1.json.gz': JSON.stringify(dsa), '/a/2.json': locked },
  });
  const { fixes, problems } = await readAdvisories(host, '/a');
  expect([fixes.length, problems]).toEqual([
    1,
    [{ reason: 'permission_denied', message: 'could not read /a/2.json (EACCES)' }],
  ]);
});

const candidate = (change: Partial<Candidate>): Candidate => ({
  name: 'libssl3',
  installed: '3.0.19-1~deb12u2',
  candidate: '3.0.22-1~deb12u2',
  held: false,
  versions: [{ version: '3.0.22-1~deb12u2', security: true }],
  ...change,
});
const status = (source: string) =>
  parseStatus(
    `Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.19-1~deb12u2\n${source}`,
  );

describe('a candidate', () => {
  const fixes = parsed(dsa);

  test('that took the place of a version with an advisory brings its fix: it waits since the advisory', () => {
    const brought = fixesBrought([candidate({})], fixes, status('Source: openssl\n'));
    expect(brought).toEqual([
      { name: 'libssl3', version: '3.0.20-1~deb12u2', severity: 'unknown', released: published },
    ]);
    expect(offersOf([candidate({})], brought, new Map([['libssl3', 'low']]))).toEqual([
      { name: 'libssl3', version: '3.0.22-1~deb12u2', class: 'security', severity: 'low' },
      {
        name: 'libssl3',
        version: '3.0.20-1~deb12u2',
        class: 'security',
        severity: 'low',
        released: published,
      },
    ]);
  });

  test.each([
    ['of another source', candidate({}), 'Source: gnutls28\n'],
    ['installed already', candidate({ installed: '3.0.20-1~deb12u2' }), 'Source: openssl\n'],
    ['not brought', candidate({ candidate: '3.0.19-1~deb12u3' }), 'Source: openssl\n'],
    ['with a version of its own', candidate({}), 'Source: openssl (9.9)\n'],
  ])('with a fix %s has no date from it', (_, one, source) =>
    expect(fixesBrought([one], fixes, status(source))).toEqual([]),
  );

  test('that was only built anew is taken for its source', () => {
    const one = candidate({ installed: '3.0.19-1~deb12u2+b1' });
    expect(fixesBrought([one], fixes, status('Source: openssl (3.0.19-1~deb12u2)\n'))).toHaveLength(1);
  });

  test('that is a standard update has no severity, and becomes a security update by an advisory', () => {
    const one = candidate({ versions: [{ version: '3.0.20-1~deb12u2', security: false }] });
    expect(offersOf([one], [], new Map([['libssl3', 'critical']]))).toMatchObject([
      { class: 'standard', severity: 'unknown' },
    ]);
    const brought = fixesBrought([one], fixes, status('Source: openssl\n'));
    expect(offersOf([one], brought, undefined)).toEqual([
      {
        name: 'libssl3',
        version: '3.0.20-1~deb12u2',
        class: 'security',
        severity: 'unknown',
        released: published,
      },
    ]);
  });

  test('with two advisories for one version has the worst severity and the earliest date', () => {
    const fix = { name: 'libssl3', version: '3.0.22-1~deb12u2' };
    expect(
      offersOf(
        [candidate({})],
        [
          { ...fix, severity: 'low', released: published + 9 },
          { ...fix, severity: 'important', released: published },
        ],
        undefined,
      ),
    ).toMatchObject([{ severity: 'important', released: published }]);
  });
});

describe('severities of debsecan', () => {
  const at = 1_795_000_000;
  const left = (document: unknown, now = at) =>
    debsecanSeveritiesOf(replay({ now, state: new Map([['debsecan-severities', document]]) }));
  const document = { format: 1, at, packages: { openssl: 'important' } };

  test('are used for seven days', async () => {
    expect(await left(document, at + 7 * 86_400)).toEqual(new Map([['openssl', 'important']]));
    expect(await left(document, at + 7 * 86_400 + 1)).toBeUndefined();
    expect(await left(document, at - 8 * 86_400)).toBeUndefined();
  });

  test.each([
    ['never left', undefined],
    ['of another format', { ...document, format: 2 }],
    ['with a word that is none', { ...document, packages: { openssl: 'terrible' } }],
  ])('that are %s are unknown', async (_, one) => expect(await left(one)).toBeUndefined());

  test('that may not be read are unknown', async () => {
    const host = replay({});
    const locked = {
      ...host,
      state: { ...host.state, read: () => Promise.reject(new CollectorError('permission_denied', 'no')) },
    };
    expect(await debsecanSeveritiesOf(locked)).toBeUndefined();
  });
});
