import { z } from 'zod';
import { CollectorError } from '../../collector.ts';
import { earliest, type Finding, type Fixable, type Severity } from '../vulnerability/finding.ts';
import { listOf } from '../vulnerability/go-json.ts';
import type { Report } from '../vulnerability/reports.ts';
import { readTime } from '../vulnerability/times.ts';
import { databaseOf, databaseSchema } from './database.ts';

/** Severities in grype's words; see grype/vulnerability/severity.go of grype. Negligible is its least. */
const severities: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  high: 'important',
  medium: 'moderate',
  low: 'low',
  negligible: 'low',
};

/** See grype/presenter/models of grype: vulnerability.go, vulnerability_metadata.go, match.go, package.go. */
const matchSchema = z.object({
  vulnerability: z.object({
    id: z.string().min(1),
    severity: z.string().optional(),
    fix: z
      .object({
        versions: listOf(z.string()),
        state: z.string().optional(),
        available: listOf(
          z.object({ version: z.string(), date: z.string().optional(), kind: z.string().optional() }),
        ),
      })
      .nullish(),
    advisories: listOf(z.object({ id: z.string() })),
    knownExploited: listOf(z.unknown()),
  }),
  relatedVulnerabilities: listOf(z.object({ id: z.string(), knownExploited: listOf(z.unknown()) })),
  matchDetails: listOf(z.object({ fix: z.object({ suggestedVersion: z.string().optional() }).nullish() })),
  artifact: z.object({ name: z.string().min(1), version: z.string().optional() }),
});
type Match = z.infer<typeof matchSchema>;

const alertSchema = z.object({
  alerts: listOf(z.object({ type: z.string(), message: z.string().optional() })),
});

/** A report of `grype --output json`; see grype/presenter/models/document.go of grype. */
const reportSchema = z.object({
  matches: z.array(z.unknown()),
  source: z.object({ type: z.string(), target: z.unknown().optional() }).nullish(),
  distro: z.object({ name: z.string().optional(), version: z.string().optional() }).nullish(),
  alertsByPackage: listOf(alertSchema),
  descriptor: z.object({
    name: z.literal('grype'),
    timestamp: z.string().optional(),
    db: databaseSchema.nullish(),
    configuration: z
      .object({
        'only-fixed': z.boolean().optional(),
        'only-notfixed': z.boolean().optional(),
        'ignore-wontfix': z.string().optional(),
      })
      .nullish(),
  }),
});
type GrypeReport = z.infer<typeof reportSchema>;

/**
 * Reads a report of grype.
 * @param value the report, parsed from JSON.
 * @param osPackages whether the target has an operating system with packages.
 * @throws CollectorError unexpected_output when it is something else.
 */
export function parseReport(value: unknown, { osPackages }: { readonly osPackages: boolean }): Report {
  const { data, error } = reportSchema.safeParse(value);
  if (data === undefined)
    throw new CollectorError(
      'unexpected_output',
      'is not a report of grype in its JSON format; scan with --output json',
      { cause: error },
    );
  const parsed = data.matches.map((one) => matchSchema.safeParse(one).data);
  const matches = parsed.filter((one) => one !== undefined);
  const strange = parsed.length - matches.length;
  const database = databaseOf(data.descriptor.db);
  const findings = matches.map(findingOf);
  const configuration = data.descriptor.configuration ?? undefined;
  return {
    artifact: artifactOf(data),
    scannedAt: readTime(data.descriptor.timestamp),
    databaseAt: database.built,
    findings,
    limits: [
      ...scanLimits(data, osPackages),
      ...(database.error === undefined ? [] : [`the database of grype was not in order: ${database.error}`]),
      ...(configuration?.['only-notfixed'] === true
        ? ['the scan left out what can be fixed (--only-notfixed); scan without']
        : []),
      ...(strange === 0 ? [] : [`${strange} of ${parsed.length} matches have no vulnerability or package`]),
    ],
    unfixed: configuration === undefined ? undefined : listsUnfixed(configuration),
    marksExploited: database.marksExploited || findings.some(({ exploited }) => exploited === true),
  };
}

