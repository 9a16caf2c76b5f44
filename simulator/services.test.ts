import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { afterAll, expect, test, vi } from 'vitest';
import { calendarGroup, calendarRecords } from '../alerts/calendar-records.ts';
import { type Policy, readPolicy } from '../alerts/policy.ts';
import { serviceGroup, serviceRecords } from '../alerts/service-records.ts';
import { offsetAt } from '../alerts/zone.ts';
import { day, hour } from './calendar.ts';
import { labelText } from './openmetrics.ts';
import { answerOf, certificateOf, playServices, probeOf, type ServiceLife } from './services.ts';
import { servicesFound, servicesTimed } from './service-series.ts';
import type { Span } from './track.ts';

/*
 * What Prometheus makes of the simulated probes, with the rules it will really load, must be what the simulator says it
 * recorded, at every quarter hour.
 */

vi.setConfig({ testTimeout: 300_000 });

/** Seconds between probes and evaluations of the replay. */
const step = 900;
const policy = { ...readPolicy('alerts/policy.yaml'), evaluation_interval: step };
const end = Date.UTC(2026, 10, 21, 12) / 1000;
const lives = playServices(policy, 1, end - 420 * day, end);
const directory = mkdtempSync(join(tmpdir(), 'simulator-services-'));
afterAll(() => rmSync(directory, { recursive: true }));

/**
 * The clock of promtool starts in 1970, where the clocks of the rules show winter: the windows of the stretch are moved there,
 * one by one. That windows come back when they must is compared with the calendar elsewhere.
 */
function movedTo1970({ service, planned, zone }: ServiceLife, start: number, to: number): Policy {
  const winter = offsetAt(zone, Date.UTC(2026, 0, 1) / 1000);
  const wall = (instant: number): string =>
    new Date((instant - start + winter) * 1000).toISOString().slice(0, 16);
  const windows = planned
    .filter((window) => window.to > start && window.from < to)
    .map((window, index) => ({
      name: `window ${index}`,
      match: { customer: service.customer },
      once: { from: wall(window.from), to: wall(window.to) },
    }));
  return { ...policy, maintenance_windows: windows };
}

function rulesOf(moved: Policy): object {
  const calendar = calendarRecords(moved);
  const clocks = calendar.rules.filter(({ record }) => record === 'maintenance:zone_offset_seconds:now');
  return { groups: [{ ...calendar, rules: clocks }, serviceRecords(moved)] };
}

const compared = [
  'object:maintenance_service_promised:ratio',
  'object:maintenance_service_planned:bool',
  'object:maintenance_service_up:bool',
  'object:maintenance_service_agreed:bool',
  'object:maintenance_service_answer_seconds:now',
  'object:maintenance_service_answer_seconds:p95day',
  'object:maintenance_service_answer_baseline:seconds',
  'object:maintenance_service_answer_limit:seconds',
] as const;

function lifeOf(id: string): ServiceLife {
  const life = lives.find((one) => one.id === id);
  if (life === undefined) throw new Error(`no service ${id}`);
  return life;
}

function around({ from, to }: Span): Span {
  const quarter = (instant: number): number => Math.floor(instant / step) * step;
  return { from: quarter(from - hour), to: quarter(to + 2 * hour) };
}

function longest(spans: readonly Span[]): Span {
  const [found] = spans.toSorted((one, other) => other.to - other.from - (one.to - one.from));
  if (found === undefined) throw new Error('nothing happened');
  return found;
}

test.each([
  ['an outage', 'acme-shop', longest(lifeOf('acme-shop').away)],
  ['hours without a probe', 'acme-erp', longest(lifeOf('acme-erp').unprobed)],
  ['work that lasts longer than its window', 'acme-mail', longest(lifeOf('acme-mail').away)],
  [
    'a window on the other side of the ocean',
    'birch-booking',
    lifeOf('birch-booking').planned.at(-2) ?? { from: 0, to: 0 },
  ],
] as const)('the rules agree on %s', (_, id, span) => {
  const life = lifeOf(id);
  const { from, to } = around(span);
  const start = from - day - hour;
  const file = join(directory, `${id}.yaml`);
  const records = join(directory, `${id}-records.yaml`);
  writeFileSync(records, dump(rulesOf(movedTo1970(life, start, to)), { lineWidth: -1, noRefs: true }));
  const instants = Array.from({ length: (to - from) / step }, (_each, index) => from + index * step);
  const document = {
    rule_files: [records],
    evaluation_interval: `${step}s`,
    group_eval_order: [calendarGroup, serviceGroup],
    tests: [
      {
        interval: `${step}s`,
        input_series: replayed(life, start, to),
        promql_expr_test: instants.flatMap((instant) => expectations(life, start, instant)),
      },
    ],
  };
  writeFileSync(file, dump(document, { lineWidth: -1, noRefs: true }));
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
  expect(`${stdout}${stderr}`.slice(0, 4000)).toContain('SUCCESS');
  expect(status).toBe(0);
});

function replayed(life: ServiceLife, start: number, to: number) {
  const { customer, probe } = life.service;
  const labels = labelText({ job: probe.job, customer, instance: probe.instance, object: life.id });
  const instants = Array.from({ length: (to - start) / step }, (_, index) => start + index * step);
  const values = (read: (instant: number) => number | undefined): string =>
    instants
      .map((instant, index) => {
        const value = read(instant);
        if (value !== undefined) return String(value);
        return index > 0 && read(instant - step) !== undefined ? 'stale' : '_';
      })
      .join(' ');
  return [
    { series: `probe_success{${labels}}`, values: values((instant) => probeOf(life, instant)) },
    {
      series: `probe_duration_seconds{${labels}}`,
      values: values((instant) => {
        const success = probeOf(life, instant);
        return success === undefined ? undefined : success === 1 ? answerOf(life, instant) : 5;
      }),
    },
    {
      series: `probe_ssl_earliest_cert_expiry{${labels}}`,
      values: values((instant) => (probeOf(life, instant) === 1 ? certificateOf(life, instant) : undefined)),
    },
  ];
}

function expectations(life: ServiceLife, start: number, instant: number) {
  const found = [
    ...servicesFound([life], instant, step),
    ...servicesTimed([life], { start, outages: [] }, policy, instant, step),
  ];
  return compared.map((name) => ({
    expr: `${name}{object="${life.id}"}`,
    eval_time: `${instant - start}s`,
    exp_samples: found
      .filter((recording) => recording.name === name)
      .map(({ labels, value }) => ({ labels: `${name}{${labelText(labels)}}`, value })),
  }));
}
