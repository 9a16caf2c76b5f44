import { z } from 'zod';
import { parseAnswers, pickAnswer } from '../collectors/borgmatic/answers.ts';
import { RestoreError } from './failure.ts';
import { requireSuccess, type Restorer } from './restorer.ts';

const jobSchema = z.object({
  config: z.string(),
  repository: z.string().optional(),
  archives: z.string().optional(),
  cache_directory: z.string(),
});

/** Extracts the newest archive of the job through borgmatic, with its own configuration; borg verifies every chunk it reads. */
export const borgmatic: Restorer = {
  collector: 'borgmatic',
  restore: async ({ job, test, scratch, run }) => {
    const { config, repository, archives, cache_directory: cache } = jobSchema.parse(job);
    const env = { TZ: 'UTC', BORG_CACHE_DIR: cache };
    const options = ['--no-color', '--syslog-verbosity', '-1', '--config', config];
    const one = repository === undefined ? [] : ['--repository', repository];
    const pattern = archives === undefined ? [] : [`--glob-archives=${archives}`];
    const listed = await run(
      'borgmatic',
      [...options, 'borg', ...one, 'list', '--json', '--last=1', ...pattern, '--bypass-lock'],
      { env },
    );
    requireSuccess(listed, 'borgmatic borg list');
    const newest = pickAnswer(parseAnswers(listed.stdout), repository).archives.at(-1);
    if (newest === undefined)
      throw new RestoreError('restore_failed', 'the repository holds no archive of this job');
    // Archives hold paths without the leading slash.
    const paths = test.include.flatMap((path) => ['--path', path.replace(/^\/+/, '')]);
    const extract = ['extract', ...one, '--archive', newest.name, '--destination', scratch, ...paths];
    requireSuccess(await run('borgmatic', [...options, ...extract], { env }), 'borgmatic extract');
  },
};
