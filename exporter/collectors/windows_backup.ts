import { z } from 'zod';
import { CollectorError, defineCollector, problemOf } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { type BackupFacts, backupSamples } from './backup/facts.ts';
import { jobShape } from './backup/job.ts';
import { readRecorded } from './backup/recorded.ts';
import { isWindows, runScript } from './system/powershell.ts';
import { parseAnswer } from './windows_backup/answer.ts';
import { windowsBackupScript } from './windows_backup/script.ts';

const cmdlets = 'C:/Windows/System32/WindowsPowerShell/v1.0/Modules/WindowsServerBackup';

/** The scheduled backup of Windows Server Backup; a host has one at the most. */
export const windowsBackup = defineCollector({
  name: 'windows_backup',
  summary: 'the scheduled backup of Windows Server Backup, through its PowerShell cmdlets',
  tools: ['powershell.exe'],
  rights: 'to run as SYSTEM, an administrator or a backup operator',
  metrics: metricsOf('backup'),
  byDefault: false,
  interval: 15 * 60,
  timeout: 3 * 60,
  settings: z.strictObject({
    jobs: z
      .array(z.strictObject(jobShape), { error: 'expected a list of one job' })
      .length(1, 'Windows Server Backup has one schedule per host: declare one job')
      .describe('The scheduled backup of this host: a list of one.'),
  }),
  example: {
    jobs: [
      { backup_job: 'file server, Windows Server Backup', expected_interval: '24h', criticality: 'critical' },
    ],
  },
  detect: async (host) =>
    (await isWindows(host)) && (await host.stat(cmdlets)) !== undefined
      ? { jobs: [{ backup_job: 'Windows Server Backup', expected_interval: '24h' }] }
      : undefined,
  collect: async (host, { jobs: [job] }) => {
    if (job === undefined) return { samples: [], problems: [] };
    const recorded = await readRecorded(host, job.backup_job);
    const describe = (facts: BackupFacts) => backupSamples('windows_backup', job, facts, recorded);
    try {
      if (!(await isWindows(host)))
        throw new CollectorError(
          'unsupported',
          'Windows Server Backup is a feature of Windows Server; this is none',
        );
      const document = await runScript(
        host,
        windowsBackupScript,
        'Windows Server Backup',
        host.timeLimit * 800,
      );
      const { facts, problems } = parseAnswer(document, host.now());
      // It tells neither size nor files: a backup is never known to be large enough.
      const unknown = job.minimum_bytes !== undefined || job.minimum_files !== undefined;
      return {
        samples: describe(unknown ? { ...facts, lastSuccess: undefined } : facts),
        problems: [...problems, ...recorded.problems],
      };
    } catch (error) {
      const problem = problemOf(error, `backup job ${job.backup_job}`);
      const facts = problem.reason === 'internal_error' ? {} : { readable: false };
      return { samples: describe(facts), problems: [problem, ...recorded.problems] };
    }
  },
});
