import { z } from 'zod';
import { defineCollector } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { parseReport } from './grype/report.ts';
import { collectReports, reportSettings } from './vulnerability/reports.ts';

/** Open vulnerabilities in reports that grype already writes. */
export const grype = defineCollector({
  name: 'grype',
  summary: 'open vulnerabilities, from reports that grype writes (JSON)',
  tools: [],
  rights: 'to read the reports',
  metrics: metricsOf('vulnerabilities', 'vulnerability'),
  byDefault: false,
  interval: 60 * 60,
  timeout: 2 * 60,
  settings: z.strictObject(reportSettings),
  example: { reports: [{ path: '/var/lib/grype-reports/host.json' }] },
  // Where the reports are only the operator knows.
  detect: async () => undefined,
  collect: (host, settings) => collectReports(host, { scanner: 'grype', settings, parse: parseReport }),
});
