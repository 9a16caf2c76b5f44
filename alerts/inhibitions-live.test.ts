import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startAlertmanager } from '../deploy/local/alertmanager.ts';
import { logNotifications, type NotificationLog } from '../deploy/local/notifications.ts';
import { startPrometheus } from '../deploy/local/prometheus.ts';
import { alertRules } from './alert-rules.ts';
import { alertmanagerConfig } from './alertmanager.ts';
import { yaml } from './generate.ts';
import { inhibitions } from './inhibitions.ts';
import { readPolicy } from './policy.ts';
import type { AlertingRule, RecordingRule } from './rules.ts';
import { alertFacts, diskLimits, exporterUp, type FactLabels } from './tests/alert-facts.ts';

/*
 * Every row of the table, in a Prometheus with the generated alert rules (they do not wait) and an Alertmanager with the
 * generated configuration. Each pair of a source and a target has a customer of its own.
 */

const absent = 'MaintenanceExporterAbsent';
const policy = readPolicy(join(import.meta.dirname, 'tests', 'policy.yaml'));
const { groups } = alertRules(policy);
const severities = new Map(
  groups.flatMap(({ rules }) =>
    rules.flatMap((rule) => ('alert' in rule ? [[rule.alert, rule.labels['severity']] as const] : [])),
  ),
);
const combinations = inhibitions.flatMap(({ sources, targets, equal, mutesCritical = false }, row) =>
  sources.flatMap((source, s) =>
    targets.map((target, t) => ({
      source,
      target,
      equal,
      mutes: mutesCritical || severities.get(target) !== 'critical',
      customer: `row${row}-${s}-${t}`,
    })),
  ),
);
const pairs = combinations.filter(({ mutes }) => mutes);
/** Nobody is told of a maintenance window. */
const isTold = (source: string): boolean => severities.get(source) !== 'none';
const ofHosts = pairs.filter(({ source }) => source !== absent);

const labelsOf = (customer: string): FactLabels => ({ customer, instance: 'app-1', same: 'one' });

/** Targets that fire beside a pair and differ from its source in one label that must be equal. */
const bystanders = ofHosts.flatMap(({ target, equal, customer }) =>
  equal.map((label) => ({
    target,
    differs: label,
    labels: {
      ...labelsOf(customer),
      ...(label === 'customer' && { customer: `${customer}-other` }),
      ...(label === 'instance' && { instance: 'app-2' }),
      ...((label === 'object' || label === 'collector') && { same: 'two' }),
    },
  })),
);

/** What is critical is told beside a source that mutes only the rest. */
const critical = combinations.filter(({ mutes }) => !mutes);

/** A backup is overdue all the time; only the host can tell what the targets tell. */
const backup = { customer: 'backups', instance: 'app-1', same: 'files' };

/** What Prometheus reads: whether there is an exporter at all, whether the sources fire, and the targets. */
function page(state: { readonly up: boolean; readonly sources: boolean; readonly targets: boolean }): string {
  const { up, sources, targets } = state;
  const beside = [
    alertFacts('MaintenanceBackupOverdue', backup),
    ...pairs.map(({ target, customer }) => alertFacts(target, labelsOf(customer))),
    ...bystanders.map(({ target, labels }) => alertFacts(target, labels)),
    ...critical.map(({ target, customer }) => alertFacts(target, labelsOf(customer))),
  ];
  const lines = [
    diskLimits,
    up ? exporterUp : '',
    ...(targets ? beside : []),
    ...[...ofHosts, ...critical].map(({ source, customer }) =>
      alertFacts(source, labelsOf(customer), sources),
    ),
  ];
  // Facts of the host may be asked for twice.
  return [...new Set(lines.join('').split('\n').filter(Boolean)), ''].join('\n');
}

