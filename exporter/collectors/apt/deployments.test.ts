import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { judgeHistory, type LogContext } from './deployments.ts';
import { parseDpkgLog } from './dpkg-log.ts';
import { parseStatus, presentPackages, unfinishedPackages, type PackageState } from './dpkg-status.ts';
import { isDryRun, isUnattended, parseHistory } from './history.ts';

const captures = fileURLToPath(new URL('../../../../shared/fixtures/sources/apt', import.meta.url));
const capturesAreHere = existsSync(captures);
if (!capturesAreHere) console.warn('the captured logs of apt are not here; their facts are not tested');
const capture = (name: string) => readFileSync(`${captures}/${name}`, 'utf8');

const now = Date.UTC(2026, 10, 25) / 1000;
const quiet: LogContext = {
  dpkg: undefined,
  unfinished: [],
  native: 'amd64',
  now,
  booted: undefined,
  running: false,
  zone: 'UTC',
};
const judged = (history: string, change: Partial<LogContext> = {}) =>
  judgeHistory(parseHistory(history), { ...quiet, ...change });
/** Times, outcomes and packages with `!` before those that failed. */
const told = (history: string, change: Partial<LogContext> = {}) =>
  judged(history, change).deployments.map(
    ({ started, outcome, packages }) =>
      `${new Date(started * 1000).toISOString().slice(0, 16)} ${outcome} ${packages.map(({ name, from, to, failed }) => `${failed === true ? '!' : ''}${name} ${from ?? ''}>${to ?? ''}`).join(' ')}`,
  );

const paragraph = (time: string, command: string, more: string, end: string | undefined = time) =>
  [
    '',
    `Start-Date: 2026-11-20  ${time}`,
    `Commandline: ${command}`,
    more,
    ...(end === undefined ? [] : [`End-Date: 2026-11-20  ${end}`]),
    '',
  ].join('\n');
const upgrade = 'Upgrade: vim:amd64 (1, 2), nano:amd64 (3, 4)';
const installed = (time: string, name: string, version: string) =>
  `2026-11-20 ${time} startup archives unpack\n2026-11-20 ${time} status installed ${name} ${version}\n`;
const earlier = installed('01:00:00', 'base-files:amd64', '1');
const unattended = '/usr/bin/unattended-upgrade';

describe.skipIf(!capturesAreHere)('captured logs (need ../shared/fixtures)', () => {
  const dpkg = parseDpkgLog(capturesAreHere ? capture('bookworm-dpkg.log') : '');
  const history = capturesAreHere ? capture('bookworm-history.log') : '';

  test('a dry run of unattended-upgrade looks like an upgrade in history.log: 5 of 12 paragraphs are none', () => {
    const entries = parseHistory(history);
    expect(entries).toHaveLength(12);
    const played = entries.filter(({ command }) => command?.includes('--dry-run'));
    expect(played.map(({ error, ended, packages }) => [error, ended !== undefined, packages.length])).toEqual(
      [
        [undefined, true, 1],
        [undefined, true, 2],
        [undefined, true, 1],
        [undefined, true, 1],
        [undefined, true, 2],
      ],
    );
    for (const context of [{}, { dpkg }])
      expect(judged(history, context).deployments.map(({ started }) => started)).toEqual([
        Date.UTC(2026, 10, 21, 17, 47, 17) / 1000,
        Date.UTC(2026, 10, 21, 17, 48, 14) / 1000,
        Date.UTC(2026, 10, 21, 17, 57, 45) / 1000,
        Date.UTC(2026, 10, 21, 17, 57, 56) / 1000,
      ]);
  });

  test('dpkg.log unmasks the dry runs even without their command line', () => {
    const anonymous = history.replaceAll('--dry-run --debug', '-v');
    expect(judged(anonymous).deployments).toHaveLength(5);
    const [, , , last] = judged(anonymous, { dpkg }).deployments;
    expect(last?.started).toBe(Date.UTC(2026, 10, 21, 17, 57, 56) / 1000);
    expect(judged(anonymous, { dpkg }).deployments).toHaveLength(4);
  });

  test('the failed transaction is partial: libexpat1 was upgraded, badpkg was not installed', () => {
    const { deployments } = judged(history, { dpkg });
    expect(deployments.map(({ outcome, packages }) => [outcome, packages.length])).toEqual([
      ['success', 56],
      ['success', 2],
      ['partial', 2],
      ['success', 6],
    ]);
    expect(deployments[2]).toEqual({
      started: Date.UTC(2026, 10, 21, 17, 57, 45) / 1000,
      ended: Date.UTC(2026, 10, 21, 17, 57, 45) / 1000,
      outcome: 'partial',
      command: 'apt-get install -y libexpat1 /root/badpkg.deb',
      packages: [
        { name: 'badpkg', to: '1.0', failed: true },
        { name: 'libexpat1', from: '2.5.0-1+deb12u2', to: '2.5.0-1+deb12u5' },
      ],
    });
  });

  test('without dpkg.log the same transaction is a failure: nothing proves that a part of it succeeded', () => {
    expect(judged(history).deployments[2]?.outcome).toBe('failure');
  });

  test('the four steps of unattended-upgrades are one deployment of six packages', () => {
    const last = judged(history, { dpkg }).deployments.at(-1);
    expect(last).toMatchObject({
      actor: 'unattended-upgrades',
      command: '/usr/bin/unattended-upgrade -v',
      ended: Date.UTC(2026, 10, 21, 17, 58, 14) / 1000,
    });
    expect(last?.packages.map(({ name }) => name)).toEqual([
      'ca-certificates',
      'libpcre2-8-0',
      'apt',
      'libapt-pkg6.0',
      'libssl3',
      'openssl',
    ]);
  });

  test('dpkg.log has 177 ends of packages, the removal of badpkg among them', () => {
    expect([dpkg.first, dpkg.events.length]).toEqual(['2026-11-21 17:37:19', 177]);
    expect(dpkg.active.at(-1)).toBe('2026-11-21 17:58:14');
    expect(dpkg.events.filter(({ name }) => name === 'badpkg')).toEqual([
      { at: '2026-11-21 17:57:47', name: 'badpkg', architecture: 'all', version: undefined },
      { at: '2026-11-21 17:57:47', name: 'badpkg', architecture: 'all', version: undefined },
    ]);
  });
});

