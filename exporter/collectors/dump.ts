import { z } from 'zod';
import { CollectorError, defineCollector, problemOf, type Host, type Problem } from '../collector.ts';
import { durationSchema } from '../duration.ts';
import { metricsOf } from '../metrics.ts';
import type { BackupFacts, RestorePoint } from './backup/facts.ts';
import { jobShape, uniqueJobs, words } from './backup/job.ts';
import { type JobReading, readJobs } from './backup/read-jobs.ts';
import { candidatesOf, type Found } from './dump/candidates.ts';
import { type ExamineOptions, missingIn } from './dump/examine.ts';
import { type TestMemory, testMemory } from './dump/memory.ts';
import { type DumpSet, pointOf, setsOf } from './dump/sets.ts';

/** Restore points looked into until a complete one is found; when so many are broken, none is called complete. */
const lookedInto = 10;

const dumpSchema = z.strictObject({
  ...jobShape,
  files: z
    .array(words('a path with wildcards').startsWith('/', 'expected an absolute path'), {
      error: 'expected a list of paths',
    })
    .min(1, 'expected at least one path')
    .refine((list) => !list.some((pattern) => pattern.includes('**')), { error: '** is not understood' })
    .describe(
      'Where the dumps are, with `*`, `?`, `[...]` and `{a,b}`. Several patterns are parts that belong together: a restore point has one dump of each.',
    ),
  settle: durationSchema
    .default(600)
    .describe('A file that changed within this time may still be written and does not count yet.'),
  checksum: words('the name of a file of checksums, or what is added to the name of a dump')
    .refine((name) => !name.includes('/'), { error: 'expected a name without a folder' })
    .optional()
    .describe(
      'A dump without this is incomplete: `.sha256` (added to its name) or `SHA256SUMS` (in its folder), as sha256sum, sha512sum, sha1sum or md5sum write it.',
    ),
  test: z
    .enum(['whole', 'ends', 'none'], { error: 'expected whole, ends or none' })
    .default('whole')
    .describe(
      '`whole` reads each new dump through once and compares its checksums; `ends` only looks at both ends; `none` leaves it closed.',
    ),
  test_maximum_bytes: z
    .number({ error: 'expected a number of bytes' })
    .positive()
    .default(4 * 1024 ** 3)
    .describe('Larger dumps are not read through.'),
});
type DumpJob = z.infer<typeof dumpSchema>;

/** Dumps that lie around as files, of any tool. That a file is there proves little, so it is looked into. */
export const dump = defineCollector({
  name: 'dump',
  summary: 'dump files and archives in the folders that the configuration names',
  tools: [],
  rights: 'to read the dumps; with `test: none` only their folders',
  metrics: metricsOf('backup'),
  byDefault: false,
  interval: 15 * 60,
  timeout: 10 * 60,
  settings: z.strictObject({
    jobs: z
      .array(dumpSchema, { error: 'expected a list of jobs' })
      .min(1, 'expected at least one job')
      .refine(uniqueJobs, { error: 'each backup_job must have a name of its own' })
      .describe('The jobs, one per dump script.'),
  }),
  example: {
    jobs: [
      {
        backup_job: 'database-dump',
        files: ['/var/backups/postgresql/shop-*.sql.gz'],
        expected_interval: '24h',
        minimum_bytes: 1_000_000,
      },
    ],
  },
  detect: async () => undefined,
  collect: (host, { jobs }) => readJobs('dump', host, jobs, (job, timeout) => readJob(host, job, timeout)),
});

async function readJob(host: Host, job: DumpJob, timeout: number): Promise<JobReading> {
  const end = host.now() * 1000 + timeout;
  const found = await Promise.all(job.files.map((pattern) => candidatesOf(host, pattern, job.settle)));
  const memory = await testMemory(host, job.backup_job);
  const options = () => ({
    test: job.test,
    maximumBytes: job.test_maximum_bytes,
    checksum: job.checksum,
    timeout: Math.max(end - host.now() * 1000, 1),
  });
  const sets = setsOf(found.map(({ ready }) => ready));
  const { facts, problems } = await readSets(host, found, sets, options, memory);
  const check = memory.check(sets[0] ?? []);
  const kept = await memory.keep();
  return {
    facts: { ...facts, ...(check === undefined ? {} : { checks: [check] }) },
    problems: [...found.flatMap((one) => one.problems), ...problems, ...kept].map((problem) => ({
      ...problem,
      message: `backup job ${job.backup_job}: ${problem.message}`,
    })),
  };
}

async function readSets(
  host: Host,
  found: readonly Found[],
  sets: readonly DumpSet[],
  options: () => ExamineOptions,
  { tested }: TestMemory,
): Promise<JobReading> {
  // Where a dump is written over the one before, there is none until it is finished: not yet known, rather than 0.
  if (sets.length === 0 && found.some(({ ready, writing }) => ready.length === 0 && writing))
    return { facts: { readable: true }, problems: [] };
  const points: RestorePoint[] = [];
  const problems: Problem[] = [];
  let complete = false;
  for (const [at, set] of sets.entries()) {
    if (complete || at >= lookedInto) {
      points.push(pointOf(set, !complete));
      continue;
    }
    try {
      // oxlint-disable-next-line no-await-in-loop -- the next one is looked into only when this one is broken
      const missing = await missingInSet(host, set, options, tested);
      points.push(pointOf(set, missing !== undefined));
      complete = missing === undefined;
      if (missing !== undefined && at === 0) problems.push({ reason: 'unexpected_output', message: missing });
    } catch (error) {
      const problem = problemOf(error);
      // May not be read at all, or the exporter is at fault: nothing more is known of any of them.
      if (!(error instanceof CollectorError) || problem.reason === 'permission_denied') throw error;
      return { facts: {}, problems: [problem] };
    }
  }
  return { facts: { readable: true, restorePoints: points, ...failedRun(points[0]) }, problems };
}

async function missingInSet(
  host: Host,
  set: DumpSet,
  options: () => ExamineOptions,
  tested: TestMemory['tested'],
): Promise<string | undefined> {
  for (const one of set) {
    // oxlint-disable-next-line no-await-in-loop -- one large file at a time
    const missing = await missingIn(host, one, options(), tested);
    if (missing !== undefined) return `${one.path} ${missing}`;
  }
  return undefined;
}

/** A dump with something missing is what a failed run left behind. A whole one says nothing of runs after it. */
function failedRun(newest: RestorePoint | undefined): Pick<BackupFacts, 'lastRun'> {
  return newest?.incomplete === true ? { lastRun: { ended: newest.time, outcome: 'partial' } } : {};
}
