import { describe, expect, test } from 'vitest';
import { type HistoryEntry, parseUpdates } from './answer.ts';
import { installsByItself } from './automation.ts';
import { parseDate, parseReleaseDate } from './dates.ts';
import { agentError } from './errors.ts';
import { deploymentsOf, isInstalled } from './history.ts';
import { classOf, isDefinition, offersOf, parseVersion, severityOf, trainOf } from './updates.ts';

const security = '0FA1201D-4330-4FA8-8AE9-B877473B6441';
const definitions = 'e0789628-ce08-4437-be74-2495b842f43b';
const one = (facts: Record<string, unknown>) => {
  const [update] = parseUpdates({ Title: 'x', ...facts });
  if (update === undefined) throw new Error('one');
  return update;
};
const at = (text: string) => Date.parse(text) / 1000;

describe('the train of an update', () => {
  test.each([
    '2024-03 Cumulative Update for Windows 10 Version 22H2 for x64-based Systems (KB5035845)',
    '2024-03 Cumulative Update Preview for Windows 11 Version 23H2 for x64-based Systems (KB5035942)',
    '2025-09 Cumulative Update for Windows 11 Version 24H2 for x64-based Systems (KB5065426) (26100.6584)',
    '2025-10 Cumulative Update for Windows 11, version 25H2 for x64-based Systems (KB5070773) (26200.6901)',
    '2025-12 Security Update (KB5072033) (26200.7462)',
    '2025-11 Preview Update (KB5070311) (26200.7309)',
    'Security Update (KB5068861) (26200.7171)',
    '2024-05 Cumulative Update for Microsoft server operating system version 21H2 for x64-based Systems (KB5037782)',
    '2022-06 Security Monthly Quality Rollup for Windows Server 2012 R2 for x64-based Systems (KB5014738)',
    '2018-01 Preview of Monthly Quality Rollup for Windows 7 (KB4057400)',
    '2024-03 – Kumulatives Update für Windows 11 Version 23H2 für x64-basierte Systeme (KB5035853)',
    '2025-10 Aggiornamento cumulativo per Windows 11, version 25H2 per sistemi basati su x64 (KB5070773) (26200.6901)',
  ])('is Windows itself: %s', (title) => {
    expect(trainOf(title)).toBe('Windows cumulative update');
  });

  test.each([
    [
      '2020-02 Servicing Stack Update for Windows Server 2019 for x64-based Systems (KB4539571)',
      'Servicing Stack Update for Windows Server 2019 for x64-based Systems',
    ],
    [
      '2024-03 Cumulative Update Preview for .NET Framework 3.5 and 4.8.1 for Windows 11 (KB5035000)',
      'Cumulative Update for .NET Framework 3.5 and 4.8 for Windows 11',
    ],
    [
      '2023-10 .NET 6.0.24 Security Update for x64 Client (KB5032883)',
      '.NET 6.0 Security Update for x64 Client',
    ],
    [
      'Security Update for Microsoft Excel 2016 (KB5002137) 32-Bit Edition',
      'Security Update for Microsoft Excel 2016 32-Bit Edition',
    ],
    ['Security Update for SQL Server 2019 (KB5046860)', 'Security Update for SQL Server 2019'],
    [
      'Windows Malicious Software Removal Tool x64 - v5.121 (KB890830)',
      'Windows Malicious Software Removal Tool x64',
    ],
    [
      'Windows Malicious Software Removal Tool x64 - March 2020 (KB890830)',
      'Windows Malicious Software Removal Tool x64',
    ],
    [
      'Microsoft Edge-Stable Channel Version 120 Update for x64 based Editions (Build 120.0.2210.61)',
      'Microsoft Edge-Stable Channel Update for x64 based Editions',
    ],
    [
      'Update for Microsoft Defender Antivirus antimalware platform - KB4052623 (Version 4.18.24010.12)',
      'Update for Microsoft Defender Antivirus antimalware platform',
    ],
    ['Feature update to Windows 11, version 23H2', 'Feature update to Windows 11, version 23H2'],
  ])('%s is of "%s"', (title, train) => {
    expect(trainOf(title)).toBe(train);
  });

  test('different updates of one title that wait beside each other are counted apart', () => {
    const title = (article: string) => `Security Update for Windows Server 2012 R2 (${article})`;
    const names = offersOf([one({ Title: title('KB3000483') }), one({ Title: title('KB3045999') })]);
    expect(names.map(({ name }) => name)).toEqual([
      'Security Update for Windows Server 2012 R2 (KB3000483)',
      'Security Update for Windows Server 2012 R2 (KB3045999)',
    ]);
  });
});

