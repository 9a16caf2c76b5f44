import { CollectorError, type Host } from '../../collector.ts';

/** A program every Windows since 2008 has; it runs what is given on any of them. */
const program = 'powershell.exe';

/** Whether this is Windows at all. Linux under WSL can run `powershell.exe`, but that tells of the machine around it. */
export async function isWindows(host: Host): Promise<boolean> {
  return (await host.stat('C:/Windows/System32/wuapi.dll')) !== undefined;
}

/**
 * Arguments that run a script whatever is in it: no profile, no prompt, and base64 of UTF-16LE, so nothing is quoted; see
 * about_PowerShell_exe. The execution policy guards files, not commands, but a policy of the domain may forbid the latter too.
 */
export function scriptArguments(script: string): readonly string[] {
  const bytes = Array.from({ length: script.length }, (_, at) => {
    const code = script.charCodeAt(at);
    return String.fromCharCode(code % 256, Math.floor(code / 256));
  });
  const encoded = btoa(bytes.join(''));
  return ['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-EncodedCommand', encoded];
}

/**
 * Runs a script that prints one JSON document.
 * @param about what it reads, for messages.
 * @param timeout milliseconds.
 * @throws CollectorError as Host.run; tool_failed when PowerShell refused or broke off; unexpected_output.
 */
export async function runScript(
  host: Host,
  script: string,
  about: string,
  timeout: number,
): Promise<unknown> {
  const { exitCode, stdout, stderr } = await host.run(program, scriptArguments(script), { timeout });
  if (exitCode !== 0)
    throw new CollectorError(
      'tool_failed',
      `PowerShell ended with ${exitCode} when asked for ${about}: ${spoken(stderr)}; see whether the service user may run powershell.exe (AppLocker, antivirus)`,
    );
  return parseScriptOutput(stdout, about);
}

/**
 * The JSON document in what a script printed. A byte order mark, and lines before and after the document (progress that Windows
 * PowerShell writes as CLIXML, warnings in any language, a transcript), are left out.
 * @throws CollectorError unexpected_output.
 */
export function parseScriptOutput(text: string, about: string): unknown {
  const plain = text.replace(/^\uFEFF/, '');
  // Only the first beginning counts: one further on would be a part of a document that is cut off.
  const begin = plain.search(/^[ \t]*(?:\{|\[\s*(?:[[\]{"]|$))/m);
  const body = plain.slice(Math.max(0, begin));
  if (begin === -1)
    throw new CollectorError(
      'unexpected_output',
      `nothing that came back about ${about} is JSON; it begins with ${JSON.stringify(plain.trim().slice(0, 60))}`,
    );
  try {
    return JSON.parse(body.slice(0, Math.max(body.lastIndexOf('}'), body.lastIndexOf(']')) + 1));
  } catch (error) {
    throw new CollectorError(
      'unexpected_output',
      `what came back about ${about} is not JSON, or it is cut off; it ends with ${JSON.stringify(plain.trim().slice(-60))}`,
      { cause: error },
    );
  }
}

/** The first words of an error stream, without the XML that PowerShell wraps around it. */
function spoken(stderr: string): string {
  const words = stderr
    .replaceAll(/#< CLIXML|<[^>]*>|_x000[AD]_/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return words === '' ? 'it gave no reason' : words.slice(0, 300);
}
