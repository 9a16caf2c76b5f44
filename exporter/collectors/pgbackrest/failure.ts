import { CollectorError, type Problem, type Reason, type ToolOutput } from '../../collector.ts';

/** Exit codes with one meaning (src/build/error/error.yaml of pgBackRest). */
const exitCodes: Readonly<Record<number, Reason>> = {
  37: 'password_unreadable', // option-required; for info that is a cipher without its passphrase
  41: 'permission_denied', // file-open: the configuration
  49: 'not_running', // host-connect
  55: 'source_missing', // file-missing: the configuration
  95: 'authentication_failed', // crypto
  105: 'authentication_failed', // access
};

/** What it says; the first that fits. Permission comes first: it is often the cause of the rest. */
const sayings: readonly (readonly [RegExp, Reason])[] = [
  [/a password is required|not allowed to execute|not in the sudoers|unknown user/i, 'permission_denied'],
  [/\[13\]|permission denied/i, 'permission_denied'],
  [/\b40[13] \(|AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch/i, 'authentication_failed'],
  [/CryptoError|cipher header invalid|unable to flush/i, 'authentication_failed'],
  [/HostConnectError|unable to (?:connect|get address)|timeout (?:connecting|negotiating)/i, 'not_running'],
  [/connection (?:refused|timed out)|no route to host|could not resolve/i, 'not_running'],
  [/command not found/i, 'tool_missing'],
];

const advice: Readonly<Partial<Record<Reason, string>>> = {
  authentication_failed: 'check the cipher passphrase and the keys in the configuration of pgBackRest',
  not_running: 'check that the repository host is up and lets this host in',
  password_unreadable: 'the configuration of pgBackRest lacks it, or this user does not see it',
  permission_denied: 'let the user of the exporter read it, or set user and a line in sudoers',
  source_missing: 'check config',
};

/** Why `pgbackrest info` failed, from its exit code and what it printed. */
export function parseFailure({ exitCode, stdout, stderr }: ToolOutput): CollectorError {
  const text = `${stderr}\n${stdout}`;
  const reason = sayings.find(([pattern]) => pattern.test(text))?.[1] ?? exitCodes[exitCode] ?? 'tool_failed';
  return new CollectorError(
    reason,
    advised(reason, `pgbackrest info ended with ${exitCode}: ${firstError(text)}`),
  );
}

/** The first line pgBackRest calls an error, else the first that says anything; short and printable. */
export function firstError(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const line = lines.find((each) => /\bERROR: \[\d+\]/.test(each)) ?? lines.find((each) => each !== '');
  return shown(line?.replace(/^.*?(?=\bERROR: \[)/, '') ?? 'it gave no reason');
}

interface Repository {
  readonly key: number;
  readonly cipher?: string | null | undefined;
  readonly status: { readonly code: number; readonly message?: string | null | undefined };
}

/** Why a repository could not be read, from its status in `info` (repoStanzaStatus in src/command/info/info.c). */
export function repositoryProblem(stanza: string, { key, cipher, status }: Repository): Problem {
  const where = `repository ${key} of stanza ${stanza}`;
  if (status.code === 1)
    return {
      reason: 'repository_missing',
      message: `${where}: its path is missing; check the path and that its disk is mounted, or run pgbackrest stanza-create`,
    };
  if (status.code === 3)
    return {
      reason: 'repository_missing',
      message: `${where}: backup.info is missing; bring it back from a copy, or run pgbackrest stanza-create`,
    };
  const text = status.message ?? '';
  const said = shown(text.split('\n')[0] ?? '');
  // With a wrong passphrase the file decrypts to garbage, which pgBackRest then calls a wrong format.
  const garbage =
    cipher !== undefined && cipher !== null && cipher !== 'none' && text.includes('FormatError');
  const reason =
    sayings.find(([pattern]) => pattern.test(text))?.[1] ??
    (garbage ? 'authentication_failed' : 'tool_failed');
  return {
    reason,
    message: advised(reason, `${where} could not be read (status ${status.code}): ${said}`),
  };
}

function advised(reason: Reason, message: string): string {
  const hint = advice[reason];
  return hint === undefined ? message : `${message}; ${hint}`;
}

/** Without the bytes of a file that was decrypted with the wrong key, and without what an address may carry. */
function shown(text: string): string {
  return text
    .replaceAll(/[^\x20-\x7e]+/g, '?')
    .replaceAll(/\/\/[^/\s]*@/g, '//***@')
    .slice(0, 300);
}