describe('the class of an update', () => {
  test.each([
    ['its classification, in capitals too', { CategoryIDs: [security] }, 'security'],
    ['a severity', { MsrcSeverity: 'Important' }, 'security'],
    ['a CVE', { CveIDs: ['CVE-2024-1'] }, 'security'],
    ['a bulletin', { SecurityBulletinIDs: 'MS16-001' }, 'security'],
    ['its title alone', { Title: '2017-11 Security Only Quality Update for Windows 7' }, 'security'],
    ['the classification of drivers', { CategoryIDs: 'ebfc1fc5-71a4-4f7b-9aca-3b9a503104a0' }, 'firmware'],
    ['the word firmware, which is no classification', { Title: 'Surface Firmware' }, 'standard'],
    ['a severity nobody knows', { MsrcSeverity: 'Unspecified' }, 'standard'],
  ])('by %s is decided', (_, facts, patchClass) => {
    expect(classOf(one(facts))).toBe(patchClass);
  });

  test('names of classifications are translated, so only their numbers count (windows_exporter picks a name by order)', () => {
    const german = one({
      Title: 'Sicherheitsupdate',
      Categories: ['Sicherheitsupdates'],
      CategoryIDs: [security],
    });
    expect(classOf(german)).toBe('security');
  });

  test.each([
    ['Critical', 'critical'],
    ['Important', 'important'],
    ['Moderate', 'moderate'],
    ['Low', 'low'],
    ['Kritisch', 'unknown'],
    ['', 'unknown'],
    [null, 'unknown'],
    [3, 'unknown'],
  ])('the severity %j is %s', (word, severity) => {
    expect(severityOf(one({ MsrcSeverity: word }))).toBe(severity);
  });

  test('definitions of Defender are no patches, whatever their language', () => {
    const title =
      'Sicherheitsinformationsupdate für Microsoft Defender Antivirus - KB2267602 (Version 1.403.8)';
    expect(isDefinition(one({ Title: title }))).toBe(true);
    expect(isDefinition(one({ CategoryIDs: [definitions] }))).toBe(true);
    expect(offersOf([one({ Title: title }), one({ CategoryIDs: definitions.toUpperCase() })])).toEqual([]);
  });
});

describe('what PowerShell makes of lists', () => {
  test.each([
    ['one update instead of a list', { Title: 'a', KBArticleIDs: '5035853' }],
    [
      'a list with its count',
      { value: [{ Title: 'a', KBArticleIDs: { value: [5_035_853], Count: 1 } }], Count: 1 },
    ],
    ['an update among nulls', [null, { Title: 'a', KBArticleIDs: ['5035853', null] }]],
  ])('%s is one update with its article', (_, given) => {
    expect(parseUpdates(given).map(({ Title, KBArticleIDs }) => [Title, KBArticleIDs])).toEqual([
      ['a', ['5035853']],
    ]);
  });

  test('nothing at all is an empty list; something else is not', () => {
    expect(parseUpdates(null)).toEqual([]);
    expect(() => parseUpdates([{ Titel: 'a' }])).toThrow(
      expect.objectContaining({ reason: 'unexpected_output' }),
    );
  });
});

