import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { startAlertmanager } from '../deploy/local/alertmanager.ts';
import { logNotifications, type NotificationLog } from '../deploy/local/notifications.ts';
import { alertmanagerConfig } from './alertmanager.ts';
import { yaml } from './generate.ts';
import { messageFile, messageTemplate } from './message-template.ts';
import { type Policy, readPolicy } from './policy.ts';
import { type MailSink, startMailSink } from './tests/mail-sink.ts';

/*
 * The example policy with its routes and receivers as they are, in a running Alertmanager. Its clock cannot be set, so the
 * customers move: to the zone in which it is the hour that is asked for.
 */

const example = readPolicy(join(import.meta.dirname, 'examples', 'three-customers.yaml'));
const day = 86_400_000;

interface Place {
  readonly zone: string;
  /** Today, there. */
  readonly today: string;
}

/** A zone in which it is that hour now. */
function whereItIs(hour: number): Place {
  const ahead = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
  const today = new Date(Date.now() + ahead * 3_600_000).toISOString().slice(0, 10);
  // The names of these zones have the sign of POSIX: behind is plus.
  return { zone: `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`, today };
}

function hours(from: number, to: number) {
  const span = [{ from: from * 3600, to: to * 3600 }];
  return { mon: span, tue: span, wed: span, thu: span, fri: span, sat: span, sun: span };
}

const night = whereItIs(3);
const noon = whereItIs(12);
const other = (today: string, days: number): string =>
  new Date(Date.parse(today) + days * day).toISOString().slice(0, 10);
const holiday = (date: string) => ({ from: date, to: date, name: 'Holiday' });

type Hours = Pick<Policy['customers'][string], 'zone' | 'working_hours' | 'holidays'>;

/** What time it is at acme, and who hears of what is critical there. */
const times: readonly (readonly [name: string, acme: Hours, hears: string])[] = [
  ['at noon of a working day', { ...noon, working_hours: hours(8, 18), holidays: [] }, 'acme_desk'],
  ['at 03:00 of a working day', { ...night, working_hours: hours(8, 18), holidays: [] }, 'on_call'],
  [
    'at noon of a holiday',
    { ...noon, working_hours: hours(8, 18), holidays: [holiday(noon.today)] },
    'on_call',
  ],
  [
    'at 03:00 of a holiday, when they would work at night',
    { ...night, working_hours: hours(0, 24), holidays: [holiday(night.today)] },
    'on_call',
  ],
  [
    'at 03:00 of the day between two holidays, when they work at night',
    {
      ...night,
      working_hours: hours(0, 24),
      holidays: [holiday(other(night.today, -1)), holiday(other(night.today, 1))],
    },
    'acme_desk',
  ],
];

type Labels = Readonly<Record<string, string>>;
const critical = { severity: 'critical', sla_class: 'urgent' };
const standard = { severity: 'warning', sla_class: 'standard' };
const named = (alertname: string, customer: string, more: Labels) => ({
  alertname,
  customer,
  instance: 'srv-1',
  ...more,
});
const failing = named('MaintenanceDiskFailing', 'acme', {
  ...critical,
  control: 'disk_health',
  object: 'd1',
});
const taken = named('MaintenanceVolumeDegraded', 'acme', {
  ...critical,
  control: 'volume_health',
  object: `it's "$(touch never)" md0`,
});
const late = named('MaintenanceBackupOverdue', 'birch', { ...critical, control: 'backup', object: 'files' });
const lateWarning = named('MaintenanceBackupOverdue', 'kaveri', {
  ...standard,
  control: 'backup',
  object: 'a',
});
const reboot = named('MaintenanceRebootOverdue', 'acme', { ...standard, control: 'reboot' });
const slow = named('MaintenancePatchAutomationOff', 'birch', {
  severity: 'info',
  sla_class: 'standard',
  control: 'patch_automation',
});
const unruly = { alertname: 'MaintenanceRuleEvaluationFailing', ...critical };
const watchdog = { alertname: 'MaintenanceWatchdog', severity: 'none' };
const unsaid = named('MaintenanceOther', 'acme', { severity: 'none' });
/** As the rules make it of `taken` when its time to be answered is used up. */
const breached = { ...taken, alertname: 'MaintenanceResponseSlaBreached', alert: taken.alertname };
const breachedToo = { ...failing, alertname: 'MaintenanceResponseSlaBreached', alert: failing.alertname };
const all: readonly Labels[] = [failing, taken, late, lateWarning, reboot, slow, unruly, watchdog, unsaid];

const annotationsOf = ({ alertname = '' }: Labels) => ({
  summary: `${alertname} tells something.`,
  description: 'srv-1: it is out of order. First step: look at it.',
  respond_within: '4h',
  runbook_url: 'https://git.example.org/ops/runbooks/page.md',
});

