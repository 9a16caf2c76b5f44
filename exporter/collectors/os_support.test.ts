import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CollectorError, type Problem } from '../collector.ts';
import { parseConfig } from '../config.ts';
import { replay, type Replay } from '../replay.ts';
import { coveredByLts, parseDistroInfo } from './os_support/distro-info.ts';
import { parseOsRelease } from './os_support/os-release.ts';
import { endOfDay, startOfDay } from './os_support/support.ts';
import { shippedDistroInfo, shippedTable, windowsTable } from './os_support/table.ts';
import { parseProStatus } from './os_support/ubuntu-pro.ts';
import { editionsOf, windowsSupport } from './os_support/windows.ts';
import { osSupport } from './os_support.ts';

const architecture = 'dpkg --print-architecture';
const debianTable = '/usr/share/distro-info/debian.csv';
const ubuntuTable = '/usr/share/distro-info/ubuntu.csv';
const proStatus = '/var/lib/ubuntu-advantage/status.json';
const seconds = (text: string) => Date.parse(text) / 1000;

interface Result {
  /** `os version` and the last second of support. */
  readonly end: string | undefined;
  readonly table: string | undefined;
  readonly reasons: readonly string[];
  readonly problems: readonly Problem[];
}

async function collect(captured: Replay, settings: Readonly<Record<string, unknown>> = {}): Promise<Result> {
  const { samples, problems } = await osSupport.collect(replay(captured), settings);
  const named = (name: string) =>
    samples.find((one) => one.name === `maintenance_os_support_${name}_timestamp_seconds`);
  const [end, table] = [named('end'), named('table')];
  const text = (value: number) => new Date(value * 1000).toISOString().replace(':00.000', '');
  return {
    end: end && [...Object.values(end.labels), text(end.value)].join(' '),
    table: table && [...Object.values(table.labels), text(table.value)].join(' '),
    reasons: problems.map(({ reason }) => reason),
    problems,
  };
}

/** A system that says this of itself, in a file made on 1 May 2026. */
const says = (fields: string, more: Replay = {}): Replay => ({
  ...more,
  files: { '/etc/os-release': `${fields.split(' ').join('\n')}\n`, ...more.files },
  modified: { '/etc/os-release': seconds('2026-05-01T00:00:00Z'), ...more.modified },
});
const endOf = async (fields: string, settings = {}) => (await collect(says(fields), settings)).end;

describe('what the system says of itself', () => {
  test('wins: SUPPORT_END of Fedora, until the end of that day in UTC, as of the date of the file', async () => {
    expect(await collect(says('ID=fedora VERSION_ID=44 SUPPORT_END=2027-05-19'))).toMatchObject({
      end: 'fedora 44 2027-05-20T00:00Z',
      table: 'host 2026-05-01T00:00Z',
      reasons: [],
    });
  });

  test.each(['SUPPORT_END="2029-06-30"', "SUPPORT_END='2029-06-30'", 'SUPPORT_END=2029-06-30'])(
    'may be quoted: %s',
    async (end) =>
      expect(await endOf(`ID="amzn" VERSION_ID="2023" ${end}`)).toBe('amzn 2023 2029-07-01T00:00Z'),
  );

  test.each(['SUPPORT_END=', 'SUPPORT_END=soon', 'SUPPORT_END=2027-02-30'])(
    'counts only when it is a date: %s leaves it to the table',
    async (end) => expect(await endOf(`ID=fedora VERSION_ID=44 ${end}`)).toBe('fedora 44 2027-05-20T00:00Z'),
  );

  test('is enough for a system no table knows', async () => {
    expect(await endOf('ID=nixos VERSION_ID=25.11 SUPPORT_END=2026-06-30')).toBe(
      'nixos 25.11 2026-07-01T00:00Z',
    );
  });

  test('is read from /usr/lib where /etc has none', async () => {
    const files = { '/usr/lib/os-release': 'ID=alpine\nVERSION_ID=3.22.1\n' };
    expect((await collect({ files })).end).toBe('alpine 3.22.1 2027-05-02T00:00Z');
  });

  test('without an ID is no answer', async () => {
    await expect(collect(says('NAME=x'))).rejects.toMatchObject({ reason: 'unexpected_output' });
  });

  test('is parsed as a shell would, without expansion', () => {
    const text = '# x\nNAME="A \\"B\\" \\$C"\nID=\'d e\'\nEMPTY=""\r\n  VERSION_ID=1.2  \nlower=no\nBROKEN\n';
    expect(Object.fromEntries(parseOsRelease(text))).toEqual({
      NAME: 'A "B" $C',
      ID: 'd e',
      VERSION_ID: '1.2',
    });
  });
});

