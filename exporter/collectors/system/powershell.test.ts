import { describe, expect, test } from 'vitest';
import { CollectorError } from '../../collector.ts';
import { replay } from '../../replay.ts';
import { isWindows, parseScriptOutput, runScript, scriptArguments } from './powershell.ts';

const command = (script: string) => ['powershell.exe', ...scriptArguments(script)].join(' ');

describe('a script on the command line', () => {
  test('is base64 of UTF-16, whatever is in it', () => {
    const script = `Write-Output "ü € ${String.fromCodePoint(0x1f6d1)} ' \\"`;
    const [encoded = ''] = scriptArguments(script).slice(-1);
    expect(Buffer.from(encoded, 'base64').toString('utf16le')).toBe(script);
    expect(encoded).toMatch(/^[\w+/=]+$/);
  });

  test('is run without profile, prompt or the policy for files', () => {
    expect(scriptArguments('x').slice(0, -1)).toEqual([
      '-NoProfile',
      '-NonInteractive',
      '-ExecutionPolicy',
      'Bypass',
      '-EncodedCommand',
    ]);
  });

  test('that PowerShell refuses is a failure with the words of PowerShell, without its XML', async () => {
    const stderr =
      '#< CLIXML\r\n<Objs Version="1.1.0.1"><S S="Error">Die Datei kann nicht geladen werden._x000D__x000A_</S></Objs>';
    const host = replay({ commands: { [command('x')]: { exitCode: 1, stderr } } });
    await expect(runScript(host, 'x', 'a thing', 1000)).rejects.toMatchObject({
      reason: 'tool_failed',
      message: expect.stringContaining('asked for a thing: Die Datei kann nicht geladen werden.;'),
    });
  });

  test.each(['tool_missing', 'permission_denied', 'timeout', 'output_too_large'] as const)(
    'that cannot be run says %s',
    async (reason) => {
      const host = replay({ commands: { [command('x')]: new CollectorError(reason, 'played') } });
      await expect(runScript(host, 'x', 'a thing', 1000)).rejects.toMatchObject({ reason });
    },
  );
});

describe('what a script printed', () => {
  const read = (text: string) => parseScriptOutput(text, 'a thing');

  test.each([
    ['with a byte order mark', '\uFEFF{"a":[1]}\r\n'],
    ['with lines around it', 'WARNUNG: [Spalte 1]\r\n[INFO] start\r\n{"a":[1]}\r\nfertig\r\n'],
    ['with progress as CLIXML before it', '#< CLIXML\r\n<Objs><Obj S="progress"/></Objs>\r\n  {"a":[1]}'],
    ['over several lines', '{\n  "a":  [\n    1\n  ]\n}\n'],
  ])('%s is read', (_, text) => {
    expect(read(text)).toEqual({ a: [1] });
  });

  test.each([
    '',
    ' \r\n',
    'Zugriff verweigert',
    '{"a":',
    '{"a":[{"b":1},{"c":2}',
    '[\n {"a":1},\n {"b":2},\n {"c',
  ])('%j is unexpected, and no part of it is taken for the whole', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ reason: 'unexpected_output' }));
  });

  test('cut off at any place it is unexpected', () => {
    const whole = JSON.stringify({ updates: [{ title: 'a' }, { title: 'b {c}' }], more: { n: 1 } }, null, 1);
    for (let end = 0; end < whole.length; end += 1)
      expect(() => read(whole.slice(0, end)), whole.slice(0, end)).toThrow(CollectorError);
  });
});

test('Linux is not Windows, also where it can run powershell.exe (WSL)', async () => {
  expect(await isWindows(replay({ commands: { 'powershell.exe x': '' } }))).toBe(false);
  expect(await isWindows(replay({ files: { 'C:/Windows/System32/wuapi.dll': '' } }))).toBe(true);
});
