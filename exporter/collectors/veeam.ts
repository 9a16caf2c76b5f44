import { z } from 'zod';
import { defineCollector, type Host } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { collectServers, nameAtServer, type ServerRead } from './backup/at-server.ts';
import { jobShape, uniqueJobs, words } from './backup/job.ts';
import { restOf } from './backup/rest.ts';
import type { RememberedServer } from './backup/server-memory.ts';
import { namedServers, namedServersError, readSecret, serverShape, uniqueAcross } from './backup/server.ts';
import { readBackupReplication } from './veeam/backup-replication.ts';
import { readEnterpriseManager } from './veeam/enterprise-manager.ts';
import { seenLately, type Told, understand } from './veeam/understand.ts';

const day = 86_400;

const jobSchema = z.strictObject({
  ...jobShape,
  name: words('the name of the job in Veeam')
    .optional()
    .describe('Its name in Veeam, where it is not `backup_job`.'),
  sure_backup: words('the name of a SureBackup job')
    .optional()
    .describe(
      'SureBackup job that starts the machines of this job from their backups: its sessions are restore tests (Backup & Replication only).',
    ),
});
const serverSchema = z.strictObject({
  ...serverShape,
  api: z
    .enum(['enterprise_manager', 'backup_replication'], {
      error: 'expected enterprise_manager or backup_replication',
    })
    .describe(
      'What answers there: `enterprise_manager` (port 9398) or `backup_replication` (port 9419, or 443 since 13.1).',
    ),
  user: words('the name of a user').describe('User it logs in as, such as `DOMAIN\\monitor`.'),
  password_file: words('the path of the file that holds the password').describe(
    'File that holds the password.',
  ),
  api_version: z
    .string()
    .regex(/^\d+\.\d+-rev\d+$/, 'expected a revision such as 1.2-rev0')
    .optional()
    .describe(
      'Revision of the REST API of Backup & Replication, such as `1.2-rev0`; agreed on with the server unless set.',
    ),
  jobs: z
    .array(jobSchema)
    .default([])
    .describe('Jobs that are expected there; one that never ran is visible from the first minute.'),
});
type Server = z.infer<typeof serverSchema>;
type Job = Server['jobs'][number];

/** Backup jobs of Veeam Backup & Replication, through Enterprise Manager or its own REST API, version 12 or 13. */
export const veeam = defineCollector({
  name: 'veeam',
  summary: 'backup jobs of Veeam, through Enterprise Manager or Backup & Replication, version 12 or 13',
  tools: [],
  rights: 'to read each password_file; the user needs to read jobs and sessions in Veeam, and nothing more',
  metrics: metricsOf('backup'),
  byDefault: false,
  interval: 15 * 60,
  timeout: 5 * 60,
  settings: z.strictObject({
    servers: z
      .array(serverSchema, { error: 'expected a list of servers' })
      .min(1, 'expected at least one server')
      .refine(namedServers, { error: namedServersError })
      .refine(uniqueAcross, { error: 'each backup_job must have a name of its own' })
      .refine(
        (list) =>
          list.every(({ jobs }) => uniqueJobs(jobs.map((job) => ({ backup_job: nameAtServer(job) })))),
        { error: 'two declared jobs are the same one at the server' },
      )
      .describe('The servers to ask.'),
  }),
  example: {
    servers: [
      {
        api: 'enterprise_manager',
        url: 'https://veeam.example.org:9398',
        user: 'EXAMPLE\\monitor',
        password_file: '/etc/maintenance-exporter/veeam.password',
        ca_file: '/etc/maintenance-exporter/veeam-ca.pem',
        others: { expected_interval: '24h' },
        jobs: [{ backup_job: 'Backup of the ERP', expected_interval: '24h', criticality: 'critical' }],
      },
    ],
  },
  detect: async () => undefined,
  collect: (host, { servers }) =>
    collectServers<Job, Server>(
      host,
      'veeam',
      servers,
      (server, before, until) => readServer(host, server, before, until),
      (before) =>
        new Map(
          seenLately(Object.entries(before.jobs), host.now()).map((name) => [
            name,
            { facts: { readable: false }, backup: true },
          ]),
        ),
    ),
});

async function readServer(
  host: Host,
  server: Server,
  before: RememberedServer,
  until: number,
): Promise<ServerRead<Job>> {
  const password = await readSecret(host, 'password_file', server.password_file);
  const now = host.now();
  const since = firstToAsk(before, now);
  const rest = restOf(host, server, until);
  const credentials = { user: server.user, password };
  const told: Told =
    server.api === 'enterprise_manager'
      ? {
          all: false,
          restoreTests: new Map(),
          ...(await readEnterpriseManager(rest, credentials, since, Math.max(since, now - 2 * day))),
        }
      : {
          all: true,
          namesakes: new Map(),
          ...(await readBackupReplication(rest, credentials, server.api_version, since)),
        };
  return understand(told, before, server, now);
}

/**
 * From when on sessions are asked for: a month at first; later only from a day before the last time, or from the beginning of the
 * oldest run that was under way then, since what came before is remembered.
 */
function firstToAsk({ asked, open }: RememberedServer, now: number): number {
  const month = now - 31 * day;
  return asked === undefined ? month : Math.max(month, Math.min(asked - day, open ?? Infinity));
}
