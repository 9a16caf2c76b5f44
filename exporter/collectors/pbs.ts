import { z } from 'zod';
import { CollectorError, defineCollector, type Host } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { collectServers, type FoundJob, nameAtServer, type ServerRead } from './backup/at-server.ts';
import { jobShape, uniqueJobs, words } from './backup/job.ts';
import { restOf } from './backup/rest.ts';
import type { RememberedJob, RememberedServer } from './backup/server-memory.ts';
import { namedServers, namedServersError, readSecret, serverShape, uniqueAcross } from './backup/server.ts';
import { answerFor, expectedStill } from './pbs/names.ts';
import { readPbs } from './pbs/read.ts';

const jobSchema = z.strictObject({
  ...jobShape,
  name: words('datastore[/namespace]/type/id')
    .optional()
    .describe(
      'Its name at the server, where it is not `backup_job`: a group `datastore[/namespace]/type/id` such as `main/vm/100`, or a job of the server itself such as `main/sync/s-offsite` or `main/gc`.',
    ),
});
const serverSchema = z.strictObject({
  ...serverShape,
  token_file: words('the path of the file that holds the API token').describe(
    'File that holds an API token as `user@realm!name:secret`.',
  ),
  jobs: z
    .array(jobSchema)
    .default([])
    .describe('Backups that are expected there; one that never ran is visible from the first minute.'),
});
type Server = z.infer<typeof serverSchema>;
type Job = Server['jobs'][number];

/** Backup groups of Proxmox Backup Servers, with the verification of their snapshots, and the servers' own jobs. */
export const pbs = defineCollector({
  name: 'pbs',
  summary: 'backups, verifications and sync jobs of Proxmox Backup Servers, through their API',
  tools: [],
  rights: 'to read each token_file; the token needs the role DatastoreAudit on the server',
  metrics: metricsOf('backup'),
  byDefault: false,
  interval: 15 * 60,
  timeout: 3 * 60,
  settings: z.strictObject({
    servers: z
      .array(serverSchema, { error: 'expected a list of servers' })
      .min(1, 'expected at least one server')
      .refine(namedServers, { error: namedServersError })
      .refine(uniqueAcross, { error: 'each backup_job must have a name of its own' })
      .refine(
        (list) =>
          list.every(({ jobs }) => uniqueJobs(jobs.map((job) => ({ backup_job: nameAtServer(job) })))),
        {
          error: 'two declared jobs are the same one at the server',
        },
      )
      .describe('The servers to ask.'),
  }),
  example: {
    servers: [
      {
        url: 'https://pbs.example.org:8007',
        token_file: '/etc/maintenance-exporter/pbs.token',
        fingerprint:
          '64:d3:ff:3a:50:38:53:5a:9b:f7:50:ea:36:f9:90:9f:53:45:58:ed:41:a1:8d:a3:d2:b3:c0:3f:2c:5d:8a:1e',
        others: { expected_interval: '24h' },
        jobs: [{ backup_job: 'main/vm/100', expected_interval: '24h', criticality: 'critical' }],
      },
    ],
  },
  detect: async () => undefined,
  collect: (host, { servers }) =>
    collectServers<Job, Server>(
      host,
      'pbs',
      servers,
      (server, before, until) => readServer(host, server, before, until),
      (before) => expectedStill(before, new Map(), host.now()),
    ),
});

async function readServer(
  host: Host,
  server: Server,
  before: RememberedServer,
  until: number,
): Promise<ServerRead<Job>> {
  const token = await readToken(host, server.token_file);
  const read = await readPbs(host, restOf(host, server, until), token, before.jobs);
  const seen = host.now();
  const now = [...read.found].map(([name, job]): [string, RememberedJob] => [name, rememberJob(job, seen)]);
  return {
    found: new Map([
      ...(server.others === undefined ? [] : expectedStill(before, read.scopes, seen)),
      ...read.found,
    ]),
    answer: (job) => answerFor(nameAtServer(job), read, server.url),
    problems: read.problems,
    memory: { asked: seen, jobs: { ...before.jobs, ...Object.fromEntries(now) } },
  };
}

async function readToken(host: Host, path: string): Promise<string> {
  const token = (await readSecret(host, 'token_file', path)).replace(/^PBSAPIToken[=\s]/, '');
  if (/^[^\s:!@]+@[^\s:!@]+![^\s:]+:\S+$/.test(token)) return token;
  throw new CollectorError('password_unreadable', `token_file ${path} must hold user@realm!name:secret`);
}

function rememberJob({ facts, backup }: FoundJob, seen: number): RememberedJob {
  return !backup && facts.lastSuccess !== undefined
    ? { seen, success: { time: facts.lastSuccess } }
    : { seen };
}
