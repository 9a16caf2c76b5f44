import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alertGroup, alertRules } from '../alert-rules.ts';
import type { Domain } from '../control.ts';
import { controls } from '../controls.ts';
import { yaml } from '../generate.ts';
import { type Policy, readPolicy } from '../policy.ts';
import { recordRules } from '../record-rules.ts';
import { alertCases } from './alert-cases.ts';
import { birch, type Firing } from './case-tables.ts';
import { days, fact, hours, scraped, type Series, server, step, type Target } from './facts.ts';
import { type Moment, testRules } from './promtool.ts';

const shared = readPolicy(join(import.meta.dirname, 'policy.yaml'));
const { acme, cedar } = shared.customers;
if (acme === undefined || cedar === undefined) throw new Error('the policy of the tests lacks a customer');
const zone = 'Pacific/Auckland';
/** Where the first day of 1970 ends early: at noon in UTC. */
const policy: Policy = {
  ...shared,
  customers: { ...shared.customers, acme: { ...acme, zone }, cedar: { ...cedar, zone } },
  exceptions: [],
  maintenance_windows: [],
};
const end = 12 * hours;

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-exceptions-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

type Exception = Policy['exceptions'][number];

/** What judges controls and what that rests on. */
const judging: readonly string[] = ['maintenance-services', 'maintenance-controls', 'maintenance-memory'];

/** Evaluates the controls and the alerts of a domain. */
function evaluate(
  exceptions: readonly Exception[],
  domain: Domain,
  series: Series,
  moments: readonly Moment[],
): void {
  const excepted: Policy = { ...policy, exceptions: [...exceptions] };
  const groups = [...recordRules(excepted).groups, ...alertRules(excepted).groups].filter(
    ({ name }) => judging.includes(name) || name === alertGroup(domain),
  );
  writeFileSync(join(directory, 'rules.yaml'), yaml({ groups }));
  testRules(
    directory,
    ['rules.yaml'],
    groups.map(({ name }) => name),
    series,
    moments,
  );
}

function labelText(labels: Firing): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}}`;
}

/** The first case in which the alert of a control fires, and an exception for its object. */
function exceptedCase({ name, alert }: (typeof controls)[number]) {
  const found = alertCases[alert.name]?.fires?.[0];
  const [labels] = found?.firing ?? [];
  if (found === undefined || labels === undefined)
    throw new Error(`${alert.name} has no case in which it fires`);
  const { customer, instance, object } = labels;
  const match = { customer, instance, ...(object === undefined ? {} : { object }) };
  const exception: Exception = {
    control: name,
    match,
    owner: 'Somebody',
    reason: 'Test',
    expires: '1970-01-01',
  };
  const firing = `count by (alertname) (ALERTS{alertname="${alert.name}",alertstate="firing"})`;
  // The owner of a task is on its alert, not on what is judged.
  const judged = labelText({
    ...Object.fromEntries(Object.entries(labels).filter(([label]) => label !== 'owner')),
    control: name,
  });
  return { ...found, exception, firing, judged, fires: { [`{alertname="${alert.name}"}`]: 1 } };
}

const excepted = 'object:maintenance_control_excepted:bool';

describe('an expired exception', () => {
  test.each(controls.map((control) => ({ control, name: control.name })))(
    '$name: nobody is told while it holds, everybody is when it is over',
    ({ control }) => {
      const { series, at, exception, firing, fires, judged } = exceptedCase(control);
      expect(at).toBeLessThan(end);
      const bool = `${excepted}${judged}`;
      evaluate([exception], control.domain, series, [
        { at, expected: { [firing]: {}, [bool]: { [bool]: 1 } } },
        { at: end - step, expected: { [firing]: {}, [bool]: { [bool]: 1 } } },
        { at: end, expected: { [firing]: {}, [bool]: {} } },
        { at: end + step, expected: { [firing]: fires, [bool]: {} } },
      ]);
    },
  );
});

test('an exception begins and ends by itself, covers only what it names, and expects no less', () => {
  const granted = { control: 'av_protection', owner: 'Somebody', reason: 'Test' } as const;
  const exceptions: readonly Exception[] = [
    { ...granted, match: { instance: 'app-1', object: 'clamav' }, expires: '1970-01-02' },
    { ...granted, match: { customer: 'acme', role: ['server', 'nas'] }, expires: '1970-01-01' },
    { ...granted, match: { customer: 'birch' }, from: '1970-01-02', expires: '1970-01-02' },
  ];
  const agent = (product: string, on: Target): Series => ({
    ...scraped({ on }),
    ...fact('maintenance_antivirus_running', { product }, 0, { on }),
  });
  const series = {
    ...agent('clamav', server),
    ...agent('defender', server),
    ...agent('clamav', { customer: 'acme', instance: 'pc-1', role: 'appliance' }),
    ...agent('clamav', birch),
    ...agent('clamav', { customer: 'nobody', instance: 'app-1', role: 'server' }),
  };
  const ends = 'object:maintenance_control_exception_end_timestamp_seconds:max';
  const of = (host: Target, object: string): string =>
    `${ends}${labelText({ ...host, control: 'av_protection', object })}`;
  const sums = (name: 'excepted' | 'expected', acmes: number, birches: number) => ({
    [`customer:maintenance_control_${name}:sum{control="av_protection",customer=~"acme|birch"}`]: {
      [`customer:maintenance_control_${name}:sum{control="av_protection",customer="acme"}`]: acmes,
      [`customer:maintenance_control_${name}:sum{control="av_protection",customer="birch"}`]: birches,
    },
  });
  const told = 'count by (customer, instance, object) (ALERTS{alertname="MaintenanceAvProtectionDown"})';
  const always = { '{customer="acme",instance="pc-1",object="clamav"}': 1 };
  const unknown = { '{customer="nobody",instance="app-1",object="clamav"}': 1 };
  const clamav = of(server, 'clamav');
  const defender = { '{customer="acme",instance="app-1",object="defender"}': 1 };
  evaluate(exceptions, 'protection', series, [
    {
      at: hours,
      expected: {
        // Of two that hold the later end counts.
        [ends]: { [clamav]: days + end, [of(server, 'defender')]: end },
        ...sums('excepted', 2, 0),
        ...sums('expected', 3, 1),
        [told]: { ...always, ...unknown, '{customer="birch",instance="pc-1",object="clamav"}': 1 },
      },
    },
    {
      at: end,
      expected: {
        [ends]: { [clamav]: days + end },
        ...sums('excepted', 1, 0),
        [told]: {
          ...always,
          ...unknown,
          ...defender,
          '{customer="birch",instance="pc-1",object="clamav"}': 1,
        },
      },
    },
    {
      // The second day begins in New York five hours after midnight in UTC.
      at: days + 5 * hours,
      expected: {
        [ends]: { [clamav]: days + end, [of(birch, 'clamav')]: 2 * days + 5 * hours },
        ...sums('excepted', 1, 1),
        [told]: { ...always, ...unknown, ...defender },
      },
    },
  ]);
});
