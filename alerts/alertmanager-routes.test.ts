import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { alertRules } from './alert-rules.ts';
import { alertmanagerConfig } from './alertmanager.ts';
import { yaml } from './generate.ts';
import { parsePolicy, type Policy, readPolicy } from './policy.ts';

const file = join(import.meta.dirname, 'examples', 'three-customers.yaml');
const example = readPolicy(file);

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-routes-'));
  writeFileSync(join(directory, 'example.yaml'), yaml(alertmanagerConfig(example)));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('the example', () => {
  test('amtool accepts it', () => {
    const said = execFileSync('amtool', ['check-config', join(directory, 'example.yaml')], {
      encoding: 'utf8',
    });
    expect(said).toContain('SUCCESS');
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
    expect(receivers.find(({ name }) => name === 'backups')).toEqual({
      name: 'backups',
      email_configs: [{ to: 'backups@example.org, storage@example.org', send_resolved: true }],
    });
    expect(receivers.find(({ name }) => name === 'on_call')?.slack_configs).toEqual([
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

describe('in a running Alertmanager', () => {
  const heard: { receiver: string; customer: string }[] = [];
  let url = '';
  let alertmanager: ChildProcess | undefined;
  let hook: Server | undefined;

  beforeAll(async () => {
    hook = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += String(part)));
      request.on('end', () => {
        for (const customer of customersIn(body))
          heard.push({ receiver: request.url?.slice(1) ?? '', customer });
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => hook?.once('listening', resolve));
    const address = hook.address();
    const hookUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    writeFileSync(
      join(directory, 'live.yaml'),
      yaml(alertmanagerConfig(livePolicy(hookUrl), { wait: 1, interval: 1, repeat: 3600 })),
    );
    const port = await freePort();
    url = `http://127.0.0.1:${port}/api/v2`;
    alertmanager = spawn(
      'prometheus-alertmanager',
      [
        `--config.file=${join(directory, 'live.yaml')}`,
        `--storage.path=${join(directory, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    );
    await eventually(async () => (await fetch(`${url}/status`)).ok);
    const labels = { alertname: 'MaintenanceDiskFailing', severity: 'critical', control: 'disk_health' };
    const alerts = ['working', 'off', 'holiday', 'unknown'].map((customer) => ({
      labels: { ...labels, customer },
    }));
    await fetch(`${url}/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    });
    // The escalation comes last: whoever is told at once has been told by then.
    await eventually(() =>
      Promise.resolve(heard.filter(({ receiver }) => receiver === 'manager').length === 4),
    );
  });
  afterAll(() => {
    alertmanager?.kill();
    hook?.close();
  });

  test.each([
    ['working', ['desk', 'manager']],
    ['off', ['manager', 'on_call']],
    ['holiday', ['manager', 'on_call']],
    ['unknown', ['manager', 'on_call']],
  ])('%s', (customer, receivers) => {
    const own = heard.filter((message) => message.customer === customer).map(({ receiver }) => receiver);
    expect(own.toSorted()).toEqual(receivers);
  });
});

/** Customers that are at work now, are not, and would be if it were no holiday, in a zone that is never near midnight now. */
function livePolicy(hook: string): Policy {
  const acme = example.customers['acme'];
  if (acme === undefined) throw new Error('the example has a customer acme');
  const hour = new Date().getUTCHours();
  const zone = hour >= 12 ? 'Etc/GMT+9' : 'Etc/GMT-9';
  const all = [{ from: 0, to: 86_400 }];
  const none = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
  const week = { mon: all, tue: all, wed: all, thu: all, fri: all, sat: all, sun: all };
  const local = new Date(Date.now() + (hour >= 12 ? -9 : 9) * 3_600_000).toISOString().slice(0, 10);
  const base = { ...acme, zone, holidays: [] };
  const receivers = ['desk', 'on_call', 'operators', 'manager', 'dead_mans_switch'];
  return {
    ...example,
    customers: {
      working: { ...base, working_hours: week },
      off: { ...base, working_hours: none },
      holiday: { ...base, working_hours: week, holidays: [{ from: local, to: local, name: 'Today' }] },
    },
    mail: undefined,
    receivers: Object.fromEntries(receivers.map((name) => [name, { webhook: `${hook}/${name}` }])),
    routes: [
      { match: { severity: ['critical'] }, during: 'working_hours', receiver: 'desk' },
      { match: { severity: ['critical'] }, during: 'outside_working_hours', receiver: 'on_call' },
      { during: 'always', receiver: 'operators' },
    ],
    escalation: [{ match: { severity: ['critical'] }, after: 4, receiver: 'manager' }],
  };
}

const messageSchema = z.object({ alerts: z.array(z.object({ labels: z.object({ customer: z.string() }) })) });

function customersIn(message: string): readonly string[] {
  return messageSchema.parse(JSON.parse(message)).alerts.map(({ labels }) => labels.customer);
}

/** Everybody amtool says an alert reaches. */
function told(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  const options = [`--config.file=${join(directory, 'example.yaml')}`];
  return execFileSync('amtool', ['config', 'routes', 'test', ...options, ...pairs], {
    encoding: 'utf8',
  }).trim();
}

async function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = createSocket().listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
  });
  return await promise;
}

/** Asks again until it is so; a refusal counts as not yet. */
async function eventually(check: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- each question waits for the answer before
      if (await check()) return;
    } catch {
      // not listening yet
    }
    // oxlint-disable-next-line no-await-in-loop -- see above
    await setTimeout(50);
  }
  throw new Error('it did not become so within 30 seconds');
}
