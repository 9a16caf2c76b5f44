import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectorError, type Host } from '../collector.ts';
import type { Evidence } from '../evidence.ts';
import type { Sample } from '../metrics.ts';
import { replay, type Replay } from '../replay.ts';
import { scriptArguments } from './system/powershell.ts';
import { windowsUpdateScript, windowsUpdateText } from './windows_update/script.ts';
import { windowsUpdate } from './windows_update.ts';

const day = 86_400;
const now = Date.parse('2026-05-21T12:00:00Z') / 1000;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const seconds = (text: string) => Date.parse(text) / 1000;
const command = (online = false) =>
  ['powershell.exe', ...scriptArguments(windowsUpdateScript(online))].join(' ');

const security = '0fa1201d-4330-4fa8-8ae9-b877473b6441';
const updates = 'cd5ffd1e-e932-4e3a-bf74-18bf0b1bbd83';
const definitions = 'e0789628-ce08-4437-be74-2495b842f43b';

/** A cumulative update of Windows of a month, released on a day. */
const cumulative = (month: string, released: string, facts: Record<string, unknown> = {}) => ({
  UpdateID: `00000000-0000-0000-0000-0000000${month.replace('-', '')}`.slice(0, 36),
  RevisionNumber: 200,
  Title: `${month} Cumulative Update for Windows Server 2022 for x64-based Systems (KB50${month.replace('-', '')})`,
  KBArticleIDs: [`50${month.replace('-', '')}`],
  CategoryIDs: [security],
  CveIDs: [],
  SecurityBulletinIDs: [],
  MsrcSeverity: null,
  LastDeploymentChangeTime: `${released}T00:00:00.0000000Z`,
  IsHidden: false,
  BrowseOnly: false,
  ...facts,
});

const installation = (month: string, date: string, facts: Record<string, unknown> = {}) => ({
  Date: date,
  Operation: 1,
  ResultCode: 2,
  HResult: '0x00000000',
  Title: cumulative(month, '2026-01-01').Title,
  UpdateID: cumulative(month, '2026-01-01').UpdateID,
  RevisionNumber: 200,
  ClientApplicationID: 'UpdateOrchestrator',
  CategoryIDs: [security],
  ...facts,
});

/** What the script prints on a quiet server, with some parts replaced. */
function answer(parts: Readonly<Record<string, unknown>> = {}, at = now): string {
  return JSON.stringify({
    generated: iso(at),
    online: false,
    system: { booted: iso(at - 3 * day), build: '20348.2402' },
    policy: {
      server: false,
      useServer: null,
      noAutoUpdate: null,
      option: 4,
      pausedUntil: null,
      service: 'Manual',
    },
    automatic: { lastSearch: iso(at - 3600), lastInstallation: iso(at - day), notificationLevel: 4 },
    search: { resultCode: 2, updates: [] },
    restart: { resultCode: 2, updates: [] },
    history: { total: 0, entries: [] },
    ...parts,
  });
}

const searched = (...found: readonly unknown[]) => ({ search: { resultCode: 2, updates: found } });
const failed = (hresult: string) => ({ error: { hresult, message: 'Ausnahme von HRESULT' } });

const line = ({ name, labels, value }: Sample) =>
  [name.replace(/^maintenance_patch(?:es)?_/, ''), ...Object.values(labels).slice(1), value].join(' ');

async function collectFrom(host: Host, settings: Readonly<Record<string, unknown>> = {}) {
  const { samples, problems } = await windowsUpdate.collect(host, settings);
  return {
    samples,
    lines: samples.map(line),
    reasons: problems.map(({ reason }) => reason),
    messages: problems.map(({ message }) => message),
  };
}

const collect = (output: string, more: Replay = {}, settings: Readonly<Record<string, unknown>> = {}) =>
  collectFrom(replay({ now, commands: { [command()]: output }, ...more }), settings);

/** Lines about what waits, without the classes of which nothing does. */
const waiting = (lines: readonly string[]) =>
  lines.filter((text) => /^oldest|^held/.test(text) || /^pending .* [1-9]\d*$/.test(text));

