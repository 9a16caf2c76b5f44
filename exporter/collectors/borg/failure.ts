import { z } from 'zod';
import { CollectorError, type Reason, type ToolOutput } from '../../collector.ts';

/**
 * Message ids of borg (`--log-json`) and its exit codes with BORG_EXIT_CODES=modern, 1.4 and later
 * (https://borgbackup.readthedocs.io/en/stable/internals/frontends.html#message-ids).
 */
const errors: readonly (readonly [code: number, id: RegExp, reason: Reason])[] = [
  [10, /^Repository\.AlreadyExists$/, 'tool_failed'],
  [11, /^Repository\.AtticRepository$/, 'unsupported'],
  [13, /^Repository\.DoesNotExist$/, 'repository_missing'],
  [15, /^Repository\.InvalidRepository$/, 'repository_missing'],
  [18, /^Repository\.ParentPathDoesNotExist$/, 'repository_missing'],
  [21, /^Repository\.PathPermissionDenied$/, 'permission_denied'],
  [25, /^MandatoryFeatureUnsupported$/, 'unsupported'],
  [27, /^UnsupportedManifestError$/, 'unsupported'],
  [40, /^KeyfileInvalidError$/, 'authentication_failed'],
  [41, /^KeyfileMismatchError$/, 'authentication_failed'],
  [42, /^KeyfileNotFoundError$/, 'authentication_failed'],
  [44, /^RepoKeyNotFoundError$/, 'authentication_failed'],
  [48, /^UnsupportedPayloadError$/, 'unsupported'],
  [50, /^NoPassphraseFailure$/, 'password_unreadable'],
  [51, /^PasscommandFailure$/, 'password_unreadable'],
  [52, /^PassphraseWrong$/, 'authentication_failed'],
  [53, /^PasswordRetriesExceeded$/, 'authentication_failed'],
  [70, /^LockError$/, 'repository_locked'],
  [71, /^LockErrorT$/, 'repository_locked'],
  [73, /^LockTimeout$/, 'repository_locked'],
  [83, /^PathNotAllowed$/, 'permission_denied'],
];

/** What borg says in words: without `--log-json`, and where the id does not tell the cause; the first that fits. */
const sayings: readonly (readonly [RegExp, Reason])[] = [
  [/^.*: Permission denied \((?:publickey|password|keyboard)/im, 'authentication_failed'],
  [/PermissionError|Permission denied/i, 'permission_denied'],
  [/Failed to (?:create\/)?acquire the lock .*\(timeout\)/i, 'repository_locked'],
  [/passphrase supplied in .* is incorrect/i, 'authentication_failed'],
  [/can not acquire a passphrase|passcommand supplied in/i, 'password_unreadable'],
  [/No key file for repository|No key entry found|Mismatch between repository/i, 'authentication_failed'],
  [/Repository .* does not exist|is not a valid repository/i, 'repository_missing'],
  [/Repository path not allowed/i, 'permission_denied'],
];

const advice: Readonly<Partial<Record<Reason, string>>> = {
  authentication_failed: 'check the passphrase file, the key file and the ssh key',
  password_unreadable: 'set passphrase_file to a file that holds the passphrase',
  permission_denied: 'let the user of the exporter read the repository',
  repository_locked: 'it is asked again at the next run; if no other borg works there, run borg break-lock',
  repository_missing: 'check repository, and that its disk is mounted',
};
/** borg asks before it trusts a repository it does not know or that has moved; nobody answers here. */
const questions: readonly (readonly [RegExp, string])[] = [
  [
    /previously located at|Repository access aborted/,
    'borg knows this repository at another place; if it was moved on purpose, run borg list once as the user of the exporter and answer its question',
  ],
  [
    /unknown unencrypted repository|Cache initialization aborted/,
    'borg does not know this unencrypted repository; if it is the right one, run borg list once as the user of the exporter and answer its question',
  ],
];

const lineSchema = z.object({
  type: z.string(),
  message: z.string().optional().catch(undefined),
  levelname: z.string().optional().catch(undefined),
  msgid: z.string().optional().catch(undefined),
});

/** A line of stderr: JSON with `--log-json`, else text. */
export interface Said {
  readonly text: string;
  /** Python's name of the level; undefined for text. */
  readonly level: string | undefined;
  readonly id: string | undefined;
}

/** Reads what borg said on stderr, with `--log-json` or without. */
export function parseSaid(stderr: string): readonly Said[] {
  return stderr
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const said = lineSchema.safeParse(parseJson(line)).data;
      return said === undefined
        ? { text: line.trim(), level: undefined, id: undefined }
        : { text: said.message ?? '', level: said.levelname, id: said.msgid };
    });
}

function parseJson(line: string): unknown {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Whether it failed because nobody answered its question. */
export function isQuestion(stderr: string): boolean {
  return questions.some(([pattern]) => pattern.test(stderr));
}

/** Why borg failed, from its message ids, its exit code and what it printed to stderr. */
export function parseFailure({ exitCode, stderr }: Pick<ToolOutput, 'exitCode' | 'stderr'>): CollectorError {
  const said = parseSaid(stderr);
  const words = said.map(({ text }) => text).join('\n');
  const spoken = sayings.find(([pattern]) => pattern.test(words))?.[1];
  const reason =
    reasonById(said) ?? spoken ?? errors.find(([code]) => code === exitCode)?.[2] ?? 'tool_failed';
  const line =
    said.find(({ level, id }) => level === 'ERROR' && id !== 'Exception') ??
    said.find(({ text }) => /PermissionError|Error:/.test(text)) ??
    said.find(({ text }) => text !== '');
  const hint = questions.find(([pattern]) => pattern.test(words))?.[1] ?? advice[reason];
  const message = `borg ended with ${exitCode}: ${shown(line?.text ?? 'it gave no reason')}`;
  return new CollectorError(reason, hint === undefined ? message : `${message}; ${hint}`);
}

function reasonById(said: readonly Said[]): Reason | undefined {
  for (const { id = '' } of said) {
    const found = errors.find(([, pattern]) => pattern.test(id));
    if (found !== undefined) return found[2];
  }
  return undefined;
}

/** Problems are shown on the landing page: short, and without the user and password an address may carry. */
export function shown(text: string): string {
  const line = text.startsWith('Traceback')
    ? (text.split('\n').find((part) => /^\w*Error\b/.test(part)) ?? text)
    : text;
  return (line.split('\n')[0] ?? '').replaceAll(/\/\/[^/\s]*@/g, '//***@').slice(0, 300);
}