const alertsAnswer = z.array(
  z.object({
    fingerprint: z.string(),
    labels: z.record(z.string(), z.string()),
    status: z.object({ state: z.string(), inhibitedBy: z.array(z.string()) }),
  }),
);
type Seen = z.infer<typeof alertsAnswer>;
const message = z.object({
  alerts: z.array(z.object({ status: z.string(), labels: z.record(z.string(), z.string()) })),
});
type Heard = z.infer<typeof message>['alerts'];

interface Moment {
  readonly seen: Seen;
  readonly heard: Heard;
}

let directory = '';
let facts = page({ up: false, sources: true, targets: false });
let exporter: Server | undefined;
let sink: NotificationLog | undefined;
const endings: (() => Promise<void>)[] = [];
let alertmanagerUrl = '';

async function now(): Promise<Moment> {
  const answer = await fetch(`${alertmanagerUrl}/api/v2/alerts`);
  const heard = (sink?.received() ?? []).flatMap(({ body }) => message.parse(body).alerts);
  return { seen: alertsAnswer.parse(await answer.json()), heard };
}

/** The moment it has become so; after two minutes the moment as it is, for the tests to say what is missing. */
async function momentWhen(so: (moment: Moment) => boolean): Promise<Moment> {
  const deadline = Date.now() + 120_000;
  let moment = await now();
  while (!so(moment) && Date.now() < deadline) {
    // oxlint-disable-next-line no-await-in-loop -- each look follows the one before
    await new Promise((resolve) => setTimeout(resolve, 100));
    // oxlint-disable-next-line no-await-in-loop -- see above
    moment = await now();
  }
  return moment;
}

interface Asked {
  readonly alert: string;
  readonly customer: string;
  readonly instance?: string;
  readonly same?: string;
}

function isAlert({ alert, customer, instance = 'app-1', same = 'one' }: Asked) {
  return ({ labels }: { readonly labels: Readonly<Record<string, string>> }): boolean =>
    labels['alertname'] === alert &&
    labels['customer'] === customer &&
    labels['instance'] === instance &&
    [labels['object'] ?? same, labels['collector'] ?? same].every((one) => one === same);
}

const told = ({ heard }: Moment, asked: Asked, status = 'firing'): boolean =>
  heard.some((one) => one.status === status && isAlert(asked)(one));
const inhibitedBy = ({ seen }: Moment, asked: Asked): readonly string[] | undefined =>
  seen.find(isAlert(asked))?.status.inhibitedBy;
const targetOf = ({ target, customer }: (typeof pairs)[number]): Asked => ({ alert: target, customer });
const sourceOf = ({ source, customer }: (typeof pairs)[number]): Asked => ({ alert: source, customer });
const onlyAbsent = pairs.filter(({ source }) => source === absent);

