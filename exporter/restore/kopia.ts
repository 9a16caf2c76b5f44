import { z } from 'zod';
import { listAll, runOptions } from '../collectors/kopia/ask.ts';
import { sourceOf } from '../collectors/kopia/snapshots.ts';
import { RestoreError } from './failure.ts';
import { requireSuccess, type Restorer } from './restorer.ts';

const jobSchema = z.object({
  sources: z.array(z.string()),
  config_file: z.string().optional(),
  password_file: z.string().optional(),
  environment: z.record(z.string(), z.string()).optional(),
});

/** Milliseconds for the list of snapshots. */
const listPatience = 120_000;

/** Restores the newest snapshot of each source of the job into a folder of its own. */
export const kopia: Restorer = {
  collector: 'kopia',
  restore: async ({ job, test, scratch, host, run }) => {
    const settings = jobSchema.parse(job);
    const snapshots = await listAll(host, settings, listPatience);
    const { env = {} } = await runOptions(host, settings, listPatience);
    for (const [index, source] of settings.sources.entries()) {
      const [newest] = snapshots
        .filter((one) => sourceOf(one) === source)
        .toSorted((a, b) => b.startTime - a.startTime);
      if (newest?.id === undefined)
        throw new RestoreError('restore_failed', `the repository holds no snapshot of ${source}`);
      const parts = test.include.length === 0 ? [''] : test.include;
      for (const part of parts) {
        const from = part === '' ? newest.id : `${newest.id}/${part.replace(/^\/+/, '')}`;
        const target = `${scratch}/${index}${part === '' ? '' : `/${part.replace(/^\/+/, '')}`}`;
        requireSuccess(
          // oxlint-disable-next-line no-await-in-loop -- one at a time is kind to the repository
          await run('kopia', ['snapshot', 'restore', '--no-overwrite-files', from, target], { env }),
          `kopia snapshot restore of ${source}`,
        );
      }
    }
  },
};