describe('what waits', () => {
  test('nothing: every class and severity is counted, and the search is dated', async () => {
    const { lines, reasons } = await collect(answer());
    expect(reasons).toEqual([]);
    expect(lines).toEqual([
      `metadata_timestamp_seconds microsoft ${now - 3600}`,
      'metadata_complete 1',
      'pending security critical 0',
      'pending security important 0',
      'pending security moderate 0',
      'pending security low 0',
      'pending security unknown 0',
      'held security 0',
      'pending standard unknown 0',
      'held standard 0',
      'deployments_total success 0',
      'deployments_total partial 0',
      'deployments_total failure 0',
      'deployments_total pending_reboot 0',
      'automation_enabled 1',
      `automation_last_run_timestamp_seconds ${now - day}`,
    ]);
  });

  test('a security update with a severity, a cumulative one without, definitions and a feature', async () => {
    const { lines } = await collect(
      answer(
        searched(
          cumulative('2026-05', '2026-05-14'),
          {
            ...cumulative('2026-05', '2026-05-07'),
            Title: 'Security Update for SQL Server 2019 (KB5046860)',
            MsrcSeverity: 'Important',
          },
          { Title: 'Definitions - KB2267602 (Version 1)', CategoryIDs: [definitions] },
          { Title: 'Feature update to Windows Server 2025', CategoryIDs: [updates] },
        ),
      ),
    );
    expect(waiting(lines)).toEqual([
      'pending security important 1',
      `oldest_pending_timestamp_seconds security important released ${seconds('2026-05-07')}`,
      'pending security unknown 1',
      `oldest_pending_timestamp_seconds security unknown released ${seconds('2026-05-14')}`,
      'held security 0',
      'pending standard unknown 1',
      `oldest_pending_timestamp_seconds standard unknown first_seen ${now}`,
      'held standard 0',
    ]);
  });

  test('a hidden security update is held, with its age, and not out of sight (windows_exporter leaves it out)', async () => {
    const { lines } = await collect(
      answer(searched(cumulative('2026-04', '2026-04-09', { IsHidden: true }))),
    );
    expect(waiting(lines)).toEqual([
      'held security 1',
      `oldest_held_timestamp_seconds security released ${seconds('2026-04-09')}`,
      'held standard 0',
    ]);
  });

  test('an optional update waits for somebody to pick it, so it is held', async () => {
    const preview = cumulative('2026-05', '2026-05-20', { BrowseOnly: true, CategoryIDs: [updates] });
    expect(waiting((await collect(answer(searched(preview)))).lines)).toContain('held standard 1');
  });

  test('a server of its own hides what nobody approved, so the answer says whose it is', async () => {
    const policy = { server: true, useServer: 1, option: 4, service: 'Auto' };
    const { lines } = await collect(answer({ policy }));
    expect(lines[0]).toBe(`metadata_timestamp_seconds wsus ${now - 3600}`);
    const unused = await collect(answer({ policy: { ...policy, useServer: 0 } }));
    expect(unused.lines[0]).toBe(`metadata_timestamp_seconds microsoft ${now - 3600}`);
  });
});

describe('the age of what waits', () => {
  const state = new Map<string, unknown>();
  /** What a machine shows on a day on which the search finds these. */
  const on = (date: string, found: readonly unknown[], entries: readonly unknown[] = []) => {
    const at = seconds(date);
    const history = { total: entries.length, entries };
    const output = answer({ ...searched(...found), history }, at);
    return collectFrom(replay({ now: at, state, commands: { [command()]: output } }));
  };
  const march = cumulative('2026-03', '2026-03-12');
  const april = cumulative('2026-04', '2026-04-09');
  const may = cumulative('2026-05', '2026-05-14');
  const oldest = (lines: readonly string[]) =>
    lines.filter((text) => text.startsWith('oldest_pending') || text.startsWith('pending security unknown'));

  test("70 days unpatched over two supersessions are 70 days (windows_exporter's published date resets every month)", async () => {
    await on('2026-03-12T12:00:00Z', [march]);
    await on('2026-04-10T12:00:00Z', [april]);
    const { lines } = await on('2026-05-21T12:00:00Z', [may]);
    expect(oldest(lines)).toEqual([
      'pending security unknown 1',
      `oldest_pending_timestamp_seconds security unknown released ${seconds('2026-03-12')}`,
    ]);
    expect((seconds('2026-05-21') - seconds('2026-03-12')) / day).toBe(70);
  });

  test('a failed installation does not make it younger', async () => {
    const entries = [
      installation('2026-05', '2026-05-22T02:00:00Z', { ResultCode: 4, HResult: '0x800f0922' }),
    ];
    const { lines } = await on('2026-05-22T12:00:00Z', [may], entries);
    expect(oldest(lines)[1]).toContain(`released ${seconds('2026-03-12')}`);
    expect(lines).toContain('deployments_total failure 1');
  });

  test('a new one beside an installed one has its own age', async () => {
    const june = cumulative('2026-06', '2026-06-11');
    const entries = [installation('2026-05', '2026-05-23T02:00:00Z')];
    const { lines } = await on('2026-06-12T12:00:00Z', [june], entries);
    expect(oldest(lines)).toEqual([
      'pending security unknown 1',
      `oldest_pending_timestamp_seconds security unknown released ${seconds('2026-06-11')}`,
    ]);
  });

  test('once nothing of its train is offered, nothing is left of it', async () => {
    const { lines } = await on('2026-06-20T12:00:00Z', []);
    expect(oldest(lines)).toEqual(['pending security unknown 0']);
  });

  test('an update without a date of release counts from first sight, also when superseded', async () => {
    const undated = (month: string) => ({
      ...cumulative(month, '2026-01-01'),
      LastDeploymentChangeTime: null,
    });
    await on('2026-07-10T12:00:00Z', [undated('2026-07')]);
    const { lines } = await on('2026-08-20T12:00:00Z', [undated('2026-08')]);
    expect(oldest(lines)[1]).toBe(
      `oldest_pending_timestamp_seconds security unknown first_seen ${seconds('2026-07-10T12:00:00Z')}`,
    );
  });
});

