import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withInhibitions } from './alerting-page.ts';
import { alertRules } from './alert-rules.ts';
import { inhibitions, inhibitRules } from './inhibitions.ts';
import { readPolicy } from './policy.ts';
import { alertCases } from './tests/alert-cases.ts';

const alerts = alertRules(readPolicy('alerts/policy.yaml')).groups.flatMap(({ rules }) =>
  rules.flatMap((rule) => ('alert' in rule ? [rule] : [])),
);
const names = alerts.map(({ alert }) => alert);

/** The labels an alert has whenever it fires, from the cases that promtool proves. */
function labelsOf(name: string): readonly string[] {
  const own = Object.keys(alerts.find(({ alert }) => alert === name)?.labels ?? {});
  const cases = Object.values(alertCases[name] ?? {}).flatMap((all) => all ?? []);
  const firing = cases.flatMap((one) => one.firing).map((labels) => [...own, ...Object.keys(labels)]);
  const [first = []] = firing;
  return first.filter((label) => firing.every((labels) => labels.includes(label)));
}

describe.each(inhibitions)('$sources', ({ sources, targets, equal, why }) => {
  test('names alerts that exist', () => {
    expect([...sources, ...targets].filter((name) => !names.includes(name))).toEqual([]);
  });

  test('no source is a target', () => {
    expect(sources.filter((name) => targets.includes(name))).toEqual([]);
  });

  test.each(targets)('%s has every label that must be equal', (name) => {
    expect(equal.filter((label) => !labelsOf(name).includes(label))).toEqual([]);
  });

  test.each(sources)('%s has every label that must be equal', (name) => {
    expect(equal.filter((label) => !labelsOf(name).includes(label))).toEqual([]);
  });

  test('compares every label that both have to tell one thing from another', () => {
    const tells = ['customer', 'instance', 'object', 'collector'].filter(
      // The object of the system's support is the system, that of updates a package manager.
      (label) => label !== 'object' || !sources.includes('MaintenanceOsUnsupported'),
    );
    const shared = tells.filter((label) =>
      [...sources, ...targets].every((name) => labelsOf(name).includes(label)),
    );
    expect(equal).toEqual(shared);
  });

  test('says why', () => {
    expect(why).toMatch(/^[A-Z].+\.$/);
  });
});

test('only the loss of a host, or of all, mutes what is critical', () => {
  const mute = inhibitRules()
    .filter(({ target_matchers }) => !target_matchers.includes('severity=~"warning|info"'))
    .flatMap(({ source_matchers }) => source_matchers);
  expect(mute).toEqual(['alertname="MaintenanceExporterAbsent"', 'alertname="MaintenanceHostDown"']);
});

test('nothing but planned work mutes backups, and nothing the watchdog, or that every exporter is gone', () => {
  const muted = inhibitions.flatMap(({ sources, targets }) =>
    targets.filter(
      (name) => name !== 'MaintenanceBackupOverdue' || !sources.includes('MaintenanceWindowActive'),
    ),
  );
  for (const name of ['MaintenanceWatchdog', 'MaintenanceExporterAbsent', 'MaintenanceBackupOverdue'])
    expect(muted).not.toContain(name);
});

test('the page about alerting has the table as it is', () => {
  const page = readFileSync('docs/alerting.md', 'utf8');
  expect(withInhibitions(page)).toBe(page);
  expect(page).toContain('| `MaintenancePatchSlipped` |');
  expect(() => withInhibitions('# Alerting')).toThrow('<!-- inhibitions -->');
});

test('the labels of an alert come from its cases', () => {
  expect(labelsOf('MaintenanceDiskWearHigh').toSorted()).toEqual([
    'customer',
    'disk',
    'instance',
    'object',
    'role',
    'severity',
    'sla_class',
  ]);
});