function listsUnfixed(configuration: NonNullable<GrypeReport['descriptor']['configuration']>): boolean {
  return configuration['only-fixed'] !== true && (configuration['ignore-wontfix'] ?? '') === '';
}

function findingOf({ vulnerability, relatedVulnerabilities, matchDetails, artifact }: Match): Finding {
  const { fix } = vulnerability;
  const suggested = matchDetails.flatMap((detail) => detail.fix?.suggestedVersion ?? []);
  const fixed = suggested.length > 0 ? suggested : (fix?.versions ?? []);
  return {
    id: vulnerability.id,
    aliases: [
      ...new Set([
        ...relatedVulnerabilities.map(({ id }) => id),
        ...vulnerability.advisories.map(({ id }) => id),
      ]),
    ].filter((id) => id !== vulnerability.id),
    package: artifact.name,
    installed: artifact.version,
    severity: severities[vulnerability.severity?.toLowerCase() ?? ''] ?? 'unknown',
    fixable: fixableOf(fix?.state, fixed),
    fixed: fixed[0],
    ...fixDates(fix, fixed),
    exploited:
      vulnerability.knownExploited.length > 0 ||
      relatedVulnerabilities.some(({ knownExploited }) => knownExploited.length > 0),
  };
}

/** States are those of grype/vulnerability/fix.go of grype. */
function fixableOf(state: string | undefined, fixed: readonly string[]): Fixable {
  if (state === 'fixed' || fixed.length > 0) return 'true';
  return state === 'not-fixed' || state === 'wont-fix' ? 'false' : 'unknown';
}

/**
 * Since when the fix is there. `first-observed` is when those who keep the data had seen it, which may be long after its release
 * (vunnel, tool/fixdate); the other kinds, such as `advisory`, are dates of release.
 */
function fixDates(fix: Match['vulnerability']['fix'], fixed: readonly string[]) {
  const available = fix?.available ?? [];
  const matching = available.filter(({ version }) => fixed.includes(version));
  const dates = matching.length > 0 ? matching : available;
  const timesOf = (observed: boolean) =>
    dates.filter(({ kind }) => (kind === 'first-observed') === observed).map(({ date }) => readTime(date));
  return { released: earliest(...timesOf(false)), observed: earliest(...timesOf(true)) };
}

/** Image, directory, SBOM, ...; see grype/presenter/models/source.go of grype. */
function artifactOf({ source }: GrypeReport): string | undefined {
  const target = z
    .union([
      z.string().min(1),
      z.object({ userInput: z.string().min(1) }).transform((image) => image.userInput),
    ])
    .safeParse(source?.target).data;
  return source?.type === 'unknown' ? undefined : target;
}

/** What grype leaves unsaid: it lists no packages, so without a system that it knows an empty list says nothing. */
function scanLimits(
  { distro, alertsByPackage, matches }: GrypeReport,
  osPackages: boolean,
): readonly string[] {
  const alerts = new Set(
    alertsByPackage.flatMap((entry) => entry.alerts.map(({ type, message }) => message ?? type)),
  );
  if (alerts.size > 0)
    return [
      `grype warns of packages that nobody looks for new vulnerabilities of: ${[...alerts].slice(0, 3).join('; ')}; what is not listed is unknown`,
    ];
  if (osPackages && (distro?.name ?? '') === '')
    return [
      'grype recognised no operating system, so its packages were not looked at; scan the root of the system (grype dir:/), name it with --distro, or set `os_packages: false` where there is none',
    ];
  if (!osPackages && matches.length === 0 && (distro?.name ?? '') === '')
    return ['grype lists nothing, and does not tell whether there was anything to look at'];
  return [];
}
