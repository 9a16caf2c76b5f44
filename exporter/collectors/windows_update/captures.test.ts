import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseUpdates } from './answer.ts';
import { parseDate, parseReleaseDate } from './dates.ts';
import { classOf, offersOf, severityOf } from './updates.ts';

const shared = new URL('../../../../shared/fixtures/sources/', import.meta.url);
const capturesAreHere = existsSync(shared);
if (!capturesAreHere) console.warn(`${shared.pathname} is not here; the captures of Windows are not tested`);
const capture = (name: string) => readFileSync(new URL(name, shared), 'utf8');
const json = (name: string): unknown => JSON.parse(capture(name));
const day = (text: string) => Date.parse(`${text}T00:00:00Z`) / 1000;

describe.skipIf(!capturesAreHere)('captures of Windows', () => {
  test('Server 2019 has six updates: two of them security, by classification, one with a severity', () => {
    const offers = offersOf(parseUpdates(json('windows/wua-search-server2019.json')));
    expect(offers.map(({ name, class: patchClass, severity }) => [name, patchClass, severity])).toEqual([
      [
        'Update for Adobe Flash Player for Windows Server 2019 (1809) for x64-based Systems',
        'standard',
        'unknown',
      ],
      [
        'Security Update for Adobe Flash Player for Windows Server 2019 for x64-based Systems',
        'security',
        'critical',
      ],
      [
        'Cumulative Update for .NET Framework 3.5, 4.7 and 4.8 for Windows Server 2019 for x64',
        'standard',
        'unknown',
      ],
      ['Update for Windows Server 2019 for x64-based Systems', 'standard', 'unknown'],
      ['Windows Malicious Software Removal Tool x64', 'standard', 'unknown'],
      ['Windows cumulative update', 'security', 'unknown'],
    ]);
    expect(offers.map(({ version }) => version).slice(3)).toEqual([
      '2020-01 KB4494174 884a6101-3b1a-4b53-bede-2f8b6bf14772',
      'KB890830 0689e74b-54d1-4f55-a916-96e3c737db90',
      '2020-03 KB4538461 6ecd5165-4ba0-4058-b0fd-8b8b6f914516',
    ]);
    // That script did not ask for the date of release.
    expect(offers.map(({ released }) => released)).toEqual(offers.map(() => undefined));
  });

  test('the script that made it asks what ours asks, hidden updates included', () => {
    expect(capture('windows/wua-search-server2019.command.ps1')).toContain(
      `"IsInstalled=0 and Type='Software'"`,
    );
  });

  test('a date of release whose month could be its day is unknown; one that can be only one is that', () => {
    const updates = parseUpdates(json('windows/missing-updates-with-LastDeploymentChangeTime.json'));
    expect(updates.map(({ LastDeploymentChangeTime }) => LastDeploymentChangeTime)).toEqual([
      undefined, // 02-10-2015: 2 October or 10 February
      day('2017-11-14'),
    ]);
    expect(updates.map((update) => [classOf(update), severityOf(update)])).toEqual([
      ['security', 'critical'],
      ['security', 'critical'],
    ]);
    expect(offersOf(updates).map(({ version }) => version)).toEqual(['KB3000483', '2017-11 KB4048961']);
  });

  test('Windows PowerShell writes a date as milliseconds within an object', () => {
    const hotfixes = json('windows/get-hotfix-ps51.json');
    if (!Array.isArray(hotfixes)) throw new Error('a list');
    expect(hotfixes.map(({ InstalledOn }) => parseDate(InstalledOn))).toEqual([
      day('2020-09-09'),
      day('2020-09-09'),
    ]);
  });

  test('dates in the formats of countries are never read; ISO 8601 is', () => {
    const lines = capture('windows/README-locale-dates.txt').trim().split('\n').slice(1);
    const dates = lines.map((line) => line.replace(/ {3}\(.*/, ''));
    expect(dates).toHaveLength(5);
    const read = [undefined, undefined, undefined, undefined, Date.parse('2017-08-15T14:37:46Z') / 1000];
    expect(dates.map((date) => parseDate(date))).toEqual(read);
    expect(dates.map((date) => parseReleaseDate(date))).toEqual(read);
  });

  test('osquery has the columns of the history that are read here, so the two can be compared', () => {
    const table = capture('osquery/windows_update_history.table');
    const columns = [...table.matchAll(/Column\("(\w+)"/g)].map(([, name]) => name);
    expect(columns).toEqual(
      expect.arrayContaining([
        'client_app_id',
        'date',
        'hresult',
        'operation',
        'result_code',
        'title',
        'update_id',
        'update_revision',
      ]),
    );
  });

  test('the table of patches says itself that it is no history: it is not read', () => {
    const table = capture('osquery/patches.table');
    expect(table).toContain('does not include patches applied via MSI or downloaded from Windows Update');
    expect(table).toContain('Lack of a value does not indicate that the patch was not installed');
  });
});