describe('a date', () => {
  test.each([
    ['2024-03-12T17:00:00.0000000Z', at('2024-03-12T17:00:00Z')],
    ['2024-03-12T17:00:00.1234567+02:00', at('2024-03-12T15:00:00.123Z')],
    ['2024-03-12T00:00:00', at('2024-03-12T00:00:00Z')],
    ['/Date(1599609600000)/', 1_599_609_600],
    ['/Date(1599609600000+0200)/', 1_599_609_600],
    [{ value: '/Date(1599609600000)/', DateTime: 'Mittwoch, 9. September 2020 00:00:00' }, 1_599_609_600],
    ['1899-12-30T00:00:00.0000000Z', undefined],
    ['3/21/2022 4:06:16 AM', undefined],
    ['12.03.2024 17:00:00', undefined],
    [null, undefined],
    [0, undefined],
  ])('%j is %s', (value, seconds) => {
    expect(parseDate(value)).toBe(seconds);
  });

  test.each([
    ['11-14-2017 12:00:00 AM', at('2017-11-14T00:00:00Z')],
    ['14/11/2017 00:00:00', at('2017-11-14T00:00:00Z')],
    ['11-11-2017 12:00:00 AM', at('2017-11-11T00:00:00Z')],
    ['02-10-2015 12:00:00 AM', undefined],
    ['11-14-2017 10:00:00 AM', undefined],
    ['02-30-2017 12:00:00 AM', undefined],
    ['99-99-2017 12:00:00 AM', undefined],
  ])('of release, %j is %s', (value, seconds) => {
    expect(parseReleaseDate(value)).toBe(seconds);
  });
});

describe('a failure of the agent', () => {
  test.each([
    ['0x8024401C', 'metadata_missing'],
    ['0x80244007', 'metadata_missing'],
    ['0x8024402C', 'metadata_missing'],
    ['0x80240438', 'metadata_missing'],
    ['0x8024500C', 'metadata_missing'],
    ['0x80072ee2', 'metadata_missing'],
    ['-2145107924', 'metadata_missing'], // 0x8024402C as a signed number
    ['0x80070005', 'permission_denied'],
    ['0x80070422', 'not_running'],
    ['0x80240009', 'tool_failed'],
    ['0x80248007', 'tool_failed'],
  ])('%s is %s', (code, reason) => {
    expect(agentError('search', code, 'Die Daten sind ungültig.\r\n').reason).toBe(reason);
  });

  test('says its code, its own words and what to do', () => {
    expect(agentError('search', '-2145107924', 'Ausnahme von HRESULT').message).toMatch(
      /^Windows Update, search: 0x8024402C \(Ausnahme von HRESULT\): the update server/,
    );
  });
});

describe('automatic updating', () => {
  const none = {
    server: undefined,
    useServer: undefined,
    noAutoUpdate: undefined,
    option: undefined,
    pausedUntil: undefined,
    service: 'Manual',
  };
  const now = 1_000_000;
  test.each([
    ['a policy that installs on a schedule', { option: 4 }, 3, true],
    ['a policy that only downloads', { option: 3 }, 4, false],
    ['a policy that leaves it to the administrator of the host', { option: 5 }, 4, false],
    ['a policy that turns it off', { option: 4, noAutoUpdate: 1 }, 4, false],
    ['no policy, and the host installs', {}, 4, true],
    ['no policy, and the host only notifies', {}, 2, false],
    ['no policy and no setting', {}, 0, undefined],
    ['updates that are paused', { option: 4, pausedUntil: now + 1 }, 4, false],
    ['a pause that is over', { option: 4, pausedUntil: now - 1 }, 4, true],
    ['a service that is disabled', { option: 4, service: 'Disabled' }, 4, false],
  ])('with %s', (_, policy, level, expected) => {
    expect(installsByItself({ ...none, ...policy }, level, now)).toBe(expected);
  });
});

const entry = (facts: Partial<HistoryEntry>): HistoryEntry => ({
  Date: at('2024-03-13T02:00:00Z'),
  Operation: 1,
  ResultCode: 2,
  HResult: '0x00000000',
  Title: '2024-03 Cumulative Update for Windows 11 Version 23H2 for x64-based Systems (KB5035853)',
  UpdateID: 'b8ea1a5b-3636-4905-ae4b-d171014df7a6',
  RevisionNumber: 1,
  ClientApplicationID: 'UpdateOrchestrator',
  CategoryIDs: [],
  ...facts,
});

