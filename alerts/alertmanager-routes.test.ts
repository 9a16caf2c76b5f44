import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alertRules } from './alert-rules.ts';
import { alertmanagerConfig } from './alertmanager.ts';
import { yaml } from './generate.ts';
import { messageFile, messageTemplate } from './message-template.ts';
import { parsePolicy, readPolicy } from './policy.ts';

const file = join(import.meta.dirname, 'examples', 'three-customers.yaml');
const example = readPolicy(file);

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-routes-'));
  writeFileSync(join(directory, 'example.yaml'), yaml(alertmanagerConfig(example)));
  writeFileSync(join(directory, messageFile), messageTemplate(example));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('the example', () => {
  test('amtool accepts it', () => {
    const said = execFileSync('amtool', ['check-config', join(directory, 'example.yaml')], {
      encoding: 'utf8',
    });
    expect(said).toContain('SUCCESS');
    expect(said).toContain('1 templates');
  });

  test('amtool notices a broken template', () => {
    writeFileSync(
      join(directory, messageFile),
      '{{ define "maintenance.title" }}{{ .Labels | nonsense }}{{ end }}',
    );
    const options = { encoding: 'utf8', stdio: 'pipe' } as const;
    expect(() => execFileSync('amtool', ['check-config', join(directory, 'example.yaml')], options)).toThrow(
      'Command failed',
    );
    writeFileSync(join(directory, messageFile), messageTemplate(example));
  });

  test('no mail server without STARTTLS by mistake', () => {
    const mail = { server: '127.0.0.1:25', from: 'alerts@example.org' };
    const sent = (tls: boolean) => alertmanagerConfig({ ...example, mail: { ...mail, tls } }).global;
    expect(sent(true)).not.toHaveProperty('smtp_require_tls');
    expect(sent(false)).toMatchObject({ smtp_require_tls: false });
  });

  test('a group of a route with hours is looked at often enough to be told while the route is open', () => {
    const routes = alertmanagerConfig(
      parsePolicy(
        readFileSync(file, 'utf8').replace(
          'match: { customer: acme, severity: critical }',
          'match: { customer: acme }',
        ),
      ),
    ).route.routes;
    const timed = routes?.find(({ receiver }) => receiver === 'acme_desk');
    const hours = {
      active_time_intervals: ['acme working hours'],
      mute_time_intervals: ['acme holidays'],
    };
    expect(timed).toMatchObject(hours);
    expect(timed?.routes?.map(({ group_interval, ...rest }) => [group_interval, rest])).toMatchObject([
      ['30m', { matchers: ['severity="warning"'], ...hours }],
      ['30m', { matchers: ['severity="info"'], ...hours }],
    ]);
  });

  // amtool knows no time: it names everybody an alert passes, those whose time it is not included.
  test.each([
    ['manager,acme_desk,on_call', { customer: 'acme', severity: 'critical', control: 'disk_health' }],
    ['manager,on_call', { customer: 'birch', severity: 'critical', control: 'backup' }],
    ['manager,on_call', { severity: 'critical' }],
    ['backups', { customer: 'kaveri', severity: 'warning', control: 'backup' }],
    ['operators', { customer: 'acme', severity: 'warning', control: 'reboot' }],
    ['dead_mans_switch', { alertname: 'MaintenanceWatchdog', severity: 'none' }],
  ])('%s', (receivers, labels) => {
    expect(told(labels)).toBe(receivers);
  });

  test('the times of a customer are its week, its holidays, and all that is left', () => {
    const intervals = alertmanagerConfig(example).time_intervals ?? [];
    expect(intervals.map(({ name }) => name)).toEqual(
      ['acme', 'birch', 'kaveri'].flatMap((customer) => [
        `${customer} working hours`,
        `${customer} holidays`,
        `${customer} outside working hours`,
      ]),
    );
    const outside = intervals.find(({ name }) => name === 'acme outside working hours')?.time_intervals ?? [];
    expect(outside[0]).toEqual({
      weekdays: ['monday'],
      times: [
        { start_time: '00:00', end_time: '09:00' },
        { start_time: '14:00', end_time: '16:00' },
        { start_time: '19:00', end_time: '24:00' },
      ],
      location: 'Europe/Madrid',
    });
    expect(outside.at(-2)).toEqual({
      years: ['2026'],
      months: ['12'],
      days_of_month: ['8', '24', '25', '26', '27', '28', '29', '30', '31'],
      location: 'Europe/Madrid',
    });
  });

  test('mail goes out through the server of the policy, secrets stay in their files', () => {
    const { global, receivers } = alertmanagerConfig(example);
    expect(global).toEqual({
      smtp_smarthost: 'mail.example.org:587',
      smtp_from: 'alerts@example.org',
      smtp_auth_username: 'alerts',
      smtp_auth_password_file: '/etc/alertmanager/mail-password',
    });
    expect(receivers.find(({ name }) => name === 'backups')).toMatchObject({
      name: 'backups',
      email_configs: [{ to: 'backups@example.org, storage@example.org', send_resolved: true }],
    });
    expect(receivers.find(({ name }) => name === 'on_call')?.slack_configs).toMatchObject([
      { api_url_file: '/etc/alertmanager/slack-url', channel: '#on-call', send_resolved: true },
    ]);
  });
});

test('an owner stands for its controls', () => {
  const text = readFileSync(file, 'utf8').replace(
    'match: { owner: backups }',
    'match: { owner: [backups, patching], control: [backup, reboot] }',
  );
  const routes = alertmanagerConfig(parsePolicy(text)).route.routes ?? [];
  expect(routes.find(({ receiver }) => receiver === 'backups')?.matchers).toEqual([
    'control=~"reboot|backup"',
  ]);
});

test('an alert says whose it is and how soon somebody must answer', () => {
  const annotations = alertRules(example)
    .groups.flatMap(({ rules }) => rules)
    .flatMap((rule) => ('alert' in rule ? [[rule.alert, rule.annotations] as const] : []));
  expect(Object.fromEntries(annotations)).toMatchObject({
    MaintenancePatchStandardOverdue: { owner: 'patching', respond_within: '8h of working hours' },
    MaintenanceBackupOverdue: { owner: 'backups', respond_within: '4h' },
  });
  const ownerless = annotations.find(([name]) => name === 'MaintenanceDiskFailing')?.[1];
  expect(ownerless).toMatchObject({ respond_within: '4h' });
  expect(ownerless).not.toHaveProperty('owner');
});

/** Everybody amtool says an alert reaches. */
function told(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  const options = [`--config.file=${join(directory, 'example.yaml')}`];
  return execFileSync('amtool', ['config', 'routes', 'test', ...options, ...pairs], {
    encoding: 'utf8',
  }).trim();
}
