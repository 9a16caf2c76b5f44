import type { Collection, Host } from '../../collector.ts';
import { findingsFromAdvisories } from '../vulnerability/advisories.ts';
import { recordFindings } from '../vulnerability/open.ts';
import type { CachedRepository } from './cache.ts';
import { patchClassOf, severityOf } from './classes.ts';
import type { Outstanding } from './outstanding.ts';

/**
 * Vulnerabilities that an outstanding security advisory would close, by CVE. Only what has a fix is known this way. The data are
 * as old as the oldest list of advisories.
 * @param manager label of the package manager, and of the scanner.
 */
export async function advisoryVulnerabilities(
  host: Host,
  manager: string,
  outstanding: readonly Outstanding[],
  repositories: readonly CachedRepository[],
): Promise<Collection> {
  const published = repositories
    .filter(({ updateInfo }) => updateInfo !== undefined)
    .map((repository) => repository.published);
  const dates = published.filter((time) => time !== undefined);
  const complete = dates.length > 0 && dates.length === published.length;
  return recordFindings(
    host,
    [
      {
        target: 'installed packages',
        source: `advisories of ${manager}`,
        scannedAt: Math.floor(host.now()),
        databaseAt: complete ? Math.min(...dates) : undefined,
        findings: findingsFromAdvisories(
          outstanding
            .filter(({ advisory }) => patchClassOf(advisory.type) === 'security')
            .map(({ name, installed, evr, advisory }) => ({
              id: advisory.id,
              package: name,
              installed,
              fixed: evr,
              severity: severityOf(advisory.severity),
              issued: advisory.issued,
              cves: advisory.cves,
            })),
        ),
        complete: true,
        unfixed: false,
      },
    ],
    { scanner: manager, everything: true },
  );
}
