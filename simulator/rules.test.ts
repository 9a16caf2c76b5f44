import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { afterAll, expect, test, vi } from 'vitest';
import { evaluationOrder } from '../alerts/evaluation-order.ts';
import { generate } from '../alerts/generate.ts';
import { parsePolicy } from '../alerts/policy.ts';
import { records } from '../alerts/records.ts';
import { evaluate } from './alerting.ts';
import { day, hour } from './calendar.ts';
import { conditions, notPlayed } from './conditions.ts';
import { type Fault, faults } from './faults.ts';
import { scrape } from './metrics.ts';
import { labelText } from './openmetrics.ts';
import { isPlayed, playedControls, playedPolicy } from './played.ts';
import { notRecorded, recordings } from './recordings.ts';
import { withCustomerOf } from './scenarios/policy.ts';
import { endOf, type Scenario, storyOf } from './scenarios/scenario.ts';
import { type Span, valueAt } from './track.ts';
import { verdicts } from './verdicts.ts';
import { type Life, play, type World } from './world.ts';

/*
 * What Prometheus itself makes of the simulated scrapes, with the rules it will really load, must be what the simulator
 * says it recorded: every recorded series, every ALERTS and every ALERTS_FOR_STATE, at every quarter hour.
 */

// promtool asks for every record at every quarter hour: seconds of a processor that others may need, too.
vi.setConfig({ testTimeout: 300_000 });

/** For a host that leaves. */
const leaving: Scenario = {
  name: 'leaving',
  about: 'a host leaves with incidents open',
  zone: 'Europe/Madrid',
  month: '2026-04',
  hosts: [
    { name: 'pc-1', role: 'workstation', left: 12 },
    { name: 'pc-2', role: 'workstation' },
  ],
  troubles: [
    ['pc-1', 8, 20, { kind: 'antivirus_stopped' }],
    ['pc-1', 11.25, 5, { kind: 'exporter_down' }],
  ],
};
/** Services are replayed for themselves, in services.test.ts. */
const policy = {
  ...playedPolicy(parsePolicy(withCustomerOf(leaving, readFileSync('alerts/policy.yaml', 'utf8')))),
  services: {},
};
const seed = 1;
const end = Date.UTC(2026, 10, 21, 12) / 1000;
const world = play(policy, seed, end);
const every = faults(
  world.lives.map(({ host }) => host),
  seed,
  end,
);
const directory = mkdtempSync(join(tmpdir(), 'simulator-rules-'));
for (const [name, text] of Object.entries(generate(policy))) writeFileSync(join(directory, name), text);
afterAll(() => rmSync(directory, { recursive: true }));

/** Facts of the fleet may speak of controls that are not played: what the rules make of those is not compared. */
const compared = `control=~"|${playedControls.join('|')}",alertname!~"${notPlayed.join('|')}"`;
/** What is about a whole customer is not played, and of what is only for information not everything. */
const warnings = 'severity=~"critical|warning",alertname!="MaintenanceCoverageLow"';

/** Seconds between scrapes and evaluations of the replay; faults begin and end on this grid. */
const step = 900;

type Stretch = (fault: Fault) => Span;
const whole: Stretch = ({ from, to }) => ({ from: from - hour, to: to + 3 * hour });
const begin: Stretch = ({ from }) => ({ from: from - hour, to: from + 8 * hour });
const next: Stretch = ({ to }) => ({ from: to - hour, to: to + 26 * hour });
const firstDay: Stretch = ({ from }) => ({ from: from - hour, to: from + 26 * hour });
const firstTests: Stretch = (fault) => {
  const tests = lifeOf(fault.instance).disks.flatMap(({ tests: own }) => own.map(({ from }) => from));
  const first = Math.min(
    ...tests.filter((at) => at > (fault.kind === 'self_tests_stopped' ? fault.to : fault.from)),
  );
  return { from: first - hour, to: first + 2 * hour };
};
const firstCheck: Stretch = ({ from }) => ({ from: from + 7 * hour, to: from + 10 * hour });
const thirdDay: Stretch = ({ from }) => ({ from: from + 1.625 * day, to: from + 2.125 * day });
const beginning: Stretch = ({ from }) => ({ from: from - hour, to: from + 2 * hour });
const ending: Stretch = ({ to }) => ({ from: to - hour, to: to + 4 * hour });
/** A scan searches a database of the midnight before. */
const fourteenthDay: Stretch = ({ from }) => {
  const midnight = Math.ceil(from / day + 13) * day;
  return { from: midnight - hour, to: midnight + 2 * hour };
};
const fifthDay: Stretch = ({ from }) => ({ from: from + 4.5 * day, to: from + 5.5 * day });

