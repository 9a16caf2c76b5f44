import { describe, expect, test } from 'vitest';
import { CollectorError } from '../collector.ts';
import type { Sample } from '../metrics.ts';
import { replay, type Replay } from '../replay.ts';
import { debsecan } from './debsecan.ts';
import { parseDetail } from './debsecan/detail.ts';

const ask = 'debsecan --suite bookworm --format detail --status /var/lib/dpkg/status';
const installed = {
  '/var/lib/dpkg/status': 'Package: bash\n',
  '/etc/os-release': 'ID=debian\nVERSION_CODENAME=bookworm\n',
};

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

async function collect(
  answer: NonNullable<Replay['commands']>[string],
  more: Replay = {},
  settings: Readonly<Record<string, unknown>> = {},
) {
  const captured = { commands: { [ask]: answer }, files: installed, ...more };
  const { samples, problems } = await debsecan.collect(replay(captured), settings);
  return { facts: facts(samples), reasons: problems.map(({ reason }) => reason), problems };
}

/** A block as DetailFormatter of debsecan 0.4.20 prints it. */
const block = (id: string, notes: string, name: string, more: readonly string[] = []) =>
  [
    notes === '' ? id : `${id} (${notes})`,
    '  A flaw (with words: installed: yes) ...',
    `  installed: ${name} 1.0-1`,
    `             (built from ${name} 1.0-1)`,
    ...more,
    '',
    '',
  ].join('\n');

const urgent = block('CVE-2026-0001', 'fixed, remotely exploitable, high urgency', 'openssl', [
  '  fixed in unstable: openssl 3.2 (source package)',
  '  fixed on branch:   openssl 3.0.1-1+deb12u1 (source package)',
  '  fix is available for the selected suite (bookworm)',
]);
const calm = block('CVE-2011-3374', 'low urgency', 'apt');
const fresh = block('TEMP-0000000-B7C4D2', '', 'bash', ['             package is obsolete']);

describe('what debsecan prints', () => {
  test('one finding per block; urgency is the severity, and one that is not assigned is unknown', () => {
    const medium = block('CVE-2026-0002', 'remotely exploitable, medium urgency', 'curl');
    expect(parseDetail(urgent + calm + fresh + medium)).toEqual([
      { id: 'CVE-2026-0001', package: 'openssl', installed: '1.0-1', severity: 'important', fixable: 'true' },
      { id: 'CVE-2011-3374', package: 'apt', installed: '1.0-1', severity: 'low', fixable: 'false' },
      {
        id: 'TEMP-0000000-B7C4D2',
        package: 'bash',
        installed: '1.0-1',
        severity: 'unknown',
        fixable: 'false',
      },
      { id: 'CVE-2026-0002', package: 'curl', installed: '1.0-1', severity: 'moderate', fixable: 'false' },
    ]);
  });

  test('a vulnerability without a description is one all the same', () => {
    expect(
      parseDetail('CVE-2026-1\n  \n  installed: bash 5\n             (built from bash 5)\n\n'),
    ).toMatchObject([{ id: 'CVE-2026-1', package: 'bash' }]);
  });

  test('cut off at any place inside a block it is not believed', () => {
    const text = urgent + calm;
    for (let end = 1; end < text.length; end += 1) {
      if (end === urgent.length) continue;
      expect(() => parseDetail(text.slice(0, end)), text.slice(0, end)).toThrow(CollectorError);
    }
  });
});

