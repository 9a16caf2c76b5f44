import type { ControlName, controls } from '../alerts/controls.ts';
import { type RecordName, recorded, records } from '../alerts/records.ts';
import { type Matchers, type MetricName, vector } from '../exporter/metrics.ts';

/** Variables of every board that narrow a query to what the reader picked. */
const pickedLabels = ['customer', 'instance'] as const;

type RecordLabel<N extends RecordName> = (typeof records)[N]['labels'][number];

/** A selector of a catalogued metric for the customers and hosts the reader picked. */
export function metric<N extends MetricName>(name: N, match?: Parameters<typeof vector<N>>[1]): string {
  return pick(vector(name, match), pickedLabels);
}

/** A selector of a recorded series, narrowed by the variables whose label it carries. */
export function record<N extends RecordName>(
  name: N,
  match: Matchers<Exclude<RecordLabel<N>, 'control'>> & {
    readonly control?: ControlName | readonly ControlName[];
  } = {},
): string {
  return pick(recorded<N>(name, match), records[name].labels);
}

/** The inventory: 1 for a host whose exporter answers, 0 for one that does not. */
export const inventory = pick('up{job="maintenance"}', pickedLabels);

/** Alerts that name no host or no customer (about the monitoring itself) are shown to every reader. */
const alertsPicked = 'customer=~"|$customer",instance=~"|$instance"';
const reported = `alertname=~"Maintenance.+",alertname!="MaintenanceWatchdog"`;

/** Alerts that fire now, of one severity or of any; the Watchdog, which always fires, left out. */
export function firingAlerts(severity = ''): string {
  return `ALERTS{alertstate="firing",${reported},${severity === '' ? '' : `${severity},`}${alertsPicked}}`;
}

/** Unix time since which the condition of an alert holds, of one alert or of any. */
export function alertsActiveSince(name?: ControlAlertName): string {
  return `ALERTS_FOR_STATE{${name === undefined ? reported : `alertname="${name}"`},${alertsPicked}}`;
}

type ControlAlertName = (typeof controls)[number]['alert']['name'];

/** In order / expected over all customers picked; for one customer it is customer:maintenance_control_compliant:ratio. */
export function compliance(control: ControlName): string {
  return shareOfExpected('customer:maintenance_control_compliant:sum', control);
}

/** Known / expected over all customers picked. */
export function coverage(control: ControlName): string {
  return shareOfExpected('customer:maintenance_control_known:sum', control);
}

function shareOfExpected(
  name: 'customer:maintenance_control_compliant:sum' | 'customer:maintenance_control_known:sum',
  control: ControlName,
): string {
  const expected = record('customer:maintenance_control_expected:sum', { control });
  return `sum by (control) (${record(name, { control })}) / sum by (control) (${expected})`;
}

/**
 * Rows for the query, and one row without a value for each host of the inventory the query says nothing of:
 * a host that gives no answer must stay on the table.
 */
export function everyHost(query: string): string {
  return `${query} or on (customer, instance) (NaN * sum by (customer, instance) (${inventory}))`;
}

/**
 * Rows for the query, or a single row when there are none although `watched` has data:
 * an empty table would not tell "nothing found" from "nobody looked".
 */
export function orNothingFound(query: string, watched: string, value: number): string {
  return `(${query}) or on () (count(${watched}) * 0 + ${value})`;
}

function pick(selector: string, labels: readonly string[]): string {
  const matchers = pickedLabels
    .filter((label) => labels.includes(label))
    .map((label) => `${label}=~"$${label}"`)
    .join(',');
  if (matchers === '') return selector;
  return selector.endsWith('}') ? `${selector.slice(0, -1)},${matchers}}` : `${selector}{${matchers}}`;
}
