import { day, days } from './calendar.ts';
import type { Fault } from './faults.ts';
import type { SimulatedHost } from './fleet.ts';
import { random } from './random.ts';
import { spanAt, starts, type Track, trackOf, valueAt } from './track.ts';

export const severities = ['critical', 'important', 'moderate'] as const;
type Severity = (typeof severities)[number];

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