describe('installed, and not in effect before the next reboot', () => {
  const state = new Map<string, unknown>();
  const evidence: Evidence[] = [];
  const may = cumulative('2026-05', '2026-05-14');
  const run = (date: string, booted: string, parts: Record<string, unknown>) => {
    const at = seconds(date);
    const output = answer({ system: { booted, build: '20348.1' }, ...parts }, at);
    return collectFrom(replay({ now: at, state, evidence, commands: { [command()]: output } }));
  };
  const history = { total: 1, entries: [installation('2026-05', '2026-05-16T02:00:00Z')] };

  test('it is pending_reboot and shows its age (windows_exporter #935: no reboot pending)', async () => {
    await run('2026-05-15T12:00:00Z', '2026-05-01T00:00:00Z', searched(may));
    const restart = { resultCode: 2, updates: [may] };
    const { lines } = await run('2026-05-16T12:00:00Z', '2026-05-01T00:00:00Z', { restart, history });
    expect(lines).toContain(
      `oldest_inactive_timestamp_seconds security unknown released ${seconds('2026-05-14')}`,
    );
    expect(lines).toContain('pending security unknown 0');
    expect(lines).toContain('deployments_total pending_reboot 1');
    expect(lines).toContain('deployments_total success 0');
  });

  test('after the reboot it is a success', async () => {
    const { lines } = await run('2026-05-17T12:00:00Z', '2026-05-17T03:00:00Z', { history });
    expect(lines).toContain('deployments_total success 1');
    expect(lines.filter((text) => text.startsWith('oldest_inactive'))).toEqual([]);
    expect(evidence.map(({ outcome, at }) => [outcome, at])).toEqual([
      ['pending_reboot', '2026-05-16T02:00:00.000Z'],
      ['success', '2026-05-17T03:00:00.000Z'],
    ]);
    expect(evidence[0]).toMatchObject({
      tool: 'windows_update',
      actor: 'UpdateOrchestrator',
      details: { packages: [{ name: may.Title, to: 'KB50202605' }] },
    });
  });
});

