import { z } from 'zod';
import { requireSuccess, type Restorer } from './restorer.ts';

const jobSchema = z.object({
  repository: z.string(),
  password_file: z.string(),
  cache_directory: z.string().optional(),
  host: z.string().optional(),
  tags: z.array(z.string()).optional(),
  paths: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
});

/** Restores the newest snapshot of the job and has restic read every restored file again (`--verify`). */
export const restic: Restorer = {
  collector: 'restic',
  restore: async ({ job, test, scratch, run }) => {
    const {
      repository,
      password_file: passwordFile,
      cache_directory: cache,
      host,
      tags = [],
      paths = [],
      environment,
    } = jobSchema.parse(job);
    const args = [
      'restore',
      'latest',
      '--no-lock',
      '--verify',
      '--target',
      scratch,
      ...(host === undefined ? [] : ['--host', host]),
      // One option with commas means all of them; several options mean any.
      ...(tags.length === 0 ? [] : ['--tag', tags.join(',')]),
      ...paths.flatMap((path) => ['--path', path]),
      ...test.include.flatMap((path) => ['--include', path]),
    ];
    const env = {
      ...environment,
      RESTIC_REPOSITORY: repository,
      RESTIC_PASSWORD_FILE: passwordFile,
      ...(cache === undefined ? {} : { RESTIC_CACHE_DIR: cache }),
    };
    requireSuccess(await run('restic', args, { env }), 'restic restore');
  },
};
