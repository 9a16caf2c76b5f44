import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { workingDeadline } from './calendar.ts';
import { messageTemplate } from './message-template.ts';
import { type Policy, readPolicy } from './policy.ts';

/*
 * What Debian's Alertmanager makes of the templates, through amtool.
 */

const example = readPolicy(join(import.meta.dirname, 'examples', 'three-customers.yaml'));
const acme = example.customers['acme'];
if (acme === undefined) throw new Error('the example has a customer acme');
const everyDay = (from: number, to: number) => {
  const day = [{ from: from * 3600, to: to * 3600 }];
  return { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day };
};
const policy: Policy = {
  ...example,
  customers: {
    ...example.customers,
    howe: { ...acme, name: 'Howe "&" Sons', zone: 'Australia/Lord_Howe', working_hours: everyDay(7, 15) },
    nights: { ...acme, name: 'Nights', zone: 'Europe/Berlin', working_hours: everyDay(0, 24) },
  },
};

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-messages-'));
  writeFileSync(join(directory, 'maintenance.tmpl'), messageTemplate(policy));
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly status?: 'firing' | 'resolved';
  /** Unix seconds. */
  readonly startsAt: number;
  readonly endsAt?: number;
}

/** What a template makes of alerts; what they have in common is found as Alertmanager does. */
function rendered(template: string, alerts: readonly Alert[], type: 'text' | 'html' = 'text'): string {
  const common = (key: 'labels' | 'annotations') =>
    Object.fromEntries(
      Object.entries(alerts[0]?.[key] ?? {}).filter(([name, value]) =>
        alerts.every((alert) => alert[key]?.[name] === value),
      ),
    );
  const instant = (seconds: number) => new Date(seconds * 1000).toISOString();
  const data = {
    receiver: 'on_call',
    status: alerts.every(({ status }) => status === 'resolved') ? 'resolved' : 'firing',
    externalURL: 'http://alerts.example.org',
    commonLabels: common('labels'),
    commonAnnotations: common('annotations'),
    alerts: alerts.map(({ startsAt, endsAt = 0, status = 'firing', ...rest }) => ({
      ...rest,
      status,
      startsAt: instant(startsAt),
      endsAt: instant(endsAt),
    })),
  };
  writeFileSync(join(directory, 'data.json'), JSON.stringify(data));
  const options = [
    `--template.glob=${join(directory, '*.tmpl')}`,
    `--template.data=${join(directory, 'data.json')}`,
    `--template.text=${template}`,
    `--template.type=${type}`,
  ];
  return execFileSync('amtool', ['template', 'render', ...options], { encoding: 'utf8' });
}

const each = (name: string): string => `{{ range .Alerts }}{{ template "${name}" . }}\n{{ end }}`;

/** `Mon 2 Jan 2026 15:04 Europe/Madrid`, as the platform's own calendar says it. */
function shown(zone: string, seconds: number): string {
  const parts = new Map(
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(seconds * 1000)
      .map(({ type, value }) => [type, value]),
  );
  const month = parts.get('month')?.slice(0, 3);
  return `${parts.get('weekday')} ${parts.get('day')} ${month} ${parts.get('year')} ${parts.get('hour')}:${parts.get('minute')} ${zone}`;
}

const from = Date.parse('2026-01-01T00:00Z') / 1000;
/** Every 7 hours and 11 minutes of fifteen months, and the minutes around every change of clocks in them. */
const instants = [
  ...Array.from({ length: 1500 }, (_, index) => from + index * (7 * 3600 + 660)),
  ...['2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-03-08T07:00Z', '2026-11-01T06:00Z', '2026-10-03T15:30Z']
    .map((text) => Date.parse(text) / 1000)
    .flatMap((change) => [change - 60, change - 1, change, change + 1, change + 60]),
];

