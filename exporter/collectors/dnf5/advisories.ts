import { z } from 'zod';
import { CollectorError, problemOf, type Host } from '../../collector.ts';
import { parseNevra } from '../versions/rpm.ts';
import type { Advisory, AdvisoryPackage } from '../rpm/updateinfo.ts';
import type { SecurityView } from '../rpm/world.ts';
import { runDnf5, type Dnf5Options } from './tool.ts';

const plainSchema = z.object({
  name: z.string().min(1),
  type: z.string(),
  severity: z.string(),
  nevra: z.string(),
});

/** With references (--with-cve, --with-bz) the same facts have other names (dnf5 advisory(8)). */
const referencesSchema = z.object({
  advisory_name: z.string().min(1),
  advisory_type: z.string(),
  advisory_severity: z.string(),
  nevra: z.string(),
  references: z
    .array(z.object({ reference_id: z.string(), reference_type: z.string() }))
    .optional()
    .default([]),
});

const infoSchema = z.object({
  Name: z.string().min(1),
  Type: z.string(),
  Severity: z.string(),
  references: z
    .array(z.object({ Id: z.string(), Title: z.string().optional(), Type: z.string() }))
    .optional()
    .default([]),
  collections: z.object({ packages: z.array(z.string()).optional().default([]) }),
});

/** Advisories as dnf5 tells them. Their date there is the later of issued and updated, so it is left out. */
interface Told {
  readonly advisories: readonly Advisory[];
  /** Entries that lack something needed, or whose package cannot be read. */
  readonly unusable: number;
}

/**
 * Parses `dnf5 advisory list --json` (5.2.4 and later): one entry per advisory and package.
 * @throws CollectorError unexpected_output when it is no array.
 */
export function parseAdvisoryList(text: string): Told {
  const found = new Map<string, Advisory>();
  let unusable = 0;
  for (const entry of arrayOf(text, 'dnf5 advisory list')) {
    const told = oneOfList(entry);
    const fix = told === undefined ? undefined : packageOf(told.nevra);
    if (told === undefined || fix === undefined) {
      unusable += 1;
      continue;
    }
    const before = found.get(told.id);
    const packages = [...(before?.packages ?? []), fix];
    const cves = [...new Set([...(before?.cves ?? []), ...told.cves])].toSorted();
    found.set(told.id, { ...undated, id: told.id, type: told.type, severity: told.severity, packages, cves });
  }
  return { advisories: [...found.values()], unusable };
}

/**
 * Parses `dnf5 advisory info --json` (5.2.9 and later).
 * @throws CollectorError unexpected_output when it is no array.
 */
export function parseAdvisoryInfo(text: string): Told {
  let unusable = 0;
  const advisories = arrayOf(text, 'dnf5 advisory info').flatMap((entry): readonly Advisory[] => {
    const parsed = infoSchema.safeParse(entry);
    if (!parsed.success) {
      unusable += 1;
      return [];
    }
    const { Name, Type, Severity, references, collections } = parsed.data;
    const packages = collections.packages.flatMap((nevra) => {
      const fix = packageOf(nevra);
      if (fix === undefined) unusable += 1;
      return fix ?? [];
    });
    const named = references
      .filter(({ Type: type }) => type === 'cve')
      .map(({ Id, Title = '' }) => `${Id} ${Title}`);
    return [{ ...undated, id: Name, type: Type, severity: Severity, packages, cves: cvesIn(named) }];
  });
  return { advisories, unusable };
}

const undated = { issued: undefined, updated: undefined, rebootSuggested: false };

function oneOfList(entry: unknown) {
  const plain = plainSchema.safeParse(entry);
  if (plain.success) {
    const { name, type, severity, nevra } = plain.data;
    return { id: name, type, severity, nevra, cves: [] };
  }
  const referring = referencesSchema.safeParse(entry);
  if (!referring.success) return undefined;
  const {
    advisory_name: id,
    advisory_type: type,
    advisory_severity: severity,
    nevra,
    references,
  } = referring.data;
  const named = references.filter((one) => one.reference_type === 'cve').map((one) => one.reference_id);
  return { id, type, severity, nevra, cves: cvesIn(named) };
}

function cvesIn(texts: readonly string[]): readonly string[] {
  const found = texts.flatMap((text) => text.match(/\bCVE-\d{4}-\d{4,}\b/g) ?? []);
  return [...new Set(found)].toSorted();
}

function packageOf(nevra: string): AdvisoryPackage | undefined {
  return parseNevra(nevra);
}

/** @throws CollectorError unexpected_output. */
export function arrayOf(text: string, command: string): readonly unknown[] {
  const parsed = z.array(z.unknown()).safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new CollectorError(
    'unexpected_output',
    `${command} --json printed no array, but ${text.trim().slice(0, 100) || 'nothing'}`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Where the lists in the cache cannot be read (zchunk without its program, a format to come), dnf5 itself tells which updates are
 * security updates. Only the date of issue stays unknown then: the age counts from first sight.
 */
export async function readToldAdvisories(
  host: Host,
  options: Dnf5Options,
  view: SecurityView,
): Promise<SecurityView> {
  if (view.unread.length === 0) return view;
  try {
    const told = await askForAdvisories(host, options);
    if (told.unusable > 0) return view;
    const known = new Set(view.advisories.map(({ id }) => id));
    return {
      ...view,
      advisories: [...view.advisories, ...told.advisories.filter(({ id }) => !known.has(id))],
      securityKnown: view.covered,
    };
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
    return { ...view, problems: [...view.problems, problemOf(error)] };
  }
}

async function askForAdvisories(host: Host, options: Dnf5Options): Promise<Told> {
  try {
    const { stdout } = await runDnf5(host, options, ['advisory', 'info', '--available', '--json']);
    return parseAdvisoryInfo(stdout);
  } catch (error) {
    if (!(error instanceof CollectorError) || error.reason !== 'unsupported') throw error;
    const { stdout } = await runDnf5(host, options, ['advisory', 'list', '--available', '--json']);
    return parseAdvisoryList(stdout);
  }
}
