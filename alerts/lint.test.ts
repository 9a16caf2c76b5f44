import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { alertRules } from './alert-rules.ts';
import { coexistenceRules } from './coexistence.ts';
import { lintRules } from './lint.ts';
import type { Bundle, Group, Rule } from './lint/bundle.ts';
import { type Policy, readPolicy } from './policy.ts';
import { recordRules } from './record-rules.ts';
import type { AlertingRule } from './rules.ts';

/** The policy leaves these sections out; their rules are shipped as well. */
const { services, tasks, customers, frameworks, exceptions, maintenance_windows } = readPolicy(
  'alerts/examples/three-customers.yaml',
);
const optional = { services, tasks, customers, frameworks, exceptions, maintenance_windows };
const shipped = { ...readPolicy('alerts/policy.yaml'), ...optional };

const named = (folder: string, ending: string) =>
  readdirSync(folder).map((file) => file.slice(0, -ending.length));
const runbooks = named('alerts/runbooks', '.md');
const boards = named('dashboards/generated', '.json');

function bundleOf(policy: Policy): Bundle {
  const files = {
    'records.yaml': recordRules(policy),
    'alerts.yaml': alertRules(policy),
    ...coexistenceRules(policy),
  };
  const groups = Object.entries(files).flatMap(([file, content]) =>
    content.groups.map((group) => ({ ...group, file })),
  );
  return { groups, runbooks, boards };
}

describe.each([
  ['alerts/policy.yaml', shipped],
  ['alerts/examples/three-customers.yaml', readPolicy('alerts/examples/three-customers.yaml')],
])('%s', (_, policy) => {
  const bundle = bundleOf(policy);

  test.each(lintRules)('$name', ({ faults }) => {
    expect(faults(bundle)).toEqual([]);
  });
});

const good = bundleOf(shipped);

/** The rules with another expression, or other parts, for one alert. */
function withAlert(change: Partial<AlertingRule> & { readonly limit?: number }): Bundle {
  return withRules((rules) =>
    rules.map((rule) =>
      'alert' in rule && rule.alert === 'MaintenanceDiskWearHigh' ? { ...rule, ...change } : rule,
    ),
  );
}

function withAnnotation(name: string, text: string): Bundle {
  return withRules((rules) =>
    rules.map((rule) =>
      'alert' in rule && rule.alert === 'MaintenanceDiskWearHigh'
        ? { ...rule, annotations: { ...rule.annotations, [name]: text } }
        : rule,
    ),
  );
}

/** The rules of one group changed. */
function withRules(
  change: (rules: readonly Rule[]) => readonly Rule[],
  name = 'maintenance-alerts-storage',
): Bundle {
  return withGroup((group) => ({ ...group, rules: change(group.rules) }), name);
}

function withGroup(change: (group: Group) => Group, name = 'maintenance-alerts-storage'): Bundle {
  return { ...good, groups: good.groups.map((group) => (group.name === name ? change(group) : group)) };
}

const withRecord = (rule: Rule) => withRules((rules) => [...rules, rule], 'maintenance-disks');
const withExpression = (expr: string) => withAlert({ expr });
const labels = { severity: 'warning', sla_class: 'standard' };