describe.each(Object.entries(policy.customers))('%s', (customer, calendar) => {
  const alerts = (sla_class: string): readonly Alert[] =>
    instants.map((startsAt) => ({
      labels: { customer, sla_class },
      annotations: { respond_within: '8h of working hours' },
      startsAt,
      endsAt: startsAt,
    }));
  const linesOf = (name: string, sla_class = 'urgent') =>
    rendered(each(name), alerts(sla_class)).split('\n').slice(0, -1);
  const response = policy.sla_classes.standard.response;

  test('since when, and until when, is what the clocks of the customer showed', () => {
    const expected = instants.map((instant) => shown(calendar.zone, instant));
    expect(linesOf('maintenance.since')).toEqual(expected);
    expect(linesOf('maintenance.until')).toEqual(expected);
  });

  test('around the clock, the deadline is that many hours later on these clocks', () => {
    expect(linesOf('maintenance.deadline')).toEqual(
      instants.map((instant) => shown(calendar.zone, instant + policy.sla_classes.urgent.response)),
    );
  });

  test('in working hours, the deadline is that of the calendar', () => {
    // Their clocks change while they work: no instant is told.
    const told = (instant: number): string =>
      customer === 'nights'
        ? 'within 8h of working hours'
        : shown(calendar.zone, workingDeadline(calendar, instant, response) ?? Number.NaN);
    expect(linesOf('maintenance.deadline', 'standard')).toEqual(instants.map(told));
  });
});

describe('what is not known is not told', () => {
  const startsAt = Date.parse('2026-06-01T12:00Z') / 1000;
  const annotations = { respond_within: '4h' };
  const urgent = { customer: 'acme', sla_class: 'urgent' };

  test.each<[string, Alert, string, string]>([
    [
      'another customer',
      { labels: { ...urgent, customer: 'cedar' }, annotations, startsAt },
      'Mon 1 Jun 2026 12:00 UTC',
      'within 4h',
    ],
    [
      'no customer',
      { labels: { sla_class: 'urgent' }, annotations, startsAt },
      'Mon 1 Jun 2026 12:00 UTC',
      'within 4h',
    ],
    ['no class', { labels: { customer: 'acme' }, startsAt }, 'Mon 1 Jun 2026 14:00 Europe/Madrid', ''],
    [
      'clocks of years to come',
      { labels: urgent, annotations, startsAt: Date.parse('2036-06-01T12:00Z') / 1000 },
      'Sun 1 Jun 2036 12:00 UTC',
      'Sun 1 Jun 2036 16:00 UTC',
    ],
  ])('%s', (_, alert, since, deadline) => {
    expect(rendered(each('maintenance.since'), [alert])).toBe(`${since}\n`);
    expect(rendered(each('maintenance.deadline'), [alert])).toBe(`${deadline}\n`);
  });
});

const overdue: Alert = {
  labels: {
    alertname: 'MaintenanceBackupOverdue',
    customer: 'acme',
    instance: 'files-01',
    object: 'it\'s "<!channel>" & more',
    severity: 'critical',
    sla_class: 'urgent',
  },
  annotations: {
    summary: 'The newest complete restore point of a backup job is older than the policy allows.',
    description: 'files-01 (acme): backup job x & y is 2d old <b>. First step: read the log.',
    owner: 'backups',
    respond_within: '4h',
    runbook_url: 'https://git.example.org/MaintenanceBackupOverdue.md',
    dashboard_url: 'https://grafana.example.org/d/maintenance-host?var-customer=acme&var-instance=files-01',
  },
  startsAt: Date.parse('2026-11-26T13:03Z') / 1000,
};
const late: Alert = {
  ...overdue,
  labels: {
    alertname: 'MaintenanceRebootOverdue',
    customer: 'acme',
    instance: 'files-01',
    severity: 'warning',
    sla_class: 'standard',
  },
  annotations: { ...overdue.annotations, summary: 'A reboot is due.', respond_within: '8h of working hours' },
};
const over: Alert = { ...overdue, status: 'resolved', endsAt: Date.parse('2026-11-26T14:30Z') / 1000 };

