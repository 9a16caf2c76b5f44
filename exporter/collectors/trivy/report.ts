import { z } from 'zod';
import { CollectorError } from '../../collector.ts';
import type { Finding, Fixable, Severity } from '../vulnerability/finding.ts';
import { listOf } from '../vulnerability/go-json.ts';
import type { Report } from '../vulnerability/reports.ts';
import { readTime } from '../vulnerability/times.ts';
import { databaseSchema } from './database.ts';

/** Severities in trivy's words; see pkg/types of trivy-db. */
export const severities: Readonly<Record<string, Severity>> = {
  CRITICAL: 'critical',
  HIGH: 'important',
  MEDIUM: 'moderate',
  LOW: 'low',
  UNKNOWN: 'unknown',
};

const resultSchema = z.object({
  Class: z.string().optional(),
  Type: z.string().optional(),
  Vulnerabilities: listOf(z.unknown()),
});

/** A report of `trivy --format json`, schema 2 (since trivy 0.20); see pkg/types/report.go of trivy. */
const reportSchema = z.object({
  SchemaVersion: z.literal(2),
  /** Since trivy 0.48. */
  CreatedAt: z.string().optional(),
  ArtifactName: z.string().min(1).optional(),
  Metadata: z
    .object({
      OS: z
        .object({ Family: z.string(), Name: z.string().optional(), EOSL: z.boolean().optional() })
        .nullish(),
    })
    .nullish(),
  Results: listOf(resultSchema),
  Trivy: z
    .object({
      VulnerabilityDB: databaseSchema.nullish(),
      Server: z.object({ VulnerabilityDB: databaseSchema.nullish() }).nullish(),
    })
    .nullish(),
});
type TrivyReport = z.infer<typeof reportSchema>;

/** See pkg/types/vulnerability.go of trivy. */
const vulnerabilitySchema = z.object({
  VulnerabilityID: z.string().min(1),
  VendorIDs: listOf(z.string()),
  PkgName: z.string().min(1),
  InstalledVersion: z.string().optional(),
  FixedVersion: z.string().optional(),
  /** Since 2023 (aquasecurity/trivy#4867). */
  Status: z.string().optional(),
  Severity: z.string().optional(),
});
type Vulnerability = z.infer<typeof vulnerabilitySchema>;

/**
 * Reads a report of trivy.
 * @param value the report, parsed from JSON.
 * @param osPackages whether the target has an operating system with packages.
 * @throws CollectorError unexpected_output when it is something else, unsupported when trivy was too old.
 */
export function parseReport(value: unknown, { osPackages }: { readonly osPackages: boolean }): Report {
  const { data, error } = reportSchema.safeParse(value);
  if (data === undefined) throw notAReport(value, error);
  const parsed = data.Results.flatMap(({ Vulnerabilities }) =>
    Vulnerabilities.map((one) => vulnerabilitySchema.safeParse(one).data),
  );
  const vulnerabilities = parsed.filter((one) => one !== undefined);
  const strange = parsed.length - vulnerabilities.length;
  return {
    artifact: data.ArtifactName,
    scannedAt: readTime(data.CreatedAt),
    databaseAt: readTime(
      data.Trivy?.VulnerabilityDB?.UpdatedAt ?? data.Trivy?.Server?.VulnerabilityDB?.UpdatedAt,
    ),
    findings: vulnerabilities.filter(({ Status }) => Status !== 'not_affected').map(findingOf),
    limits: [
      ...scanLimits(data, osPackages),
      ...(strange === 0 ? [] : [`${strange} of ${parsed.length} entries have no vulnerability or package`]),
    ],
  };
}

function notAReport(value: unknown, cause: unknown): CollectorError {
  if (Array.isArray(value))
    return new CollectorError(
      'unsupported',
      'is in the format of trivy before 0.20, which does not tell when it scanned; use trivy 0.48 or newer',
      { cause },
    );
  return new CollectorError(
    'unexpected_output',
    'is not a report of trivy in its JSON format; scan with --format json',
    { cause },
  );
}

function findingOf({ VulnerabilityID, VendorIDs, PkgName, ...rest }: Vulnerability): Finding {
  const fixed = rest.FixedVersion === '' ? undefined : rest.FixedVersion;
  return {
    id: VulnerabilityID,
    aliases: VendorIDs,
    package: PkgName,
    installed: rest.InstalledVersion,
    severity: severities[rest.Severity ?? ''] ?? 'unknown',
    fixable: fixableOf(fixed, rest.Status),
    fixed,
  };
}

/** Statuses are those of pkg/types/status.go of trivy-db; reports without them list a version where there is a fix. */
function fixableOf(fixed: string | undefined, status: string | undefined): Fixable {
  if (fixed !== undefined) return 'true';
  switch (status) {
    case undefined:
    case 'affected':
    case 'will_not_fix':
    case 'fix_deferred':
    case 'end_of_life':
      return 'false';
    default:
      return 'unknown';
  }
}

/**
 * What trivy leaves unsaid. Without vulnerabilities a result has no such key; without a result nothing was looked at. A system
 * that it does not know, or none, gives no result at all and no error (pkg/scan/local/service.go, pkg/scan/ospkg/scan.go).
 */
function scanLimits({ Metadata, Results }: TrivyReport, osPackages: boolean): readonly string[] {
  const os = Metadata?.OS ?? undefined;
  const name = [os?.Family, os?.Name].filter(Boolean).join(' ');
  const has = (wanted: string) =>
    Results.some(
      (result) => (result.Class ?? (result.Type === os?.Family ? 'os-pkgs' : undefined)) === wanted,
    );
  if (osPackages && !has('os-pkgs'))
    return [
      os === undefined
        ? 'trivy recognised no operating system, so its packages were not looked at; scan the root of the system (trivy rootfs /), or set `os_packages: false` where there is none'
        : `trivy found the operating system ${name} and did not look at its packages: it does not know that system, or was told not to (--pkg-types, --scanners)`,
    ];
  if (!osPackages && !has('os-pkgs') && !has('lang-pkgs'))
    return ['trivy found nothing that it could look at; see whether the path and --scanners vuln are right'];
  if (os?.EOSL === true)
    return [
      `${name} is past its support, so nobody looks for new vulnerabilities of it; what is not listed is unknown`,
    ];
  return [];
}
