import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectorError } from '../collector.ts';
import type { Evidence } from '../evidence.ts';
import type { Sample } from '../metrics.ts';
import { replay, type Replay } from '../replay.ts';
import { installsByItself } from './softwareupdate/automation.ts';
import { parseInstallReport, parseReceipts } from './softwareupdate/history.ts';
import { parseList } from './softwareupdate/list.ts';
import { classOf, isLater, offersOf, trainOf } from './softwareupdate/offers.ts';
import { parsePlist, type Plist } from './softwareupdate/plist.ts';
import { lastScan, parsePreferences, recommendedUpdates } from './softwareupdate/preferences.ts';
import { softwareupdate } from './softwareupdate.ts';

const day = 86_400;
const now = Date.parse('2026-05-21T12:00:00Z') / 1000;
const seconds = (text: string) => Date.parse(text) / 1000;
const iso = (time: number) => new Date(time * 1000).toISOString().replace('.000Z', 'Z');

const preferencesFile = '/Library/Preferences/com.apple.SoftwareUpdate.plist';
const receiptsFile = '/Library/Receipts/InstallHistory.plist';
const profileFile = '/Library/Managed Preferences/com.apple.SoftwareUpdate.plist';
const versionFile = '/System/Library/CoreServices/SystemVersion.plist';

