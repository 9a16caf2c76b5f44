import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CollectorError, type State } from './collector.ts';
import { errorCode } from './error-code.ts';

/** What the exporter remembers, one JSON file per name in a directory that is made when first needed. */
export function stateIn(directory: string): State {
  return {
    read: async (name) => {
      const path = join(directory, `${name}.json`);
      const text = await readText(path);
      if (text === undefined) return undefined;
      try {
        return JSON.parse(text);
      } catch (error) {
        await rename(path, `${path}.damaged`);
        throw new CollectorError(
          'state_unreadable',
          `${path} is damaged and was kept as ${name}.json.damaged; what it remembered starts anew`,
          { cause: error },
        );
      }
    },
    write: async (name, document) => {
      const path = join(directory, `${name}.json`);
      try {
        await mkdir(directory, { recursive: true, mode: 0o750 });
        await writeAtomically(path, JSON.stringify(document));
      } catch (error) {
        throw new CollectorError(
          errorCode(error) === 'EACCES' ? 'permission_denied' : 'internal_error',
          `could not remember ${path}: ${error instanceof Error ? error.message : String(error)}`,
          { cause: error },
        );
      }
    },
  };
}

/** Writes a file so that a reader, or a power cut, finds the old content or the new, never a part: temporary file in the same directory, fsync, rename, fsync of the directory. */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  mode = 0o640,
): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new CollectorError('permission_denied', `could not read ${path}`, { cause: error });
  }
}