let withoutExporter: Moment;
let withSources: Moment;
let afterSources: Moment;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-inhibitions-'));
  const folder = (name: string): string => {
    mkdirSync(join(directory, name));
    return join(directory, name);
  };
  sink = await logNotifications(join(directory, 'notifications.jsonl'), 0);
  endings.push(sink.close);
  exporter = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(facts);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => exporter?.once('listening', resolve));
  const receivers = Object.fromEntries(
    Object.keys(policy.receivers).map((name) => [name, { webhook: `${sink?.url}/${name}` }]),
  );
  const configFile = join(directory, 'alertmanager.yaml');
  const config = alertmanagerConfig({ ...policy, receivers }, { wait: 1, interval: 1, repeat: 3600 });
  writeFileSync(configFile, yaml(config));
  const alertmanager = await startAlertmanager({ directory: folder('alertmanager'), configFile, port: 0 });
  endings.push(alertmanager.stop);
  alertmanagerUrl = alertmanager.url;
  const ruleFile = join(directory, 'alerts.yaml');
  writeFileSync(
    ruleFile,
    yaml({ groups: groups.map((group) => ({ ...group, interval: '1s', rules: group.rules.map(atOnce) })) }),
  );
  const address = exporter.address();
  const prometheus = await startPrometheus({
    name: 'Prometheus',
    directory: folder('prometheus'),
    port: 0,
    targets: [{ address: `127.0.0.1:${typeof address === 'object' ? address?.port : 0}` }],
    job: 'facts',
    honorLabels: true,
    ruleFiles: [ruleFile],
    alertmanager: alertmanager.address,
    scrapeInterval: '1s',
    flags: ['--rules.alert.resend-delay=1s'],
  });
  endings.push(prometheus.stop);

  // Rules of different groups fire at different instants: the causes first.
  await momentWhen(
    ({ seen }) =>
      seen.some(({ labels }) => labels['alertname'] === absent) &&
      ofHosts.every((pair) => seen.some(isAlert(sourceOf(pair)))),
  );
  facts = page({ up: false, sources: true, targets: true });
  withoutExporter = await momentWhen(
    (moment) =>
      pairs.every((pair) => (inhibitedBy(moment, targetOf(pair))?.length ?? 0) > 0) &&
      told(moment, { alert: 'MaintenanceBackupOverdue', ...backup }),
  );
  facts = page({ up: true, sources: true, targets: true });
  withSources = await momentWhen(
    (moment) =>
      onlyAbsent.every((pair) => told(moment, targetOf(pair))) &&
      ofHosts.every((pair) => !isTold(pair.source) || told(moment, sourceOf(pair))) &&
      critical.every((pair) => told(moment, targetOf(pair))) &&
      bystanders.every(({ target, labels }) => told(moment, { alert: target, ...labels })),
  );
  facts = page({ up: true, sources: false, targets: true });
  afterSources = await momentWhen((moment) => ofHosts.every((pair) => told(moment, targetOf(pair))));
}, 420_000);
afterAll(async () => {
  exporter?.close();
  exporter?.closeAllConnections();
  await Promise.all(endings.map((end) => end()));
  rmSync(directory, { recursive: true });
});

describe('while there is no exporter at all', () => {
  const asked = { alert: absent };

  test.each(onlyAbsent)('$target is muted by that and told afterwards', (pair) => {
    const source = withoutExporter.seen.find(({ labels }) => labels['alertname'] === asked.alert);
    expect(inhibitedBy(withoutExporter, targetOf(pair))).toEqual([source?.fingerprint]);
    expect(told(withoutExporter, targetOf(pair))).toBe(false);
    expect(told(withSources, targetOf(pair))).toBe(true);
  });

  test('that is told, and so are backups', () => {
    expect(withoutExporter.heard.map(({ labels }) => labels['alertname'])).toEqual(
      expect.arrayContaining([absent, 'MaintenanceWatchdog', 'MaintenanceBackupOverdue']),
    );
  });
});

describe.each(ofHosts)('$source, $target', (pair) => {
  test('the target is muted by the source and by nothing else', () => {
    const source = withSources.seen.find(isAlert(sourceOf(pair)));
    expect(inhibitedBy(withSources, targetOf(pair))).toEqual([source?.fingerprint]);
  });

  test('the source is told, the target is not', () => {
    expect(told(withSources, sourceOf(pair))).toBe(isTold(pair.source));
    expect(told(withSources, targetOf(pair))).toBe(false);
  });

  test('the target is told once the source is over', () => {
    expect(told(afterSources, targetOf(pair))).toBe(true);
    expect(inhibitedBy(afterSources, targetOf(pair))).toEqual([]);
  });
});

test.each(bystanders)('$target with another $differs is told', ({ target, labels }) => {
  const asked = { alert: target, ...labels };
  expect(told(withSources, asked)).toBe(true);
  expect(inhibitedBy(withSources, asked)).toEqual([]);
});

test.each(critical)('$target is critical and told beside $source', (pair) => {
  expect(told(withSources, targetOf(pair))).toBe(true);
  expect(inhibitedBy(withSources, targetOf(pair))).toEqual([]);
});

/** The rule as it is, without its wait. */
function atOnce(rule: AlertingRule | RecordingRule): AlertingRule | RecordingRule {
  if (!('alert' in rule)) return rule;
  const { for: _, keep_firing_for: __, ...rest } = rule;
  return rest;
}
