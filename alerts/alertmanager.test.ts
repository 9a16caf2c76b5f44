import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alertRules } from './alert-rules.ts';
import { alertmanagerConfig } from './alertmanager.ts';
import { yaml } from './generate.ts';
import { readPolicy } from './policy.ts';

const policy = readPolicy(join(import.meta.dirname, 'tests', 'policy.yaml'));
const shipped = readPolicy(join(import.meta.dirname, 'policy.yaml'));
const alerts = alertRules(policy).groups.flatMap(({ rules }) =>
  rules.flatMap((rule) => ('alert' in rule ? [rule] : [])),
);

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-alertmanager-'));
  const impatient = { wait: 1, interval: 1, repeat: 3600 };
  writeFileSync(join(directory, 'test.yaml'), yaml(alertmanagerConfig(policy, impatient)));
  writeFileSync(join(directory, 'shipped.yaml'), yaml(alertmanagerConfig(shipped)));
});
afterAll(() => rmSync(directory, { recursive: true }));

test.each(['test.yaml', 'shipped.yaml'])('amtool accepts %s', (name) => {
  const said = execFileSync('amtool', ['check-config', join(directory, name)], { encoding: 'utf8' });
  expect(said).toContain('SUCCESS');
});

describe('when an alert is told', () => {
  const timing = (group_by: readonly string[], wait: string, interval: string, repeat: string) => ({
    group_by,
    group_wait: wait,
    group_interval: interval,
    repeat_interval: repeat,
  });
  const { route } = alertmanagerConfig(policy);

  test('what is critical at once, as soon as its cause would be known', () => {
    expect(route).toMatchObject(timing(['customer', 'alertname', 'instance'], '90s', '5m', '4h'));
  });

  test('warnings together, info once a day', () => {
    const warning = timing(['customer', 'alertname'], '5m', '30m', '1d');
    const info = timing(['customer'], '1h', '1d', '23h');
    expect(route.routes?.slice(-2)).toEqual([
      { receiver: 'operators', matchers: ['severity="warning"'], ...warning },
      { receiver: 'operators', matchers: ['severity="info"'], ...info },
    ]);
    const birch = route.routes?.find(({ receiver }) => receiver === 'birch');
    expect(birch?.routes).toEqual([{ receiver: 'birch', matchers: ['severity="warning"'], ...warning }]);
    expect(birch).not.toHaveProperty('group_wait');
  });

  test('a slow evaluation is waited for', () => {
    const slow = alertmanagerConfig({ ...policy, evaluation_interval: 240 }).route;
    expect(slow.group_wait).toBe('270s');
    expect(slow.routes?.at(-2)?.group_wait).toBe('5m');
  });

  test('the watchdog is heard every few minutes', () => {
    expect(route.routes?.[0]).toEqual({
      receiver: 'dead_mans_switch',
      matchers: ['alertname="MaintenanceWatchdog"'],
      ...timing(['alertname'], '0s', '1m', '5m'),
    });
  });

  test('waits that are brought reach every route', () => {
    const hurried = alertmanagerConfig(policy, { wait: 1, interval: 2, repeat: 3 }).route;
    const waits = { group_wait: '1s', group_interval: '2s', repeat_interval: '3s' };
    expect(hurried).toMatchObject(waits);
    expect(hurried.routes?.[0]).toMatchObject({ ...waits, group_wait: '0s' });
    expect(hurried.routes?.slice(-2)).toMatchObject([waits, waits]);
  });
});

describe('routes', () => {
  test.each(alerts)('$alert reaches the receiver the policy names', ({ alert, labels }) => {
    const receiver = { critical: 'on_call', none: unsent(alert) }[labels['severity'] ?? ''] ?? 'operators';
    reaches('test.yaml', receiver, { alertname: alert, customer: 'acme', ...labels });
    reaches('shipped.yaml', receiver, { alertname: alert, customer: 'acme', ...labels });
  });

  test.each(alerts)('$alert of one customer follows the first match', ({ alert, labels }) => {
    const receiver = { info: 'operators', none: unsent(alert) }[labels['severity'] ?? ''] ?? 'birch';
    reaches('test.yaml', receiver, { alertname: alert, customer: 'birch', ...labels });
  });

  test('what is no alert reaches nobody', () => {
    reaches('test.yaml', 'nobody', { alertname: 'MaintenanceOther', customer: 'acme', severity: 'none' });
  });

  test('amtool notices a wrong receiver', () => {
    expect(() => reaches('test.yaml', 'operators', { severity: 'critical' })).toThrow('Command failed');
  });
});

/** Who hears of an alert that says of nothing that it is wrong. */
function unsent(alert: string): string {
  return alert === 'MaintenanceWatchdog' ? 'dead_mans_switch' : 'nobody';
}

/** Fails when the labels reach anybody else. */
function reaches(file: string, receiver: string, labels: Readonly<Record<string, string>>): void {
  const options = [`--config.file=${join(directory, file)}`, `--verify.receivers=${receiver}`];
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  execFileSync('amtool', ['config', 'routes', 'test', ...options, ...pairs], { stdio: 'pipe' });
}
