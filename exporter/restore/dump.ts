import { basename } from 'node:path';
import { z } from 'zod';
import { candidatesOf } from '../collectors/dump/candidates.ts';
import { setsOf } from '../collectors/dump/sets.ts';
import { RestoreError } from './failure.ts';
import { requireSuccess, type Restorer, type RestoreTask } from './restorer.ts';

const jobSchema = z.object({ files: z.array(z.string()), settle: z.number() });

/**
 * Unpacks the newest dump of each pattern: archives into files, compressed texts into texts, PostgreSQL's own formats into SQL
 * (pg_restore reads all of their data for it). That a database takes the SQL is for `check` to show.
 */
export const dump: Restorer = {
  collector: 'dump',
  restore: async (task) => {
    const { files, settle } = jobSchema.parse(task.job);
    const found = await Promise.all(files.map((pattern) => candidatesOf(task.host, pattern, settle)));
    const [newest] = setsOf(found.map(({ ready }) => ready));
    if (newest === undefined)
      throw new RestoreError('restore_failed', `there is no finished dump of ${files.join(', ')}`);
    for (const { path } of newest) {
      // oxlint-disable-next-line no-await-in-loop -- one at a time is kind to the host
      await unpack(task, path);
    }
  },
};

async function unpack({ run, scratch, host }: RestoreTask, path: string): Promise<void> {
  const name = basename(path);
  const head = (await host.head(path, 512)) ?? '';
  const into = `${scratch}/${name.replace(/\.(?:gz|zst|xz|bz2)$/, '')}`;
  const [tool, ...args] = commandFor(path, name, head, into, scratch);
  requireSuccess(await run(tool, args), `${tool} of ${path}`);
}

/** Told by the content where it tells, since a name may say anything; compressed texts by their name. */
function commandFor(
  path: string,
  name: string,
  head: string,
  into: string,
  scratch: string,
): readonly [tool: string, ...args: string[]] {
  // The custom format of pg_dump; see pg_backup_custom.c.
  if (head.startsWith('PGDMP')) return ['pg_restore', '--no-owner', `--file=${into}.sql`, path];
  if (head.startsWith('PK\u0003\u0004')) return ['unzip', '-q', '-d', scratch, path];
  const tar = head.slice(257, 262) === 'ustar' || /\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|tzst)$/.test(name);
  if (tar) return ['tar', '--extract', '--no-same-owner', `--file=${path}`, `--directory=${scratch}`];
  const decompressor = [
    { tool: 'gzip', magic: '\u001f\u008b' },
    { tool: 'zstd', magic: '(\u00b5/\u00fd' },
    { tool: 'xz', magic: '\u00fd7zXZ' },
    { tool: 'bzip2', magic: 'BZh' },
  ].find(({ magic }) => head.startsWith(magic));
  if (decompressor === undefined) return ['cp', '--', path, into];
  // Without a shell the output has no other way into a file: a shell that is handed both names as arguments.
  return ['sh', '-c', 'exec "$0" --decompress --stdout < "$1" > "$2"', decompressor.tool, path, into];
}