describe.each(times)('%s', (_, acme, hears) => {
  let directory = '';
  let url = '';
  let hook: NotificationLog | undefined;
  let mail: MailSink | undefined;
  let stop = () => Promise.resolve();

  /** Who has heard of an alert, by the names of the policy. */
  const heard = ({ alertname = '', customer = '' }: Labels): readonly string[] => {
    const hooks = (hook?.received() ?? []).flatMap(({ receiver, body }) =>
      webhook(body).some(
        ({ labels }) => labels['alertname'] === alertname && (labels['customer'] ?? '') === customer,
      )
        ? [receiver.slice(1)]
        : [],
    );
    const mails = (mail?.received() ?? []).flatMap(({ to, text }) =>
      text
        .split(/(?=^[A-Z]+ {2}Maintenance)/m)
        .some(
          (part) =>
            part.includes(`  ${alertname} tells`) &&
            part.includes(customer === '' ? '' : `'customer="${customer}"'`),
        )
        ? to.map((address) => mailboxes[address] ?? address)
        : [],
    );
    return [...new Set([...hooks, ...mails])].toSorted();
  };

  /** Sends alerts as Prometheus does. `since` in seconds before now. */
  async function fire(alerts: readonly Labels[], since: number): Promise<void> {
    const startsAt = new Date(Date.now() - since * 1000).toISOString();
    const body = alerts.map((labels) => ({ labels, annotations: annotationsOf(labels), startsAt }));
    const answer = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
  }

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'maintenance-routes-live-'));
    mkdirSync(join(directory, 'alertmanager'));
    hook = await logNotifications(join(directory, 'notifications.jsonl'), 0);
    mail = await startMailSink();
    writeFileSync(join(directory, 'slack-url'), `${hook.url}/slack`);
    const policy = livePolicy(acme, hook.url, mail.address, join(directory, 'slack-url'));
    const configFile = join(directory, 'alertmanager.yaml');
    writeFileSync(configFile, yaml(alertmanagerConfig(policy, { wait: 1, interval: 1, repeat: 3600 })));
    writeFileSync(join(directory, messageFile), messageTemplate(policy));
    const alertmanager = await startAlertmanager({
      directory: join(directory, 'alertmanager'),
      configFile,
      port: 0,
    });
    ({ url, stop } = alertmanager);
    await fire(all, 0);
    await vi.waitUntil(
      () =>
        [failing, taken, late, lateWarning, reboot, slow, unruly, watchdog].every(
          (one) => heard(one).length > 0,
        ),
      { timeout: 60_000, interval: 100 },
    );
    await vi.waitUntil(
      () => slackTexts(hook).some((text) => text.includes('MaintenanceBackupOverdue tells')),
      {
        timeout: 60_000,
        interval: 100,
      },
    );
  });
  afterAll(async () => {
    await stop();
    await hook?.close();
    mail?.close();
    rmSync(directory, { recursive: true });
  });

  test('at once everybody hears of what the routes say, and of nothing else', () => {
    const told = Object.fromEntries(
      all.map((one) => [`${one['alertname']} ${one['customer'] ?? ''}`.trim(), heard(one)]),
    );
    expect(told).toEqual({
      'MaintenanceDiskFailing acme': [hears],
      'MaintenanceVolumeDegraded acme': [hears],
      'MaintenanceBackupOverdue birch': ['on_call'],
      'MaintenanceBackupOverdue kaveri': ['backups', 'storage'],
      'MaintenanceRebootOverdue acme': ['operators'],
      'MaintenancePatchAutomationOff birch': ['operators'],
      MaintenanceRuleEvaluationFailing: ['on_call'],
      MaintenanceWatchdog: ['dead_mans_switch'],
      'MaintenanceOther acme': [],
    });
  });

  test.each(all)(
    'amtool, which knows no time, names whoever heard of $alertname of $customer, too',
    (labels) => {
      const options = [`--config.file=${join(directory, 'alertmanager.yaml')}`];
      const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
      const said = execFileSync('amtool', ['config', 'routes', 'test', ...options, ...pairs], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
      const names = said.trim().split(',');
      // The two mailboxes of backups are one receiver.
      const who = heard(labels).filter((name) => name !== 'storage');
      expect(names).toEqual(expect.arrayContaining([...who]));
      if (who.length === 0) expect(names).toEqual(['nobody']);
    },
  );

  test('the chat of on-call says where and until when', () => {
    const text = slackTexts(hook).find((one) => one.includes('MaintenanceBackupOverdue tells')) ?? '';
    expect(text).toMatch(
      /^\*CRITICAL\* MaintenanceBackupOverdue tells something\.\nsrv-1: it is out of order\.\n\*Since:\* \w{3} .+ America\/New_York\n\*Answer by:\* \w{3} .+ America\/New_York\n\*First step:\* look at it\.\n<https:\/\/git\.example\.org\/ops\/runbooks\/page\.md\|Runbook> · <http:\/\/127\.0\.0\.1:\d+\/#\/silences\/new\?filter=\S+\|Acknowledge>/,
    );
  });

  test('a mail arrives as text and as HTML, with a title', () => {
    const found = mail?.received().find(({ to }) => to.includes('backups@example.org'));
    expect(found?.to).toEqual(['backups@example.org', 'storage@example.org']);
    expect(found?.subject).toBe(
      '[WARNING] Kaveri Logistics, srv-1, a: MaintenanceBackupOverdue tells something.',
    );
    expect(found?.text).toMatch(/^Since: {7}\w{3} \d+ \w{3} \d{4} \d\d:\d\d Asia\/Kolkata$/m);
    expect(found?.text).toMatch(/^Answer by: {3}\w{3} \d+ \w{3} \d{4} \d\d:\d\d Asia\/Kolkata$/m);
    expect(found?.html).toContain('<strong>First step:</strong> look at it.');
  });

  test('who acknowledges with the words of the mail is not told again, and the manager not at all', async () => {
    const shown = 'tells something';
    if (hears === 'acme_desk') {
      const text = mail?.received().find((one) => one.text.includes(`VolumeDegraded ${shown}`))?.text ?? '';
      const command = /^ +(amtool silence add .*VolumeDegraded.*)$/m.exec(text)?.[1] ?? '';
      execFileSync('sh', ['-c', `${command} --author=ana`], { stdio: 'pipe', cwd: directory });
    } else {
      // The chat has no command but a link; its form asks for the comment.
      const text = slackTexts(hook).find((one) => one.includes(`VolumeDegraded ${shown}`)) ?? '';
      const link = text.split('*CRITICAL*').find((one) => one.includes(`VolumeDegraded ${shown}`)) ?? '';
      const matchers = decodeURIComponent(/filter=([^|]+)\|Acknowledge>/.exec(link)?.[1] ?? '');
      const options = [`--alertmanager.url=${url}`, '--author=ana', '--comment=ACK, I am on it'];
      execFileSync('amtool', ['silence', 'add', ...options, ...matchers.slice(1, -1).split(/, (?=\w+=)/)], {
        stdio: 'pipe',
      });
    }
    expect(existsSync(join(directory, 'never'))).toBe(false);
    const silences = silencesAnswer.parse(await (await fetch(`${url}/api/v2/silences`)).json());
    expect(silences.map(({ comment }) => comment)).toEqual(['ACK, I am on it']);
    const found = alertsAnswer.parse(await (await fetch(`${url}/api/v2/alerts`)).json());
    expect(found.filter(({ status }) => status.silencedBy.length > 0).map(({ labels }) => labels)).toEqual([
      taken,
    ]);

    await fire([taken, failing, late, unruly, breached, breachedToo], 2 * 3600 + 60);
    const others = [failing, late, unruly, breachedToo];
    await vi.waitUntil(() => others.every((one) => heard(one).includes('manager')), {
      timeout: 60_000,
      interval: 100,
    });
    expect(heard(taken)).toEqual([hears]);
    const now = alertsAnswer.parse(await (await fetch(`${url}/api/v2/alerts`)).json());
    const silenced = now.filter(({ status }) => status.silencedBy.length > 0).map(({ labels }) => labels);
    expect(silenced.toSorted((a, b) => (a['alertname'] ?? '').localeCompare(b['alertname'] ?? ''))).toEqual([
      breached,
      taken,
    ]);
    expect(heard(lateWarning)).not.toContain('manager');
  });
});

