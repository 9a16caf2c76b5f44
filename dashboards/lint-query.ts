import { controlNames } from '../alerts/controls.ts';
import { records } from '../alerts/records.ts';
import { labelValues, metrics } from '../exporter/metrics.ts';
import { parseQuery, type Selector } from '../alerts/promql.ts';

/** Labels Prometheus adds to every series of a target. */
const target = ['customer', 'instance', 'role', 'job'];

/** Every series a board may name, with its labels; `up` and the ALERTS series are Prometheus's own. */
const known = new Map<string, readonly string[]>([
  ...Object.entries(metrics).map(([name, { labels }]) => [name, [...labels, ...target]] as const),
  ...Object.entries(records).map(([name, { labels }]) => [name, labels] as const),
  ['up', target],
  ...['ALERTS', 'ALERTS_FOR_STATE'].map(
    (name) => [name, ['alertname', 'alertstate', 'severity', 'control', 'object', ...target]] as const,
  ),
]);
const allLabels = new Set([...known.values()].flat());

/** Faults of a panel's query: also those of lintSyntax, and series that ignore what the reader picked. */
export function lintQuery(text: string): readonly string[] {
  const { selectors } = parseQuery(expand(text));
  return [...lintSyntax(text), ...selectors.flatMap((selector) => lintPicked(selector))];
}

/** Faults of any PromQL of ours: what does not parse, what nobody records, labels and values that do not exist. */
export function lintSyntax(text: string): readonly string[] {
  const { errors, selectors, groupingLabels } = parseQuery(expand(text));
  return [
    ...errors.map((error) => `is not PromQL near ${error}`),
    ...unless(selectors.length > 0, 'queries nothing'),
    ...unless(!/\bi?rate\s*\([^[]*\[(?!\$__rate_interval\])/.test(text), 'rates over a fixed range'),
    ...groupingLabels.flatMap((label) =>
      unless(allLabels.has(label), `groups by the unknown label ${label}`),
    ),
    ...selectors.flatMap((selector) => lintSelector(selector)),
  ];
}

function expand(text: string): string {
  return text.replaceAll(/\$__(?:range|rate_interval|interval)\b/g, '5m');
}

function lintSelector({ name, matchers, calledBy }: Selector): readonly string[] {
  const labels = known.get(name);
  if (labels === undefined) return [`queries ${name}, which nobody records`];
  const closed: Readonly<Record<string, readonly string[]>> = { ...labelValues, control: controlNames };
  const ofAlert = name.startsWith('ALERTS');
  return [
    ...matchers.flatMap(({ label, operator, value }) => [
      ...unless(labels.includes(label), `${name} has no label ${label}`),
      ...unless(
        ofAlert || operator !== '=' || (closed[label]?.includes(value) ?? true),
        `${name} never has ${label}="${value}"`,
      ),
    ]),
    ...unless(
      !name.endsWith('_total') || ['rate', 'irate', 'increase'].includes(calledBy ?? ''),
      `${name} is a counter read without rate`,
    ),
  ];
}

function lintPicked({ name, matchers }: Selector): readonly string[] {
  return ['customer', 'instance']
    .filter((label) => known.get(name)?.includes(label) === true)
    .flatMap((label) =>
      unless(
        matchers.some((matcher) => matcher.label === label && matcher.value.endsWith(`$${label}`)),
        `${name} is not narrowed by ${label}`,
      ),
    );
}

/** The fault, unless the rule holds. */
export function unless(holds: boolean, fault: string): readonly string[] {
  return holds ? [] : [fault];
}