describe('the update history', () => {
  test('tells who installed what, when and with which outcome', () => {
    expect(deploymentsOf([entry({})])).toEqual([
      {
        started: at('2024-03-13T02:00:00Z'),
        outcome: 'success',
        packages: [{ name: entry({}).Title, to: 'KB5035853' }],
        actor: 'UpdateOrchestrator',
        command: undefined,
        number: 'b8ea1a5b-3636-4905-ae4b-d171014df7a6.1 installation',
      },
    ]);
  });

  test.each([
    [3, 'partial'],
    [4, 'failure'],
    [5, 'failure'],
  ])('result %i is %s, with its HRESULT', (ResultCode, outcome) => {
    expect(deploymentsOf([entry({ ResultCode, HResult: '0x800F0922' })])).toMatchObject([
      { outcome, command: 'installation, 0x800F0922', packages: [{ failed: true }] },
    ]);
  });

  test.each([
    ['has not started', { ResultCode: 0 }],
    ['is under way', { ResultCode: 1 }],
    ['has no date', { Date: undefined }],
    ['brings definitions', { Title: 'Security Intelligence Update - KB2267602 (Version 1.4)' }],
    ['brings definitions by classification', { CategoryIDs: [definitions] }],
    ['is an app of the Store', { Title: '9WZDNCRFJ3Q2-Microsoft.BingWeather' }],
  ])('what %s is no deployment', (_, facts) => {
    expect(deploymentsOf([entry(facts)])).toEqual([]);
  });

  test('a removal takes away what it names', () => {
    expect(deploymentsOf([entry({ Operation: 2 })])).toMatchObject([
      { outcome: 'success', packages: [{ from: 'KB5035853' }] },
    ]);
  });
});

describe('a superseded update', () => {
  const missing = {
    train: 'Windows cumulative update',
    version: '2024-03 KB5035853 22631.3296 11111111-0000-0000-0000-000000000000',
    seen: at('2024-03-12T20:00:00Z'),
  };
  const installed = (facts: Partial<HistoryEntry>, build?: string) =>
    isInstalled(missing, [entry(facts)], build);
  const title = (month: string) => `${month} Cumulative Update for Windows 11 Version 23H2 (KB5036893)`;
  const later = at('2024-04-20T00:00:00Z');

  test.each([
    ['it was installed', entry({}), true],
    ['a later one of its train was', entry({ Title: title('2024-04'), Date: later }), true],
    ['an earlier one was, but later', entry({ Title: title('2024-02'), Date: later }), false],
    ['a later one failed', entry({ Title: title('2024-04'), Date: later, ResultCode: 4 }), false],
    ['a later one brought errors', entry({ Title: title('2024-04'), Date: later, ResultCode: 3 }), false],
    ['a later one was removed', entry({ Title: title('2024-04'), Date: later, Operation: 2 }), false],
    [
      'another train was',
      entry({ Title: 'Security Update for SQL Server 2019 (KB5046860)', Date: later }),
      false,
    ],
    ['it was installed once, before it was seen', entry({ Date: at('2024-03-01T00:00:00Z') }), false],
  ])('counts as done when %s: %#', (_, facts, expected) => {
    expect(installed(facts)).toBe(expected);
  });

  test('counts as done when the running build has it, whatever the history forgot', () => {
    expect(installed({ ResultCode: 4 }, '22631.3296')).toBe(true);
    expect(installed({ ResultCode: 4 }, '22631.3447')).toBe(true);
    expect(installed({ ResultCode: 4 }, '22631.3155')).toBe(false);
    expect(installed({ ResultCode: 4 }, '26100.9999')).toBe(false);
  });

  test('keeps month, article, build and number in its version', () => {
    expect(parseVersion(missing.version)).toEqual({
      month: '2024-03',
      article: 'KB5035853',
      build: '22631.3296',
      id: '11111111-0000-0000-0000-000000000000',
    });
  });
});
