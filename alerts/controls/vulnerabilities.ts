import { type Labels, vector } from '../../exporter/metrics.ts';
import { firstOf, host, nested, past, perObject, without } from '../control.ts';

const object = 'scanner';
const scanned = vector('maintenance_vulnerability_scan_timestamp_seconds');
const oldestOpen = 'maintenance_vulnerability_oldest_open_timestamp_seconds';
const database = vector('maintenance_vulnerability_database_timestamp_seconds');

/** Collectors that read a scanner are there from the first minute, also when it has never run. */
const configured = vector('maintenance_collector_interval_seconds', {
  collector: ['trivy', 'grype', 'debsecan'],
});

/** PromQL: every scanner of a host. */
export const scanners = firstOf(
  perObject('group', object, firstOf(vector('maintenance_vulnerabilities_open'), scanned)),
  perObject('group', 'collector', configured),
);

const scannedAt = perObject('min', object, past(scanned));
const databaseAt = perObject('min', object, past(database));

/** PromQL: as of when a scan tells: it knows nothing younger than its database. Nothing where that has no date. */
export const tellsAsOf = firstOf(`(${scannedAt} < ${databaseAt})`, `(${databaseAt} and ${scannedAt})`);

/**
 * "None found" by a scan or a database that is two weeks old says nothing about today. Not a limit of the policy but the
 * end of what the fact can tell, as for package lists.
 */
const tellsFor = 14 * 86_400;

type Severity = Labels<'maintenance_vulnerabilities_open'>['severity'];

/** Matchers of the vulnerabilities a control judges. */
interface Judged {
  readonly severity: readonly Severity[];
  readonly scanner?: string;
}

/**
 * PromQL: since when the oldest of these vulnerabilities is open that an update could close; the clock starts when its fix
 * came out. What nobody has a fix for cannot be installed: it is counted, not judged.
 */
export function openSince(...judged: readonly Judged[]): string {
  const each = `on (${host}, scanner, severity, fixable)`;
  const fixable = ['true', 'unknown'];
  const of = (name: 'maintenance_vulnerabilities_open' | typeof oldestOpen): string =>
    firstOf(...judged.map((match) => vector(name, { ...match, fixable })));
  const open = `((${of('maintenance_vulnerabilities_open')}) > 0)`;
  const oldest = past(`(${of(oldestOpen)})`);
  // Only what was searched for all the same can be none: the worst severity, with a fix.
  const searched = firstOf(
    ...judged.map(({ severity: [worst = ''], ...match }) =>
      vector('maintenance_vulnerabilities_open', { ...match, severity: worst, fixable: 'true' }),
    ),
  );
  const current = `((${tellsAsOf}) >= time() - ${tellsFor})`;
  const none = without(perObject('min', object, searched), perObject('group', object, open));
  const undated = perObject('group', object, `${open}\nunless ${each}\n${oldest}`);
  return firstOf(
    `((${nested(none)} and on (${host}, object) ${current}) * 0 + Inf)`,
    without(perObject('min', object, `${oldest}\nand ${each}\n${open}`), undated),
  );
}

/**
 * PromQL: the same for what is exploited. Which of the open ones that is cannot be told, so it is taken to be as old as the
 * oldest of all, also where no fix exists.
 */
export function exploitedSince(): string {
  const oldest = perObject('min', object, past(vector(oldestOpen)));
  return `(${oldest} and on (${host}, object) ${exploited})`;
}

/** PromQL: scanners with an open vulnerability that may have been there before the exporter was. */
export const openAtLeast = perObject('group', object, vector(oldestOpen, { basis: 'first_seen' }));

/** PromQL: scanners that know of an exploited vulnerability. */
export const exploited = perObject(
  'group',
  object,
  `(${vector('maintenance_vulnerabilities_exploited_open')} > 0)`,
);
