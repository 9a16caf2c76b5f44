import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectorError } from '../../collector.ts';
import { replay, type Replay } from '../../replay.ts';
import { reboot } from '../reboot.ts';
import { scriptArguments } from '../system/powershell.ts';
import { parseWindowsReboot, readWindows, replacedFiles, windowsRebootText } from './windows.ts';

const dll = { 'C:/Windows/System32/wuapi.dll': '' };
const command = ['powershell.exe', ...scriptArguments(windowsRebootText)].join(' ');
const answering = (answer: Required<Replay>['commands'][string]) =>
  replay({ files: dll, commands: { [command]: answer } });

const quiet = {
  componentServicing: false,
  windowsUpdate: false,
  fileRenames: [],
  booted: '2026-11-20T06:00:00.1234567Z',
};

describe('the registry of Windows', () => {
  test('without a flag asks for no reboot', async () => {
    expect(await readWindows(answering(JSON.stringify(quiet)))).toEqual({
      answers: [
        { reason: 'component_servicing', required: false },
        { reason: 'windows_update', required: false },
        { reason: 'file_renames', required: false },
      ],
      booted: Date.parse('2026-11-20T06:00:00.123Z') / 1000,
    });
  });

  test.each([
    ['componentServicing', 'component_servicing'],
    ['windowsUpdate', 'windows_update'],
  ])('with %s asks for one', (flag, reason) => {
    const { answers } = parseWindowsReboot({ ...quiet, [flag]: true });
    expect(answers.filter(({ required }) => required)).toEqual([{ reason, required: true }]);
  });

  test('a file that is replaced at the next start asks for one', () => {
    const renames = [
      String.raw`\??\C:\Windows\WinSxS\pending\tcpip.sys`,
      String.raw`!\??\C:\Windows\System32\drivers\tcpip.sys`,
    ];
    expect(replacedFiles(renames)).toEqual([String.raw`C:\Windows\System32\drivers\tcpip.sys`]);
    expect(parseWindowsReboot({ ...quiet, fileRenames: renames }).answers[2]).toEqual({
      reason: 'file_renames',
      required: true,
    });
  });

  test('files that are only deleted, temporary ones and printer drivers do not', () => {
    expect(
      replacedFiles([
        String.raw`\??\C:\Windows\Temp\a.tmp`,
        '',
        String.raw`\??\C:\x`,
        String.raw`\??\C:\Users\me\AppData\Local\Temp\y.dll`,
        String.raw`\??\C:\p`,
        String.raw`\??\C:\Windows\system32\spool\DRIVERS\x64\3\p.dll`,
      ]),
    ).toEqual([]);
  });

  test('is not asked on another system', async () => {
    expect(await readWindows(replay({ commands: { [command]: 'never read' } }))).toBeUndefined();
  });

  test.each([
    ['an empty answer', ''],
    ['a message in German', 'Der Zugriff auf die Registrierung wurde verweigert.'],
    ['a list without its flags', '{"fileRenames":[]}'],
    ['an answer that is cut off', JSON.stringify(quiet).slice(0, -9)],
  ])('%s is unknown, never "no reboot"', async (_, answer) => {
    await expect(readWindows(answering(answer))).rejects.toMatchObject({ reason: 'unexpected_output' });
  });

  test.each(['permission_denied', 'timeout', 'tool_missing'] as const)('%s stays that', async (reason) => {
    await expect(readWindows(answering(new CollectorError(reason, 'played')))).rejects.toMatchObject({
      reason,
    });
  });
});

const shared = new URL('../../../../shared/fixtures/sources/reboot/windows_reboot.toml', import.meta.url);
if (!existsSync(shared)) console.warn(`${shared.pathname} is not here; its facts are not tested`);

test.skipIf(!existsSync(shared))(
  'a captured server: two flags ask for a reboot, its renames (temporary and printer files) do not',
  () => {
    const toml = readFileSync(shared, 'utf8');
    const flag = (key: string) =>
      new RegExp(String.raw`Test-Path[^\n]*${key}'\\""\]\s*stdout="(\w+)"`).exec(toml)?.[1] === 'True';
    const list = /"PendingFileRenameOperations":\s*(\[[^\]]*\])/.exec(toml)?.[1] ?? '';
    // The file keeps JSON in a TOML string: its backslashes are doubled once more.
    const fileRenames: string[] = JSON.parse(list);
    expect(fileRenames).toHaveLength(4);
    const { answers } = parseWindowsReboot({
      ...quiet,
      componentServicing: flag('RebootPending'),
      windowsUpdate: flag('RebootRequired'),
      fileRenames,
    });
    expect(answers).toEqual([
      { reason: 'component_servicing', required: true },
      { reason: 'windows_update', required: true },
      { reason: 'file_renames', required: false },
    ]);
    expect(toml).toMatch(/"UBR": {2}720/);
  },
);

describe('the reboot collector on Windows', () => {
  const at = (
    answer: Required<Replay>['commands'][string],
    now: number,
    state = new Map<string, unknown>(),
  ) => reboot.collect(replay({ files: dll, commands: { [command]: answer }, now, state }), {});
  const booted = Date.parse(quiet.booted.replace('4567Z', 'Z')) / 1000;
  const lines = ({ samples }: Awaited<ReturnType<typeof at>>) =>
    samples.map(({ name, labels, value }) =>
      [name.slice('maintenance_reboot_'.length), ...Object.values(labels), value].join(' '),
    );

  test('nothing asks for a reboot: an explicit 0 for every reason, and no date', async () => {
    const collection = await at(JSON.stringify(quiet), booted + 1000);
    expect(collection.problems).toEqual([]);
    expect(lines(collection)).toEqual([
      'required component_servicing 0',
      'required windows_update 0',
      'required file_renames 0',
    ]);
  });

  test('a reason counts since it was first seen, which the registry does not tell, until the host has started again', async () => {
    const state = new Map<string, unknown>();
    const asking = JSON.stringify({ ...quiet, windowsUpdate: true });
    const first = Math.floor(booted) + 86_400;
    await at(asking, first, state);
    expect(lines(await at(asking, first + 5 * 86_400, state))).toContain(
      `required_since_timestamp_seconds ${first}`,
    );
    const restarted = JSON.stringify({
      ...quiet,
      windowsUpdate: true,
      booted: new Date((first + 6 * 86_400) * 1000).toISOString(),
    });
    expect(lines(await at(restarted, first + 7 * 86_400, state))).toContain(
      `required_since_timestamp_seconds ${first + 7 * 86_400}`,
    );
  });

  test('a registry that may not be read is a problem and claims nothing', async () => {
    const collection = await at({ exitCode: 1, stderr: 'Access is denied' }, booted + 1000);
    expect(collection.samples).toEqual([]);
    expect(collection.problems.map(({ reason }) => reason)).toEqual(['tool_failed']);
  });
});