describe('unknown is never 0', () => {
  const counted = (lines: readonly string[]) =>
    lines.filter((text) => text.startsWith('pending') || text.startsWith('held'));

  test.each([
    ['0x8024401C', 'metadata_missing'],
    ['0x80244007', 'metadata_missing'],
    ['0x8024402C', 'metadata_missing'],
    ['0x80240438', 'metadata_missing'],
    ['0x8024500C', 'metadata_missing'],
    ['0x80070005', 'permission_denied'],
    ['0x80070422', 'not_running'],
  ])(
    'a search that fails with %s is %s, and the rest is still told (windows_exporter: series vanish)',
    async (code, reason) => {
      const history = { total: 1, entries: [installation('2026-04', '2026-04-10T02:00:00Z')] };
      const { lines, reasons, messages } = await collect(answer({ search: failed(code), history }));
      expect(counted(lines)).toEqual([]);
      expect(reasons).toEqual([reason]);
      expect(messages[0]).toContain(code);
      expect(lines).toContain('deployments_total success 1');
      expect(lines).toContain('automation_enabled 1');
      expect(lines.includes('metadata_complete 0')).toBe(reason === 'metadata_missing');
    },
  );

  test('a collector that can tell nothing says why (windows_exporter #1691, #2150: enabled, no metric, no log)', async () => {
    const parts = ['system', 'policy', 'automatic', 'search', 'restart', 'history'];
    const output = answer(Object.fromEntries(parts.map((part) => [part, failed('0x80040154')])));
    const { samples, reasons, messages } = await collect(output);
    expect(samples).toEqual([]);
    expect(new Set(reasons)).toEqual(new Set(['unsupported']));
    expect(messages[0]).toContain('0x80040154');
  });

  test('after a failure it waits for its next run (windows_exporter tries again in a tight loop)', async () => {
    let runs = 0;
    const host = replay({ now, commands: { [command()]: answer({ search: failed('0x8024402C') }) } });
    const counting: Host = {
      ...host,
      run: (...call) => {
        runs += 1;
        return host.run(...call);
      },
    };
    await collectFrom(counting);
    expect(runs).toBe(1);
  });

  test('a search that ended with errors may lack updates', async () => {
    const { lines, reasons } = await collect(answer({ search: { resultCode: 3, updates: [] } }));
    expect(counted(lines)).toEqual([]);
    expect(lines).toContain('metadata_complete 0');
    expect(reasons).toEqual(['metadata_missing']);
  });

  test('a search that was never made found nothing', async () => {
    const automatic = { lastSearch: null, lastInstallation: null, notificationLevel: 0 };
    const { lines, reasons } = await collect(answer({ automatic }));
    expect(counted(lines)).toEqual([]);
    expect(lines).toContain('metadata_complete 0');
    expect(reasons).toEqual(['metadata_missing']);
  });

  test('a search of three weeks ago says nothing of today; its date is shown', async () => {
    const automatic = { lastSearch: iso(now - 21 * day), lastInstallation: null, notificationLevel: 4 };
    const { lines, reasons } = await collect(answer({ automatic }));
    expect(counted(lines)).toEqual([]);
    expect(lines).toContain(`metadata_timestamp_seconds microsoft ${now - 21 * day}`);
    expect(reasons).toEqual(['metadata_stale']);
  });

  test('a search in the future is a wrong clock', async () => {
    const automatic = { lastSearch: iso(now + 9 * day), lastInstallation: null, notificationLevel: 4 };
    const { lines, reasons } = await collect(answer({ automatic }));
    expect(counted(lines)).toEqual([]);
    expect(reasons).toEqual(['clock_wrong']);
  });

  test('a list that is missing is not an empty one', async () => {
    const { lines, reasons } = await collect(answer({ search: { resultCode: 2 }, history: { total: 3 } }));
    expect(counted(lines)).toEqual([]);
    expect(lines.filter((text) => text.startsWith('deployments'))).toEqual([]);
    expect(reasons).toEqual(['unexpected_output', 'unexpected_output']);
  });

  test.each([
    ['nothing', ''],
    ['an error page', '<html>502</html>'],
    ['an answer that is cut off', answer(searched(cumulative('2026-05', '2026-05-14'))).slice(0, -30)],
    ['a list of updates from another script', JSON.stringify([cumulative('2026-05', '2026-05-14')])],
    ['German', 'Die Benennung "New-Object" wurde nicht als Name eines Cmdlet erkannt.'],
  ])('%s is unexpected', async (_, output) => {
    await expect(collect(output)).rejects.toMatchObject({ reason: 'unexpected_output' });
  });

  test.each(['tool_missing', 'permission_denied', 'timeout', 'output_too_large'] as const)(
    'PowerShell that ends with %s leaves nothing but that',
    async (reason) => {
      const host = replay({ commands: { [command()]: new CollectorError(reason, 'played') } });
      await expect(collectFrom(host)).rejects.toMatchObject({ reason });
    },
  );
});

test('titles and numbers of updates are in no label, so a year of patches adds no series (windows_exporter: one each)', async () => {
  const many = Array.from({ length: 300 }, (_, at) => ({
    ...cumulative('2026-05', '2026-05-14'),
    UpdateID: `00000000-0000-0000-0000-${String(at).padStart(12, '0')}`,
    Title: `Security Update for Product ${at} (KB60${String(at).padStart(5, '0')})`,
    KBArticleIDs: [`60${String(at).padStart(5, '0')}`],
  }));
  const none = await collect(answer());
  const some = await collect(answer(searched(...many)));
  expect(some.lines).toContain('pending security unknown 300');
  expect(some.samples.length).toBe(none.samples.length + 1);
  expect(JSON.stringify(some.samples)).not.toMatch(/KB60|Product|0000-/);
});

describe('asking the update server', () => {
  test('is a setting, and the answer is then of now', async () => {
    const output = answer({
      online: true,
      automatic: { lastSearch: iso(now - 60 * day), notificationLevel: 4 },
    });
    const host = replay({ now, commands: { [command(true)]: output } });
    const { lines, reasons } = await collectFrom(host, { online: true });
    expect(reasons).toEqual([]);
    expect(lines[0]).toBe(`metadata_timestamp_seconds microsoft ${now}`);
    expect(lines).toContain('pending security unknown 0');
  });
});