test.each<readonly [title: string, instance: string, kind: Fault['kind'], stretch: Stretch]>([
  ['a dead exporter', 'acme-mail-1', 'exporter_down', whole],
  ['a locked repository', 'acme-app-1', 'collector_blind', whole],
  ['a wrong repository password', 'acme-erp-1', 'collector_blind', begin],
  ['package lists out of date', 'birch-db-1', 'collector_blind', whole],
  ['disks that may not be asked', 'birch-desk-1', 'collector_blind', whole],
  ['a system whose support ends', 'acme-app-1', 'support_ended', firstDay],
  ['a system that is upgraded', 'acme-app-1', 'support_ended', next],
  ['an end of support that cannot be read', 'birch-desk-2', 'collector_blind', whole],
  ['a backup that fails', 'acme-file-1', 'backup_failing', begin],
  ['a job that never succeeded', 'acme-mail-1', 'backup_failing', begin],
  ['a stopped agent', 'acme-app-2', 'antivirus_stopped', begin],
  ['a failing disk that is replaced', 'birch-imaging-1', 'disk_failing', next],
  ['a vanished disk', 'acme-db-2', 'disk_vanished', begin],
  ['a vanished disk that returned', 'acme-db-2', 'disk_vanished', next],
  ['damage found by a check of a backup', 'acme-db-1', 'checks_failing', firstCheck],
  ['self-tests that begin', 'birch-imaging-1', 'self_tests_stopped', firstTests],
  ['a self-test that fails', 'birch-file-1', 'self_test_failing', firstTests],
  ['a mirror that is not renewed', 'acme-app-2', 'mirror_stale', thirdDay],
  ['a mirror that is renewed again', 'acme-app-2', 'mirror_stale', ending],
  ['automatic updates that are switched off', 'birch-app-1', 'automation_off', beginning],
  ['firmware that is installed at last', 'acme-pc-3', 'firmware_put_off', ending],
  ['a scanner that stopped two weeks ago', 'acme-db-1', 'scanner_stopped', fourteenthDay],
  ['reports of a scanner that cannot be read', 'birch-file-1', 'collector_blind', beginning],
  ['definitions that do not arrive', 'birch-file-1', 'definitions_stuck', fifthDay],
  ['definitions that are not loaded', 'acme-pc-4', 'definitions_not_loaded', fifthDay],
])('the rules agree on %s', (_, instance, kind, stretch) => {
  agree([instance], stretch(faultOf(instance, kind)));
});

test.each([
  ['a security update that waits too long', 'acme-erp-1', 'MaintenancePatchSecurityOverdue', 259_200],
  ['a security update with a limit of its own', 'acme-pc-4', 'MaintenancePatchSecurityOverdue', 604_800],
  ['a standard update that waits too long', 'acme-db-1', 'MaintenancePatchStandardOverdue', 2_678_400],
  ['a host on which nothing is installed', 'acme-pc-2', 'MaintenancePatchDeploymentOverdue', 3_024_000],
  ['a reboot put off', 'birch-app-1', 'MaintenanceRebootOverdue', 259_200],
] as const)('the rules agree on %s', (_, instance, alertname, limit) => {
  const overdue = conditions(world, policy).find(
    ({ labels }) => labels['instance'] === instance && labels['alertname'] === alertname,
  );
  const { from = 0 } = overdue?.spans.at(-1) ?? {};
  const control = overdue?.labels['control'];
  const verdict = verdicts(lifeOf(instance), from, policy).find((found) => found.control === control);
  expect(verdict).toMatchObject({ limit, age: limit + 1 });
  agree([instance], { from: quarter(from - hour), to: quarter(from + 3 * hour) });
});

