import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { CollectorError, type SqlValue } from './collector.ts';
import { errorCode } from './error-code.ts';

/**
 * Rows of an SQLite database, opened read-only. Whole numbers beyond 2^53 are refused, not rounded.
 * @throws CollectorError unsupported before Node.js 22.5, permission_denied, unexpected_output.
 */
export async function query(
  database: string,
  sql: string,
): Promise<readonly Readonly<Record<string, SqlValue>>[]> {
  await stat(database);
  const sqlite = await import('node:sqlite').catch((error: unknown) => {
    throw new CollectorError('unsupported', `reading ${database} needs Node.js 22.5 or newer`, {
      cause: error,
    });
  });
  const read = (path: string | URL) => {
    const opened = new sqlite.DatabaseSync(path, { readOnly: true, timeout: 2000 });
    try {
      // A file that was cut off reads as rows of nulls, without any error.
      const check = opened.prepare('pragma quick_check(1)').get()?.['quick_check'];
      if (check !== 'ok') throw new Error(`it is damaged: ${String(check)}`);
      return opened.prepare(sql).all();
    } finally {
      opened.close();
    }
  };
  try {
    try {
      return read(database);
    } catch (error) {
      if (!(await isAtRest(database, error))) throw error;
      return read(immutable(database));
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const closed = /unable to open|permission/i.test(message) || errorCode(error) === 'EACCES';
    throw new CollectorError(
      closed ? 'permission_denied' : 'unexpected_output',
      `could not read ${database}: ${message}`,
      { cause: error },
    );
  }
}

/**
 * A database with a write-ahead log needs a file for locks beside it, which this user may not make where nobody has it open
 * (sqlite.org/wal.html#read_only_databases). Without a log all of it is in the one file, and nobody writes.
 */
async function isAtRest(database: string, error: unknown): Promise<boolean> {
  if (!(error instanceof Error) || !/readonly database|unable to open/.test(error.message)) return false;
  const log = await stat(`${database}-wal`).catch(() => undefined);
  return log === undefined || log.size === 0;
}

function immutable(database: string): URL {
  const url = pathToFileURL(database);
  url.searchParams.set('immutable', '1');
  return url;
}
