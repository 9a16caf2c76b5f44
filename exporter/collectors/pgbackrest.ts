import { z } from 'zod';
import { defineCollector, type Host } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { distrustFuture } from './backup/future.ts';
import { jobShape, uniqueJobs, words } from './backup/job.ts';
import { type JobReading, readJobs } from './backup/read-jobs.ts';
import { restoreQuerySchema } from './backup/restore-query.ts';
import { asUser } from './backup/sudo.ts';
import { parseFailure } from './pgbackrest/failure.ts';
import { parseInfo } from './pgbackrest/info.ts';
import { runningSince } from './pgbackrest/running.ts';
import { stanzaFacts } from './pgbackrest/stanza.ts';

const jobSchema = z.strictObject({
  ...jobShape,
  stanza: words('the name of a stanza').describe('The stanza, as in `--stanza`.'),
  repo: z
    .number({ error: 'expected the number of a repository' })
    .int()
    .min(1)
    .optional()
    .describe('Only this repository (`--repo`); without it a restore point in any of them counts.'),
  config: words('the path of a configuration file of pgBackRest')
    .optional()
    .describe('Configuration file of pgBackRest; its own default unless set.'),
  restore_query: restoreQuerySchema
    .optional()
    .describe('What `restore-test` asks the PostgreSQL it restored and started.'),
  user: words('the name of a user')
    .optional()
    .describe('User to run pgBackRest as, by `sudo -n`; the one the exporter runs as unless set.'),
});
type Job = z.infer<typeof jobSchema>;

/** Restore points of PostgreSQL in pgBackRest repositories. */
export const pgbackrest = defineCollector({
  name: 'pgbackrest',
  summary: 'restore points of PostgreSQL in pgBackRest repositories, per stanza',
  tools: ['pgbackrest'],
  rights: 'to read the configuration of pgBackRest and its repository, or a line in sudoers for `user`',
  metrics: metricsOf('backup'),
  byDefault: false,
  interval: 15 * 60,
  timeout: 2 * 60,
  settings: z.strictObject({
    jobs: z
      .array(jobSchema, { error: 'expected a list of jobs' })
      .min(1, 'expected at least one job')
      .refine(uniqueJobs, { error: 'each backup_job must have a name of its own' })
      .describe('The stanzas to read, one per backup job.'),
  }),
  // How often a stanza is backed up only the operator knows.
  example: {
    jobs: [{ backup_job: 'database', stanza: 'main', user: 'postgres', expected_interval: '24h' }],
  },
  detect: async () => undefined,
  collect: (host, { jobs }) =>
    readJobs('pgbackrest', host, jobs, (job, timeout) => readJob(host, job, timeout)),
});

/** What `info` is asked with; the same words stand in sudoers (docs/collectors/pgbackrest.md). */
function infoArguments({ config, stanza, repo }: Job): readonly string[] {
  return [
    ...(config === undefined ? [] : [`--config=${config}`]),
    `--stanza=${stanza}`,
    ...(repo === undefined ? [] : [`--repo=${repo}`]),
    '--log-level-console=off',
    '--log-level-stderr=error',
    '--log-level-file=off',
    // A repository host that does not answer is given up by pgBackRest itself: under sudo nobody else may end it.
    '--io-timeout=60',
    '--protocol-timeout=60',
    '--output=json',
    'info',
  ];
}

async function readJob(host: Host, job: Job, timeout: number): Promise<JobReading> {
  const [tool, args] = asUser(job.user, 'pgbackrest', infoArguments(job));
  const output = await host.run(tool, args, { timeout });
  if (output.exitCode !== 0) throw parseFailure(output);
  const stanza = parseInfo(output.stdout, job.stanza);
  const { facts, problems, held } = stanzaFacts(stanza, job.repo);
  const running = await runningSince(host, job.backup_job, held, stanza.backup.at(-1)?.label);
  const { points, problems: future } = distrustFuture(job.backup_job, facts.restorePoints ?? [], host.now());
  return {
    facts: {
      ...facts,
      restorePoints: facts.restorePoints === undefined ? undefined : points,
      runningSince: running.since,
    },
    problems: [
      ...[...problems, ...running.problems].map(({ reason, message }) => ({
        reason,
        message: `backup job ${job.backup_job}: ${message}`,
      })),
      ...future,
    ],
  };
}
