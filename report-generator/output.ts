import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { reasonOf, unwritable } from './file-error.ts';

/** One file of a report; its name may have a folder, `csv/hosts.csv`. */
export interface ReportFile {
  readonly name: string;
  readonly content: string | Buffer;
}

/** Whose month a report is of, and where reports are kept. */
export interface Place {
  readonly out: string;
  readonly customer: string;
  /** `2026-10` */
  readonly month: string;
}

/** Where a report is found: `out/acme/2026-10`. @throws Error when the customer or the month is no name of a folder. */
export function folderOf({ out, customer, month }: Place): string {
  if (!/^[a-z0-9][a-z0-9_-]*$/i.test(customer) || !/^\d{4}-\d{2}$/.test(month))
    throw new Error(`${JSON.stringify(`${customer}/${month}`)} is no customer and month.`);
  return join(out, customer, month);
}

/**
 * Writes the files of one report as a whole, with their SHA256SUMS. `out/acme/2026-10` is a link to a folder of its own,
 * and it is turned to the new one in one step when every byte is on the disk: whoever reads, and whatever ends this
 * program, the link leads to a complete report, the old one or the new one.
 * @returns the paths of the files.
 * @throws Error that says what to do, when something cannot be written. What was there before is untouched.
 */
export async function publish(files: readonly ReportFile[], place: Place): Promise<readonly string[]> {
  const target = folderOf(place);
  const parent = dirname(target);
  const all = [...files, { name: 'SHA256SUMS', content: sumsOf(files) }];
  const name = `.${place.month}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const draft = join(parent, name);
  const link = `${draft}.link`;
  try {
    await mkdir(parent, { recursive: true });
    await refuseFolder(target);
    await removeLeftovers(parent, place.month);
    await mkdir(draft);
    for (const { name: file, content } of all) {
      // oxlint-disable-next-line no-await-in-loop -- one file at a time: what fails is then named
      await writeDurably(join(draft, file), content);
    }
    for (const folder of new Set(all.map(({ name: file }) => dirname(join(draft, file))))) {
      // oxlint-disable-next-line no-await-in-loop -- a handful
      await sync(folder);
    }
    await symlink(name, link);
    await rename(link, target);
    await sync(parent);
  } catch (error) {
    // What cannot be removed now is a leftover for the next run.
    await rm(link, { force: true }).catch(() => undefined);
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    throw unwritable(error, target);
  }
  await removeLeftovers(parent, place.month);
  return all.map(({ name: file }) => join(target, file));
}

/** As `sha256sum` writes them, so that `sha256sum -c SHA256SUMS` checks them. */
export function sumsOf(files: readonly ReportFile[]): string {
  return files
    .map(({ name, content }) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`)
    .join('');
}

async function writeDurably(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A folder's entries are on the disk only when the folder itself is. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A folder with the files of somebody else cannot be replaced in one step, and must not be. */
async function refuseFolder(target: string): Promise<void> {
  const found = await lstat(target).catch(() => undefined);
  if (found !== undefined && !found.isSymbolicLink())
    throw new Error(
      `${target} is there and was not written by this program, which keeps a link there. Move it away and run it again.`,
    );
}

/** Drafts of runs that were ended, and the report that was replaced. Nobody's draft that is still being written. */
async function removeLeftovers(parent: string, month: string): Promise<void> {
  const current = await readlink(join(parent, month)).catch(() => undefined);
  const leftover = new RegExp(String.raw`^\.${month}\.(\d+)\.[0-9a-f]{8}(\.link)?$`);
  for (const name of await readdir(parent)) {
    const [, pid] = leftover.exec(name) ?? [];
    if (pid === undefined || name === current || isAlive(Number(pid))) continue;
    // oxlint-disable-next-line no-await-in-loop -- rarely more than one
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** Our own number on a folder we are not writing is that of an earlier program: in a container it is always the same. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return reasonOf(error) === 'EPERM';
  }
}