describe('history.log', () => {
  test('every kind of change has its versions; who asked for it is known', () => {
    const text = paragraph(
      '10:00:00',
      'apt-get dist-upgrade',
      [
        'Requested-By: joe (1000)',
        'Install: new:amd64 (1.0), dep:all (2.0, automatic)',
        'Reinstall: same:amd64 (3.0)',
        'Upgrade: libc6:i386 (2.36-9, 2.36-10)',
        'Downgrade: old:amd64 (9, 8)',
        'Remove: gone:amd64 (1:4.0), auto:amd64 (5, automatic)',
        'Purge: clean:amd64 (6)',
      ].join('\r\n'),
    );
    const [entry] = parseHistory(text);
    expect(entry?.requestedBy).toBe('joe (1000)');
    expect(entry?.packages.map(({ name, action, from, to }) => [name, action, from, to])).toEqual([
      ['new:amd64', 'install', undefined, '1.0'],
      ['dep:all', 'install', undefined, '2.0'],
      ['same:amd64', 'reinstall', '3.0', '3.0'],
      ['libc6:i386', 'upgrade', '2.36-9', '2.36-10'],
      ['old:amd64', 'downgrade', '9', '8'],
      ['gone:amd64', 'remove', '1:4.0', undefined],
      ['auto:amd64', 'remove', '5', undefined],
      ['clean:amd64', 'purge', '6', undefined],
    ]);
    const [deployment] = judged(text).deployments;
    expect(deployment?.actor).toBe('joe (1000)');
    expect(deployment?.packages.map(({ name }) => name)).toContain('libc6:i386');
    expect(deployment?.packages.map(({ name }) => name)).toContain('new');
  });

  test.each([
    ['nothing', ''],
    ['noise', '\u0000\ufffd % {["'],
    ['a date that is none', 'Start-Date: yesterday\nUpgrade: a:amd64 (1, 2)\nEnd-Date: today\n'],
  ])('%s has no entries', (_, text) => expect(parseHistory(text)).toEqual([]));

  test('a paragraph that is cut off has no end', () => {
    expect(parseHistory('Start-Date: 2026-11-20  10:00:00\nCommandline: apt-get upg')).toEqual([
      expect.objectContaining({ started: '2026-11-20 10:00:00', ended: undefined, packages: [] }),
    ]);
  });

  test.each([
    ['apt-get -s dist-upgrade', true],
    ['apt-get dist-upgrade -ys', true],
    ['/usr/bin/apt-get --just-print upgrade', true],
    ['apt --simulate full-upgrade', true],
    ['apt-get -y --download-only upgrade', true],
    ['apt-get -yd upgrade', true],
    ['aptitude -s safe-upgrade', true],
    ['/usr/bin/unattended-upgrade --dry-run', true],
    ['/usr/bin/python3 /usr/bin/unattended-upgrade --dry-run --debug', true],
    ['/usr/bin/unattended-upgrade --dry', true],
    ['/usr/bin/unattended-upgrade -d', false],
    ['/usr/bin/unattended-upgrade --debug -v', false],
    ['apt-get -y -t stable-security install sudo', false],
    ['apt-get -o Dpkg::Options::=--force-confdef -y upgrade', false],
    ['apt-get -o -s install vim', false],
    ['apt-get -qq -y --no-download install x', false],
    ["packagekit role='update-packages'", false],
    ['', false],
  ])('%s plays only: %s', (command, expected) => expect(isDryRun(command)).toBe(expected));

  test.each([
    ['/usr/bin/unattended-upgrade -v', true],
    ['/usr/bin/python3 /usr/bin/unattended-upgrade', true],
    ['/usr/bin/unattended-upgrades', true],
    ['apt-get install unattended-upgrades', false],
    ['apt-get upgrade', false],
    [undefined, false],
  ])('%s is unattended-upgrades: %s', (command, expected) => expect(isUnattended(command)).toBe(expected));
});