describe('Debian', () => {
  const bookworm = 'ID=debian VERSION_ID=12 VERSION_CODENAME=bookworm';
  const on = (arch: string | CollectorError, more: Replay = {}) =>
    says(bookworm, { commands: { [architecture]: typeof arch === 'string' ? `${arch}\n` : arch }, ...more });

  test.each(['amd64', 'arm64', 'armhf', 'i386', 'ppc64el'])(
    'counts with its long term support on %s: it comes through the same archive',
    async (arch) =>
      expect(await collect(on(arch))).toMatchObject({
        end: 'debian 12 2028-07-01T00:00Z',
        table: 'shipped 2025-10-18T00:00Z',
        reasons: [],
      }),
  );

  test.each(['s390x', 'mips64el', 'armel', 'riscv64'])('has no long term support on %s', async (arch) =>
    expect((await collect(on(arch))).end).toBe('debian 12 2026-07-12T00:00Z'),
  );

  test('on an architecture that cannot be told has the earlier end', async () => {
    const timeout = new CollectorError('timeout', 'dpkg took longer than 30 s');
    expect((await collect(on(timeout))).end).toBe('debian 12 2026-07-12T00:00Z');
    expect(coveredByLts('11', 'ppc64el')).toBe(false);
  });

  test('takes the extension that was bought from the table', async () => {
    expect((await collect(on('amd64'), { extended: true })).end).toBe('debian 12 2033-07-01T00:00Z');
  });

  const csv = (rows: string) => `version,codename,series,created,release,eol,eol-lts,eol-elts\n${rows}\n`;
  const later = csv(
    '12,Bookworm,bookworm,2021-08-14,2023-06-10,2026-07-11,2028-12-31,2033-06-30\n14,Forky,forky,2025-08-09,2027-07-01,2030-07-01',
  );

  test('a newer table on the host wins, dated by the file that dpkg took from the package', async () => {
    const made = seconds('2027-07-02T10:00:00Z');
    const files = { [debianTable]: later };
    expect(await collect(on('amd64', { files, modified: { [debianTable]: made } }))).toMatchObject({
      end: 'debian 12 2029-01-01T00:00Z',
      table: 'host 2027-07-02T10:00Z',
    });
  });

  test('an older table on the host does not, and one that is older than the release is no help', async () => {
    const made = seconds('2021-01-01T00:00:00Z');
    const old = csv('12,Bookworm,bookworm,2021-08-14,2023-06-10,2026-06-10\n11,Bullseye,bullseye,2019-07-06');
    const onHost = on('amd64', { files: { [debianTable]: old }, modified: { [debianTable]: made } });
    expect(await collect(onHost)).toMatchObject({
      end: 'debian 12 2028-07-01T00:00Z',
      table: 'shipped 2025-10-18T00:00Z',
    });
  });

  test('a release only the host knows is known', async () => {
    const forky = says('ID=debian VERSION_ID=14 VERSION_CODENAME=forky', { files: { [debianTable]: later } });
    expect((await collect(forky)).end).toBe('debian 14 2030-07-02T00:00Z');
  });

  test('testing and unstable have no version and no end: unknown with the reason', async () => {
    await expect(collect(says('ID=debian NAME="Debian" VERSION_CODENAME=forky'))).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringMatching(
        /^Debian forky is not released, so it has no end of support yet; set collectors\.os_support\.support_end/,
      ),
    });
  });

  test('a damaged table is said', async () => {
    const damaged = on('amd64', { files: { [debianTable]: '<html>404</html>' } });
    await expect(collect(damaged)).rejects.toMatchObject({ reason: 'unexpected_output' });
    const closed = on('amd64', { files: { [debianTable]: new CollectorError('permission_denied', 'x') } });
    await expect(collect(closed)).rejects.toMatchObject({ reason: 'permission_denied' });
  });

  test('a table that is cut off anywhere gives no date of another column', () => {
    fc.assert(
      fc.property(fc.nat(shippedDistroInfo.debian.length), (end) => {
        const whole = parseDistroInfo(shippedDistroInfo.debian);
        try {
          for (const one of parseDistroInfo(shippedDistroInfo.debian.slice(0, end)))
            expect(whole.find(({ series }) => series === one.series)).toMatchObject(one);
        } catch (error) {
          expect(error).toBeInstanceOf(CollectorError);
        }
      }),
    );
  });
});

