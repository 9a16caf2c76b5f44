import { z } from 'zod';
import { CollectorError, problemOf, type Collection, type Host, type Problem } from '../../collector.ts';
import { sample, type Sample } from '../../metrics.ts';
import { askFwupd } from './tool.ts';

const manager = 'fwupd';

export const remotesSchema = z.object({
  Remotes: z.array(
    z.object({
      Id: z.string(),
      Kind: z.string().optional(),
      Enabled: z.union([z.boolean(), z.string().transform((text) => text === 'true')]).optional(),
      FilenameCache: z.string().optional(),
      /** Of the copy here, unix seconds; -1 when there is none (2.0). */
      Mtime: z.number().optional(),
      /** Seconds since then; the largest number there is when there is none (1.x). */
      Age: z.number().optional(),
    }),
  ),
});
type Remote = z.infer<typeof remotesSchema>['Remotes'][number];

const century = 100 * 366 * 86_400;

/** Whether the metadata of a remote were ever fetched; undefined when it does not say. */
export function wasFetched({ Mtime: modified, Age: age }: Remote): boolean | undefined {
  if (modified !== undefined) return modified > 0;
  return age === undefined ? undefined : age < century;
}

/**
 * Of when metadata are: the newest release in them, unix seconds. They have no date of their own, and their file time is that of
 * the last refresh. The signature beside them has one, in a file with bytes after the end of gzip that no gzip reader takes.
 */
export function newestRelease(xml: string, now: number): number | undefined {
  let newest: number | undefined;
  for (const [, digits] of xml.matchAll(/<release\s[^>]*?\btimestamp="(\d{1,12})"/g)) {
    const time = Number(digits);
    if (time > (newest ?? 0) && time <= now + 86_400) newest = time;
  }
  return newest;
}

/** Whether every enabled remote was fetched, and of when its metadata are. Without metadata fwupd knows no update, and says so with success. */
export async function readRemotes(host: Host): Promise<Collection & { readonly usable: boolean }> {
  const answer = await askFwupd(host, 'get-remotes', remotesSchema);
  const enabled = (answer?.Remotes ?? []).filter(
    ({ Enabled: on, Kind: kind }) => on === true && (kind === undefined || kind === 'download'),
  );
  if (enabled.length === 0)
    return {
      ...incomplete(
        'no remote that offers firmware is enabled, so no update can be seen; run: fwupdmgr enable-remote lvfs',
      ),
      usable: false,
    };
  const missing = enabled.filter((remote) => wasFetched(remote) === false).map(({ Id: id }) => id);
  if (missing.length > 0)
    return {
      ...incomplete(
        `the metadata of ${missing.join(', ').slice(0, 200)} were never fetched; run: fwupdmgr refresh`,
      ),
      usable: false,
    };
  if (enabled.some((remote) => wasFetched(remote) === undefined))
    throw new CollectorError(
      'unexpected_output',
      'fwupdmgr get-remotes does not say whether the metadata were fetched, so whether it sees all updates is unknown',
    );
  const samples: Sample[] = [sample('maintenance_patch_metadata_complete', { manager }, 1)];
  const problems: Problem[] = [];
  for (const { Id: repository, FilenameCache: file } of enabled) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one in memory at a time
      const xml = file === undefined ? undefined : await host.readCompressed(file);
      const newest = xml === undefined ? undefined : newestRelease(xml, host.now());
      if (newest !== undefined)
        samples.push(sample('maintenance_patch_metadata_timestamp_seconds', { manager, repository }, newest));
    } catch (error) {
      problems.push(problemOf(error));
    }
  }
  return { samples, problems, usable: true };
}

function incomplete(message: string): Collection {
  return {
    samples: [sample('maintenance_patch_metadata_complete', { manager }, 0)],
    problems: [{ reason: 'metadata_missing', message }],
  };
}
