import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { errorCode } from '../error-code.ts';

/** How a set of files looked at one moment. */
export interface Look {
  readonly files: readonly string[];
  /** Identity, size and times of each file. */
  readonly stamp: string;
  /** Hash of what the files held. */
  readonly contents: string;
  /** No file was written so recently that one more write could leave its times as they are. */
  readonly settled: boolean;
}

/** Twice the coarsest time stamp of a file system in use (1 s on NFSv2 and ext3), in milliseconds. */
const settling = 2000;

/** @param now milliseconds since 1970. */
export function look(files: readonly string[], now: number): Look {
  const { stamp, written } = stat(files);
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${contentsOf(file)}\0`);
  return { files, stamp, contents: hash.digest('base64'), settled: Math.abs(now - written) > settling };
}

/**
 * Looks again. Costs one stat per file while nothing changes; content decides, so that a file only touched is no change
 * and one written twice within a tick of the clock is.
 */
export function lookAgain(before: Look, now: number): Look {
  if (before.settled && stat(before.files).stamp === before.stamp) return before;
  return look(before.files, now);
}

function stat(files: readonly string[]): { stamp: string; written: number } {
  let written = 0;
  const stamp = files
    .map((file) => {
      try {
        const { dev, ino, size, mtimeMs, ctimeMs } = statSync(file);
        written = Math.max(written, mtimeMs, ctimeMs);
        return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
      } catch (error) {
        return errorCode(error) ?? 'unknown';
      }
    })
    .join('\n');
  return { stamp, written };
}

function contentsOf(file: string): string {
  try {
    return `read ${readFileSync(file, 'base64')}`;
  } catch (error) {
    return `failed ${errorCode(error) ?? 'unknown'}`;
  }
}
