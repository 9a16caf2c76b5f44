import { CollectorError, type Reason, type ToolOutput } from '../../collector.ts';

/** kopia ends with 1 whatever happened; only what it says tells (cli/app.go, repo/open.go, repo/blob/*). The first that fits. */
const sayings: readonly (readonly [RegExp, Reason])[] = [
  [/invalid (?:repository )?password/i, 'authentication_failed'],
  [/password (?:prompt|is required)|no password|inappropriate ioctl/i, 'password_unreadable'],
  [/repository is not connected|not initialized in the provided storage/i, 'repository_missing'],
  [/no such (?:file|host|bucket)|cannot access storage path|bucket .* does not exist/i, 'repository_missing'],
  [/access ?denied|permission denied|forbidden|\b403\b/i, 'permission_denied'],
  [/InvalidAccessKeyId|SignatureDoesNotMatch|unauthorized|\b401\b/i, 'authentication_failed'],
  [/connection refused|dial tcp|no route to host|i\/o timeout|deadline exceeded/i, 'not_running'],
];

const colour = new RegExp(String.raw`\x1b\[[0-9;]*m`, 'g');

const advice: Readonly<Partial<Record<Reason, string>>> = {
  authentication_failed: 'check password_file and the keys in environment',
  password_unreadable: 'set password_file',
  repository_missing:
    'connect the user of the exporter with kopia repository connect --readonly, and check config_file',
  permission_denied: 'let the user of the exporter read config_file and the repository',
  not_running: 'check that the storage answers',
};

/** Why kopia failed, from what it printed to stderr. */
export function parseFailure({ exitCode, stderr }: Pick<ToolOutput, 'exitCode' | 'stderr'>): CollectorError {
  const lines = stderr
    .replaceAll(colour, '')
    .split('\n')
    .map((line) => line.trim());
  const said =
    lines.findLast((line) => /^ERROR\b|^kopia: error:/i.test(line)) ?? lines.findLast((line) => line !== '');
  const reason = sayings.find(([pattern]) => pattern.test(lines.join('\n')))?.[1] ?? 'tool_failed';
  const hint = advice[reason];
  const text = (said ?? 'it gave no reason').replaceAll(/\/\/[^/@\s]*@/g, '//***@').slice(0, 300);
  return new CollectorError(
    reason,
    `kopia ended with ${exitCode}: ${text}${hint === undefined ? '' : `; ${hint}`}`,
  );
}
