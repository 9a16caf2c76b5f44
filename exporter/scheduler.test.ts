import { tmpdir } from 'node:os';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Collector, defineCollector } from './collector.ts';
import { localHost } from './host.ts';
import { createLog } from './log.ts';
import { sample } from './metrics.ts';
import type { Job } from './run.ts';
import { createScheduler } from './scheduler.ts';

const silent = createLog('error', 'logfmt', () => undefined);
const good = { samples: [sample('maintenance_host_cpus', {}, 2)], problems: [] };

function job(name: string, collect: Collector['collect'], timeout = 60): Job {
  const collector = defineCollector({
    name,
    summary: name,
    tools: [],
    rights: '',
    metrics: [],
    example: {},
    byDefault: false,
    interval: 60,
    timeout,
    settings: z.strictObject({}),
    detect: async () => undefined,
    collect,
  });
  return { collector, settings: {}, interval: 60, timeout };
}

function scheduler(jobs: readonly Job[], concurrency = 2) {
  return createScheduler({
    jobs,
    makeHost: (signal) => localHost({ stateDirectory: tmpdir(), signal }),
    log: silent,
    now: () => Date.now() / 1000,
    onRun: () => undefined,
    concurrency,
  });
}

test('a collector that hangs, one that throws and one that floods cost nobody else anything', async () => {
  const running = scheduler([
    job('hangs', () => new Promise(() => undefined), 0.3),
    job('throws', () => {
      throw new Error('boom');
    }),
    job('floods', async (host) => {
      await host.run('head', ['-c', '1073741824', '/dev/zero']);
      return good;
    }),
    job('good', async () => good),
  ]);
  await running.runAll();
  const outcome = running.statuses().map(({ job: { collector }, last }) => ({
    name: collector.name,
    samples: last?.samples.length,
    reasons: last?.problems.map(({ reason }) => reason),
  }));
  expect(outcome).toEqual([
    { name: 'hangs', samples: 0, reasons: ['timeout'] },
    { name: 'throws', samples: 0, reasons: ['internal_error'] },
    { name: 'floods', samples: 0, reasons: ['output_too_large'] },
    { name: 'good', samples: 1, reasons: [] },
  ]);
});

test('a collector that never let go is not started a second time', async () => {
  const collect = vi.fn(() => new Promise<typeof good>(() => undefined));
  const running = scheduler([job('hangs', collect, 0.1)]);
  await running.runAll();
  await running.runAll();
  expect(collect).toHaveBeenCalledTimes(1);
  const [status] = running.statuses();
  expect(status).toMatchObject({ timeouts: 2, interval: 240 });
  expect(status?.last?.problems[0]?.message).toMatch(/has not let go of an earlier run/);
});

test('no more collectors run at once than allowed', async () => {
  let now = 0;
  let most = 0;
  const collect = async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return good;
  };
  await scheduler(['a', 'b', 'c', 'd', 'e'].map((name) => job(name, collect))).runAll();
  expect(most).toBe(2);
});

test('facts of an earlier run are gone after a failure', async () => {
  const collect = vi.fn(async () => good);
  collect.mockResolvedValueOnce(good).mockRejectedValueOnce(new Error('later'));
  const running = scheduler([job('flaky', collect)]);
  await running.runAll();
  const success = running.statuses()[0]?.lastSuccess;
  await running.runAll();
  const [status] = running.statuses();
  expect(status?.last?.samples).toEqual([]);
  expect(status?.lastSuccess).toBe(success);
});

test('a part that stayed unanswered keeps the rest and is not a success', async () => {
  const partial = {
    samples: good.samples,
    problems: [{ reason: 'repository_locked' as const, message: 'busy' }],
  };
  const running = scheduler([job('partial', async () => partial)]);
  await running.runAll();
  const [status] = running.statuses();
  expect(status?.last?.samples).toHaveLength(1);
  expect(status?.lastSuccess).toBeUndefined();
});

test('stopping ends the tools of a run under way', async () => {
  const running = scheduler([
    job('slow', async (host) => {
      await host.run('sleep', ['60']);
      return good;
    }),
  ]);
  const ended = running.runAll();
  running.stop();
  await ended;
  expect(running.statuses()[0]?.last?.problems[0]?.reason).toBe('timeout');
});
