import { z } from 'zod';
import { CollectorError, defineCollector, problemOf, type Host, type Problem } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { databaseOfScan, parseDatabase, type Database } from './trivy/database.ts';
import { parseReport, severities } from './trivy/report.ts';
import { collectReports, reportSettings } from './vulnerability/reports.ts';

/** Open vulnerabilities in reports that trivy already writes. */
export const trivy = defineCollector({
  name: 'trivy',
  summary: 'open vulnerabilities, from reports that trivy writes (JSON)',
  tools: [],
  rights: 'to read the reports',
  metrics: metricsOf('vulnerabilities', 'vulnerability'),
  byDefault: false,
  interval: 60 * 60,
  timeout: 2 * 60,
  settings: z.strictObject({
    ...reportSettings,
    /** Trivy does not write into a report how it was narrowed down. */
    severities: z
      .array(z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN']), {
        error: 'expected a list of severities in the words of trivy, such as [CRITICAL, HIGH]',
      })
      .min(1, 'expected at least one severity')
      .optional()
      .describe('The --severity of the scans, so that what they leave out is not called 0; all unless set.'),
    database: z
      .string({ error: 'expected the path of a file' })
      .startsWith('/', 'expected an absolute path')
      .optional()
      .describe(
        'What `trivy version --format json` printed after the scan, or `db/metadata.json` of its cache.',
      ),
  }),
  example: {
    reports: [{ path: '/var/lib/trivy-reports/host.json' }],
    database: '/var/lib/trivy-reports/version.json',
  },
  // Where the reports are only the operator knows.
  detect: async () => undefined,
  collect: async (host, settings) => {
    const { database, problems } = await readDatabase(host, settings.database);
    const collection = await collectReports(host, {
      scanner: 'trivy',
      settings,
      parse: parseReport,
      severities: settings.severities?.map((word) => severities[word] ?? 'unknown'),
      databaseAt: (scannedAt) => (database === undefined ? undefined : databaseOfScan(database, scannedAt)),
    });
    return { samples: collection.samples, problems: [...collection.problems, ...problems] };
  },
});

async function readDatabase(
  host: Host,
  path: string | undefined,
): Promise<{ readonly database: Database | undefined; readonly problems: readonly Problem[] }> {
  if (path === undefined) return { database: undefined, problems: [] };
  try {
    const text = await host.read(path);
    if (text === undefined)
      throw new CollectorError(
        'source_missing',
        'does not exist; write it with trivy version --format json after the scan, or correct `database`',
      );
    return { database: parseDatabase(text), problems: [] };
  } catch (error) {
    return { database: undefined, problems: [problemOf(error, path)] };
  }
}
