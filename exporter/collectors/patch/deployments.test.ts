import { describe, expect, test } from 'vitest';
import { CollectorError, type Host } from '../../collector.ts';
import type { Evidence } from '../../evidence.ts';
import { replay } from '../../replay.ts';
import { type Deployment, recordDeployments } from './deployments.ts';

const start = 1_795_000_000;
const day = 86_400;
const log = { manager: 'apt', source: '/var/log/apt/history.log', booted: start - 100 * day };

const deployment = (more: Partial<Deployment> = {}): Deployment => ({
  started: start,
  ended: start + 60,
  outcome: 'success',
  packages: [{ name: 'openssl', from: '1.0', to: '1.1' }],
  actor: 'ana',
  command: 'apt-get upgrade',
  ...more,
});

function machine() {
  const state = new Map<string, unknown>();
  const evidence: Evidence[] = [];
  return {
    evidence,
    run: async (
      deployments: readonly Deployment[],
      options: Partial<Parameters<typeof recordDeployments>[2]> = {},
      change: (host: Host) => Host = (host) => host,
    ) => {
      const host = change(replay({ now: start + 1000 * day, state, evidence }));
      const { samples, problems } = await recordDeployments(host, deployments, { ...log, ...options });
      return {
        problems,
        totals: samples.flatMap(({ name, labels, value }) =>
          name === 'maintenance_patch_deployments_total' && value > 0
            ? [`${labels['outcome']} ${value}`]
            : [],
        ),
        last: samples.flatMap(({ name, labels, value }) =>
          name === 'maintenance_patch_last_deployment_timestamp_seconds'
            ? [`${labels['outcome']} ${value - start}`]
            : [],
        ),
        samples,
      };
    },
  };
}

test('a log that was read and holds nothing counts 0 of every outcome', async () => {
  const { samples } = await machine().run([]);
  expect(samples.map(({ labels, value }) => `${labels['outcome']} ${value}`)).toEqual([
    'success 0',
    'partial 0',
    'failure 0',
    'pending_reboot 0',
  ]);
});

test('each deployment is counted and recorded once, however often its log is read', async () => {
  const { run, evidence } = machine();
  await run([deployment()]);
  const again = await run([
    deployment(),
    deployment({ started: start + day, ended: start + day, outcome: 'failure' }),
  ]);
  expect(again).toMatchObject({ totals: ['success 1', 'failure 1'], last: ['success 60', 'failure 86400'] });
  expect(evidence).toEqual([
    {
      kind: 'patch_deployment',
      id: expect.stringMatching(/^apt 2026-11-18T\S+Z [0-9a-f]{8}$/),
      at: new Date((start + 60) * 1000).toISOString(),
      outcome: 'success',
      actor: 'ana',
      tool: 'apt',
      source: '/var/log/apt/history.log',
      details: {
        started: new Date(start * 1000).toISOString(),
        ended: new Date((start + 60) * 1000).toISOString(),
        command: 'apt-get upgrade',
        packages: [{ name: 'openssl', from: '1.0', to: '1.1' }],
      },
    },
    expect.objectContaining({ outcome: 'failure' }),
  ]);
});

test('what was counted stays counted when the log rotates away', async () => {
  const { run } = machine();
  await run([deployment(), deployment({ started: start + day })]);
  expect((await run([])).totals).toEqual(['success 2']);
});

test('two deployments of the same second are two', async () => {
  const { run } = machine();
  const other = deployment({ packages: [{ name: 'curl', from: '7', to: '8' }] });
  expect((await run([deployment(), other])).totals).toEqual(['success 2']);
});

describe('a deployment that needs a reboot', () => {
  const kernel = deployment({ packages: [{ name: 'linux-image-6.1', to: '6.1.2' }] });
  const needsReboot = (name: string) => name.startsWith('linux-image');

  test('waits, and is a success only when the host has started since', async () => {
    const { run, evidence } = machine();
    expect((await run([kernel], { needsReboot })).totals).toEqual(['pending_reboot 1']);
    expect((await run([kernel], { needsReboot })).totals).toEqual(['pending_reboot 1']);
    const booted = start + 3 * day;
    expect(await run([kernel], { needsReboot, booted })).toMatchObject({
      totals: ['success 1', 'pending_reboot 1'],
      last: [`success ${3 * day}`, 'pending_reboot 60'],
    });
    expect((await run([], { needsReboot, booted: booted + day })).totals).toEqual([
      'success 1',
      'pending_reboot 1',
    ]);
    expect(evidence.map(({ outcome, details }) => [outcome, details['deployment']])).toEqual([
      ['pending_reboot', undefined],
      ['success', evidence[0]?.id],
    ]);
  });

  test('is a success at once when the host has already started since', async () => {
    expect((await machine().run([kernel], { needsReboot, booted: start + day })).totals).toEqual([
      'success 1',
    ]);
  });

  test('that failed is a failure', async () => {
    const failed = { ...kernel, outcome: 'failure' as const };
    expect((await machine().run([failed], { needsReboot })).totals).toEqual(['failure 1']);
  });

  test('that removed the kernel needs none', async () => {
    const removed = deployment({ packages: [{ name: 'linux-image-6.1', from: '6.1.1' }] });
    expect((await machine().run([removed], { needsReboot })).totals).toEqual(['success 1']);
  });

  test('is not called pending where the start time is unknown', async () => {
    expect((await machine().run([kernel], { needsReboot, booted: undefined })).totals).toEqual(['success 1']);
  });
});

describe('when it cannot be recorded', () => {
  const full = (host: Host): Host => ({
    ...host,
    evidence: async () => Promise.reject(new CollectorError('state_unwritable', 'no space left')),
  });

  test('it is not counted either, says so, and is recorded at the next run', async () => {
    const { run, evidence } = machine();
    const failed = await run([deployment()], {}, full);
    expect(failed).toMatchObject({ totals: [], problems: [{ reason: 'state_unwritable' }] });
    expect((await run([deployment()])).totals).toEqual(['success 1']);
    expect(evidence).toHaveLength(1);
  });
});
