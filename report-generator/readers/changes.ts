import { vector } from '../../exporter/metrics.ts';
import { recorded } from '../../alerts/records.ts';
import { offsetAt } from '../../alerts/zone.ts';
import { dayOf } from '../due-days.ts';
import { type Change, changeKinds, type Changes } from '../facts/changes.ts';
import type { Measuring } from '../kpi.ts';
import { lately, lookingThrough, pointsOf } from '../month-points.ts';
import { askedAt, rangeOf } from '../month-query.ts';
import { inOrder } from '../in-order.ts';
import type { Sample, Samples } from '../prometheus.ts';
import { type Step, timelines } from '../timeline.ts';

type Found = Pick<Change, 'kind' | 'from' | 'to'> & {
  readonly at: number;
  readonly instance?: string;
  readonly control?: string;
};

/**
 * What the series of the month show as changed: hosts, systems, agents, limits and targets, updates; absent where nothing was
 * recorded of the customer, which is not a month without changes.
 */
export async function readChanges(measuring: Measuring): Promise<Changes | undefined> {
  const { prometheus, policy, customer, month } = measuring;
  const { period } = month;
  const own = { customer };
  const questions = {
    evaluated: `max(${lately(recorded('maintenance:evaluation_timestamp_seconds', { rule_group: 'maintenance-controls' }))})`,
    hosts: `max by (instance) (${lately(recorded('instance:maintenance_host_expected:bool', own))})`,
    systems: `max by (instance, os, os_version, kernel) (${lately(vector('maintenance_host_info', own))})`,
    agents: `max by (instance, version) (${lately(vector('maintenance_exporter_build_info', own))})`,
    targets: `max by (control) (${lately(recorded('maintenance:control_target:ratio'))})`,
    deployments: `sum by (instance, outcome) (${lately(vector('maintenance_patch_deployments_total', own))})`,
  };
  const ask = (query: string) => pointsOf(prometheus, query, period);
  const [evaluated, hosts, systems, agents, targets, deployments, limits] = await Promise.all([
    ask(questions.evaluated),
    ask(questions.hosts),
    ask(questions.systems),
    ask(questions.agents),
    ask(questions.targets),
    ask(questions.deployments),
    changedLimits(measuring),
  ]);
  const zone = policy.customers[customer]?.zone ?? 'UTC';
  const localDay = (at: number): string => dayOf(at + offsetAt(zone, Math.min(at, period.end - 1)));
  if (hosts.length === 0) return undefined;
  return {
    changes: [
      ...grouped(
        [
          ...hostChanges(hosts, evaluated),
          ...systemChanges(systems),
          ...agentChanges(agents),
          ...policyChanges('target_changed', targets),
          ...policyChanges('limit_changed', limits.found),
        ],
        localDay,
      ),
      ...updates(deployments, localDay),
    ].toSorted(
      (one, other) =>
        inOrder(one.day, other.day) || changeKinds.indexOf(one.kind) - changeKinds.indexOf(other.kind),
    ),
    queries: [...Object.values(questions).map((query) => lookingThrough(query, period)), limits.query],
  };
}

/** One object of each control whose limit changed: when an object comes or goes, no limit did. */
async function changedLimits({ prometheus, customer, month }: Measuring) {
  const { period } = month;
  const all = recorded('object:maintenance_control_limit_seconds:effective', { customer });
  const query = `changes(${all}${rangeOf(period)}) > 0`;
  const changed = firstOfEach(await prometheus.values(query, askedAt(period)));
  const found = await Promise.all(
    changed.map(({ labels }) => {
      const { customer: _c, control = '', instance = '', role = '', object = '' } = labels;
      const one = recorded('object:maintenance_control_limit_seconds:effective', {
        customer,
        control,
        instance,
        role,
        object,
      });
      return pointsOf(prometheus, `max by (control) (${lately(one)})`, period);
    }),
  );
  return { found: found.flat(), query };
}

/** By control, the same one whatever the order of the answer. */
function firstOfEach(samples: readonly Sample[]): readonly Sample[] {
  const sorted = samples.toSorted((one, other) => inOrder(objectName(one), objectName(other)));
  return [...Map.groupBy(sorted, ({ labels }) => labels['control']).values()].flatMap((own) =>
    own.slice(0, 1),
  );
}

function objectName({ labels }: Sample): string {
  return `${labels['instance'] ?? ''} ${labels['object'] ?? ''}`;
}

