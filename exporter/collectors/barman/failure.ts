import { z } from 'zod';
import { CollectorError, type Reason, type ToolOutput } from '../../collector.ts';

/** What barman and sudo say; the first that fits. */
const sayings: readonly (readonly [RegExp, Reason])[] = [
  [
    /please run barman as|a password is required|not allowed to execute|not in the sudoers/i,
    'permission_denied',
  ],
  [/permission denied|unknown user/i, 'permission_denied'],
  [/unknown server/i, 'repository_missing'],
  [/configuration file .* does not exist/i, 'source_missing'],
  [/command not found/i, 'tool_missing'],
];

const advice: Readonly<Partial<Record<Reason, string>>> = {
  permission_denied: 'set user to the user of barman and let the exporter run it by sudo',
  repository_missing: 'check server; barman list-server shows those it knows',
  source_missing: 'check config',
};

/** Why barman did not answer, from what it printed: text on stderr, or `_ERROR` in its JSON. */
export function parseFailure(command: string, { exitCode, stdout, stderr }: ToolOutput): CollectorError {
  const said = firstError(stdout, stderr);
  const reason = sayings.find(([pattern]) => pattern.test(`${stdout}\n${stderr}`))?.[1] ?? 'tool_failed';
  const message = `barman ${command} ended with ${exitCode}: ${said}`;
  const hint = advice[reason];
  return new CollectorError(reason, hint === undefined ? message : `${message}; ${hint}`);
}

/** The first error barman names, else the last line it printed: a Python traceback ends with its reason. Short. */
export function firstError(stdout: string, stderr: string): string {
  const lines = plainText(stdout, stderr)
    .split('\n')
    .map((line) => line.trim());
  const line =
    lines.find((each) => /^(?:ERROR|EXCEPTION|CRITICAL): /.test(each)) ??
    lines.findLast((each) => each !== '');
  return (line ?? 'it gave no reason').replaceAll(/[^\x20-\x7e]+/g, '?').slice(0, 300);
}

const messagesSchema = z.object({
  _ERROR: z.array(z.string()).default([]),
  _INFO: z.array(z.string()).default([]),
});

/** What barman said in words, whether as text or as messages in its JSON (barman/output.py, JsonOutputWriter). */
export function plainText(stdout: string, stderr: string): string {
  const { _ERROR: errors, _INFO: infos } = messagesIn(stdout) ?? { _ERROR: [], _INFO: [stdout] };
  return [...errors.map((error) => `ERROR: ${error}`), ...infos, stderr].join('\n');
}

function messagesIn(stdout: string): z.infer<typeof messagesSchema> | undefined {
  try {
    return messagesSchema.safeParse(JSON.parse(stdout)).data;
  } catch {
    return undefined;
  }
}
