import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Problem, CollectorError, type State } from './collector.ts';
import { errorCode } from './error-code.ts';

/**
 * What the exporter remembers: one JSON file per name in a directory that is made when first needed. Each file carries
 * the hash of its document, and the one it replaced stays beside it as `<name>.previous.json`.
 */
export function stateIn(directory: string): State {
  return {
    read: async (name) => {
      const [path, previous] = generations(directory, name);
      const newest = await readGeneration(path);
      if (newest.found === 'whole') return { document: newest.document, problems: [], lost: false };
      const older = await readGeneration(previous);
      if (newest.found === 'damaged') await rename(path, `${path}.damaged`);
      const kept = newest.found === 'damaged' ? `is damaged and was kept as ${name}.json.damaged` : 'is gone';
      if (older.found === 'whole')
        return {
          document: older.document,
          problems: [damage(`${path} ${kept}; what it held one change before is in use`)],
          lost: false,
        };
      if (older.found === 'damaged') await rename(previous, `${previous}.damaged`);
      if (newest.found === 'absent' && older.found === 'absent')
        return { document: undefined, problems: [], lost: false };
      return {
        document: undefined,
        problems: [damage(`${path} ${kept}, and so is the one before; what they remembered starts anew`)],
        lost: true,
      };
    },
    write: async (name, document) => {
      const [path, previous] = generations(directory, name);
      try {
        await mkdir(directory, { recursive: true, mode: 0o750 });
        await writeAtomically(path, serialize(document), 0o640, previous);
      } catch (error) {
        throw new CollectorError(
          errorCode(error) === 'EACCES' ? 'permission_denied' : 'state_unwritable',
          `could not remember ${path}: ${error instanceof Error ? error.message : String(error)}`,
          { cause: error },
        );
      }
    },
  };
}

function generations(directory: string, name: string): readonly [newest: string, previous: string] {
  return [join(directory, `${name}.json`), join(directory, `${name}.previous.json`)];
}

function damage(message: string): Problem {
  return { reason: 'state_unreadable', message };
}

/** The document as text, with its own hash before it: a file that was cut off or overwritten in part is noticed. */
function serialize(document: unknown): string {
  const text = JSON.stringify(document);
  return `{"sha256":"${sha256(text)}","document":${text}}\n`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

type Generation =
  | { readonly found: 'absent' }
  | { readonly found: 'damaged' }
  | { readonly found: 'whole'; readonly document: unknown };

async function readGeneration(path: string): Promise<Generation> {
  const text = await readText(path);
  if (text === undefined) return { found: 'absent' };
  const [, hash, document] = /^\{"sha256":"([0-9a-f]{64})","document":([^]*)\}\n$/.exec(text) ?? [];
  if (hash === undefined || document === undefined || sha256(document) !== hash) return { found: 'damaged' };
  return { found: 'whole', document: JSON.parse(document) };
}

/**
 * Writes a file so that a reader, or a power cut, finds the old content or the new, never a part: temporary file in the
 * same directory, fsync, rename, fsync of the directory.
 * @param previous where the file that is replaced is kept; it is lost where this is left out.
 */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  mode = 0o640,
  previous?: string,
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
    if (previous !== undefined) await renameIfThere(path, previous);
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

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
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