describe('a run', () => {
  test('that dpkg confirms is a success', () => {
    const dpkg = parseDpkgLog(
      earlier + installed('10:00:01', 'vim:amd64', '2') + installed('10:00:02', 'nano:all', '4'),
    );
    expect(told(paragraph('10:00:00', 'apt-get upgrade', upgrade, '10:00:05'), { dpkg })).toEqual([
      '2026-11-20T10:00 success vim 1>2 nano 3>4',
    ]);
  });

  test('without an error of which dpkg finished only a part is partial', () => {
    const dpkg = parseDpkgLog(earlier + installed('10:00:01', 'vim:amd64', '2'));
    expect(told(paragraph('10:00:00', 'apt-get upgrade', upgrade, '10:00:05'), { dpkg })).toEqual([
      '2026-11-20T10:00 partial vim 1>2 !nano 3>4',
    ]);
  });

  test('that never called dpkg was a dry run, whatever it is called; one with an error failed', () => {
    const dpkg = parseDpkgLog(earlier);
    expect(told(paragraph('10:00:00', 'own-tool', upgrade), { dpkg })).toEqual([]);
    expect(told(paragraph('10:00:00', 'own-tool', `${upgrade}\nError: no space`), { dpkg })).toEqual([
      '2026-11-20T10:00 failure !vim 1>2 !nano 3>4',
    ]);
  });

  test('older than dpkg.log is taken at its word', () => {
    const dpkg = parseDpkgLog(installed('11:00:00', 'base-files:amd64', '1'));
    expect(told(paragraph('10:00:00', 'apt-get upgrade', upgrade), { dpkg })).toEqual([
      '2026-11-20T10:00 success vim 1>2 nano 3>4',
    ]);
  });

  test('during which clocks were set back is taken at its word, not for a dry run', () => {
    const dpkg = parseDpkgLog(earlier);
    const text = paragraph('02:59:50', 'apt-get upgrade', upgrade, '02:00:10');
    expect(told(text, { dpkg })).toEqual(['2026-11-20T02:59 success vim 1>2 nano 3>4']);
  });

  test('that was killed is no success: partial where dpkg finished a package, a failure otherwise', () => {
    const text =
      paragraph('10:00:00', 'apt-get upgrade', upgrade, '') +
      paragraph('12:00:00', 'apt-get install a', 'Install: a:amd64 (1)');
    const withoutEnd = text.replace('End-Date: 2026-11-20  \n', '');
    const later = installed('12:00:00', 'a:amd64', '1');
    expect(told(withoutEnd)[0]).toBe('2026-11-20T10:00 failure !vim 1>2 !nano 3>4');
    const dpkg = parseDpkgLog(earlier + installed('10:00:01', 'vim:amd64', '2') + later);
    expect(told(withoutEnd, { dpkg })).toEqual([
      '2026-11-20T10:00 partial vim 1>2 !nano 3>4',
      '2026-11-20T12:00 success a >1',
    ]);
  });

  describe('without an end that is the last one', () => {
    const text = paragraph('10:00:00', 'apt-get upgrade', upgrade, '').replace(/End-Date.*\n/, '');
    const start = Date.UTC(2026, 10, 20, 10) / 1000;
    test.each([
      ['a package manager runs', { running: true, now: start + 86_400 }, true],
      ['it began minutes ago', { running: false, now: start + 600 }, true],
      ['none has run for an hour', { running: false, now: start + 3601 }, false],
      ['it cannot be told what runs', { running: undefined, now: start + 3601 }, true],
      ['it cannot be told what runs, for a day', { running: undefined, now: start + 86_401 }, false],
      ['the host was started since', { running: undefined, now: start + 60, booted: start + 30 }, false],
    ] as const)('and %s', (_, context, open) => {
      expect(judged(text, context).open).toBe(open);
      expect(judged(text, context).deployments.map(({ outcome }) => outcome)).toEqual(
        open ? [] : ['failure'],
      );
    });
  });

  test('dated in the future by a wrong clock waits until its time has come', () => {
    const text = paragraph('10:00:00', 'apt-get upgrade', upgrade);
    const start = Date.UTC(2026, 10, 20, 10) / 1000;
    expect(judged(text, { now: start - 7200 })).toEqual({ deployments: [], open: true });
    expect(judged(text, { now: start }).deployments).toHaveLength(1);
  });

  test('is dated by the zone of the host', () => {
    const text = paragraph('10:00:00', 'apt-get upgrade', upgrade);
    expect(told(text, { zone: 'America/New_York' })[0]).toContain('2026-11-20T15:00');
  });

  test('after which dpkg has a package half configured is partial, until a later run touches it', () => {
    const first = paragraph('10:00:00', 'apt-get upgrade', upgrade);
    const unfinished = parseStatus(
      'Package: nano\nStatus: install ok half-configured\nArchitecture: all\nVersion: 4\n',
    );
    expect(told(first, { unfinished })).toEqual(['2026-11-20T10:00 partial vim 1>2 !nano 3>4']);
    const second = paragraph('11:00:00', 'apt-get -f install', 'Reinstall: nano:amd64 (4)');
    expect(told(first + second, { unfinished })).toEqual([
      '2026-11-20T10:00 success vim 1>2 nano 3>4',
      '2026-11-20T11:00 failure !nano 4>4',
    ]);
  });
});