describe('Ubuntu', () => {
  const noble = 'ID=ubuntu VERSION_ID=24.04 VERSION_CODENAME=noble';
  const status = (change: Readonly<Record<string, unknown>> = {}, esm = 'enabled') =>
    JSON.stringify({
      attached: true,
      expires: '9999-12-31T00:00:00+00:00',
      services: [
        { name: 'esm-infra', status: esm },
        { name: 'livepatch', status: 'disabled' },
      ],
      ...change,
    });
  const withStatus = (text: string | CollectorError, fields = noble) =>
    collect(says(fields, { files: { [proStatus]: text } }));

  test('counts until the end of standard support', async () => {
    expect(await endOf(noble)).toBe('ubuntu 24.04 2029-06-01T00:00Z');
    expect(await endOf('ID=ubuntu VERSION_ID=25.04')).toBe('ubuntu 25.04 2026-01-16T00:00Z');
  });

  test('counts until the end of ESM only where Ubuntu Pro is attached and it is enabled', async () => {
    expect((await withStatus(status())).end).toBe('ubuntu 24.04 2034-04-26T00:00Z');
    expect((await withStatus(status({}, 'disabled'))).end).toBe('ubuntu 24.04 2029-06-01T00:00Z');
    expect((await withStatus(status({ attached: false }))).end).toBe('ubuntu 24.04 2029-06-01T00:00Z');
  });

  test('with a contract that ends before ESM counts until then, and never shorter than without', async () => {
    const focal = 'ID=ubuntu VERSION_ID=20.04 VERSION_CODENAME=focal';
    expect((await withStatus(status({ expires: '2027-03-01T12:00:00+01:00' }), focal)).end).toBe(
      'ubuntu 20.04 2027-03-01T11:00Z',
    );
    expect((await withStatus(status({ expires: '2026-03-01T12:00:00+01:00' }))).end).toBe(
      'ubuntu 24.04 2029-06-01T00:00Z',
    );
  });

  test.each(['', '[]', '{"attached":true}', '{"attached":true,"services":[{"name":"esm-inf', 'Fehler'])(
    'with a status that cannot be read (%j) counts as not attached, and says so',
    async (text) =>
      expect(await withStatus(text)).toMatchObject({
        end: 'ubuntu 24.04 2029-06-01T00:00Z',
        reasons: ['unexpected_output'],
      }),
  );

  test('with a status that may not be read, too', async () => {
    const denied = new CollectorError('permission_denied', `could not read ${proStatus}`);
    expect(await withStatus(denied)).toMatchObject({
      end: 'ubuntu 24.04 2029-06-01T00:00Z',
      reasons: ['permission_denied'],
    });
  });

  test('a status without services enabled is not attached', () => {
    expect(parseProStatus(status({ expires: null }, 'n/a'))).toEqual({ esm: false });
  });

  test('a newer table on the host knows newer releases', async () => {
    const csv =
      'version,codename,series,created,release,eol,eol-server,eol-esm,eol-legacy\n26.10,Stonking,stonking,2026-04-23,2026-10-15,2027-07-15\n';
    expect((await collect(says('ID=ubuntu VERSION_ID=26.10', { files: { [ubuntuTable]: csv } }))).end).toBe(
      'ubuntu 26.10 2027-07-16T00:00Z',
    );
  });
});

