import { z } from 'zod';
import type { Offer, Severity } from '../patch/offers.ts';
import { compareVersions } from '../versions/debian.ts';
import { labelValues } from '../../metrics.ts';
import type { Fix } from './advisories.ts';
import type { Candidate } from './candidates.ts';
import type { PackageState } from './dpkg-status.ts';

/** A fix that a candidate brings. */
export const broughtFixSchema = z.object({
  name: z.string(),
  /** Of the binary package. */
  version: z.string(),
  severity: z.enum(labelValues.severity),
  released: z.number().optional(),
});
export type BroughtFix = z.infer<typeof broughtFixSchema>;

/**
 * Fixes that the candidates bring: newer than what is installed and not newer than the candidate. Advisories name source
 * packages and their versions; a binary package whose version is not that of its source is left out unless listed itself.
 */
export function fixesBrought(
  candidates: readonly Candidate[],
  fixes: readonly Fix[],
  packages: readonly PackageState[],
): readonly BroughtFix[] {
  const bySource = Map.groupBy(fixes, ({ source }) => source);
  const states = new Map(packages.map((state) => [state.name, state]));
  return candidates.flatMap(({ name, installed, candidate }) => {
    const plain = name.replace(/:.*$/, '');
    const state = states.get(plain);
    if (state === undefined) return [];
    const source = /^(\S+)(?: \((.+)\))?$/.exec(state.source);
    const sameVersion = source?.[2] === undefined || source[2] === withoutRebuild(installed);
    return (bySource.get(source?.[1] ?? plain) ?? []).flatMap((fix): readonly BroughtFix[] => {
      const version = fix.binaries.size > 0 ? fix.binaries.get(plain) : sameVersion ? fix.version : undefined;
      if (version === undefined) return [];
      if (compareVersions(version, installed) <= 0 || compareVersions(version, candidate) > 0) return [];
      const { severity, released } = fix;
      return [{ name, version, severity, ...(released === undefined ? {} : { released }) }];
    });
  });
}

/** A rebuild without a change of the source: `1.0-1+b2`; see deb-version(7) and binNMU in the Debian Developer's Reference. */
function withoutRebuild(version: string): string {
  return version.replace(/\+b\d+$/, '');
}

/**
 * What is outstanding, one offer per version. A fix that an advisory dates is an offer of its own also where the lists have
 * only a newer version: it waits since then.
 * @param severities by binary package, of those that are not told by an advisory.
 */
export function offersOf(
  candidates: readonly Candidate[],
  fixes: readonly BroughtFix[],
  severities: ReadonlyMap<string, Severity> | undefined,
): readonly Offer[] {
  const brought = Map.groupBy(fixes, ({ name }) => name);
  return candidates.flatMap(({ name, versions }) => {
    const own = Map.groupBy(brought.get(name) ?? [], ({ version }) => version);
    const listed = new Set(versions.map(({ version }) => version));
    const all = [
      ...versions,
      ...[...own.keys()]
        .filter((version) => !listed.has(version))
        .map((version) => ({ version, security: true })),
    ];
    return all.map(({ version, security }): Offer => {
      const fixed = own.get(version) ?? [];
      const isSecurity = security || fixed.length > 0;
      const told = worst(fixed.map(({ severity }) => severity));
      const tracked = severities?.get(name.replace(/:.*$/, '')) ?? 'unknown';
      const released = fixed.flatMap((fix) => fix.released ?? []);
      return {
        name,
        version,
        class: isSecurity ? 'security' : 'standard',
        severity: !isSecurity ? 'unknown' : told === 'unknown' ? tracked : told,
        ...(released.length === 0 ? {} : { released: Math.min(...released) }),
      };
    });
  });
}

/** `unknown` where nothing is told. */
function worst(severities: readonly Severity[]): Severity {
  return labelValues.severity.find((severity) => severities.includes(severity)) ?? 'unknown';
}
