import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RestoreTestSettings } from '../collectors/backup/job.ts';
import { sizeOf } from './limited-run.ts';
import { RestoreError } from './failure.ts';

/** What came back. */
export interface Verified {
  readonly bytes: number;
  readonly files: number;
  /** SHA-256 over the list of paths and hashes of the files that were compared; undefined when none were. */
  readonly digest: string | undefined;
}

/**
 * Compares what came back with what should have.
 * @param now unix seconds.
 * @throws RestoreError too_few_files, canary_*, manifest_*.
 */
export async function verifyRestored(
  folder: string,
  { minimum_files: least, canary, manifest }: RestoreTestSettings,
  now: number,
): Promise<Verified> {
  const { bytes, files } = await sizeOf(folder);
  if (files < least)
    throw new RestoreError('too_few_files', `${files} files came back, and at least ${least} should have`);
  const compared: string[] = [];
  if (canary !== undefined) compared.push(await verifyCanary(folder, canary, now));
  if (manifest !== undefined) compared.push(...(await verifyManifest(folder, manifest)));
  const digest =
    compared.length === 0
      ? undefined
      : createHash('sha256').update(compared.toSorted().join('\n')).digest('hex');
  return { bytes, files, digest };
}

async function verifyCanary(
  folder: string,
  { path, sha256, newer_than: newerThan }: NonNullable<RestoreTestSettings['canary']>,
  now: number,
): Promise<string> {
  const file = await findRestored(folder, path);
  if (file === undefined)
    throw new RestoreError('canary_missing', `the canary ${path} is not among what came back`);
  const hash = await hashOf(file);
  if (sha256 !== undefined && hash !== sha256)
    throw new RestoreError(
      'canary_mismatch',
      `the canary ${path} came back with SHA-256 ${hash}, not ${sha256}`,
    );
  if (newerThan !== undefined) {
    const text = (await readFile(file, 'utf8')).slice(0, 1000).trim();
    const written = timeOf(text);
    if (written === undefined)
      throw new RestoreError(
        'canary_mismatch',
        `the canary ${path} holds no time: ${JSON.stringify(text.slice(0, 60))}`,
      );
    if (written < now - newerThan)
      throw new RestoreError(
        'canary_old',
        `the canary ${path} was written ${new Date(written * 1000).toISOString()}: the restore point is older than it may be`,
      );
    if (written > now + 900)
      throw new RestoreError(
        'canary_mismatch',
        `the canary ${path} was written in the future: ${text.slice(0, 60)}`,
      );
  }
  return `${hash}  ${path}`;
}

/** Unix seconds of a time as `date +%s` or `date -Is` writes it; a time without a zone is none. */
function timeOf(text: string): number | undefined {
  if (/^\d{9,11}$/.test(text)) return Number(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const time = Date.parse(text.replace(',', '.'));
  return Number.isFinite(time) ? time / 1000 : undefined;
}

/** Every file that the list names must be there and hash to what it says; see sha256sum(1). */
async function verifyManifest(folder: string, path: string): Promise<readonly string[]> {
  const list = await findRestored(folder, path);
  if (list === undefined)
    throw new RestoreError('manifest_missing', `the list of hashes ${path} is not among what came back`);
  const lines = (await readFile(list, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw wrong(`the list of hashes ${path} is empty`);
  const compared: string[] = [];
  for (const line of lines) {
    const [, hash, name] = /^\\?([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    if (hash === undefined || name === undefined)
      throw wrong(`the list of hashes ${path} has a line that is none: ${line.slice(0, 80)}`);
    const file = resolve(dirname(list), name);
    if (relative(folder, file).startsWith(`..${sep}`))
      throw wrong(`the list of hashes names ${name}, outside of what came back`);
    // oxlint-disable-next-line no-await-in-loop -- one file at a time is kind to the host
    const found = (await isFileIn(folder, file)) ? await hashOf(file) : undefined;
    if (found === undefined) throw wrong(`${name} is in the list of hashes and did not come back`);
    if (found !== hash) throw wrong(`${name} came back with SHA-256 ${found}, and the list says ${hash}`);
    compared.push(`${hash}  ${name}`);
  }
  return compared;
}

function wrong(what: string): RestoreError {
  return new RestoreError('manifest_mismatch', what);
}

/** A path of the backup below the folder, wherever the tool put its root: restic keeps the whole path, others a part of it. */
async function findRestored(folder: string, path: string): Promise<string | undefined> {
  const whole = join(folder, path);
  if (await isFileIn(folder, whole)) return whole;
  const ending = `${sep}${path.replace(/^\/+/, '')}`;
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const matches = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => file.endsWith(ending) || path.endsWith(file.slice(folder.length)));
  return matches.length === 1 ? matches[0] : undefined;
}

/** Not a link, and not behind one: it would lead to the original, which is always right. */
async function isFileIn(folder: string, path: string): Promise<boolean> {
  try {
    const inside = await realpath(path);
    return (await lstat(path)).isFile() && inside.startsWith(`${await realpath(folder)}${sep}`);
  } catch {
    return false;
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
