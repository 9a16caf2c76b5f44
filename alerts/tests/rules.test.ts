import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { alertGroup, alertRules } from '../alert-rules.ts';
import { calendarGroup } from '../calendar-records.ts';
import { evaluationOrder } from '../evaluation-order.ts';
import { authenticationAlerts } from '../authentication-alerts.ts';
import { controls } from '../controls.ts';
import { generate, yaml } from '../generate.ts';
import { readPolicy } from '../policy.ts';
import { recordRules } from '../record-rules.ts';
import { serviceGroup } from '../service-records.ts';
import { alertCases } from './alert-cases.ts';
import { type AlertCase, caseNames } from './case-tables.ts';
import { type Series, step } from './facts.ts';
import { recordCases } from './record-cases.ts';
import { serviceQueries, serviceRecordCases } from './service-record-cases.ts';

// Days of a service are seconds of a processor that others may need, too.
vi.setConfig({ testTimeout: 300_000 });

/** Coverage is counted in evaluations, which are as far apart here as samples are. */
const policy = { ...readPolicy(join(import.meta.dirname, 'policy.yaml')), evaluation_interval: step };
const alerts = alertRules(policy).groups.flatMap(({ rules }) =>
  rules.flatMap((rule) => ('alert' in rule ? [rule] : [])),
);
/** Those with limits that the policy can override. */
const limited: readonly string[] = [
  ...controls.flatMap(({ judges, alert }) => (judges === 'state' ? [] : [alert.name])),
  ...authenticationAlerts.map(({ name }) => name),
];

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-rules-'));
  const folders = {
    with: generate(policy),
    without: generate({ ...policy, services: {} }),
    speed: {
      'records.yaml': yaml(ofSpeed),
      'alerts.yaml': yaml({ groups: alertRules(policy).groups.filter(isOfServices) }),
    },
    alone: {
      'records.yaml': yaml(ofServices),
      'alerts.yaml': yaml({ groups: alertRules(policy).groups.filter(isOfServices) }),
    },
  };
  for (const [folder, files] of Object.entries(folders)) {
    mkdirSync(join(directory, folder));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, folder, name), text);
  }
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Weeks of a service take minutes with all rules, and seconds with those about services and the clocks they read. */
const ofServices = {
  groups: recordRules(policy)
    .groups.filter(({ name }) => [serviceGroup, calendarGroup].includes(name))
    .map((group) => ({
      ...group,
      rules:
        group.name === calendarGroup
          ? group.rules.filter(({ record }) => record === 'maintenance:zone_offset_seconds:now')
          : group.rules,
    })),
};
/** Without what looks back over months, which costs most. */
const ofSpeed = {
  groups: ofServices.groups.map((group) => ({
    ...group,
    rules: group.rules.filter(({ expr }) => !/\[[36]0d:1h\]/.test(expr)),
  })),
};

function isOfServices({ name }: { readonly name: string }): boolean {
  return name === alertGroup('services');
}

interface Expectation {
  readonly alert_rule_test?: readonly object[];
  readonly promql_expr_test?: readonly object[];
}

/** Throws with promtool's own words when the rules give anything else. */
function promtool(
  series: Series,
  expectation: Expectation,
  rules: 'with' | 'without' | 'alone' | 'speed' = 'without',
): void {
  const file = join(directory, rules, 'test.yaml');
  const unit = {
    interval: `${step}s`,
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    ...expectation,
  };
  writeFileSync(
    file,
    yaml({
      rule_files: ['records.yaml', 'alerts.yaml'],
      evaluation_interval: `${step}s`,
      group_eval_order: evaluationOrder,
      tests: [unit],
    }),
  );
  try {
    execFileSync('promtool', ['test', 'rules', file], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    throw new Error(`promtool: ${said}`, { cause: error });
  }
}

function selector(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${pairs.join(',')}}`;
}

/** How soon somebody must answer, by the class of the alert. */
const answers: Readonly<Record<string, object>> = {
  urgent: { respond_within: '4h' },
  standard: { respond_within: '8h of working hours' },
};

function expectAlerts(
  name: string,
  { series, at, firing, description, beside = [], services }: AlertCase,
): void {
  const rule = alerts.find(({ alert }) => alert === name);
  const eval_time = `${at}s`;
  const samples = firing.map((labels) => ({
    labels: selector('ALERTS', { alertname: name, alertstate: 'firing', ...labels, ...rule?.labels }),
    value: 1,
  }));
  const firingNow = `ALERTS{alertname="${name}",alertstate="firing"}`;
  const promql_expr_test = [
    { expr: firingNow, eval_time, exp_samples: samples },
    ...beside.map((other) => ({
      expr: `count(ALERTS{alertname="${other}",alertstate="firing"})`,
      eval_time,
      exp_samples: [{ labels: '{}', value: 1 }],
    })),
  ];
  const alert_rule_test =
    description === undefined
      ? []
      : [
          {
            eval_time,
            alertname: name,
            exp_alerts: firing.map((labels) => ({
              exp_labels: { ...labels, ...rule?.labels },
              exp_annotations: {
                summary: rule?.annotations['summary'],
                description,
                ...answers[rule?.labels['sla_class'] ?? ''],
                runbook_url: `https://example.org/runbooks/${name}.md`,
                dashboard_url:
                  rule?.annotations['dashboard_url'] === 'https://example.org/d/maintenance-overview'
                    ? 'https://example.org/d/maintenance-overview'
                    : `https://example.org/d/maintenance-host?var-customer=${labels['customer']}&var-instance=${encodeURIComponent(labels['instance'] ?? '')}`,
              },
            })),
          },
        ];
  promtool(series, { promql_expr_test, alert_rule_test }, services ?? 'without');
}

test('every alert has cases, and no case is for an alert that does not exist', () => {
  expect(Object.keys(alertCases).toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
});

describe.each(Object.entries(alertCases))('%s', (name, cases) => {
  // The watchdog is never silent; only what is judged by age, and failed logins, have a limit to override.
  const wanted = caseNames
    .filter((kind) => kind !== 'override' || limited.includes(name))
    .filter((kind) => kind !== 'silent' || name !== 'MaintenanceWatchdog');

  test('has every case', () => {
    expect(caseNames.filter((kind) => (cases[kind] ?? []).length > 0)).toEqual(wanted);
  });

  test('has a case in which it fires with its whole description', () => {
    const told = (cases.fires ?? []).filter(({ firing, description }) => firing.length > 0 && description);
    expect(told.length).toBeGreaterThan(0);
  });

  test.each(caseNames.flatMap((kind) => (cases[kind] ?? []).map((one, index) => ({ kind, index, one }))))(
    '$kind ($index)',
    ({ one }) => expectAlerts(name, one),
  );
});

describe('records', () => {
  test.each(recordCases)('$fact', ({ series, at, expect: expected }) => {
    promtool(series, {
      promql_expr_test: Object.entries(expected).map(([expr, samples]) => ({
        expr,
        eval_time: `${at}s`,
        exp_samples: Object.entries(samples).map(([labels, value]) => ({ labels, value })),
      })),
    });
  });
});

describe('records of services', () => {
  test.each(serviceRecordCases)('$fact', (one) => {
    promtool(one.series, { promql_expr_test: serviceQueries(one) }, 'alone');
  });
});

test('the tests notice when a rule says something else', () => {
  const wrong = { expr: 'vector(1)', eval_time: '0s', exp_samples: [{ labels: '{}', value: 2 }] };
  expect(() => promtool({}, { promql_expr_test: [wrong] })).toThrow('got');
});