describe('the shipped table', () => {
  test.each([
    ['ID=rhel VERSION_ID=9.4', 'rhel 9.4 2032-06-01T00:00Z'],
    ['ID=rhel VERSION_ID=7.9', 'rhel 7.9 2024-07-01T00:00Z'],
    ['ID=rhel VERSION_ID=10.1', 'rhel 10.1 2035-06-01T00:00Z'],
    ['ID=almalinux VERSION_ID=9.6', 'almalinux 9.6 2032-06-01T00:00Z'],
    ['ID=rocky VERSION_ID=8.10', 'rocky 8.10 2029-06-01T00:00Z'],
    ['ID=ol VERSION_ID=9.3', 'ol 9.3 2032-07-01T00:00Z'],
    ['ID=centos NAME="CentOS_Linux" VERSION_ID=8', 'centos 8 2022-01-01T00:00Z'],
    ['ID=centos NAME="CentOS-Stream" VERSION_ID=9', 'centos 9 2027-06-01T00:00Z'],
    ['ID=amzn VERSION_ID=2', 'amzn 2 2026-07-01T00:00Z'],
    ['ID=amzn VERSION_ID=2018.03', 'amzn 2018.03 2024-01-01T00:00Z'],
    ['ID=fedora VERSION_ID=43', 'fedora 43 2026-12-03T00:00Z'],
    ['ID=sles VERSION_ID=15.6', 'sles 15.6 2026-01-01T00:00Z'],
    ['ID=opensuse-leap VERSION_ID=16.0', 'opensuse-leap 16.0 2027-11-01T00:00Z'],
    ['ID=alpine VERSION_ID=3.20.3', 'alpine 3.20.3 2026-04-02T00:00Z'],
    ['ID=alpine VERSION_ID=3.2.0', undefined],
    ['ID=rhel VERSION_ID=11.0', undefined],
    ['ID=centos NAME="CentOS-Stream" VERSION_ID=10', undefined],
    ['ID=sles VERSION_ID=15', undefined],
    ['ID=constructor VERSION_ID=1', undefined],
    ['ID=rhel VERSION_ID=constructor', undefined],
    ['ID=raspbian ID_LIKE=debian VERSION_ID=12', undefined],
  ])('%s: %s', async (fields, expected) => {
    if (expected !== undefined) return expect(await endOf(fields)).toBe(expected);
    return expect(collect(says(fields))).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringContaining('no table here knows when support of'),
    });
  });

  test('is dated by its source', async () => {
    expect((await collect(says('ID=alpine VERSION_ID=3.22.0'))).table).toBe('shipped 2026-01-27T00:00Z');
  });

  test.each(['ID=arch NAME=Arch', 'ID=opensuse-tumbleweed NAME=Tumbleweed VERSION_ID=20261120'])(
    'a rolling release has no end: %s',
    (fields) =>
      expect(collect(says(fields))).rejects.toMatchObject({
        reason: 'unsupported',
        message: expect.stringContaining('is a rolling release and has no end of support'),
      }),
  );

  test('edge of Alpine is not released', () =>
    expect(collect(says('ID=alpine NAME=Alpine VERSION_ID=3.24_alpha20261101'))).rejects.toMatchObject({
      message: expect.stringContaining('Alpine 3.24_alpha20261101 is not released'),
    }));

  test('has only days that exist, extensions after the end, and a source and a date of each product', () => {
    const products = [
      ...Object.values(shippedTable),
      ...['server', 'pro', 'enterprise', 'ltsc', 'iot'].map((name) => ({
        ...windowsTable,
        releases: new Map<string, unknown>(Object.entries(windowsTable)).get(name),
      })),
    ];
    for (const { source, asOf, releases } of products) {
      expect(source).toMatch(/^https:\/\//);
      expect(startOfDay(asOf)).toBeLessThan(seconds('2026-11-25T00:00:00Z'));
      const dates: readonly (readonly string[])[] = Object.values(releases ?? {});
      expect(dates.length).toBeGreaterThan(0);
      for (const days of dates) {
        const ends = days.map((day) => endOfDay(day) ?? NaN);
        expect(ends.every(Number.isFinite), days.join()).toBe(true);
        expect(ends).toEqual(ends.toSorted((a, b) => a - b));
      }
    }
  });

  test('agrees with what this Debian ships, where distro-info-data is as new', () => {
    if (!existsSync(debianTable)) return;
    const here = parseDistroInfo(readFileSync(debianTable, 'utf8'));
    const bookworm = here.find(({ series }) => series === 'bookworm');
    expect(bookworm).toMatchObject({ version: '12', eol: expect.stringMatching(/^2026-/) });
  });
});