describe('the file of a scheduled task', () => {
  const file = 'C:/ProgramData/maintenance-exporter/windows-update.json';
  const fromFile = (text: string | CollectorError, modified = now - 600) =>
    collectFrom(replay({ now, files: { [file]: text }, modified: { [file]: modified } }), {
      script_output: file,
    });

  test('is read instead of running PowerShell', async () => {
    const { lines, reasons } = await fromFile(
      `\uFEFF${answer(searched(cumulative('2026-05', '2026-05-14')))}\r\n`,
    );
    expect(reasons).toEqual([]);
    expect(lines).toContain('pending security unknown 1');
  });

  test('that > of Windows PowerShell wrote in UTF-16 is read', async () => {
    const text = answer(searched(cumulative('2026-05', '2026-05-14')));
    const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le').toString('latin1');
    const host = replay({ now, files: { [file]: bytes } });
    const utf8: Host = { ...host, read: async () => Buffer.from(bytes, 'latin1').toString('utf8') };
    expect((await collectFrom(utf8, { script_output: file })).lines).toContain('pending security unknown 1');
  });

  test.each([
    ['was written three days ago', answer(), now - 3 * day],
    ['is a young copy of an old answer', answer({}, now - 3 * day), now],
  ])('that %s is stale: nothing is pending is unknown', async (_, text, modified) => {
    const { lines, reasons } = await fromFile(text, modified);
    expect(lines.filter((one) => one.startsWith('pending'))).toEqual([]);
    expect(reasons).toEqual(['metadata_stale']);
  });

  test('that is missing, or may not be read, says so', async () => {
    const host = replay({ now });
    await expect(collectFrom(host, { script_output: file })).rejects.toMatchObject({
      reason: 'source_missing',
    });
    await expect(fromFile(new CollectorError('permission_denied', 'played'))).rejects.toMatchObject({
      reason: 'permission_denied',
    });
  });
});

describe('the script', () => {
  test('changes nothing, goes online only when told, and fits on a command line', () => {
    expect(windowsUpdateText).not.toMatch(
      /Set-|Remove-|Install\(|Download\(|\.Save\(|Invoke-|Start-|Stop-|New-Item/,
    );
    expect(windowsUpdateScript(false)).toBe(windowsUpdateText);
    expect(windowsUpdateScript(true)).toBe(windowsUpdateText.replace('$online = $false', '$online = $true'));
    expect(windowsUpdateText.match(/\$online = \$false/g)).toHaveLength(1);
    // CreateProcess takes 32767 characters.
    expect(command().length).toBeLessThan(30_000);
  });

  test('marks dates of the agent as UTC and does not shift them by the zone of the host', () => {
    expect(windowsUpdateText).toContain(`[DateTime]::SpecifyKind([DateTime]$date, 'Utc').ToString('o')`);
    expect(windowsUpdateText.match(/ToUniversalTime/g)).toHaveLength(2); // of the clock and of the start time only
  });

  test('is in the documentation as it is run', () => {
    const page = new URL('../../docs/collectors/windows_update.md', import.meta.url);
    expect(existsSync(page)).toBe(true);
    expect(readFileSync(page, 'utf8')).toContain(`\`\`\`powershell\n${windowsUpdateText}\`\`\``);
  });
});

test('it is offered to Windows only', async () => {
  expect(await windowsUpdate.detect(replay({ files: { 'C:/Windows/System32/wuapi.dll': '' } }))).toEqual({});
  expect(await windowsUpdate.detect(replay({}))).toBeUndefined();
});

const shared = new URL(
  '../../../shared/fixtures/sources/windows/wua-search-server2019.json',
  import.meta.url,
);
if (!existsSync(shared)) console.warn(`${shared.pathname} is not here; the captured search is not collected`);

test.skipIf(!existsSync(shared))(
  'a captured Server 2019: two security updates wait, four others',
  async () => {
    const found: unknown = JSON.parse(readFileSync(shared, 'utf8'));
    const { lines, reasons } = await collect(answer({ search: { resultCode: 2, updates: found } }));
    expect(reasons).toEqual([]);
    expect(waiting(lines)).toEqual([
      'pending security critical 1',
      `oldest_pending_timestamp_seconds security critical first_seen ${now}`,
      'pending security unknown 1',
      `oldest_pending_timestamp_seconds security unknown first_seen ${now}`,
      'held security 0',
      'pending standard unknown 4',
      `oldest_pending_timestamp_seconds standard unknown first_seen ${now}`,
      'held standard 0',
    ]);
  },
);
