import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { afterAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { startAlertmanager } from './alertmanager.ts';
import { logNotifications } from './notifications.ts';
import { freePort, startServer, untilReady } from './process.ts';
import { startPrometheus } from './prometheus.ts';

const directory = mkdtempSync(join(tmpdir(), 'alerting-'));
const endings: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(endings.map((end) => end()));
  rmSync(directory, { recursive: true });
});
const path = (name: string): string => join(directory, name);

test('a stale backup fires in Prometheus, reaches the on-call webhook through Alertmanager, and resolves after a new backup', async () => {
  writeFileSync(path('password'), 'correct horse');
  mkdirSync(path('source'));
  writeFileSync(path('source/ledger.txt'), 'rows');
  restic('init');
  const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 19).replace('T', ' ');
  restic('backup', '--time', twoDaysAgo, path('source'));

  const sink = await logNotifications(path('notifications.jsonl'), 0);
  endings.push(sink.close);
  const exporterAddress = await startExporter();
  const alertmanager = await startAlertmanager({
    directory: folder('alertmanager'),
    configFile: hurried('alerts/generated/alertmanager.yaml', (text) =>
      text
        .replaceAll('http://127.0.0.1:9095', sink.url)
        .replaceAll(/(group_wait|group_interval): \S+/g, '$1: 1s'),
    ),
    port: 0,
  });
  endings.push(alertmanager.stop);
  const prometheus = await startPrometheus({
    name: 'Prometheus',
    directory: folder('prometheus'),
    port: 0,
    targets: [
      { address: exporterAddress, labels: { customer: 'acme', role: 'server', instance: 'files-01' } },
    ],
    ruleFiles: ['records', 'alerts'].map((name) => hurried(`alerts/generated/${name}.yaml`, withoutWaiting)),
    alertmanager: alertmanager.address,
    scrapeInterval: '1s',
    flags: ['--rules.alert.resend-delay=1s'],
  });
  endings.push(prometheus.stop);

  const told = (status: string) =>
    vi.waitUntil(
      () =>
        sink
          .received()
          .flatMap(({ receiver, body }) => alertsIn(body).map((alert) => ({ receiver, ...alert })))
          .find(
            (alert) => alert.labels['alertname'] === 'MaintenanceBackupOverdue' && alert.status === status,
          ),
      { timeout: 60_000, interval: 100 },
    );
  const firing = await told('firing');
  expect(firing.receiver).toBe('/on-call');
  expect(firing.labels).toMatchObject({
    customer: 'acme',
    instance: 'files-01',
    control: 'backup',
    object: 'nightly',
    severity: 'critical',
    sla_class: 'urgent',
  });
  expect(firing.annotations['description']).toMatch(/nightly.*files-01|files-01.*nightly/s);
  expect(firing.annotations['runbook_url']).toMatch(/\/MaintenanceBackupOverdue\.md$/);

  restic('backup', path('source'));
  const resolved = await told('resolved');
  expect(resolved.labels).toEqual(firing.labels);
}, 180_000);

async function startExporter(): Promise<string> {
  const config = path('exporter.yaml');
  const repository = {
    backup_job: 'nightly',
    repository: path('repository'),
    password_file: path('password'),
    expected_interval: '24h',
  };
  writeFileSync(
    config,
    dump({ collectors: { restic: { interval: '2s', timeout: '1m', repositories: [repository] } } }),
  );
  const address = `127.0.0.1:${await freePort(0)}`;
  const exporter = await startServer(
    'exporter',
    [
      process.execPath,
      'exporter/main.ts',
      `--config.file=${config}`,
      `--web.listen-address=${address}`,
      `--state.directory=${path('state')}`,
    ],
    path('exporter.log'),
  );
  endings.push(exporter.stop);
  await untilReady(exporter, `http://${address}/-/ready`);
  return address;
}

/** The generated file with its waits shortened: the same expressions, labels and routes, in seconds instead of minutes. */
function hurried(file: string, change: (text: string) => string): string {
  const out = path(file.replaceAll('/', '-'));
  writeFileSync(out, change(readFileSync(file, 'utf8')));
  return out;
}

function withoutWaiting(text: string): string {
  const rules = z.object({
    groups: z.array(
      z.looseObject({
        rules: z.array(z.looseObject({ for: z.string().optional(), keep_firing_for: z.string().optional() })),
      }),
    ),
  });
  const { groups } = rules.parse(load(text));
  return dump({
    groups: groups.map((group) => ({
      ...group,
      interval: '1s',
      rules: group.rules.map((rule) => ({
        ...rule,
        ...(rule.for === undefined ? {} : { for: '1s' }),
        ...(rule.keep_firing_for === undefined ? {} : { keep_firing_for: '1s' }),
      })),
    })),
  });
}

function alertsIn(body: unknown) {
  const text = z.record(z.string(), z.string());
  const alert = z.object({ status: z.string(), labels: text, annotations: text });
  return z.object({ alerts: z.array(alert) }).parse(body).alerts;
}

function restic(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('restic', args, {
    encoding: 'utf8',
    env: { ...process.env, RESTIC_REPOSITORY: path('repository'), RESTIC_PASSWORD_FILE: path('password') },
  });
  if (status !== 0) throw new Error(`restic ${args.join(' ')}: ${stderr}`);
}

function folder(name: string): string {
  mkdirSync(path(name), { recursive: true });
  return path(name);
}
