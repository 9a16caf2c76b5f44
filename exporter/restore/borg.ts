import { z } from 'zod';
import { borgEnvironment } from '../collectors/borg/environment.ts';
import { RestoreError } from './failure.ts';
import { requireSuccess, type Restorer } from './restorer.ts';

const jobSchema = z.object({
  repository: z.string(),
  passphrase_file: z.string().optional(),
  archives: z.string().optional(),
  cache_directory: z.string(),
  base_directory: z.string().optional(),
  environment: z.record(z.string(), z.string()).optional(),
});

/** Extracts the newest archive of the job; borg verifies every chunk it reads (borg-extract(1)). */
export const borg: Restorer = {
  collector: 'borg',
  restore: async ({ job, test, run }) => {
    const settings = jobSchema.parse(job);
    const env = borgEnvironment(settings);
    const pattern = settings.archives === undefined ? [] : [`--glob-archives=${settings.archives}`];
    const listed = await run('borg', ['list', '--short', '--last=1', '--bypass-lock', ...pattern], { env });
    requireSuccess(listed, 'borg list');
    const archive = listed.stdout.trim();
    if (archive === '')
      throw new RestoreError('restore_failed', 'the repository holds no archive of this job');
    // Archives hold paths without the leading slash.
    const paths = test.include.map((path) => path.replace(/^\/+/, ''));
    requireSuccess(
      await run('borg', ['extract', '--bypass-lock', `::${archive}`, ...paths], { env }),
      'borg extract',
    );
  },
};
