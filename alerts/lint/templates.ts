import { metrics } from '../../exporter/metrics.ts';
import { parseQuery } from '../promql.ts';
import { records } from '../records.ts';
import { type LintRule, ofAlerts, unless } from './bundle.ts';

const target = ['customer', 'instance', 'role', 'job'];

const labels = new Map<string, readonly string[]>([
  ...Object.entries(metrics).map(([name, spec]) => [name, [...spec.labels, ...target]] as const),
  ...Object.entries(records).map(([name, spec]) => [name, spec.labels] as const),
]);

/** What the texts of alerts ask of their series. */
export const templateLint: readonly LintRule[] = [
  ofAlerts('labels that the alert has', 'pint alerts/template', ({ expr, annotations, labels: own }) => {
    const used = [...JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label);
    // What the outermost aggregation leaves, else whatever its series have.
    const [, kept] = /^(?:label_replace\(\s*)?[a-z]+ by \(([^)]+)\)/.exec(expr) ?? [];
    const there = new Set([
      ...(kept?.split(', ') ?? parseQuery(expr).selectors.flatMap(({ name }) => labels.get(name) ?? [])),
      ...[...expr.matchAll(/label_replace\([^]*?"(\w+)", "\$1"/g)].map(([, label = '']) => label),
      ...Object.keys(own),
    ]);
    return [...new Set(used)].flatMap((label) => unless(there.has(label), `names the label ${label}`));
  }),
];
