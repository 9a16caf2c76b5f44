import { type Sample, sample } from '../exporter/metrics.ts';
import { day, days } from './calendar.ts';
import type { Fault } from './faults.ts';
import type { Finding } from './findings.ts';
import type { SimulatedHost } from './fleet.ts';
import { random } from './random.ts';
import { spanAt, starts, type Track, trackOf, valueAt } from './track.ts';
import { lastSeen, type Life } from './world.ts';

const severities = ['critical', 'important', 'moderate'] as const;
export type Severity = (typeof severities)[number];

/** What one scan of a server found. Times in unix seconds. */
export interface Scan {
  readonly at: number;
  /** As of when its database is. */
  readonly database: number;
  readonly open: Readonly<Record<Severity, { readonly count: number; readonly oldest: number | undefined }>>;
}

/** "None found" tells nothing when the scan or its database is older. */
const tellsFor = 14 * day;

/** Plays the scan of a server every morning: each security update that is not installed leaves a vulnerability open. */
export function scans(
  host: SimulatedHost,
  updates: readonly { readonly available: number; readonly installed: number }[],
  faults: readonly Fault[],
  { seed, start, end }: { readonly seed: number; readonly start: number; readonly end: number },
): Track<Scan> {
  if (host.role !== 'server') return [];
  const stopped = faults.filter(({ kind }) => kind === 'scanner_stopped');
  const stuck = faults.filter(({ kind }) => kind === 'vulnerability_database_stuck');
  const known = updates.map((update) => ({ ...update, severity: severityOf(host, seed, update.available) }));
  return [...days(host.zone, start - 2 * day, end, 7)]
    .filter(({ instant }) => spanAt(stopped, instant) === undefined)
    .map(({ instant: at }) => {
      const database = Math.floor((spanAt(stuck, at)?.from ?? at) / day) * day;
      const found = (severity: Severity) => {
        const open = known.filter(
          (update) => update.severity === severity && update.available <= database && at < update.installed,
        );
        return { count: open.length, oldest: open[0]?.available };
      };
      return {
        from: at,
        value: {
          at,
          database,
          open: {
            critical: found('critical'),
            important: found('important'),
            moderate: found('moderate'),
          },
        },
      };
    });
}

/** The same on every host of the distribution. */
function severityOf({ os }: SimulatedHost, seed: number, available: number): Severity {
  const drawn = random(seed, os, available, 'severity')();
  if (drawn < 0.2) return 'critical';
  return drawn < 0.6 ? 'important' : 'moderate';
}

/** As of when a scan tells: it knows nothing younger than its database. */
export function tellsAsOf({ at, database }: Scan): number {
  return Math.min(at, database);
}

/** Whether a severity can be told: of what was found always, that there is none only while scan and database are recent. */
export function severityTold(
  found: Track<Scan>,
  exposed: Track<boolean>,
  severity: Severity,
): Track<boolean> {
  const ends = found.map(({ value }) => tellsAsOf(value) + tellsFor + 1);
  return trackOf([...starts(found), ...starts(exposed), ...ends], (instant) => {
    const scan = valueAt(found, instant);
    if (scan === undefined || valueAt(exposed, instant) !== true) return false;
    return scan.open[severity].count > 0 || instant - tellsAsOf(scan) <= tellsFor;
  });
}

const scanner = 'trivy';

export function vulnerabilities(life: Life, severity: 'critical' | 'important', instant: number): Finding[] {
  return scanned(life, life.severityTold[severity], instant, ({ open }) => {
    const { oldest } = open[severity];
    return oldest === undefined ? 0 : instant - oldest;
  });
}

export function vulnerabilityScan(life: Life, instant: number): Finding[] {
  return scanned(life, life.exposed.trivy, instant, (scan) => instant - tellsAsOf(scan));
}

/** A scanner is there as long as its collector is, also when it tells nothing. */
function scanned(life: Life, told: Track<boolean>, instant: number, age: (scan: Scan) => number): Finding[] {
  if (life.scans.length === 0 || lastSeen(life.up, instant) === undefined) return [];
  const at = lastSeen(told, instant);
  const scan = at === undefined ? undefined : valueAt(life.scans, at);
  return [{ object: scanner, known: at === instant, age: scan && age(scan) }];
}

/** What the collector `trivy` tells. */
export function trivy(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
  const scan = valueAt(life.scans, instant);
  if (blind !== undefined || scan === undefined) return [];
  return [
    ...severities.flatMap((severity) => {
      const { count, oldest } = scan.open[severity];
      const labels = { scanner, severity, fixable: 'true' } as const;
      return [
        sample('maintenance_vulnerabilities_open', labels, count),
        ...(oldest === undefined
          ? []
          : [
              sample(
                'maintenance_vulnerability_oldest_open_timestamp_seconds',
                { ...labels, basis: 'released' },
                oldest,
              ),
            ]),
      ];
    }),
    sample('maintenance_vulnerability_scan_timestamp_seconds', { scanner }, scan.at),
    sample('maintenance_vulnerability_database_timestamp_seconds', { scanner }, scan.database),
  ];
}