describe('title', () => {
  const title = '{{ template "maintenance.title" . }}';
  const where = 'Acme Manufacturing, files-01';

  test.each<[string, readonly Alert[], string]>([
    [
      'one',
      [{ ...overdue, labels: { ...overdue.labels, object: 'nightly' } }],
      `[CRITICAL] ${where}, nightly: `,
    ],
    [
      'of one kind',
      [overdue, { ...overdue, labels: { ...overdue.labels, object: 'b' } }],
      `[CRITICAL] ${where}: `,
    ],
  ])('%s', (_, alerts, beginning) => {
    const count = alerts.length === 1 ? '' : ` (${alerts.length})`;
    expect(rendered(title, alerts)).toBe(`${beginning}${overdue.annotations?.['summary']}${count}`);
  });

  test('of several kinds, of everybody, and over', () => {
    expect(rendered(title, [overdue, late])).toBe(`[ALERT] ${where}: 2 alerts`);
    const absent = { ...overdue, labels: { severity: 'critical' } };
    expect(rendered(title, [absent])).toMatch(/^\[CRITICAL\] All customers: The newest/);
    expect(rendered(title, [over])).toMatch(/^\[OVER\] Acme Manufacturing, files-01, .*: The newest/);
    const howe = { ...overdue, labels: { customer: 'howe', severity: 'info' } };
    expect(rendered(title, [howe])).toMatch(/^\[INFO\] Howe "&" Sons: /);
  });
});

test('a mail says what, where, since when, until when to answer, what to do, and how to acknowledge', () => {
  const text = rendered('{{ template "maintenance.mail.text" . }}', [overdue, late]);
  const [first = ''] = text.split('WARNING');
  const link = /Acknowledge: (\S+)/.exec(first)?.[1] ?? '';
  expect(decodeURIComponent(link)).toBe(
    String.raw`http://alerts.example.org/#/silences/new?filter={alertname=~"MaintenanceBackupOverdue|MaintenanceResponseSla.+", alert=~"MaintenanceBackupOverdue|", customer="acme", instance="files-01", object="it's \"<!channel>\" & more", sla_class="urgent"}`,
  );
  expect(first.replace(link, 'LINK')).toBe(
    String.raw`CRITICAL  The newest complete restore point of a backup job is older than the policy allows.

files-01 (acme): backup job x & y is 2d old <b>.

Since:       Thu 26 Nov 2026 14:03 Europe/Madrid
Answer by:   Thu 26 Nov 2026 18:03 Europe/Madrid
First step:  read the log.
Owner:       backups
Runbook:     https://git.example.org/MaintenanceBackupOverdue.md
Board:       https://grafana.example.org/d/maintenance-host?var-customer=acme&var-instance=files-01
Acknowledge: LINK
             with a comment that begins with ACK, for eight hours, or:
             amtool silence add --alertmanager.url=http://alerts.example.org --duration=8h --comment='ACK, I am on it' 'alertname=~"MaintenanceBackupOverdue|MaintenanceResponseSla.+"' 'alert=~"MaintenanceBackupOverdue|"' 'customer="acme"' 'instance="files-01"' 'object="it'\''s \"<!channel>\" & more"' 'sla_class="urgent"'

`,
  );
  // Thursday 14:03 in Madrid is lunch; three hours that day and five of Friday.
  expect(text).toContain('Answer by:   Fri 27 Nov 2026 14:00 Europe/Madrid');
  expect(rendered('{{ template "maintenance.mail.text" . }}', [over]))
    .toBe(`OVER  ${over.annotations?.['summary']}

files-01 (acme): backup job x & y is 2d old <b>.

From:        Thu 26 Nov 2026 14:03 Europe/Madrid
Until:       Thu 26 Nov 2026 15:30 Europe/Madrid

`);
});

