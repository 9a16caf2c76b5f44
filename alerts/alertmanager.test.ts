import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
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

test('a timing reaches every route', () => {
  const { route } = alertmanagerConfig(policy, { wait: 1, interval: 2, repeat: 3 });
  expect(route).toMatchObject({ group_wait: '1s', group_interval: '2s', repeat_interval: '3s' });
  expect(route.routes?.[0]).toMatchObject({ group_wait: '0s', group_interval: '2s', repeat_interval: '3s' });
});

describe('routes', () => {
  test.each(alerts)('$alert reaches the receiver the policy names', ({ alert, labels }) => {
    const receiver =
      { critical: 'on_call', none: 'dead_mans_switch' }[labels['severity'] ?? ''] ?? 'operators';
    reaches('test.yaml', receiver, { alertname: alert, customer: 'acme', ...labels });
    reaches('shipped.yaml', receiver, { alertname: alert, customer: 'acme', ...labels });
  });

  test.each(alerts)('$alert of one customer follows the first match', ({ alert, labels }) => {
    const receiver = { info: 'operators', none: 'dead_mans_switch' }[labels['severity'] ?? ''] ?? 'birch';
    reaches('test.yaml', receiver, { alertname: alert, customer: 'birch', ...labels });
  });

  test('amtool notices a wrong receiver', () => {
    expect(() => reaches('test.yaml', 'operators', { severity: 'critical' })).toThrow('Command failed');
  });
});

const alertsAnswer = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    status: z.object({ state: z.string(), inhibitedBy: z.array(z.string()) }),
  }),
);

describe('inhibition in a running Alertmanager', () => {
  let url = '';
  let server: ChildProcess | undefined;

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}/api/v2`;
    server = spawn(
      'prometheus-alertmanager',
      [
        `--config.file=${join(directory, 'test.yaml')}`,
        `--storage.path=${join(directory, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    );
    await eventually(async () => (await fetch(`${url}/status`)).ok);
  });
  afterAll(() => server?.kill());

  const app = { customer: 'acme', instance: 'app-1', role: 'server' } as const;
  const warning = { severity: 'warning' } as const;
  const critical = { severity: 'critical' } as const;

  /** Sends the alerts of one case, apart from other cases by `site`, and returns the names of those that are muted. */
  async function muted(
    site: string,
    sent: readonly Readonly<Record<string, string>>[],
    expected: number,
  ): Promise<readonly string[]> {
    const body = sent.map((labels) => ({
      labels: { ...labels, site, customer: `${labels['customer']}-${site}` },
    }));
    await fetch(`${url}/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    let seen: z.infer<typeof alertsAnswer> = [];
    await eventually(async () => {
      const answer = await fetch(`${url}/alerts?filter=site=${site}`);
      seen = alertsAnswer.parse(await answer.json());
      const decided = seen.filter(({ status }) => status.state !== 'unprocessed');
      const inhibited = seen.filter(({ status }) => status.inhibitedBy.length > 0);
      return decided.length === sent.length && inhibited.length >= expected;
    });
    return seen
      .filter(({ status }) => status.inhibitedBy.length > 0)
      .map(({ labels }) =>
        [labels['alertname'], labels['instance'], labels['object']].filter(Boolean).join(' '),
      )
      .toSorted();
  }

  test('a host that is down mutes what only the host can tell, not its backups and not other hosts', async () => {
    const sent = [
      { alertname: 'MaintenanceHostDown', ...app, ...warning, control: 'host_reporting' },
      { alertname: 'MaintenanceDiskFailing', ...app, ...critical, control: 'disk_health', object: 'd1' },
      { alertname: 'MaintenancePatchSecurityOverdue', ...app, ...critical, control: 'patch_security' },
      { alertname: 'MaintenanceCollectorBlind', ...app, ...warning, collector: 'apt' },
      { alertname: 'MaintenanceBackupOverdue', ...app, ...critical, control: 'backup', object: 'files' },
      { alertname: 'MaintenanceDiskFailing', ...app, instance: 'app-2', ...critical, control: 'disk_health' },
    ];
    expect(await muted('down', sent, 3)).toEqual([
      'MaintenanceCollectorBlind app-1',
      'MaintenanceDiskFailing app-1 d1',
      'MaintenancePatchSecurityOverdue app-1',
    ]);
  });

  test('a blind collector mutes nothing', async () => {
    const sent = [
      { alertname: 'MaintenanceCollectorBlind', ...app, ...warning, collector: 'apt' },
      { alertname: 'MaintenancePatchSecurityOverdue', ...app, ...critical, control: 'patch_security' },
      { alertname: 'MaintenancePatchStandardOverdue', ...app, ...warning, control: 'patch_standard' },
    ];
    expect(await muted('blind', sent, 0)).toEqual([]);
  });

  test('a collector that hangs mutes its own blindness, not that of others', async () => {
    const sent = [
      { alertname: 'MaintenanceCollectorStale', ...app, ...warning, collector: 'apt' },
      { alertname: 'MaintenanceCollectorBlind', ...app, ...warning, collector: 'apt', object: 'same' },
      { alertname: 'MaintenanceCollectorBlind', ...app, ...warning, collector: 'restic', object: 'other' },
    ];
    expect(await muted('stale', sent, 1)).toEqual(['MaintenanceCollectorBlind app-1 same']);
  });

  test('a critical alert mutes the warning of the same object only', async () => {
    const sent = [
      { alertname: 'MaintenanceBackupOverdue', ...app, ...critical, control: 'backup', object: 'files' },
      { alertname: 'MaintenanceBackupOverdue', ...app, ...warning, control: 'backup', object: 'files' },
      { alertname: 'MaintenanceBackupOverdue', ...app, ...warning, control: 'backup', object: 'mail' },
      { alertname: 'MaintenanceCollectorStale', ...app, ...warning, collector: 'restic' },
    ];
    expect(await muted('critical', sent, 1)).toEqual(['MaintenanceBackupOverdue app-1 files']);
  });

  // Last: it mutes whatever the cases before have left.
  test('when every exporter is gone only that and the watchdog are told', async () => {
    const sent = [
      { alertname: 'MaintenanceExporterAbsent', ...critical },
      { alertname: 'MaintenanceWatchdog', severity: 'none' },
      { alertname: 'MaintenanceBackupOverdue', ...app, ...critical, control: 'backup', object: 'files' },
      { alertname: 'MaintenanceHostDown', ...app, ...warning, control: 'host_reporting' },
    ];
    expect(await muted('absent', sent, 2)).toEqual([
      'MaintenanceBackupOverdue app-1 files',
      'MaintenanceHostDown app-1',
    ]);
  });
});

/** Fails when the labels reach anybody else. */
function reaches(file: string, receiver: string, labels: Readonly<Record<string, string>>): void {
  const options = [`--config.file=${join(directory, file)}`, `--verify.receivers=${receiver}`];
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  execFileSync('amtool', ['config', 'routes', 'test', ...options, ...pairs], { stdio: 'pipe' });
}

async function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = createServer().listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
  });
  return await promise;
}

/** Asks again until it is so; a refusal counts as not yet. */
async function eventually(check: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
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
  throw new Error('it did not become so within 20 seconds');
}
