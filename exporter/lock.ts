import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as later } from 'node:timers/promises';
import { errorCode } from './error-code.ts';

/** How long another process may hold a lock, milliseconds. */
const lockPatience = 10_000;

/**
 * Does something while no other process does the same: a file that only one can make, taken away afterwards.
 * @throws what `act` throws, and the error of the file system when the file cannot be made.
 */
export async function locked<T>(path: string, act: () => Promise<T>): Promise<T> {
  const file = await takeLock(path);
  try {
    return await act();
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

/** A lock whose owner died is taken over after ten seconds; nobody holds it for longer than a write takes. */
async function takeLock(path: string) {
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- waiting is the point
      return await open(path, 'wx');
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    // oxlint-disable-next-line no-await-in-loop -- waiting is the point
    const held = await stat(path).catch(() => undefined);
    // oxlint-disable-next-line no-await-in-loop -- waiting is the point
    if (held !== undefined && Date.now() - held.mtimeMs > lockPatience) await rm(path, { force: true });
    // oxlint-disable-next-line no-await-in-loop -- waiting is the point
    else await later(20);
  }
}