describe('debsecan', () => {
  test('counts by severity, never claims 0 critical, and has no dates but its own', async () => {
    const { facts: found, reasons } = await collect(urgent + urgent + calm + fresh);
    expect(reasons).toEqual([]);
    expect(found).toMatchObject({
      'open important true': 1,
      'open important false': 0,
      'open moderate true': 0,
      'open low false': 1,
      'open unknown false': 1,
      'oldest_open_timestamp_seconds important true first_seen': 1_795_000_000,
      scan_timestamp_seconds: 1_795_000_000,
    });
    expect(Object.keys(found).filter((key) => key.startsWith('open critical'))).toEqual([]);
    expect(found).not.toHaveProperty('database_timestamp_seconds');
    expect(found).not.toHaveProperty('exploited_open');
  });

  test('leaves the worst severity of what can be fixed to the apt collector', async () => {
    const state = new Map<string, unknown>();
    const low = block('CVE-2026-0009', 'fixed, low urgency', 'openssl');
    const plain = block('CVE-2026-0010', 'fixed', 'zlib1g');
    await collect(low + urgent + calm + plain, { state });
    expect(state.get('debsecan-severities')).toEqual({
      format: 1,
      at: 1_795_000_000,
      packages: { openssl: 'important', zlib1g: 'unknown' },
    });
    await collect({ exitCode: 1 }, { state, now: 1_795_090_000 });
    expect(state.get('debsecan-severities')).toMatchObject({ at: 1_795_000_000 });
  });

  test.each([
    [
      'no network',
      'error: while downloading https://security-tracker.debian.org/tracker/debsecan/release/1/bookworm:\nerror: [Errno -3] Temporary failure in name resolution\n',
      'metadata_missing',
      /could not download .*name resolution/,
    ],
    [
      'a suite that the tracker does not know',
      "error: while downloading https://x/noble:\nHTTP Error 404: Not Found\nAre you sure 'noble' is a Debian codename?\n",
      'unsupported',
      /no data for the suite bookworm/,
    ],
    [
      'damaged data',
      'Traceback (most recent call last):\n  File "x"\nzlib.error: Error -5 while decompressing data\n',
      'unexpected_output',
      /zlib\.error/,
    ],
    ['another format', 'error: server sends data in unknown format\n', 'unexpected_output', /unknown format/],
    [
      'a broken installation',
      "Traceback (most recent call last):\nModuleNotFoundError: No module named 'apt_pkg'\n",
      'tool_failed',
      /No module named 'apt_pkg'/,
    ],
    ['a failure without a word', '', 'tool_failed', /exited with 1; run it by hand/],
  ])('%s says why and claims nothing', async (_, stderr, reason, message) => {
    const { facts: found, problems } = await collect({ exitCode: 1, stderr });
    expect(found).toEqual({});
    expect(problems).toMatchObject([{ reason }]);
    expect(problems[0]?.message).toMatch(message);
  });

  test.each([
    ['is not installed', new CollectorError('tool_missing', 'debsecan is not installed'), 'tool_missing'],
    ['takes too long', new CollectorError('timeout', 'debsecan took longer than 290 s'), 'timeout'],
    ['prints too much', new CollectorError('output_too_large', 'more than 32 MiB'), 'output_too_large'],
    ['prints nothing', '', 'unexpected_output'],
    ['prints something else', 'Alles in Ordnung\n\n', 'unexpected_output'],
    ['is cut off', urgent.slice(0, -30), 'unexpected_output'],
  ])('one that %s claims nothing', async (_, answer, reason) => {
    expect(await collect(answer)).toMatchObject({ facts: {}, reasons: [reason] });
  });

  test('no list of installed packages means no vulnerability, says debsecan; here it means unknown', async () => {
    for (const status of [undefined, '']) {
      const files = {
        '/etc/os-release': installed['/etc/os-release'],
        ...(status === undefined ? {} : { '/var/lib/dpkg/status': status }),
      };
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await collect('', { files })).toMatchObject({ facts: {}, reasons: ['source_missing'] });
    }
  });

  test('another system is not asked after', async () => {
    const files = { ...installed, '/etc/os-release': 'ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n' };
    expect(await collect(urgent, { files })).toMatchObject({ facts: {}, reasons: ['unsupported'] });
  });

  test('packages that it cannot classify make the rest a lower bound', async () => {
    const stderr =
      'error: invalid version x of package own\nerror: install the python-apt package for invalid versions support\n';
    const state = new Map<string, unknown>();
    const { facts: found, reasons } = await collect({ stdout: urgent, stderr }, { state });
    expect(reasons).toEqual(['unexpected_output']);
    expect(state.has('debsecan-severities')).toBe(false);
    expect(Object.keys(found).filter((key) => key.startsWith('open '))).toEqual(['open important true']);
  });

  test('a warning of Python is no failure', async () => {
    const { reasons } = await collect({
      stdout: urgent,
      stderr: '/usr/bin/debsecan:1: DeprecationWarning: x\n',
    });
    expect(reasons).toEqual([]);
  });

  test('what is fixed is closed, and a run that failed in between closes nothing', async () => {
    const state = new Map<string, unknown>();
    await collect(urgent + calm, { state });
    const failed = await collect({ exitCode: 1 }, { state, now: 1_795_086_400 });
    expect(failed.facts).toMatchObject({ 'closed_total important': 0 });
    const { facts: found } = await collect(calm + fresh, { state, now: 1_795_172_800 });
    expect(found).toMatchObject({
      'open important true': 0,
      'opened_total unknown': 1,
      'closed_total important': 1,
      'closed_total low': 0,
      'oldest_open_timestamp_seconds low false first_seen': 1_795_000_000,
    });
  });

  test('suite, source and status can be set; a mirror on this host says how old it is', async () => {
    const command =
      'debsecan --suite trixie --format detail --status /srv/status --source file:///srv/debsecan/';
    const files = { '/srv/status': 'x', '/srv/debsecan/trixie': 'x' };
    const { samples, problems } = await debsecan.collect(
      replay({ commands: { [command]: calm }, files, modified: { '/srv/debsecan/trixie': 1_794_000_000 } }),
      { suite: 'trixie', source: 'file:///srv/debsecan/', status: '/srv/status' },
    );
    expect(problems).toEqual([]);
    expect(facts(samples)).toMatchObject({ database_timestamp_seconds: 1_794_000_000 });
  });

  test('with a list of known exploited ones it says how many are open', async () => {
    const catalogue = JSON.stringify({
      dateReleased: new Date(1_794_900_000_000).toISOString(),
      vulnerabilities: [{ cveID: 'CVE-2026-0001' }],
    });
    const files = { ...installed, '/kev.json': catalogue };
    const { facts: found } = await collect(urgent + calm, { files }, { kev: '/kev.json' });
    expect(found).toMatchObject({ exploited_open: 1 });
  });

  test('is offered by init on Debian only', async () => {
    const files = { '/usr/bin/debsecan': 'x' };
    expect(await debsecan.detect(replay({ files: { ...installed, ...files } }))).toEqual({});
    expect(await debsecan.detect(replay({ files }))).toBeUndefined();
    expect(await debsecan.detect(replay({ files: installed }))).toBeUndefined();
  });
});