/** A property list from JavaScript; a Date is a date. */
function xml(value: unknown): string {
  const element = (one: unknown): string => {
    if (one instanceof Date) return `<date>${iso(one.getTime() / 1000)}</date>`;
    if (Array.isArray(one)) return `<array>${one.map(element).join('')}</array>`;
    if (typeof one === 'object' && one !== null)
      return `<dict>${Object.entries(one)
        .map(([key, inner]) => `<key>${key}</key>${element(inner)}`)
        .join('')}</dict>`;
    if (typeof one === 'boolean') return one ? '<true/>' : '<false/>';
    return typeof one === 'number' ? `<integer>${one}</integer>` : `<string>${String(one)}</string>`;
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0">\n${element(value)}\n</plist>\n`;
}
const date = (time: number) => new Date(time * 1000);

const update = (name: string, version: string, key: string) => ({
  'Display Name': name,
  'Display Version': version,
  Identifier: key,
  'Product Key': key,
});
const safari = update('Safari', '18.5', '089-1');
const point = (version: string) =>
  update(`macOS Sequoia ${version}`, version, `MSU_UPDATE_24X${version}_patch_${version}_minor`);

const preferences = (parts: Record<string, unknown> = {}, at = now) =>
  xml({
    LastSuccessfulDate: date(at - 3600),
    LastSessionSuccessful: true,
    LastResultCode: 0,
    LastUpdatesAvailable: 4,
    RecommendedUpdates: [],
    ...parts,
  });

const line = ({ name, labels, value }: Sample) =>
  [name.replace(/^maintenance_patch(?:es)?_/, ''), ...Object.values(labels).slice(1), value].join(' ');

async function collect(files: Replay['files'], more: Replay = {}, settings: Record<string, unknown> = {}) {
  const host = replay({
    now,
    ...more,
    files: { [receiptsFile]: xml([]), [versionFile]: xml({ ProductVersion: '15.4' }), ...files },
  });
  const { samples, problems } = await softwareupdate.collect(host, settings);
  return {
    lines: samples.map(line),
    reasons: problems.map(({ reason }) => reason),
    messages: problems.map(({ message }) => message),
  };
}
const counted = (lines: readonly string[]) => lines.filter((text) => /^(?:pending|held|oldest)/.test(text));

describe('what waits', () => {
  test('nothing: the number beside the list is not kept up to date since 15.4, so the list counts', async () => {
    const { lines, reasons } = await collect({ [preferencesFile]: preferences() });
    expect(reasons).toEqual([]);
    expect(lines).toEqual([
      `metadata_timestamp_seconds apple ${now - 3600}`,
      'metadata_complete 1',
      'pending security unknown 0',
      'held security 0',
      'pending standard unknown 0',
      'held standard 0',
      'deployments_total success 0',
    ]);
  });

  test('point releases and Safari are security, an upgrade is not, Xcode is an application', async () => {
    const list = [
      point('15.5'),
      safari,
      update('macOS Tahoe 26.0', '26.0', 'MSU_UPDATE_25A354_patch_26.0_major'),
      update('Command Line Tools for Xcode', '16.4', '082-1'),
    ];
    const { lines } = await collect({ [preferencesFile]: preferences({ RecommendedUpdates: list }) });
    expect(counted(lines)).toEqual([
      'pending security unknown 2',
      `oldest_pending_timestamp_seconds security unknown first_seen ${now}`,
      'held security 0',
      'pending standard unknown 1',
      `oldest_pending_timestamp_seconds standard unknown first_seen ${now}`,
      'held standard 0',
      'pending application unknown 1',
      `oldest_pending_timestamp_seconds application unknown first_seen ${now}`,
      'held application 0',
    ]);
  });

  test('macOS remembers when it first offered an update', async () => {
    const { lines } = await collect({
      [preferencesFile]: preferences({
        RecommendedUpdates: [point('15.5')],
        FirstOfferDateDictionary: { 'MSU_UPDATE_24X15.5_patch_15.5_minor': date(now - 20 * day) },
      }),
    });
    expect(lines).toContain(`oldest_pending_timestamp_seconds security unknown first_seen ${now - 20 * day}`);
  });

  test('a point release that is superseded twice over 70 days keeps its age, until macOS has it', async () => {
    const state = new Map<string, unknown>();
    const on = (at: number, offered: readonly string[], version: string) =>
      collect(
        {
          [preferencesFile]: preferences({ RecommendedUpdates: offered.map(point) }, at),
          [versionFile]: xml({ ProductVersion: version }),
        },
        { now: at, state },
      );
    const start = now - 70 * day;
    await on(start, ['15.5'], '15.4');
    await on(start + 35 * day, ['15.6'], '15.4');
    expect(counted((await on(now, ['15.7'], '15.4')).lines)).toContain(
      `oldest_pending_timestamp_seconds security unknown first_seen ${start}`,
    );
    expect(counted((await on(now, ['15.7'], '15.5')).lines)).toContain(
      `oldest_pending_timestamp_seconds security unknown first_seen ${start + 35 * day}`,
    );
    expect(counted((await on(now, [], '15.7')).lines)).toContain('pending security unknown 0');
  });

  test('a Safari that was installed makes the next one a new one', async () => {
    const state = new Map<string, unknown>();
    const on = (at: number, version: string, history: readonly unknown[]) =>
      collect(
        {
          [preferencesFile]: preferences({ RecommendedUpdates: [update('Safari', version, version)] }, at),
          [receiptsFile]: xml(history),
        },
        { now: at, state },
      );
    await on(now - 50 * day, '18.5', []);
    const receipt = {
      date: date(now - 40 * day),
      displayName: 'Safari',
      displayVersion: '18.5',
      processName: 'softwareupdated',
    };
    expect((await on(now, '18.6', [receipt])).lines).toContain(
      `oldest_pending_timestamp_seconds security unknown first_seen ${now}`,
    );
  });

  test('a catalogue of one’s own is named', async () => {
    const own = preferences({ CatalogURL: 'https://reposado.example.org/index.sucatalog' });
    expect((await collect({ [preferencesFile]: own })).lines[0]).toMatch(
      /^metadata_timestamp_seconds catalog /,
    );
    const apple = preferences({ CatalogURL: 'https://swscan.apple.com/content/catalogs/x.sucatalog' });
    expect((await collect({ [preferencesFile]: apple })).lines[0]).toMatch(
      /^metadata_timestamp_seconds apple /,
    );
  });
});

describe('unknown is never 0', () => {
  test.each([
    ['has no list', { RecommendedUpdates: [], LastSuccessfulDate: 'never' }, 'unexpected_output'],
    ['last failed to look', { LastSessionSuccessful: false, LastResultCode: 100 }, 'tool_failed'],
    ['last looked a month ago', { LastSuccessfulDate: date(now - 30 * day) }, 'metadata_stale'],
    ['looked in the future', { LastSuccessfulDate: date(now + 30 * day) }, 'clock_wrong'],
    [
      'counts what it does not list',
      { LastRecommendedUpdatesAvailable: 3, LastAttemptSystemVersion: '14.6 (23G80)' },
      'unexpected_output',
    ],
  ])('where macOS %s, nothing is counted', async (_, parts, reason) => {
    const { lines, reasons } = await collect({ [preferencesFile]: preferences(parts) });
    expect(counted(lines)).toEqual([]);
    expect(reasons).toEqual([reason]);
  });

  test('where macOS never looked, its lists are missing', async () => {
    const { lines, reasons } = await collect({ [preferencesFile]: xml({ PrimaryLanguages: ['de'] }) });
    expect(lines).toEqual(['metadata_complete 0', 'deployments_total success 0']);
    expect(reasons).toEqual(['metadata_missing']);
  });

  test('a number that is no longer kept up to date contradicts nothing', async () => {
    const parts = { LastRecommendedUpdatesAvailable: 3, LastAttemptSystemVersion: '15.4.1 (24E263)' };
    expect((await collect({ [preferencesFile]: preferences(parts) })).reasons).toEqual([]);
  });

  test.each([
    ['empty', ''],
    ['cut off', preferences({ RecommendedUpdates: [safari] }).slice(0, -60)],
    ['something else', '{"RecommendedUpdates":[]}'],
    ['a list where macOS writes a dictionary', xml([1])],
  ])('a file that is %s is unexpected', async (_, text) => {
    const { lines, reasons } = await collect({ [preferencesFile]: text });
    expect(counted(lines)).toEqual([]);
    expect(reasons[0]).toBe('unexpected_output');
  });

  test('a file that is missing, or may not be read, says so', async () => {
    expect((await collect({})).reasons).toEqual(['source_missing']);
    const denied = new CollectorError('permission_denied', 'played');
    expect((await collect({ [preferencesFile]: denied })).reasons).toEqual(['permission_denied']);
  });
});

describe('the binary form of a property list', () => {
  const convert = `plutil -convert xml1 -o - ${preferencesFile}`;

  test('is turned into XML by plutil', async () => {
    const commands = { [convert]: preferences({ RecommendedUpdates: [safari] }) };
    const { lines } = await collect({ [preferencesFile]: 'bplist00\u0001' }, { commands });
    expect(lines).toContain('pending security unknown 1');
  });

  test('that plutil refuses is unknown', async () => {
    const commands = { [convert]: { exitCode: 1, stdout: 'Property List error: Unexpected EOF' } };
    const { lines, reasons } = await collect({ [preferencesFile]: 'bplist00\u0001' }, { commands });
    expect(counted(lines)).toEqual([]);
    expect(new Set(reasons)).toEqual(new Set(['tool_failed']));
  });
});

describe('asking the update server', () => {
  const ask = (answer: Required<Replay>['commands'][string]) =>
    collect(
      { [preferencesFile]: preferences() },
      { commands: { 'softwareupdate --list': answer } },
      { online: true },
    );

  test('that nothing is new may stand on the error stream', async () => {
    const { lines, reasons } = await ask({
      stdout: 'Software Update Tool\n',
      stderr: 'No new software available.\n',
    });
    expect(reasons).toEqual([]);
    expect(lines[0]).toBe(`metadata_timestamp_seconds apple ${now}`);
    expect(lines).toContain('pending security unknown 0');
  });

  test.each([
    ['nothing', { stdout: '' }, 'unexpected_output'],
    ['German', { stdout: 'Es ist keine neue Software verfügbar.\n' }, 'unexpected_output'],
    [
      'that it is offline',
      { stderr: 'The Internet connection appears to be offline.\n' },
      'metadata_missing',
    ],
    [
      'a heading alone',
      { stdout: 'Software Update found the following new or updated software:\n' },
      'unexpected_output',
    ],
    ['an error', { exitCode: 1, stderr: 'No new software available.' }, 'tool_failed'],
  ])('%s is never 0', async (_, answer, reason) => {
    const { lines, reasons } = await ask(answer);
    expect(counted(lines)).toEqual([]);
    expect(lines.filter((text) => text.startsWith('metadata_timestamp'))).toEqual([]);
    expect(reasons).toEqual([reason]);
  });

  test.each(['timeout', 'tool_missing'] as const)('%s is that', async (reason) => {
    expect((await ask(new CollectorError(reason, 'played'))).reasons).toEqual([reason]);
  });
});

describe('the list of softwareupdate', () => {
  test('commas, brackets and an empty version do not confuse it', () => {
    const text = [
      '* Label: A-1',
      '\tTitle: Pro Video, Audio and (other) Formats, Version: , Size: 1K, Recommended: NO, ',
      '* Label: macOS 15.5-24F74',
      '\tTitle: macOS Sequoia 15.5, Version: 15.5, Size: 1KiB, Recommended: YES, Action: restart, Deferred: NO,',
    ].join('\n');
    expect(parseList(text)).toEqual([
      { title: 'Pro Video, Audio and (other) Formats', version: '', id: 'A-1', recommended: false },
      { title: 'macOS Sequoia 15.5', version: '15.5', id: 'macOS 15.5-24F74', recommended: true },
    ]);
    expect(
      parseList(
        '   * Security Update 2020-005-10.14.6\n\tSecurity Update (Mojave) (10.14.6), 1610000K [recommended] [restart]',
      ),
    ).toEqual([
      {
        title: 'Security Update (Mojave)',
        version: '10.14.6',
        id: 'Security Update 2020-005-10.14.6',
        recommended: true,
      },
    ]);
  });

  test('a label that is not understood makes the whole list unknown', () => {
    const text = '* Label: A\n\tTitle: A, Version: 1, Size: 1K, Recommended: YES, \n* Label: B\n\tTit';
    expect(() => parseList(text)).toThrow('2 labels, of which 1 were understood');
  });

  test('what is not recommended is left alone', async () => {
    const commands = {
      'softwareupdate --list': '* Label: A\n\tTitle: Formats, Version: 1, Size: 1K, Recommended: NO, \n',
    };
    const { lines } = await collect({ [preferencesFile]: preferences() }, { commands }, { online: true });
    expect(lines).toContain('held standard 1');
    expect(lines).toContain('pending standard unknown 0');
  });
});

describe('classes and trains', () => {
  const offer = (title: string, version: string, id: string, installed: string | undefined) => {
    const train = trainOf({ title, version, id }, installed);
    return [train, classOf(train, title)];
  };
  test.each([
    ['macOS Ventura 13.6', '13.6', 'MSU_UPDATE_22G120_patch_13.6_minor', '13.5', 'macOS', 'security'],
    [
      'macOS Ventura 13.3.1 (a)',
      '13.3.1 (a)',
      'MSU_UPDATE_22E772610a_patch_13.3.1_rsr',
      '13.3.1',
      'macOS',
      'security',
    ],
    ['Background Security Improvement (a)', '26.3 (a)', 'x', '26.3', 'macOS', 'security'],
    ['Security Update 2021-004 (Mojave)', '2021-004', 'x', '10.14.6', 'macOS', 'security'],
    ['macOS Catalina 10.15.7 Supplemental Update', '10.15.7', 'x', '10.15.7', 'macOS', 'security'],
    ['macOS Catalina 10.15', '10.15', 'x', '10.14.6', 'macOS upgrade', 'standard'],
    ['macOS Sonoma 14.0', '14.0', 'macOS Sonoma 14.0-23A344', '13.6', 'macOS upgrade', 'standard'],
    [
      'macOS Sonoma 14.6.1',
      '14.6.1',
      'MSU_UPDATE_23G93_patch_14.6.1_major',
      undefined,
      'macOS upgrade',
      'standard',
    ],
    ['macOS Sonoma 14.6.1', '14.6.1', 'macOS Sonoma 14.6.1-23G93', undefined, 'macOS', 'security'],
    ['macOS 15.5 Beta 2', '15.5', 'MSU_UPDATE_24F5053f_patch_15.5_minor', '15.4', 'macOS', 'security'],
    ['Safari', '18.5', 'Safari18.5SonomaAuto', '14.7', 'Safari', 'security'],
    [
      'Command Line Tools beta 3 for Xcode',
      '14.1',
      'x',
      '12.6',
      'Command Line Tools beta for Xcode',
      'application',
    ],
    [
      'Studio Display Firmware Update 15.5',
      '15.5',
      'x',
      '12.6',
      'Studio Display Firmware Update',
      'firmware',
    ],
    ['Pro Video Formats', '2.3', 'x', '12.6', 'Pro Video Formats', 'standard'],
  ])('%s %s (%s) on %s is %s, %s', (title, version, id, installed, train, patchClass) => {
    expect(offer(title, version, id, installed)).toEqual([train, patchClass]);
  });

  test('definitions of XProtect and Gatekeeper are no patches', () => {
    const listed = ['XProtectPlistConfigData', 'MRTConfigData', 'Gatekeeper Configuration Data'].map(
      (title) => ({
        title,
        version: '1',
        id: title,
        recommended: true,
      }),
    );
    expect(offersOf(listed, '15.4')).toEqual([]);
  });

  test.each([
    ['15.10', '15.9', true],
    ['15.4', '15.4', false],
    ['15.4', '15.4.0', false],
    ['15.4.1', '15.4', true],
    ['14.8', '15.0', false],
    ['beta', '15.0', true],
  ])('%s is later than %s: %s', (version, than, expected) => {
    expect(isLater(version, than)).toBe(expected);
  });
});

describe('what was installed', () => {
  const receipt = (facts: Record<string, unknown>) => ({
    date: date(now - day),
    displayName: 'macOS 15.4',
    displayVersion: '15.4',
    processName: 'softwareupdated',
    packageIdentifiers: ['com.apple.pkg.x'],
    ...facts,
  });

  test('Software Update’s installations are deployments; failures leave no receipt, so none are counted', async () => {
    const evidence: Evidence[] = [];
    const history = xml([
      receipt({}),
      receipt({ displayName: 'XProtectPlistConfigData', contentType: 'config-data' }),
      receipt({ displayName: 'Gatekeeper Configuration Data' }),
      receipt({ displayName: 'Pages', processName: 'appstoreagent' }),
      receipt({ displayName: 'Third Party', processName: 'Installer' }),
    ]);
    const files = { [preferencesFile]: preferences(), [receiptsFile]: history };
    const { lines } = await collect(files, { evidence });
    expect(lines.filter((text) => /deployment/.test(text))).toEqual([
      'deployments_total success 1',
      `last_deployment_timestamp_seconds success ${now - day}`,
    ]);
    expect(evidence).toMatchObject([
      {
        at: new Date((now - day) * 1000).toISOString(),
        outcome: 'success',
        actor: 'softwareupdated',
        details: { packages: [{ name: 'macOS 15.4', to: '15.4' }] },
      },
    ]);
  });

  test('without receipts system_profiler is asked', async () => {
    const report = {
      SPInstallHistoryDataType: [
        {
          _name: 'macOS 15.4',
          install_date: iso(now - day),
          install_version: '15.4',
          package_source: 'package_source_apple',
        },
        { _name: 'XProtectPlistConfigData', install_date: iso(now), package_source: 'package_source_apple' },
        {
          _name: 'MAContent10_AssetPack_0048',
          install_date: iso(now),
          package_source: 'package_source_apple',
        },
        {
          _name: 'Agent',
          install_date: iso(now),
          install_version: '8.2',
          package_source: 'package_source_other',
        },
      ],
    };
    const host = replay({
      now,
      files: { [preferencesFile]: preferences() },
      commands: { 'system_profiler SPInstallHistoryDataType -json': JSON.stringify(report) },
    });
    const { samples } = await softwareupdate.collect(host, {});
    expect(samples.map(line)).toContain(`last_deployment_timestamp_seconds success ${now - day}`);
    expect(samples.map(line)).toContain('deployments_total success 1');
  });

  test('the older form of a date is read; one without a zone is unexpected', () => {
    const report = (installed: string) =>
      JSON.stringify({
        SPInstallHistoryDataType: [
          { _name: 'macOS', install_date: installed, package_source: 'package_source_apple' },
        ],
      });
    expect(parseInstallReport(report('2026-05-20 10:00:00 +0000'))[0]?.date).toBe(
      seconds('2026-05-20T10:00:00Z'),
    );
    expect(() => parseInstallReport(report('5/20/26, 10:00 AM'))).toThrow(/no date with a zone/);
    expect(() => parseInstallReport('Installations:')).toThrow(
      expect.objectContaining({ reason: 'unexpected_output' }),
    );
  });

  test('receipts that are something else are unexpected, and what waits is still told', async () => {
    expect(() => parseReceipts({ a: 1 })).toThrow(expect.objectContaining({ reason: 'unexpected_output' }));
    const { lines, reasons } = await collect({
      [preferencesFile]: preferences(),
      [receiptsFile]: xml({ a: 1 }),
    });
    expect(reasons).toEqual(['unexpected_output']);
    expect(lines).toContain('pending security unknown 0');
    expect(lines.filter((text) => text.startsWith('deployments'))).toEqual([]);
  });
});

describe('automatic updating', () => {
  const all = {
    AutomaticCheckEnabled: true,
    AutomaticDownload: true,
    AutomaticallyInstallMacOSUpdates: true,
  };
  test.each<
    [string, Record<string, Plist> | undefined, Record<string, Plist> | undefined, boolean | undefined]
  >([
    ['every setting on', { ...all, CriticalUpdateInstall: 1 }, undefined, true],
    ['downloads only', { ...all, AutomaticallyInstallMacOSUpdates: false }, undefined, false],
    ['no look', { ...all, AutomaticCheckEnabled: 0 }, undefined, false],
    ['no security responses', { ...all, CriticalUpdateInstall: false }, undefined, false],
    ['a setting that is not there', { AutomaticCheckEnabled: true }, undefined, undefined],
    ['nothing set', undefined, undefined, undefined],
    ['a profile that turns it on', { AutomaticallyInstallMacOSUpdates: false }, all, true],
    ['a profile that turns it off', all, { AutomaticallyInstallMacOSUpdates: false }, false],
  ])('with %s', (_, host, profile, expected) => {
    expect(installsByItself(host, profile)).toBe(expected);
  });

  test('is read from both files', async () => {
    const files = {
      [preferencesFile]: preferences({ AutomaticallyInstallMacOSUpdates: false }),
      [profileFile]: xml(all),
    };
    expect((await collect(files)).lines).toContain('automation_enabled 1');
  });
});

describe('a property list', () => {
  test('has texts, numbers, dates, lists and dictionaries', () => {
    const text = `<?xml version="1.0"?><!DOCTYPE plist PUBLIC "x" "y"><plist version="1.0"><dict>
      <key>a &amp; b</key><string>x &lt; y</string><key>n</key><integer>-3</integer><key>r</key><real>1.5</real>
      <key>d</key><date>2026-05-21T12:00:00Z</date><key>l</key><array><true/><false/><data>AAE=</data></array>
      <key>e</key><dict/><key>s</key><string></string></dict></plist>`;
    expect(parsePlist(text, 'x')).toEqual({
      'a & b': 'x < y',
      n: -3,
      r: 1.5,
      d: { seconds: now },
      l: [true, false, 'AAE='],
      e: {},
      s: '',
    });
  });

  test.each([
    ['another document', '<html></html>'],
    ['a key without a value', '<plist><dict><key>a</key></dict></plist>'],
    ['a value without a key', '<plist><dict><string>a</string></dict></plist>'],
    ['no number', '<plist><integer>x</integer></plist>'],
    ['no date', '<plist><date>gestern</date></plist>'],
    ['an unknown element', '<plist><set/></plist>'],
    ['two values', '<plist><true/><true/></plist>'],
    ['nothing', '<plist></plist>'],
  ])('with %s is unexpected', (_, text) => {
    expect(() => parsePlist(text, 'x')).toThrow(expect.objectContaining({ reason: 'unexpected_output' }));
  });

  test('cut off at any place it is unexpected', () => {
    const whole = preferences({ RecommendedUpdates: [safari] }).trimEnd();
    for (let end = 0; end < whole.length; end += 1)
      expect(() => parsePlist(whole.slice(0, end), 'x')).toThrow(CollectorError);
  });
});

const shared = new URL('../../../shared/fixtures/sources/macos/', import.meta.url);
const capturesAreHere = existsSync(shared);
if (!capturesAreHere) console.warn(`${shared.pathname} is not here; the captures of macOS are not tested`);
const capture = (name: string) => readFileSync(new URL(name, shared), 'utf8');

describe.skipIf(!capturesAreHere)('captures of macOS', () => {
  const captured = () => parsePlist(capture('com.apple.SoftwareUpdate.plist'), 'the capture');

  test('macOS 12.6 had found four updates on 9 December 2022, its last look with success', () => {
    const found = parsePreferences(captured());
    expect(lastScan(found)).toBe(seconds('2022-12-09T14:28:52Z'));
    expect(found).toMatchObject({
      LastFullSuccessfulDate: seconds('2022-12-09T14:28:24Z'),
      LastBackgroundSuccessfulDate: seconds('2022-12-09T14:28:24Z'),
      LastSessionSuccessful: true,
      LastResultCode: 0,
      LastRecommendedUpdatesAvailable: 4,
      LastAttemptSystemVersion: '12.6 (21G115)',
    });
    const offers = offersOf(recommendedUpdates(found), '12.6');
    expect(offers.map(({ name, version, class: patchClass }) => [name, version, patchClass])).toEqual([
      ['macOS', '12.6.1 MSU_UPDATE_21G217_patch_12.6.1', 'security'],
      ['Command Line Tools beta for Xcode', '14.1 012-70652', 'application'],
      ['Command Line Tools for Xcode', '14.1 012-91817', 'application'],
      ['Safari', '16.1 012-89022', 'security'],
    ]);
    expect(installsByItself(captured(), undefined)).toBeUndefined();
  });

  test('collected the same day it counts two security updates; in 2026 it counts nothing', async () => {
    const files = {
      [preferencesFile]: capture('com.apple.SoftwareUpdate.plist'),
      [versionFile]: xml({ ProductVersion: '12.6' }),
    };
    const then = await collect(files, { now: seconds('2022-12-09T18:00:00Z') });
    expect(then.lines).toContain('pending security unknown 2');
    expect(then.lines).toContain('pending application unknown 2');
    const later = await collect(files);
    expect(counted(later.lines)).toEqual([]);
    expect(later.reasons).toEqual(['metadata_stale']);
    expect(later.lines).toContain(`metadata_timestamp_seconds apple ${seconds('2022-12-09T14:28:52Z')}`);
  });

  test('the list of 10.14 has a Safari', () => {
    expect(parseList(capture('softwareupdate-list-10.14.txt'))).toEqual([
      { title: 'Safari', version: '14.0', id: 'Safari14.0MojaveAuto-14.0', recommended: true },
    ]);
  });

  test('the list since 10.15 has a Safari, a point release and an upgrade', () => {
    const listed = parseList(capture('softwareupdate-list-10.15-plus.txt'));
    expect(listed.map(({ title, version, id }) => [title, version, id])).toEqual([
      ['Safari', '17.0', 'Safari17.0VenturaAuto-17.0'],
      ['macOS Ventura 13.6', '13.6', 'macOS Ventura 13.6-22G120'],
      ['macOS Sonoma 14.0', '14.0', 'macOS Sonoma 14.0-23A344'],
    ]);
    expect(listed.map(({ recommended }) => recommended)).toEqual([true, true, true]);
    expect(offersOf(listed, '13.5').map(({ name, class: patchClass }) => [name, patchClass])).toEqual([
      ['Safari', 'security'],
      ['macOS', 'security'],
      ['macOS upgrade', 'standard'],
    ]);
  });
});
