import { z } from 'zod';
import { type Collection, CollectorError, defineCollector, problemOf, type Host } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { debsecanSeverities, parseDetail } from './debsecan/detail.ts';
import { askDebsecan } from './debsecan/tool.ts';
import { worst, type Scan, type Severity } from './vulnerability/finding.ts';
import { readExploited } from './vulnerability/kev.ts';
import { recordFindings } from './vulnerability/open.ts';
import { reportSettings } from './vulnerability/reports.ts';

const settingsSchema = z.strictObject({
  suite: z
    .string({ error: 'expected the code name of a Debian release' })
    .regex(/^[a-z]+$/, 'expected the code name of a Debian release, such as bookworm')
    .optional()
    .describe('Code name of the Debian release; that of /etc/os-release unless set.'),
  source: z
    .string({ error: 'expected a URL' })
    .regex(/^(?:https?|file):\/\/.*\/$/, 'expected a URL (https, http or file) that ends with /')
    .optional()
    .describe(
      'Where the data are, as for --source; SOURCE of /etc/default/debsecan, else the Debian security tracker unless set.',
    ),
  status: z
    .string({ error: 'expected the path of a file' })
    .startsWith('/', 'expected an absolute path')
    .optional()
    .describe('The record of installed packages; /var/lib/dpkg/status unless set.'),
  kev: reportSettings.kev,
});
type Settings = z.infer<typeof settingsSchema>;

/** Open vulnerabilities of Debian packages, as the Debian security tracker sees them. */
export const debsecan = defineCollector({
  name: 'debsecan',
  summary: 'open vulnerabilities of Debian packages, through debsecan',
  tools: ['debsecan'],
  rights:
    'to read /var/lib/dpkg/status, which every user may, and to reach security-tracker.debian.org or a mirror of its data',
  metrics: metricsOf('vulnerabilities', 'vulnerability'),
  byDefault: false,
  interval: 24 * 60 * 60,
  timeout: 5 * 60,
  settings: settingsSchema,
  example: { suite: 'bookworm' },
  detect: async (host) => {
    if ((await host.stat('/usr/bin/debsecan')) === undefined) return undefined;
    return (await debianSuite(host)) === undefined ? undefined : {};
  },
  collect: async (host, settings) => {
    const { exploited, problems } = await readExploited(host, settings.kev);
    const scope = { scanner: 'debsecan', severities: debsecanSeverities, exploited };
    try {
      const { scan, limits } = await scanHost(host, settings);
      const found = await recordFindings(host, [scan], { ...scope, everything: true });
      const unwritten = scan.complete ? await leaveSeverities(host, scan) : [];
      return {
        samples: found.samples,
        problems: [...limits, ...found.problems, ...unwritten, ...problems],
      };
    } catch (error) {
      const { samples, problems: memoryProblems } = await recordFindings(host, [], {
        ...scope,
        everything: false,
      });
      return { samples, problems: [problemOf(error), ...memoryProblems, ...problems] };
    }
  },
});

async function scanHost(host: Host, { suite: chosen, source, status = '/var/lib/dpkg/status' }: Settings) {
  const suite = chosen ?? (await debianSuite(host));
  if (suite === undefined)
    throw new CollectorError(
      'unsupported',
      '/etc/os-release names no Debian release, and debsecan knows no other system; set collectors.debsecan.suite if it is one',
    );
  if (((await host.stat(status))?.size ?? 0) === 0)
    throw new CollectorError(
      'source_missing',
      `${status} is missing or empty, so debsecan sees no installed package`,
    );
  const { text, complaints } = await askDebsecan(host, { suite, source, status });
  const findings = parseDetail(text);
  if (findings.length === 0)
    throw new CollectorError(
      'unexpected_output',
      `debsecan lists nothing at all for ${suite}, and every Debian release has open vulnerabilities; see whether collectors.debsecan.source has data for it, and what /var/lib/debsecan/whitelist leaves out`,
    );
  const scan: Scan = {
    target: 'installed packages',
    source: `debsecan --suite ${suite}`,
    scannedAt: Math.floor(host.now()),
    databaseAt: await mirrorTime(host, source, suite),
    findings,
    complete: complaints.length === 0,
    unfixed: true,
  };
  const message = `debsecan could not classify ${complaints.length} packages with versions that are not Debian's (${complaints[0] ?? ''}); what it does not list of them is unknown`;
  return {
    scan,
    limits: complaints.length === 0 ? [] : [{ reason: 'unexpected_output' as const, message }],
  };
}

/** The code name of this Debian release, see os-release(5). */
async function debianSuite(host: Host): Promise<string | undefined> {
  const text = (await host.read('/etc/os-release')) ?? '';
  if (!/^ID="?debian"?$/m.test(text)) return undefined;
  return /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(text)?.[1];
}

/** The tracker does not tell how old its data are. A mirror on this host does, as far as its copy keeps the time of the original. */
async function mirrorTime(
  host: Host,
  source: string | undefined,
  suite: string,
): Promise<number | undefined> {
  const [, folder] = /^file:\/\/(?:localhost)?(\/[^%]*)$/.exec(source ?? '') ?? [];
  if (folder === undefined) return undefined;
  const stat = await host.stat(`${folder}${suite}`);
  return stat === undefined ? undefined : Math.floor(stat.modified);
}

/** Leaves the worst severity of each package that can be fixed, for the apt collector, whose lists do not have it. */
async function leaveSeverities(host: Host, { findings, scannedAt }: Scan): Promise<Collection['problems']> {
  const packages = new Map<string, Severity>();
  for (const { package: name, severity, fixable } of findings)
    if (fixable === 'true') packages.set(name, worst(packages.get(name) ?? 'unknown', severity));
  try {
    await host.state.write('debsecan-severities', {
      format: 1,
      at: scannedAt,
      packages: Object.fromEntries(packages),
    });
    return [];
  } catch (error) {
    return [problemOf(error)];
  }
}