const webhookBody = z.object({ alerts: z.array(z.object({ labels: z.record(z.string(), z.string()) })) });
const alertsAnswer = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    status: z.object({ silencedBy: z.array(z.string()) }),
  }),
);
const silencesAnswer = z.array(z.object({ comment: z.string() }));
const slackBody = z.object({ attachments: z.array(z.object({ text: z.string() })) });

/** The alerts of a webhook; what the chat gets has another shape. */
function webhook(body: unknown): readonly { readonly labels: Labels }[] {
  const { data } = webhookBody.safeParse(body);
  return data?.alerts ?? [];
}

function slackTexts(log: NotificationLog | undefined): readonly string[] {
  return (log?.received() ?? [])
    .filter(({ receiver }) => receiver === '/slack')
    .flatMap(({ body }) => slackBody.parse(body).attachments.map(({ text }) => text));
}

const mailboxes: Readonly<Record<string, string>> = {
  'desk@acme.example': 'acme_desk',
  'backups@example.org': 'backups',
  'storage@example.org': 'storage',
  'manager@example.org': 'manager',
};

/** The example with acme at another time, and its messages sent to this machine. */
function livePolicy(acme: Hours, hook: string, mailServer: string, slackFile: string): Policy {
  const { zone, working_hours, holidays } = acme;
  const was = example.customers['acme'];
  if (was === undefined) throw new Error('the example has a customer acme');
  return {
    ...example,
    customers: { ...example.customers, acme: { ...was, zone, working_hours, holidays } },
    mail: { server: mailServer, from: 'alerts@example.org', tls: false },
    receivers: Object.fromEntries(
      Object.entries(example.receivers).map(([name, { webhook: address, slack, ...rest }]) => [
        name,
        {
          ...rest,
          ...(address === undefined ? {} : { webhook: `${hook}/${name}` }),
          ...(slack === undefined ? {} : { slack: { ...slack, url_file: slackFile } }),
        },
      ]),
    ),
  };
}