/** What each rule must find. */
const bad: Readonly<Record<string, readonly Bundle[]>> = {
  'CamelCase of at most 40 characters': [
    withAlert({ alert: 'maintenance_disk_wear' }),
    withAlert({ alert: 'MaintenanceDiskWearHigherThanAnybodyExpected' }),
  ],
  'known severity': [withAlert({ labels: { ...labels, severity: 'page' } }), withAlert({ labels: {} })],
  'a clock of the contract': [withAlert({ labels: { severity: 'warning' } })],
  'a summary that is one static sentence': [
    withAnnotation('summary', 'A disk {{ $labels.disk }} is worn.'),
    withAnnotation('summary', 'a disk is worn.'),
    withAnnotation('summary', 'A disk is worn'),
  ],
  'a description that names what it is about': [withAnnotation('description', 'A disk is worn.')],
  'static labels': [withAlert({ labels: { ...labels, wear: '{{ $value }}' } })],
  'at least ten minutes': [withAlert({ for: '5m' })],
  'a runbook page for each alert, an alert for each page': [
    { ...good, runbooks: runbooks.slice(1) },
    { ...good, runbooks: [...runbooks, 'MaintenanceForgotten'] },
    withAnnotation('runbook_url', 'https://example.org/runbooks/Other.md'),
  ],
  'a board that exists': [withAnnotation('dashboard_url', 'https://example.org/d/maintenance-gone')],
  'at most 20 rules per group of alerts': [
    withRules((rules) => [...rules, ...Array.from({ length: 20 }, () => rules.slice(2, 3)).flat()]),
  ],
  'labels that the alert has': [
    withAnnotation('description', '{{ $labels.collector }}'),
    withAnnotation('description', '{{ $labels.job }}'),
  ],
  'a comparison': [
    'maintenance_disk_wear_ratio',
    'sum by (customer) (maintenance_disk_wear_ratio)',
    '(maintenance_disk_wear_ratio > 1) or maintenance_disk_wear_ratio',
    'maintenance_disk_wear_ratio * 2',
  ].map(withExpression),
  'no bool on top': [withExpression('maintenance_disk_wear_ratio > bool 1')],
  'no topk': [withExpression('topk(1, maintenance_disk_wear_ratio) > 1')],
  PromQL: [withExpression('maintenance_disk_wear_ratio >')],
  'nothing that 2.42 or 3.x does not know': [
    'mad_over_time(maintenance_disk_wear_ratio[1d]) > 1',
    'limitk(1, maintenance_disk_wear_ratio) > 1',
    'max_over_time(maintenance_disk_wear_ratio[300]) > 1',
    'sort_by_label(maintenance_disk_wear_ratio) > 1',
    '{"maintenance_disk_wear_ratio"} > 1',
  ].map(withExpression),
  'no label joined into itself': [
    withExpression('label_join(maintenance_disk_wear_ratio, "disk", ":", "role", "disk") > 1'),
  ],
  'divisions by what cannot be 0': [
    withExpression('maintenance_disk_wear_ratio / maintenance_disk_spare_ratio > 1'),
    withExpression('maintenance_disk_wear_ratio / 0 > 1'),
  ],
  'no needless regular expression': [
    withExpression('up{job=~"maintenance"} == 0'),
    withExpression('up{job=~"^maint.+$"} == 0'),
  ],
  'short names of groups, each once': [
    withGroup((group) => ({ ...group, name: 'maintenance-alerts-about-what-is-stored-somewhere' })),
    withGroup((group) => ({ ...group, name: 'maintenance-alerts' })),
  ],
  'an interval of at most five minutes': [withGroup((group) => ({ ...group, interval: '10m' }))],
  'no key that 2.42 does not know': [
    withGroup((group) => Object.assign({ query_offset: '1m' }, group)),
    withGroup((group) => Object.assign({ labels: { team: 'desk' } }, group)),
    withAlert({ limit: 3 }),
  ],
  'no two rules that write the same series': [withRules((rules) => [...rules, ...rules.slice(3, 4)])],
  'records that depend on each other in one group, in their order': [
    withRules((rules) => rules.toReversed(), 'maintenance-controls'),
    withRecord({
      record: 'disk:maintenance_disk_errors:last',
      expr: 'object:maintenance_control_known:bool == 0',
    }),
  ],
  'metrics that exist': [
    withExpression('maintenance_disk_waer_ratio > 1'),
    withExpression('smartctl_device_percentage_used > 1'),
    withExpression('{__name__=~"velero_.+"} > 1'),
  ],
  'labels that exist': [withExpression('maintenance_disk_wear_ratio{drive="sda"} > 1')],
  'records named level:metric:operation': [
    withRecord({ record: 'maintenance_disk_worn', expr: 'vector(1)' }),
    withRecord({ record: 'rack:maintenance_disk_wear:max', expr: 'vector(1)' }),
  ],
  'records of the catalogue, all of them': [
    withRecord({ record: 'disk:maintenance_disk_worn:bool', expr: 'vector(1)' }),
    withRules((rules) => rules.slice(0, -1), 'maintenance-disks'),
  ],
  'records with the labels of the catalogue': [
    withRecord({ record: 'disk:maintenance_disk_errors:last', expr: 'vector(1)', labels: { rack: '1' } }),
  ],
};

describe('faults that are found', () => {
  test('there is an example for each rule', () => {
    expect(Object.keys(bad).toSorted()).toEqual(lintRules.map(({ name }) => name).toSorted());
  });

  test.each(
    lintRules.flatMap((rule) => (bad[rule.name] ?? []).map((bundle, index) => ({ ...rule, index, bundle }))),
  )('$name ($index)', ({ faults, bundle }) => {
    expect(faults(bundle)).not.toEqual([]);
  });
});

test('each rule says whose it is', () => {
  expect(lintRules.filter(({ source }) => source.length < 5)).toEqual([]);
});
