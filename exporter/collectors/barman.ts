import { z } from 'zod';
import { CollectorError, defineCollector, type Host, problemOf } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import type { Check } from './backup/facts.ts';
import { distrustFuture } from './backup/future.ts';
import { jobShape, uniqueJobs, words } from './backup/job.ts';
import { type JobReading, readJobs } from './backup/read-jobs.ts';
import { restoreQuerySchema } from './backup/restore-query.ts';
import { asUser } from './backup/sudo.ts';
import { parseCheckJson } from './barman/check.ts';
import { parseFailure } from './barman/failure.ts';
import { type BackupDetail, parseShowBackup } from './barman/detail.ts';
import { parseListBackup } from './barman/list.ts';
import { serverFacts } from './barman/server.ts';

const jobSchema = z.strictObject({
  ...jobShape,
  server: words('the name of a server in barman').describe('The server, as barman names it.'),
  config: words('the path of a configuration file of barman')
    .optional()
    .describe('Configuration file of barman; its own default unless set.'),
  restore_query: restoreQuerySchema
    .optional()
    .describe('What `restore-test` asks the PostgreSQL it restored and started.'),
  user: words('the name of a user')
    .optional()
    .describe('User to run barman as, by `sudo -n`; the one the exporter runs as unless set.'),
  check: z
    .boolean({ error: 'expected true or false' })
    .default(true)
    .describe('Whether `barman check` is run too: it connects to PostgreSQL.'),
});
type Job = z.infer<typeof jobSchema>;

/** Restore points of PostgreSQL in barman, and whether barman can still back up. */
export const barman = defineCollector({
  name: 'barman',
  summary: 'restore points of PostgreSQL servers in barman, and what `barman check` says of them',
  tools: ['barman'],
  rights: 'to run barman as its own user: a line in sudoers for `user`',
  metrics: metricsOf('backup'),
  byDefault: false,
  interval: 15 * 60,
  timeout: 3 * 60,
  settings: z.strictObject({
    jobs: z
      .array(jobSchema, { error: 'expected a list of jobs' })
      .min(1, 'expected at least one job')
      .refine(uniqueJobs, { error: 'each backup_job must have a name of its own' })
      .describe('The servers to read, one per backup job.'),
  }),
  // How often a server is backed up only the operator knows.
  example: {
    jobs: [{ backup_job: 'database', server: 'pg', user: 'barman', expected_interval: '24h' }],
  },
  detect: async () => undefined,
  collect: (host, { jobs }) => readJobs('barman', host, jobs, (job, timeout) => readJob(host, job, timeout)),
});

/** Asks barman in JSON; what it says is the answer whatever it ends with. */
type Ask = (...args: readonly string[]) => ReturnType<Host['run']>;

async function readJob(host: Host, job: Job, timeout: number): Promise<JobReading> {
  const end = host.now() * 1000 + timeout;
  const options = [...(job.config === undefined ? [] : ['-c', job.config]), '-f', 'json'];
  const ask: Ask = (...args) => {
    const left = end - host.now() * 1000;
    if (left <= 0) throw new CollectorError('timeout', `no time was left to ask barman ${args[0]}`);
    return host.run(...asUser(job.user, 'barman', [...options, ...args]), { timeout: left });
  };
  const output = await ask('list-backup', job.server);
  if (output.exitCode !== 0) throw parseFailure('list-backup', output);
  const backups = parseListBackup(output.stdout, job.server);
  const more = await Promise.allSettled([
    backups.some(({ ended }) => ended !== undefined) ? readDetail(ask, job.server) : undefined,
    job.check ? readCheck(ask, job.server, Math.floor(host.now())) : undefined,
  ]);
  const [detail, check] = more;
  const facts = serverFacts(backups, detail.status === 'fulfilled' ? detail.value : undefined, host.now());
  const { points, problems: future } = distrustFuture(job.backup_job, facts.restorePoints, host.now());
  return {
    facts: {
      ...facts,
      restorePoints: points,
      checks: check.status === 'fulfilled' && check.value !== undefined ? [check.value] : [],
    },
    problems: [
      ...more.flatMap((answer) =>
        answer.status === 'rejected' ? [problemOf(answer.reason, `backup job ${job.backup_job}`)] : [],
      ),
      ...future,
    ],
  };
}

async function readDetail(ask: Ask, server: string): Promise<BackupDetail> {
  const output = await ask('show-backup', server, 'latest');
  if (output.exitCode !== 0) throw parseFailure('show-backup', output);
  return parseShowBackup(output.stdout, server);
}

/** `barman check` ends with 1 when one of its checks failed. */
async function readCheck(ask: Ask, server: string, at: number): Promise<Check> {
  const output = await ask('check', server);
  const failed = parseCheckJson(output, server);
  return { depth: 'structure', at, success: failed.length === 0 };
}