test('the mail for programs that show HTML says the same, and what hosts say is no HTML', () => {
  const page = rendered('{{ template "maintenance.mail.html" . }}', [overdue], 'html');
  expect(page).toContain('<p>files-01 (acme): backup job x &amp; y is 2d old &lt;b&gt;.</p>');
  expect(page).toContain('<strong>Answer by:</strong> Thu 26 Nov 2026 18:03 Europe/Madrid<br>');
  expect(page).toContain(
    '<strong>First step:</strong> read the log.<br>\n<strong>Owner:</strong> backups</p>',
  );
  expect(page).toContain('<a href="https://git.example.org/MaintenanceBackupOverdue.md">Runbook</a>');
  const link = /<a href="([^"]+)">Acknowledge/.exec(page)?.[1] ?? '';
  expect(decodeURIComponent(link)).toContain(
    String.raw`/#/silences/new?filter={alertname=~"MaintenanceBackupOverdue|MaintenanceResponseSla.+", alert=~"MaintenanceBackupOverdue|", customer="acme", instance="files-01", object="it's \"<!channel>\" & more", sla_class="urgent"}`,
  );
});

test('a chat gets the same, and no name calls everybody', () => {
  const text = rendered('{{ template "maintenance.chat.text" . }}', [overdue]);
  expect(text.replace(/silences\/new\S+Acknowledge>/, 'ACKNOWLEDGE>'))
    .toBe(`*CRITICAL* ${overdue.annotations?.['summary']}
files-01 (acme): backup job x &amp; y is 2d old &lt;b&gt;.
*Since:* Thu 26 Nov 2026 14:03 Europe/Madrid
*Answer by:* Thu 26 Nov 2026 18:03 Europe/Madrid
*First step:* read the log.
*Owner:* backups
<https://git.example.org/MaintenanceBackupOverdue.md|Runbook> · <https://grafana.example.org/d/maintenance-host?var-customer=acme&var-instance=files-01|Board> · <http://alerts.example.org/#/ACKNOWLEDGE> (a silence of eight hours whose comment begins with ACK)

`);
  expect(text).not.toContain('<!channel>');
});

test('of very many alerts the first are told, and that there are more', () => {
  const many = Array.from({ length: 45 }, (_, index) => ({
    ...overdue,
    labels: { ...overdue.labels, object: `job-${index}` },
  }));
  for (const template of ['mail.text', 'chat.text']) {
    const text = rendered(`{{ template "maintenance.${template}" . }}`, many);
    expect(text.split('CRITICAL').length - 1).toBe(20);
    expect(text).toContain('These are 20 of 45 alerts');
  }
});

test('who acknowledges that time runs out acknowledges the alert it is about', () => {
  const acknowledge = (labels: Readonly<Record<string, string>>): string | undefined =>
    /comment='ACK, I am on it' (.*)$/m.exec(
      rendered('{{ template "maintenance.mail.text" . }}', [{ ...overdue, labels }]),
    )?.[1];
  const host = { customer: 'acme', instance: 'files-01' };
  const expected = `'alertname=~"MaintenanceHostDown|MaintenanceResponseSla.+"' 'alert=~"MaintenanceHostDown|"' 'customer="acme"' 'instance="files-01"'`;
  expect(acknowledge({ ...host, alertname: 'MaintenanceHostDown', severity: 'warning' })).toBe(expected);
  const breached = { alertname: 'MaintenanceResponseSlaBreached', alert: 'MaintenanceHostDown' };
  expect(acknowledge({ ...host, ...breached, severity: 'critical' })).toBe(expected);
  expect(acknowledge({ alertname: "Bob's (.*) alert" })).toBe(String.raw`'alertname="Bob'\''s (.*) alert"'`);
});

test('an alert of somebody else, without annotations, is told all the same', () => {
  const strange = { labels: { alertname: 'Strange' }, startsAt: from };
  const text = rendered('{{ template "maintenance.mail.text" . }}', [strange]);
  expect(text).toContain('Since:       Thu 1 Jan 2026 00:00 UTC');
  expect(text).toContain('First step:  see the runbook.');
});
