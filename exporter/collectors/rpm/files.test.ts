import { describe, expect, test } from 'vitest';
import { replay } from '../../replay.ts';
import { parseUnits } from '../system/systemd.ts';
import { appliesUpdates } from './automatic.ts';
import { patchClassOf, severityOf } from './classes.ts';
import { parseBoolean, parseIni } from './ini.ts';
import { parseInstalled } from './installed.ts';
import { enabledModules, parseModules } from './modules.ts';
import { rebootNeeded } from './reboot.ts';

describe('an ini file', () => {
  test('has sections, comments, both separators and values of several lines', () => {
    const text =
      '; first\n[main]\ncachedir = /srv/cache\nexclude: a*\n  b*\n# keepcache=1\n\n[commands]\r\napply_updates=yes\r\n';
    expect(parseIni(text).get('main')?.get('cachedir')).toBe('/srv/cache');
    expect(parseIni(text).get('main')?.get('exclude')).toBe('a*\nb*');
    expect(parseIni(text).get('main')?.has('keepcache')).toBe(false);
    expect(appliesUpdates(text)).toBe(true);
    expect(appliesUpdates('[commands]\ndownload_updates = yes\n')).toBeUndefined();
  });

  test.each([
    ['yes', true],
    ['True', true],
    ['1', true],
    ['on', true],
    ['no', false],
    ['0', false],
    ['maybe', undefined],
    [undefined, undefined],
  ])('says %s as %s', (text, expected) => expect(parseBoolean(text)).toBe(expected));
});

describe('module streams', () => {
  const nodejs = '[nodejs]\nname=nodejs\nstream=18\nprofiles=common\nstate=enabled\n';

  test('are those that are enabled', () => {
    expect(parseModules(nodejs)).toEqual([['nodejs', '18']]);
    expect(parseModules('[perl]\nname=perl\nstream=\nstate=disabled\n')).toEqual([]);
    expect(() => parseModules('[perl]\nstate=enabled\n')).toThrow(/enabled without a stream/);
  });

  test('are read from a folder; where it is missing none is enabled', async () => {
    const host = replay({
      files: { '/m/nodejs.module': nodejs, '/m/notes.txt': nodejs.replace('18', '20') },
    });
    const enabled = await enabledModules(host, '/m');
    expect([enabled('nodejs', '18'), enabled('nodejs', '20')]).toEqual([true, false]);
    expect((await enabledModules(host, '/none'))('nodejs', '18')).toBe(false);
  });
});

describe('words of vendors', () => {
  test.each([
    ['Critical', 'critical'],
    ['IMPORTANT', 'important'],
    ['medium', 'moderate'],
    ['High', 'important'],
    ['Low', 'low'],
    ['None', 'unknown'],
    ['N/A', 'unknown'],
    ['Urgent', 'unknown'],
    ['', 'unknown'],
    ['custom_severity', 'unknown'],
  ])('a severity %j is %s', (text, expected) => expect(severityOf(text)).toBe(expected));

  test.each(['bugfix', 'enhancement', 'newpackage', 'recommended', 'custom_type', ''])(
    'a type %j is not security',
    (type) => expect(patchClassOf(type)).toBe('standard'),
  );
  test('security is, in any case', () => expect(patchClassOf('Security')).toBe('security'));
});

describe('installed packages', () => {
  test('are those of rpm, without its keys', () => {
    const text = 'vim\t2\t8.2\t1.el9\tx86_64\ngpg-pubkey\t0\t8483c65d\t5ccc5b19\t(none)\n';
    expect(parseInstalled(text)).toEqual([{ name: 'vim', evr: '2:8.2-1.el9', arch: 'x86_64' }]);
    expect(parseInstalled('')).toEqual([]);
  });

  test.each([
    'vim 8.2',
    'vim\t(none)\t8.2\t1\tx86_64',
    'vim\t0\t8.2\t\tx86_64',
    'error: cannot open Packages',
  ])('are not %j', (line) => expect(() => parseInstalled(line)).toThrow(/rpm -qa printed/));
});

describe('what takes effect only with a reboot', () => {
  test.each([
    'kernel-core.x86_64',
    'kernel',
    'kernel-uek-core',
    'kernel6.12',
    'glibc.i686',
    'systemd',
    'dbus-broker',
    'microcode_ctl',
    'linux-firmware',
  ])('%s does', (name) => expect(rebootNeeded([], [])(name)).toBe(true));
  test.each(['kernel-headers', 'kernel-tools.x86_64', 'glibc-common', 'systemd-libs', 'curl'])(
    '%s does not',
    (name) => expect(rebootNeeded([], [])(name)).toBe(false),
  );

  test('so does a package whose installed version has an advisory that suggests it, and no other version', () => {
    const advisory = {
      id: 'A',
      type: 'security',
      severity: '',
      issued: undefined,
      updated: undefined,
      packages: [{ name: 'mesa', evr: '2-1', arch: 'x86_64' }],
      cves: [],
      rebootSuggested: true,
    };
    const mesa = (evr: string) => [{ name: 'mesa', evr, arch: 'x86_64' }];
    expect(rebootNeeded(mesa('2-1'), [advisory])('mesa.x86_64')).toBe(true);
    expect(rebootNeeded(mesa('3-1'), [advisory])('mesa.x86_64')).toBe(false);
    expect(rebootNeeded(mesa('2-1'), [{ ...advisory, rebootSuggested: false }])('mesa.x86_64')).toBe(false);
  });
});

describe('units of systemd', () => {
  test('are told with whether they run and when they ended', () => {
    const text = `Id=a.timer\nLoadState=loaded\nUnitFileState=enabled\nActiveState=active

Id=b.service\nLoadState=loaded\nUnitFileState=static\nActiveState=inactive\nResult=exit-code\nExecMainExitTimestamp=Wed 2026-11-25 06:00:03 UTC

Id=c.timer\nLoadState=masked\nUnitFileState=masked\nActiveState=inactive
`;
    expect(parseUnits(text)).toEqual([
      { name: 'a.timer', enabled: true, active: true, ended: undefined, succeeded: false },
      {
        name: 'b.service',
        enabled: true,
        active: false,
        ended: Date.parse('2026-11-25T06:00:03Z') / 1000,
        succeeded: false,
      },
    ]);
    expect(() => parseUnits('Unit not found\n')).toThrow(/systemctl show printed Unit not found/);
  });
});