describe('unattended-upgrades', () => {
  const step = (time: string, name: string, more = '') =>
    paragraph(time, unattended, `Upgrade: ${name}:amd64 (1, 2)${more}`);
  const at = (time: string) => Date.parse(`2026-11-20T${time}Z`) / 1000;

  test('one run is left out until no further step can come, and is one deployment then', () => {
    const text = step('06:00:00', 'a') + step('06:10:00', 'b');
    expect(judged(text, { now: at('06:20:00') })).toEqual({ deployments: [], open: true });
    expect(told(text, { now: at('06:26:00') })).toEqual(['2026-11-20T06:00 success a 1>2 b 1>2']);
  });

  test('runs of two days are two, and so are commands of an administrator within minutes', () => {
    const yesterday = step('06:00:00', 'a').replaceAll('2026-11-20', '2026-11-19');
    expect(judged(yesterday + step('06:00:00', 'b')).deployments).toHaveLength(2);
    const same = paragraph('10:00:00', 'apt-get upgrade', upgrade);
    expect(judged(same + same.replaceAll('10:00:00', '10:01:00')).deployments).toHaveLength(2);
  });

  test('a run of which one step failed is partial', () => {
    expect(told(step('06:00:00', 'a') + step('06:01:00', 'b', '\nError: dpkg'))).toEqual([
      '2026-11-20T06:00 partial a 1>2 !b 1>2',
    ]);
  });
});

describe('the record of dpkg', () => {
  const stanza = (name: string, status: string, more = 'Architecture: amd64') =>
    `Package: ${name}\nStatus: ${status}\n${more}\nVersion: 1\nDescription: x\n Status: not a field\n`;
  const names = (states: readonly PackageState[]) => states.map(({ name }) => name);

  test('what dpkg --audit lists is unfinished; work left for triggers is not', () => {
    const states = parseStatus(
      [
        stanza('whole', 'install ok installed'),
        stanza('triggered', 'install ok triggers-pending'),
        stanza('configuring', 'install ok half-configured'),
        stanza('unpacked', 'install ok unpacked'),
        stanza('installing', 'install ok half-installed'),
        stanza('removing', 'deinstall ok half-installed'),
        stanza('broken', 'install reinstreq installed'),
        stanza('removed', 'deinstall ok config-files'),
        'Package: cut',
      ].join('\n'),
    );
    expect(names(unfinishedPackages(states))).toEqual([
      'configuring',
      'unpacked',
      'installing',
      'removing',
      'broken',
    ]);
  });

  test('packages are named as apt names them; what left only its configuration is not there', () => {
    const states = parseStatus(
      [
        stanza('kept', 'hold ok installed'),
        stanza('foreign', 'hold ok installed', 'Architecture: i386'),
        stanza('gone', 'hold ok config-files'),
        stanza('free', 'install ok installed'),
      ].join('\n'),
    );
    expect(presentPackages(states, 'amd64')).toEqual(['kept', 'foreign:i386', 'free']);
  });

  test('noise has no packages', () => expect(parseStatus('\ufffd\u0000 % {["\n\nStatus: x')).toEqual([]));
});
