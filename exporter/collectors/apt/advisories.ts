import { z } from 'zod';
import { CollectorError, problemOf, type Host, type Problem } from '../../collector.ts';
import type { Severity } from '../patch/offers.ts';

/** A version of a source package that closes vulnerabilities. */
export interface Fix {
  readonly source: string;
  /** Of the source package. */
  readonly version: string;
  /** Version of each binary package, where the advisory lists them; empty where it does not. */
  readonly binaries: ReadonlyMap<string, string>;
  readonly severity: Severity;
  /** When the fix was released, unix seconds; undefined where the record does not date that. */
  readonly released: number | undefined;
}

const wordsSchema = z.looseObject({
  urgency: z.unknown().optional(),
  severity: z.unknown().optional(),
  priority: z.unknown().optional(),
});
const recordSchema = z.object({
  id: z.string(),
  published: z.string().optional(),
  withdrawn: z.string().optional(),
  severity: z.array(z.object({ type: z.string(), score: z.string() })).optional(),
  database_specific: wordsSchema.nullish(),
  affected: z
    .array(
      z.object({
        package: z.object({ ecosystem: z.string(), name: z.string() }).optional(),
        severity: z.array(z.object({ type: z.string(), score: z.string() })).optional(),
        ranges: z
          .array(z.object({ type: z.string(), events: z.array(z.object({ fixed: z.string().optional() })) }))
          .optional(),
        ecosystem_specific: wordsSchema
          .extend({
            binaries: z
              .array(z.object({ binary_name: z.string(), binary_version: z.string() }))
              .optional()
              .catch(undefined),
          })
          .nullish(),
      }),
    )
    .optional(),
});
type Affected = NonNullable<z.infer<typeof recordSchema>['affected']>[number];

/** Words of Debian (urgency) and Ubuntu (priority), with what stands for them here; Ubuntu's negligible is below its low. */
const words: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  high: 'important',
  important: 'important',
  medium: 'moderate',
  moderate: 'moderate',
  low: 'low',
  negligible: 'low',
};

/** Records that announce an update, and so date its release. The date of a CVE is that of the vulnerability. */
const announcement = /^(?:DSA|DLA|ELA|USN)-/;

/**
 * Fixes in one file in the OSV format (ossf.github.io/osv-schema), one record or a list of them.
 * @param ecosystems of this host, such as `Debian:12`.
 * @throws CollectorError unexpected_output.
 */
export function parseAdvisories(
  text: string,
  path: string,
  ecosystems: (ecosystem: string) => boolean,
): readonly Fix[] {
  const records = z.union([z.array(recordSchema), recordSchema.transform((one) => [one])]);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new CollectorError('unexpected_output', `${path} is not JSON; fetch it again`, { cause: error });
  }
  const parsed = records.safeParse(document);
  if (!parsed.success)
    throw new CollectorError('unexpected_output', `${path} is not in the OSV format; fetch it again`);
  return parsed.data
    .filter(({ withdrawn }) => withdrawn === undefined)
    .flatMap((record) => {
      const time = announcement.test(record.id) ? Date.parse(record.published ?? '') / 1000 : NaN;
      return (record.affected ?? []).flatMap((affected) => {
        const name = affected.package?.name;
        if (name === undefined || !ecosystems(affected.package?.ecosystem ?? '')) return [];
        const binaries = new Map(
          affected.ecosystem_specific?.binaries?.map((one) => [one.binary_name, one.binary_version]),
        );
        const severity = severityOf(record, affected);
        return fixedVersions(affected).map((version): Fix => ({
          source: name,
          version,
          binaries,
          severity,
          released: Number.isNaN(time) ? undefined : Math.floor(time),
        }));
      });
    });
}

function fixedVersions({ ranges = [] }: Affected): readonly string[] {
  return ranges
    .filter(({ type }) => type === 'ECOSYSTEM')
    .flatMap(({ events }) => events.flatMap(({ fixed }) => fixed ?? []));
}

/** Only where somebody wrote a word; a CVSS vector is not one. */
function severityOf(record: z.infer<typeof recordSchema>, affected: Affected): Severity {
  const scores = [...(affected.severity ?? []), ...(record.severity ?? [])];
  const said = [
    ...scores.filter(({ type }) => type === 'Ubuntu').map(({ score }) => score),
    ...[affected.ecosystem_specific, record.database_specific].flatMap((one) => [
      one?.priority,
      one?.severity,
      one?.urgency,
    ]),
  ];
  const known = said.flatMap((word) => (typeof word === 'string' ? (words[word.toLowerCase()] ?? []) : []));
  return known[0] ?? 'unknown';
}

/** Ecosystems of this host: `Debian:12`, `Ubuntu:24.04` and `Ubuntu:24.04:LTS`, and Ubuntu Pro where it may bring the fix. */
export function ecosystemsOf(osRelease: string): (ecosystem: string) => boolean {
  const field = (name: string) => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(osRelease)?.[1] ?? '';
  const name = { debian: 'Debian', ubuntu: 'Ubuntu' }[field('ID')];
  const version = field('VERSION_ID');
  if (name === undefined || version === '') return () => false;
  return (ecosystem) => {
    const [first, ...rest] = ecosystem.split(':');
    return first === name && rest.includes(version) && !rest.some((word) => word.startsWith('FIPS'));
  };
}

/**
 * Reads every `*.json` in a directory, or one file.
 * @returns what could be read; a file that could not is a problem, and what it would say is not known.
 */
export async function readAdvisories(
  host: Host,
  path: string,
): Promise<{ readonly fixes: readonly Fix[]; readonly problems: readonly Problem[] }> {
  const ecosystems = ecosystemsOf((await host.read('/etc/os-release')) ?? '');
  const files = await advisoryFiles(host, path.replace(/\/+$/, ''));
  const fixes: Fix[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- thousands of files at once would be held in memory at once
      const text = await host.readCompressed(file);
      if (text === undefined)
        throw new CollectorError(
          'source_missing',
          `${file} does not exist; correct collectors.apt.advisories`,
        );
      fixes.push(...parseAdvisories(text, file, ecosystems));
    } catch (error) {
      problems.push(problemOf(error));
    }
  }
  if (fixes.length === 0 && problems.length === 0)
    problems.push({
      reason: 'source_missing',
      message: `no advisory in ${path} is about this release of this distribution, so nothing is known from it; fetch those for it, or correct collectors.apt.advisories`,
    });
  return { fixes, problems: summed(problems) };
}

async function advisoryFiles(host: Host, path: string): Promise<readonly string[]> {
  if ((await host.stat(path))?.directory !== true) return [path];
  const names = (await host.list(path)) ?? [];
  return names.filter((name) => /\.json(?:\.\w+)?$/.test(name)).map((name) => `${path}/${name}`);
}

/** One problem for many files. */
function summed(problems: readonly Problem[]): readonly Problem[] {
  const [first] = problems;
  if (first === undefined || problems.length === 1) return problems;
  return [{ ...first, message: `${first.message}; and ${problems.length - 1} more files like it` }];
}
