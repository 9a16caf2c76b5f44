import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { playedControls } from '../simulator/played.ts';
import { readPolicy } from '../alerts/policy.ts';
import { type Prometheus, startPrometheus } from '../deploy/local/prometheus.ts';
import { simulate } from '../simulator/simulate.ts';
import { boards } from './index.ts';
import { panelsOf, queriesOf } from './lint.ts';

const policy = readPolicy('alerts/policy.yaml');
const stepSeconds = 7200;
const simulation = simulate({ seed: 1, end: Date.parse('2026-11-15T12:00:00Z') / 1000, stepSeconds, policy });
const month = '2026-10';
const directory = mkdtempSync(join(tmpdir(), 'maintenance-boards-'));
let prometheus: Prometheus;

beforeAll(async () => {
  const history = join(directory, 'history');
  const data = join(directory, 'data');
  for (const folder of [history, data]) mkdirSync(folder);
  const part = simulation.parts.find(({ name }) => name === month);
  if (part === undefined) throw new Error(`no ${month} in the simulation`);
  const { path } = await simulation.writePart(part, history);
  execFileSync('promtool', [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    '--quiet',
    '--max-block-duration=744h',
    path,
    data,
  ]);
  prometheus = await startPrometheus({
    name: 'Prometheus of the board tests',
    directory,
    port: 0,
    flags: ['--storage.tsdb.retention.time=10y', `--query.lookback-delta=${stepSeconds + 60}s`],
  });
});

afterAll(async () => {
  await prometheus.stop();
  rmSync(directory, { recursive: true });
});

const answer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.object({
      result: z.array(
        z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
      ),
    }),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
]);
type Series = { metric: Record<string, string>; value: number };

/** The series of a board query, as Grafana would ask for it. @throws Error with the message of Prometheus. */
async function ask(query: string, at: number, customer = '.+'): Promise<readonly Series[]> {
  const expanded = query.replaceAll('$customer', customer).replaceAll('$instance', '.+');
  const body = new URLSearchParams({ query: expanded, time: String(at) });
  const response = await fetch(`${prometheus.url}/api/v1/query`, { method: 'POST', body });
  const parsed = answer.parse(await response.json());
  if (parsed.status === 'error') throw new Error(`${parsed.error}: ${expanded}`);
  return parsed.data.result.map(({ metric, value: [, text] }) => ({
    metric,
    value: text === '+Inf' ? Infinity : Number(text),
  }));
}

const panels = boards.flatMap(({ uid, build }) =>
  panelsOf(build(policy)).panels.map((panel) => ({ name: `${uid}: ${panel.title}`, panel })),
);
/** Noon of every third day of the month. */
const noons = Array.from({ length: 10 }, (_, index) => Date.UTC(2026, 9, 2 + 3 * index, 12) / 1000);

/** Queries without any answer in the simulated month, and why. */
const unanswered: Readonly<Record<string, string>> = {
  unknown: 'every control of the KPIs is expected somewhere',
  standby: 'no simulated disk sleeps',
  ratio: 'no attributes of hard disks are played',
  rebuilt: 'no mirror is rebuilt in that month',
  full: 'an array of md does not know how full it is',
  failed: 'the history has a sample every two hours',
  usual: 'what is usual of failed logins is not played',
  warranty: 'no contracts are played',
};