/** A host that was there when rules were first evaluated was not added, one that is there at the last evaluation not removed. */
function hostChanges(hosts: readonly Samples[], evaluated: readonly Samples[]): readonly Found[] {
  const looks = evaluated.flatMap(({ instants }) => instants);
  const [first, last] = [Math.min(...looks), Math.max(...looks)];
  return hosts.flatMap(({ labels, instants }): readonly Found[] => {
    const { instance = '' } = labels;
    const [from, to] = [Math.min(...instants), Math.max(...instants)];
    const none = { from: null, to: null, instance } as const;
    return [
      ...(from > first ? [{ ...none, kind: 'host_added', at: from } as const] : []),
      ...(to < last ? [{ ...none, kind: 'host_removed', at: to } as const] : []),
    ];
  });
}

function systemChanges(systems: readonly Samples[]): readonly Found[] {
  return steps(systems, 'instance', (before, now): Found | undefined => {
    const found = { at: now.at, instance: now.labels['instance'] ?? '' };
    if (systemName(before) !== systemName(now))
      return { ...found, kind: 'system_changed', from: systemName(before), to: systemName(now) };
    const [from, to] = [before, now].map(({ labels }) => labels['kernel'] ?? '');
    return from === to ? undefined : { ...found, kind: 'kernel_changed', from: from ?? '', to: to ?? '' };
  });
}

function systemName({ labels }: Step): string {
  return `${labels['os'] ?? ''} ${labels['os_version'] ?? ''}`.trim();
}

function agentChanges(agents: readonly Samples[]): readonly Found[] {
  return steps(agents, 'instance', (before, now) => ({
    at: now.at,
    kind: 'agent_changed',
    instance: now.labels['instance'] ?? '',
    from: before.labels['version'] ?? '',
    to: now.labels['version'] ?? '',
  }));
}

function policyChanges(
  kind: 'target_changed' | 'limit_changed',
  series: readonly Samples[],
): readonly Found[] {
  return steps(series, 'control', (before, now) => ({
    at: now.at,
    kind,
    control: now.labels['control'] ?? '',
    from: before.value,
    to: now.value,
  }));
}

function steps(
  series: readonly Samples[],
  by: string,
  changeOf: (before: Step, now: Step) => Found | undefined,
): readonly Found[] {
  return [...timelines(series, by).values()].flatMap((own) =>
    own.slice(1).flatMap((now, index) => {
      const before = own[index];
      return (before === undefined ? undefined : changeOf(before, now)) ?? [];
    }),
  );
}

/** The same change on the same day is one, with its hosts. */
function grouped(found: readonly Found[], localDay: (at: number) => string): readonly Change[] {
  const key = ({ at, kind, control, from, to }: Found): string =>
    JSON.stringify([localDay(at), kind, control, from, to]);
  return [...Map.groupBy(found, key).values()].flatMap((same): readonly Change[] => {
    const [one] = same;
    if (one === undefined) return [];
    const { at, kind, control = '', from, to } = one;
    const instances = same.flatMap(({ instance }) => instance ?? []).toSorted();
    return [{ day: localDay(at), kind, instances, control, from, to, runs: null, failed: null }];
  });
}

/** Runs of package managers by day; a counter that begins anew counts from there. */
function updates(deployments: readonly Samples[], localDay: (at: number) => string): readonly Change[] {
  const runs = deployments.flatMap(({ labels, instants, values }) =>
    instants.slice(1).flatMap((at, index) => {
      const [before, now] = [values[index] ?? 0, values[index + 1] ?? 0];
      const count = now < before ? now : now - before;
      const ended = ['failure', 'partial'].includes(labels['outcome'] ?? '');
      // One that waits for a reboot is counted when it takes effect.
      if (count === 0 || labels['outcome'] === 'pending_reboot') return [];
      return [{ day: localDay(at), instance: labels['instance'] ?? '', count, failed: ended ? count : 0 }];
    }),
  );
  return [...Map.groupBy(runs, ({ day }) => day)].map(([day, own]) => ({
    day,
    kind: 'updates_installed',
    instances: [...new Set(own.map(({ instance }) => instance))].toSorted(),
    control: '',
    from: null,
    to: null,
    runs: own.reduce((sum, { count }) => sum + count, 0),
    failed: own.reduce((sum, { failed }) => sum + failed, 0),
  }));
}