describe('Windows', () => {
  const on = (os: string, osVersion: string) => collect({ machine: { os, osVersion } });

  test.each([
    ['Microsoft Windows Server 2019 Datacenter Evaluation', '10.0.17763', '2029-01-10T00:00Z'],
    ['Microsoft Windows Server 2025 Standard', '10.0.26100', '2034-10-11T00:00Z'],
    ['Microsoft Windows 11 Pro', '10.0.26100', '2026-10-14T00:00Z'],
    ['Microsoft Windows 11 Enterprise', '10.0.26100', '2027-10-13T00:00Z'],
    ['Microsoft Windows 11 Enterprise LTSC', '10.0.26100', '2029-10-10T00:00Z'],
    ['Microsoft Windows 11 IoT Enterprise LTSC', '10.0.26100', '2034-10-11T00:00Z'],
    ['Microsoft Windows 10 Pro', '10.0.19045', '2025-10-15T00:00Z'],
    ['Microsoft Windows 10 Enterprise LTSC 2021', '10.0.19044', '2027-01-13T00:00Z'],
  ])('%s %s: %s', async (os, version, expected) => {
    expect(await on(os, version)).toMatchObject({
      end: `windows ${version} ${expected}`,
      table: 'shipped 2026-01-16T00:00Z',
    });
  });

  test('one build ends at different times by edition', () => {
    expect(editionsOf('Microsoft Windows 11 Pro Education')).toBe('pro');
    expect(editionsOf('Microsoft Windows 11 Pro for Workstations')).toBe('pro');
    expect(editionsOf('Microsoft Windows 11 Education')).toBe('enterprise');
    expect(editionsOf('Microsoft Windows 11 Famille')).toBeUndefined();
    expect(windowsSupport('Microsoft Windows 11 Enterprise', '10.0.99999')).toBeUndefined();
    expect(windowsSupport('Microsoft Windows 11 Enterprise', 'source')).toBeUndefined();
  });

  test('an unknown build or edition is unknown, with what to do', () =>
    expect(on('Microsoft Windows 11 Famille', '10.0.26100')).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringContaining(
        'set collectors.os_support.support_end to the date of https://learn.microsoft.com/lifecycle/',
      ),
    }));

  test('macOS is unknown: Apple publishes no dates', () =>
    expect(on('macOS', '15.4')).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringContaining('Apple publishes no dates'),
    }));
});

describe('the owner', () => {
  test('may set the date and answers for it: no table is in use then', async () => {
    const settings = { support_end: '2028-06-30' };
    expect(await collect(says('ID=arch'), settings)).toMatchObject({
      end: 'arch rolling 2028-07-01T00:00Z',
      table: undefined,
      reasons: [],
    });
    expect(await endOf('ID=rhel VERSION_ID=7.9 SUPPORT_END=2024-06-30', settings)).toBe(
      'rhel 7.9 2028-07-01T00:00Z',
    );
  });

  test('says that an extension was bought, and the table says until when', async () => {
    expect(await endOf('ID=rhel VERSION_ID=7.9', { extended: true })).toBe('rhel 7.9 2028-07-01T00:00Z');
    expect(await endOf('ID=sles VERSION_ID=15.6 SUPPORT_END=2025-12-31', { extended: true })).toBe(
      'sles 15.6 2029-01-01T00:00Z',
    );
    expect(await endOf('ID=ubuntu VERSION_ID=22.04', { extended: true })).toBe(
      'ubuntu 22.04 2032-04-22T00:00Z',
    );
  });

  test('of an extension no table knows is told so, and it counts until the normal end', async () => {
    const told = await collect(says('ID=alpine VERSION_ID=3.22.1'), { extended: true });
    expect(told).toMatchObject({ end: 'alpine 3.22.1 2027-05-02T00:00Z', reasons: ['unsupported'] });
    expect(told.problems[0]?.message).toContain(
      'set collectors.os_support.support_end to the date in your contract',
    );
  });

  test.each(['2028-02-30', '30.06.2028', '2028'])('cannot set %s', (date) =>
    expect(() =>
      parseConfig(JSON.stringify({ collectors: { os_support: { support_end: date } } }), {}, [osSupport]),
    ).toThrow('support_end'),
  );

  test('writes the date into the file without quotes', () => {
    const config = parseConfig('collectors:\n  os_support:\n    support_end: 2028-06-30\n', {}, [osSupport]);
    expect(config.jobs[0]?.settings).toMatchObject({ support_end: '2028-06-30' });
  });
});

test('init adds it where a table knows the system', async () => {
  expect(await osSupport.detect(replay(says('ID=rhel VERSION_ID=9.4')))).toEqual({});
  expect(await osSupport.detect(replay({}))).toBeUndefined();
  await expect(osSupport.detect(replay(says('ID=arch')))).rejects.toBeInstanceOf(CollectorError);
});

test('a day ends with its last second in UTC', () => {
  expect(endOfDay('2028-06-30')).toBe(seconds('2028-07-01T00:00:00Z'));
  expect(endOfDay('2028-02-29')).toBe(seconds('2028-03-01T00:00:00Z'));
  for (const none of ['2027-02-29', '2027-13-01', '2027-00-10', '', '2027-6-31', '20270630', 'true'])
    expect(endOfDay(none), none).toBeUndefined();
});