describe('on simulated history', () => {
  test.each(panels)('$name: Prometheus accepts its queries, and it is never blank', async ({ panel }) => {
    const answered = new Map<string, number>();
    for (const at of noons) {
      const results = await Promise.all(queriesOf(panel).map((query) => ask(query, at)));
      expect(results.flat().length, new Date(at * 1000).toISOString()).toBeGreaterThan(0);
      if (panel.type === 'table') expect(results[0]?.length).toBeGreaterThan(0);
      for (const [index, refId] of refIds(panel).entries())
        answered.set(refId, (answered.get(refId) ?? 0) + (results[index]?.length ?? 0));
    }
    if (panel.type === 'stat')
      expect((answered.get('met') ?? 0) + (answered.get('missed') ?? 0)).toBe(noons.length);
    const empty = [...answered].flatMap(([refId, count]) => (count === 0 ? [refId] : []));
    expect(empty.filter((refId) => !(refId in unanswered) && panel.type !== 'stat')).toEqual([]);
  });

  const acme = simulation.truth.customers['acme']?.months[month]?.at_end;
  /** The last second of October in Madrid. */
  const atEnd = Date.parse('2026-10-31T23:00:00Z') / 1000 - 1;

  test.each([
    ['Security updates in time', 'patch_security'],
    ['Backups in time', 'backup'],
    ['Antivirus running', 'av_protection'],
    ['Disks healthy', 'disk_health'],
  ] as const)('%s shows what was simulated, and judges it by the recorded target', async (title, control) => {
    const truth = acme?.[control];
    if (truth === undefined) throw new Error('no truth');
    const share = truth.compliant / truth.expected;
    const results = await Promise.all(
      queriesOf(panelCalled(title)).map((query) => ask(query, atEnd, 'acme')),
    );
    const values = Object.fromEntries(
      refIds(panelCalled(title)).map((refId, index) => [refId, results[index]?.map(({ value }) => value)]),
    );
    const { target } = policy.controls[control];
    expect(values).toEqual({
      met: share >= target ? [share] : [],
      missed: share < target ? [share] : [],
      unknown: [],
      target: [target],
      coverage: [truth.known / truth.expected],
    });
  });

  test('the controls table shows every control of a customer with its verdict', async () => {
    const panel = panelCalled('Controls, furthest below target first');
    const [verdicts = [], shares = []] = await Promise.all(
      queriesOf(panel).map((query) => ask(query, atEnd, 'acme')),
    );
    expect(byLabel('control', shares)).toEqual(
      Object.fromEntries(
        Object.entries(acme ?? {}).map(([name, { compliant, expected }]) => [name, compliant / expected]),
      ),
    );
    expect(byLabel('control', verdicts)).toEqual(
      Object.fromEntries(
        playedControls.map((name) => {
          const { compliant, expected } = acme?.[name] ?? { compliant: 0, expected: 1 };
          return [name, compliant / expected >= policy.controls[name].target ? 1 : 0];
        }),
      ),
    );
  });

  test('a system past its support reads as ended, with its version and the date, and the others as supported', async () => {
    const during = Date.parse('2026-10-12T12:00:00Z') / 1000;
    const [supported = [], until = []] = await Promise.all(
      queriesOf(panelCalled('Support of the system, ended first')).map((query) => ask(query, during)),
    );
    const ended = supported.filter(({ value }) => value !== 1);
    const app = { customer: 'acme', instance: 'acme-app-1', os: 'debian', version: '11' };
    expect(ended).toEqual([{ metric: app, value: 0 }]);
    expect(supported).toHaveLength(20);
    // Six days into October in Madrid, in milliseconds.
    const end = Date.parse('2026-10-06T22:00:00Z');
    expect(until.filter(({ metric }) => metric['version'] === '11')).toEqual([{ metric: app, value: end }]);
  });

  test.each(panels)('$name: without data it says nothing, and nothing good', async ({ panel }) => {
    const before = simulation.truth.start - 86_400;
    const results = await Promise.all(queriesOf(panel).map((query) => ask(query, before)));
    expect(results.flat()).toEqual([]);
  });

  describe('a silent host', () => {
    let silent: Series;
    let at: number;

    beforeAll(async () => {
      for (at = noons[0] ?? 0; at < atEnd; at += stepSeconds) {
        // For two steps: the simulation has no staleness markers, so the look-back still sees the facts of the step before.
        const [found] = await ask(
          `max_over_time(up{job="maintenance",role="server"}[${stepSeconds + 60}s]) == 0`,
          at,
        );
        if (found === undefined) continue;
        silent = found;
        return;
      }
      throw new Error(`no server is silent in ${month}`);
    });

    const rowOf = (rows: readonly Series[] = []) =>
      rows.filter(({ metric }) => metric['instance'] === silent.metric['instance']);

    const hostTables = panels.filter(
      ({ name, panel }) => name.startsWith('maintenance-host') && panel.type === 'table',
    );
    test.each(hostTables.filter(({ panel }) => !/Controls|Open alerts/.test(panel.title ?? '')))(
      '$name: keeps its row, without a value',
      async ({ panel }) => {
        const [first = ''] = queriesOf(panel);
        expect(rowOf(await ask(first, at)).map(({ value }) => value)).toEqual([Number.NaN]);
      },
    );

    test('is unknown or out of order in every control, never in order', async () => {
      const [first = ''] = queriesOf(panelCalled('Controls, worst first'));
      const rows = rowOf(await ask(first, at));
      // Only workstations have a firmware service.
      const ofServers = playedControls.filter((control) => control !== 'patch_firmware');
      expect(new Set(rows.map(({ metric }) => metric['control']))).toEqual(new Set(ofServers));
      expect(byLabel('control', rows)['host_reporting']).toBe(1);
      expect(rows.filter(({ value }) => value === 2)).toEqual([]);
    });

    test('lowers the coverage and the share in order of its customer', async () => {
      const panel = panelCalled('Security updates in time');
      const { customer } = silent.metric;
      const results = await Promise.all(queriesOf(panel).map((query) => ask(query, at, customer)));
      const valueOf = (refId: string) => results[refIds(panel).indexOf(refId)]?.[0]?.value;
      const covered = valueOf('coverage') ?? Number.NaN;
      expect(covered).toBeLessThan(1);
      expect(valueOf('met') ?? valueOf('missed')).toBeLessThanOrEqual(covered);
    });

    test('is listed as not reporting, with the time it has been silent', async () => {
      const [state, silence] = await Promise.all(
        queriesOf(panelCalled('Hosts not reporting, longest silent first')).map((query) => ask(query, at)),
      );
      expect(rowOf(state).map(({ value }) => value)).toEqual([0]);
      const [since] = rowOf(silence).map(({ value }) => value);
      expect(since).toBeGreaterThan(0);
      expect(since).toBeLessThan(86_400 * 31);
    });

    test('is listed as unknown, and its exporter as silent', async () => {
      const [state, exporter] = await Promise.all(
        queriesOf(panelCalled('Unknown')).map((query) => ask(query, at)),
      );
      expect(rowOf(state).length).toBeGreaterThan(0);
      expect(new Set(rowOf(exporter).map(({ value }) => value))).toEqual(new Set([0]));
    });
  });
});

/** The rows of a series per label value. */
function byLabel(label: string, series: readonly Series[]): Readonly<Record<string, number>> {
  return Object.fromEntries(series.map(({ metric, value }) => [metric[label] ?? '', value]));
}

function panelCalled(title: string): Panel {
  const found = panels.find(({ panel }) => panel.title === title);
  if (found === undefined) throw new Error(`no panel ${title}`);
  return found.panel;
}

function refIds(panel: Panel): readonly string[] {
  return (panel.targets ?? []).map((target) => ('refId' in target ? String(target.refId) : ''));
}
