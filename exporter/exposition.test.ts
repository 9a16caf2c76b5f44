import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineCollector } from './collector.ts';
import { render, renderText, samplesOf } from './exposition.ts';
import { metrics, sample, vector } from './metrics.ts';
import type { CollectorStatus } from './scheduler.ts';

const facts = { version: '1.2.3', nodeVersion: 'v24.0.0', reloadSuccessful: true, reloaded: 1_700_000_000 };

test('nothing is exported that was not measured', async () => {
  expect(await renderText([])).toBe('\n');
  expect(
    await renderText([sample('maintenance_patches_held', { manager: 'apt', class: 'security' }, 0)]),
  ).toBe(
    [
      `# HELP maintenance_patches_held ${metrics.maintenance_patches_held.help}`,
      '# TYPE maintenance_patches_held gauge',
      'maintenance_patches_held{manager="apt",class="security"} 0',
      '',
    ].join('\n'),
  );
});

test('OpenMetrics names a counter without _total and its samples with it', async () => {
  const { openMetrics } = await render([sample('maintenance_disk_media_errors_total', { disk: 'a' }, 3)]);
  const text = openMetrics.plain.toString();
  expect(text).toContain('# TYPE maintenance_disk_media_errors counter\n');
  expect(text).toContain('\nmaintenance_disk_media_errors_total{disk="a"} 3\n');
  expect(text.endsWith('# EOF\n')).toBe(true);
  expect(gunzipSync(openMetrics.gzipped).equals(openMetrics.plain)).toBe(true);
});

test('quotes, backslashes and line feeds in a label stay inside it', async () => {
  const text = await renderText([
    sample('maintenance_collector_error_info', { collector: 'a"b\\c\nd', reason: 'x' }, 1),
  ]);
  expect(text).toContain(String.raw`maintenance_collector_error_info{collector="a\"b\\c\nd",reason="x"} 1`);
});

test('a series reported twice is exported once, keeps its first value, and is counted', () => {
  const twice = [
    sample('maintenance_disk_present', { disk: 'a' }, 1),
    sample('maintenance_disk_present', { disk: 'a' }, 0),
    sample('maintenance_disk_present', { disk: 'b' }, 1),
  ];
  const samples = samplesOf([statusWith(twice)], facts);
  expect(samples.filter(({ name }) => name === 'maintenance_disk_present').map(({ value }) => value)).toEqual(
    [1, 1],
  );
  expect(samples).toContainEqual(sample('maintenance_collector_duplicate_series', { collector: 'fake' }, 1));
});

test('a collector that has not run yet has no verdict', () => {
  const samples = samplesOf([{ ...statusWith([]), last: undefined }], facts);
  expect(samples.map(({ name }) => name)).not.toContain('maintenance_collector_success');
});

test('a failed run is 0, says each reason once, and keeps the time of the last success', () => {
  const status = statusWith([]);
  const last = {
    samples: [],
    problems: [
      { reason: 'timeout' as const, message: 'one' },
      { reason: 'timeout' as const, message: 'two' },
    ],
    ended: 20,
    duration: 1,
    timedOut: true,
  };
  const samples = samplesOf([{ ...status, last, lastSuccess: 10, timeouts: 4 }], facts);
  expect(samples).toEqual(
    expect.arrayContaining([
      sample('maintenance_collector_success', { collector: 'fake' }, 0),
      sample('maintenance_collector_last_success_timestamp_seconds', { collector: 'fake' }, 10),
      sample('maintenance_collector_timeouts_total', { collector: 'fake' }, 4),
    ]),
  );
  expect(samples.filter(({ name }) => name === 'maintenance_collector_error_info')).toEqual([
    sample('maintenance_collector_error_info', { collector: 'fake', reason: 'timeout' }, 1),
  ]);
});

test('a value that is not a number cannot become a sample', () => {
  expect(() => sample('maintenance_host_cpus', {}, Number.NaN)).toThrow('maintenance_host_cpus is NaN');
});

test('names, labels and closed values are checked by the compiler', () => {
  // @ts-expect-error misspelt metric
  expect(() => sample('maintenance_host_cpu', {}, 1)).not.toThrow();
  // @ts-expect-error missing label
  sample('maintenance_patches_held', { manager: 'apt' }, 1);
  // @ts-expect-error misspelt label
  sample('maintenance_disk_present', { device: 'sda' }, 1);
  // @ts-expect-error a class outside the closed list
  sample('maintenance_patches_held', { manager: 'apt', class: 'urgent' }, 1);
  // @ts-expect-error a label on a metric that has none
  sample('maintenance_host_cpus', { host: 'a' }, 1);
  // @ts-expect-error a matcher the metric does not have
  vector('maintenance_disk_present', { device: 'sda' });
  expect(vector('maintenance_disk_present', { disk: 'a"b', role: ['x.y', 'z'] })).toBe(
    String.raw`maintenance_disk_present{disk="a\"b",role=~"x\\.y|z"}`,
  );
});

function statusWith(samples: NonNullable<CollectorStatus['last']>['samples']): CollectorStatus {
  const collector = defineCollector({
    name: 'fake',
    summary: '',
    tools: [],
    rights: '',
    metrics: [],
    example: {},
    byDefault: false,
    interval: 60,
    timeout: 10,
    settings: z.strictObject({}),
    detect: async () => undefined,
    collect: async () => ({ samples, problems: [] }),
  });
  return {
    job: { collector, settings: {}, interval: 60, timeout: 10 },
    last: { samples, problems: [], ended: 10, duration: 1, timedOut: false },
    lastSuccess: 10,
    timeouts: 0,
    interval: 60,
  };
}