test.each([
  ['that is the first', 'acme-app-1'],
  ['that fails', 'birch-db-1'],
])('the rules agree on a restore test %s', (_, instance) => {
  const [job] = lifeOf(instance).jobs;
  const first = job?.proofs.restore.find(({ from }) => from > world.start + 2 * day)?.from;
  if (first === undefined) throw new Error('no restore test');
  agree([instance], { from: quarter(first - hour), to: quarter(first + 3 * hour) });
});

test.each(['acme-app-1', 'birch-imaging-1'])(
  'the rules agree on a silence of %s, which has proven nothing yet',
  (instance) => {
    const [silence] = every.filter((fault) => fault.instance === instance && fault.kind === 'exporter_down');
    const from = Math.max(world.start + 2 * day, silence?.from ?? 0);
    expect(from).toBe(silence?.from);
    agree([instance], { from: from - hour, to: from + 4 * hour });
  },
);

test('the rules agree on a host that joins', () => {
  const joined = lifeOf('acme-pc-5').up[0]?.from ?? 0;
  agree(['acme-pc-5', 'acme-pc-1'], { from: joined - hour, to: joined + 6 * hour });
});

test('the rules agree on a host that leaves, for a day', () => {
  const alone = play(policy, seed, endOf(leaving), storyOf(leaving));
  const hosts = alone.lives.map(({ host }) => host.instance);
  const left = Math.min(...alone.lives.map(({ host }) => host.left));
  agree(hosts, { from: left - hour, to: left + hour }, alone);
  agree(hosts, { from: left + 23.5 * hour, to: left + 25 * hour }, alone);
});

test('the rules agree on a server whose first backup job is set up months later', () => {
  const since = lifeOf('birch-imaging-1').jobs[0]?.job.since ?? 0;
  agree(['birch-imaging-1'], { from: since - 3 * hour, to: since + 30 * hour });
});

/** Replays hosts from a day before the stretch, for that is how far the rules remember, and compares every quarter hour in it. */
function agree(instances: readonly string[], { from, to }: Span, of: World = world): void {
  const lives = of.lives.filter(({ host }) => instances.includes(host.instance));
  expect(lives).toHaveLength(instances.length);
  const alone: World = { ...of, lives, outages: [], start: from - day - hour, end: to };
  const file = join(directory, `${instances.join('-')}-${from}.yaml`);
  const document = {
    rule_files: ['records', 'alerts'].map((name) => join(directory, `${name}.yaml`)),
    evaluation_interval: `${step}s`,
    // Without it promtool evaluates the groups in any order, and alerts would read the records of a step ago.
    group_eval_order: evaluationOrder,
    tests: [
      {
        interval: `${step}s`,
        input_series: lives.flatMap((life) => replayed(life, alone.start, to)),
        promql_expr_test: [...recordTests(alone, from), ...alertTests(alone, from)],
      },
    ],
  };
  writeFileSync(file, dump(document, { lineWidth: -1, noRefs: true }));
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
  expect(
    `${stdout}${stderr}`
      .replaceAll(file, '')
      .replaceAll(/\n\s*\n/g, '\n')
      .slice(0, 6000),
  ).toContain('SUCCESS');
  expect(status).toBe(0);
}

