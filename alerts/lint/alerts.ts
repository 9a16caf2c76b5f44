import { parseDuration } from '../duration.ts';
import { type Bundle, type LintRule, alertsOf, ofAlerts, unless } from './bundle.ts';

const mixtool = 'mixtool, pkg/mixer/lint.go';

/** Alerts that are always there and that no report counts. */
const reported = (labels: Readonly<Record<string, string>>): boolean => labels['severity'] !== 'none';

/** What people are told, and what a contract counts. */
export const alertLint: readonly LintRule[] = [
  ofAlerts('CamelCase of at most 40 characters', mixtool, ({ alert }) =>
    unless(/^([A-Z]+[a-z0-9]+)+$/.test(alert) && alert.length <= 40, 'is no short name in CamelCase'),
  ),
  ofAlerts('known severity', mixtool, ({ labels }) =>
    unless(
      ['critical', 'warning', 'info', 'none'].includes(labels['severity'] ?? ''),
      `has the severity ${labels['severity']}`,
    ),
  ),
  ofAlerts(
    'a clock of the contract',
    'ours: severity says how loud, sla_class which clock runs',
    // An alert on the clock of another one inherits its class.
    ({ expr, labels }) =>
      unless(
        !reported(labels) ||
          expr.includes('alert:maintenance_alert_working_seconds:sum') ||
          ['urgent', 'standard'].includes(labels['sla_class'] ?? ''),
        `has the SLA class ${labels['sla_class']}`,
      ),
  ),
  ofAlerts('a summary that is one static sentence', mixtool, ({ annotations }) =>
    unless(
      /^[A-Z][^{}]+[^.]\.$/.test(annotations['summary'] ?? ''),
      `has the summary ${annotations['summary']}`,
    ),
  ),
  ofAlerts('a description that names what it is about', mixtool, ({ expr, annotations }) =>
    unless(
      // What comes from absent() or vector() has no labels to name.
      /\{\{.+\}\}/s.test(annotations['description'] ?? '') || /^(absent|vector)\(/.test(expr),
      'has no template in its description',
    ),
  ),
  ofAlerts(
    'static labels',
    'pint alerts/template; Prometheus 3.11 changelog (#18375): templated labels lose their state',
    ({ labels }) =>
      Object.entries(labels).flatMap(([label, text]) =>
        unless(!text.includes('{{'), `has a template in its label ${label}`),
      ),
  ),
  ofAlerts(
    'at least ten minutes',
    'Prometheus rules/group.go: state survives a restart from for-grace-period (10m) on; pint rule/for',
    ({ for: wait, labels }) =>
      unless(!reported(labels) || (parseDuration(wait ?? '') ?? 0) >= 600, `waits ${wait ?? 'not at all'}`),
  ),
  {
    name: 'a runbook page for each alert, an alert for each page',
    source: 'monitoring.mixins.dev, guidelines for alerts; pint rule/link',
    faults: (bundle) => {
      const alerts = alertsOf(bundle);
      const names = alerts.map(({ alert }) => alert);
      return [
        ...alerts.flatMap(({ alert, annotations }) =>
          unless(
            annotations['runbook_url']?.endsWith(`/${alert}.md`) === true && bundle.runbooks.includes(alert),
            `${alert}: has no page`,
          ),
        ),
        ...bundle.runbooks.flatMap((page) => unless(names.includes(page), `${page}.md: has no alert`)),
      ];
    },
  },
  {
    name: 'a board that exists',
    source: 'monitoring.mixins.dev, guidelines for alerts',
    faults: (bundle) =>
      alertsOf(bundle).flatMap(({ alert, annotations }) => {
        const [, uid] = /\/d\/([\w-]+)/.exec(annotations['dashboard_url'] ?? '') ?? [];
        return unless(uid !== undefined && bundle.boards.includes(uid), `${alert}: links the board ${uid}`);
      }),
  },
  {
    name: 'at most 20 rules per group of alerts',
    source: mixtool,
    faults: ({ groups }: Bundle) =>
      groups
        .filter(({ rules }) => rules.some((rule) => 'alert' in rule))
        .flatMap(({ name, rules }) => unless(rules.length <= 20, `${name}: has ${rules.length} rules`)),
  },
];
