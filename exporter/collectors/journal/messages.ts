import { CollectorError, type Host, type ToolOutput } from '../../collector.ts';

/** Whether nothing was found only because the user may see nothing. */
const hidden = /not seeing messages from other users|insufficient permissions|permission denied/i;
const cursorLine = /(?:^|\n)-- cursor: (\S+)\n?$/;

/** Messages of the journal after a place in it. */
export interface Batch {
  readonly messages: readonly string[];
  /** The place behind them; undefined when there is none. */
  readonly cursor: string | undefined;
}

/** What `journalctl --output=cat --show-cursor` printed. */
export function parseBatch(text: string): Batch {
  const cursor = cursorLine.exec(text);
  const messages = (cursor === null ? text : text.slice(0, cursor.index)).split('\n');
  return { messages: messages.filter((line) => line !== ''), cursor: cursor?.[1] };
}

/**
 * The end of the journal.
 * @throws CollectorError source_missing when it has no entry, permission_denied, tool_missing, tool_failed.
 */
export async function endOf(host: Host, directory: string | undefined): Promise<string> {
  const { cursor } = parseBatch(await ask(host, directory, ['--lines=1']));
  if (cursor === undefined)
    throw new CollectorError(
      'source_missing',
      `${directory ?? 'the systemd journal'} has no entry, so failed logins are not on record; check Storage= in journald.conf, or turn the journal collector off`,
    );
  return cursor;
}

/** Of the facilities auth and authpriv. */
const facilities = ['SYSLOG_FACILITY=4', 'SYSLOG_FACILITY=10'];

/**
 * How to ask for what comes after a place. With a filter, `--after-cursor` leaves out the first entry it finds, which is the one of
 * the place only where that passes the filter and is still there (journalctl.c: sd_journal_next_skip).
 * @returns undefined where the place is not one of this journal.
 * @throws CollectorError permission_denied, tool_missing, tool_failed.
 */
export async function afterPlace(
  host: Host,
  directory: string | undefined,
  cursor: string,
): Promise<string | undefined> {
  const answer = await run(host, directory, ['--lines=1', `--cursor=${cursor}`, ...facilities]);
  if (/failed to (?:seek to|parse) cursor/i.test(answer.stderr)) return undefined;
  return parseBatch(checked(answer).stdout).cursor === cursor
    ? `--after-cursor=${cursor}`
    : `--cursor=${cursor}`;
}

/**
 * The first messages of the facilities auth and authpriv from a place on, `most` at the most; none where there are none: journalctl
 * then prints nothing and ends with 1.
 * @throws CollectorError permission_denied, tool_missing, tool_failed.
 */
export async function authenticationMessages(
  host: Host,
  directory: string | undefined,
  from: string,
  most: number,
): Promise<Batch> {
  return parseBatch(await ask(host, directory, [`--lines=${most}`, from, ...facilities]));
}

async function ask(host: Host, directory: string | undefined, more: readonly string[]): Promise<string> {
  return checked(await run(host, directory, more)).stdout;
}

function run(host: Host, directory: string | undefined, more: readonly string[]): Promise<ToolOutput> {
  const where = directory === undefined ? [] : [`--directory=${directory}`];
  return host.run('journalctl', ['--output=cat', '--show-cursor', '--no-pager', ...where, ...more]);
}

/** Without the right to read the system journal journalctl shows the messages of the user alone, and says so. */
function checked(answer: ToolOutput): ToolOutput {
  const { exitCode, stderr } = answer;
  if (hidden.test(stderr))
    throw new CollectorError(
      'permission_denied',
      'the journal may not be read, so failed logins are unknown; put the service user into the group systemd-journal',
    );
  if (exitCode !== 0 && !/no journal files/i.test(stderr) && stderr.trim() !== '')
    throw new CollectorError(
      'tool_failed',
      `journalctl ended with ${exitCode}: ${stderr.trim().slice(0, 300)}`,
    );
  return answer;
}