/** The scrapes as promtool wants them: times count from `start`, and a scrape that fails leaves stale markers, as in Prometheus. */
function replayed(life: Life, start: number, to: number) {
  const { customer, instance, role } = life.host;
  const target = { job: 'maintenance', customer, instance, role };
  const steps = Math.floor((to - start) / step);
  const series = new Map<string, string[]>();
  const put = (
    name: string,
    labels: Readonly<Record<string, string>>,
    index: number,
    value: number,
  ): void => {
    const key = `${name}{${labelText(labels)}}`;
    const values = series.get(key) ?? Array.from({ length: steps }, () => '_');
    values[index] = String(name.includes('_timestamp_seconds') ? value - start : value);
    series.set(key, values);
  };
  for (let index = 0; index < steps; index++) {
    const instant = start + index * step;
    const up = instant < life.host.left ? valueAt(life.up, instant) : undefined;
    if (up !== undefined) put('up', target, index, up ? 1 : 0);
    for (const { name, labels, value } of scrape(life, instant) ?? [])
      put(name, { ...target, ...labels }, index, value);
  }
  return [...series].map(([name, values]) => ({
    series: name,
    values: values
      .map((value, index) =>
        value === '_' && ![undefined, '_'].includes(values[index - 1]) ? 'stale' : value,
      )
      .join(' '),
  }));
}

function recordTests(alone: World, from: number) {
  const names = Object.keys(records).filter(
    (name) => !notRecorded.includes(name) && name !== 'maintenance:evaluation_interval_seconds',
  );
  return quarters(from, alone.end).flatMap((instant) => {
    const expected = recordings(alone, instant, policy, step);
    return names.map((name) => ({
      expr:
        name === 'maintenance:evaluation_timestamp_seconds'
          ? `${name}{rule_group="maintenance-controls"}`
          : `${name}{${compared}}`,
      eval_time: `${instant - alone.start}s`,
      exp_samples: expected
        .filter((recording) => recording.name === name && isPlayed(recording.labels['control'] ?? 'reboot'))
        .map(({ labels, value }) => ({
          labels: `${name}{${labelText(labels)}}`,
          value: name.endsWith('_timestamp_seconds') ? value - alone.start : value,
        })),
    }));
  });
}

function alertTests(alone: World, from: number) {
  const histories = conditions(alone, policy)
    .filter(({ labels }) => labels['severity'] !== 'info')
    .map((condition) => evaluate(condition, [], { start: alone.start, end: alone.end, interval: step }));
  return quarters(from, alone.end).flatMap((instant) => {
    const now = histories.flatMap(({ labels, samples }) =>
      samples.filter((sample) => sample.instant === instant).map((sample) => ({ labels, ...sample })),
    );
    const eval_time = `${instant - alone.start}s`;
    return [
      {
        expr: `ALERTS{${warnings},${compared}}`,
        eval_time,
        exp_samples: now.map(({ labels, state }) => ({
          labels: `ALERTS{${labelText({ ...labels, alertstate: state })}}`,
          value: 1,
        })),
      },
      {
        expr: `ALERTS_FOR_STATE{${warnings},${compared}}`,
        eval_time,
        exp_samples: now.map(({ labels, activeAt }) => ({
          labels: `ALERTS_FOR_STATE{${labelText(labels)}}`,
          value: activeAt - alone.start,
        })),
      },
    ];
  });
}

function quarters(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / 900) }, (_, index) => from + index * 900);
}

function quarter(instant: number): number {
  return Math.floor(instant / step) * step;
}

function lifeOf(instance: string): Life {
  const life = world.lives.find(({ host }) => host.instance === instance);
  if (life === undefined) throw new Error(`no host ${instance}`);
  return life;
}

function faultOf(instance: string, kind: Fault['kind']): Fault {
  const scripted = every.filter((fault) => fault.instance === instance && fault.kind === kind);
  // Exporters also fall silent for some hours here and there.
  const longest = scripted.toSorted((a, b) => b.to - b.from - (a.to - a.from))[0];
  if (longest === undefined) throw new Error(`${instance} has no ${kind}`);
  return longest;
}
