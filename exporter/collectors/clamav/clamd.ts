import { CollectorError, type Host } from '../../collector.ts';

const config = '/etc/clamav/clamd.conf';
const defaultSocket = '/run/clamav/clamd.ctl';

/**
 * The socket clamd listens on according to its own configuration (`man clamd.conf`).
 * @throws CollectorError unsupported when clamd is set to listen on TCP alone.
 */
export async function findSocket(host: Host): Promise<string> {
  const text = await host.read(config);
  const socket = parseOption(text ?? '', 'LocalSocket');
  if (socket !== undefined) return socket;
  if (parseOption(text ?? '', 'TCPSocket') === undefined) return defaultSocket;
  throw new CollectorError('unsupported', `${config} sets TCPSocket and no LocalSocket; add a LocalSocket`);
}

/** The value of an option in clamd.conf, without quotes. */
export function parseOption(text: string, option: string): string | undefined {
  return new RegExp(String.raw`^[ \t]*${option}[ \t]+(["']?)(.+?)\1[ \t]*\r?$`, 'im').exec(text)?.[2];
}

/**
 * Whether clamd answers. Nobody listening is an answer: it does not run.
 * @throws CollectorError permission_denied, timeout or unexpected_output: then it is not known.
 */
export async function isRunning(host: Host, socket: string): Promise<boolean> {
  let answer: string;
  try {
    answer = plain(await host.ask(socket, 'zPING\0'));
  } catch (error) {
    if (error instanceof CollectorError && error.reason === 'not_running') return false;
    throw error;
  }
  if (answer === 'PONG') return true;
  throw new CollectorError(
    'unexpected_output',
    `clamd answered PING with ${JSON.stringify(answer.slice(0, 80))}`,
  );
}

/** What a running clamd says of itself. */
export interface ClamdVersion {
  readonly engine: string;
  /** Version of the daily database it has loaded; undefined when it has loaded none. */
  readonly daily: number | undefined;
}

/** @throws CollectorError as Host.ask does, and unexpected_output. */
export async function askVersion(host: Host, socket: string): Promise<ClamdVersion> {
  return parseVersion(plain(await host.ask(socket, 'zVERSION\0')));
}

/**
 * Reads `ClamAV 1.4.6/27800/Fri Nov 21 04:40:00 2025`. The date is local time without a zone (clamd/session.c), so it
 * is not read: the header of the database with that version has the exact one. Without a daily database clamd answers
 * `ClamAV 1.4.6`.
 * @throws CollectorError unexpected_output, for example where the VERSION command is switched off.
 */
export function parseVersion(answer: string): ClamdVersion {
  const [, engine, daily] = /^ClamAV ([^/\s]+)(?:\/(\d+)(?:\/.*)?)?$/.exec(answer) ?? [];
  if (engine === undefined)
    throw new CollectorError(
      'unexpected_output',
      `clamd answered VERSION with ${JSON.stringify(answer.slice(0, 80))}; allow the command with EnableVersionCommand`,
    );
  return { engine, daily: daily === undefined || Number(daily) === 0 ? undefined : Number(daily) };
}

function plain(answer: string): string {
  return answer.replaceAll('\0', '').trim();
}
