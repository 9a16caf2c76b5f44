import { vector } from '../../exporter/metrics.ts';
import type { PendingUpdates, UpdatesFacts } from '../facts/updates.ts';
import type { Measuring } from '../kpi.ts';
import {
  byText,
  labelOf,
  type ObjectState,
  rank,
  readMonthEnd,
  scrapedThen,
  valueOf,
  worstOf,
} from './month-end.ts';

type Host = UpdatesFacts['hosts'][number];

const outcomes = ['success', 'failure', 'pending_reboot'] as const;

/** Updates of every host at the end of the month. */
export async function readUpdates(measuring: Measuring): Promise<UpdatesFacts | undefined> {
  const end = await readMonthEnd(measuring, ['patch_security', 'patch_standard', 'reboot', 'os_supported']);
  if (end === undefined) return undefined;
  const { customer } = measuring;
  const then = (query: string, ...labels: readonly string[]) =>
    scrapedThen(measuring, end.last, query, labels);
  const counted = (['maintenance_patches_pending', 'maintenance_patches_held'] as const)
    .map((name) => vector(name, { customer, class: ['security', 'standard'] }))
    .join(' or ');
  const [counts, systems, ends, deployments] = await Promise.all([
    then(`sum by (instance, class) (${counted})`, 'instance', 'class'),
    then(
      `group by (instance, os, os_version) (${vector('maintenance_host_info', { customer })})`,
      'instance',
    ),
    then(
      `min by (instance) (${vector('maintenance_os_support_end_timestamp_seconds', { customer })})`,
      'instance',
    ),
    then(
      `max by (instance, outcome) (${vector('maintenance_patch_last_deployment_timestamp_seconds', { customer })})`,
      'instance',
      'outcome',
    ),
  ]);
  const hosts = Map.groupBy(
    (['patch_security', 'patch_standard', 'reboot', 'os_supported'] as const).flatMap((control) =>
      end.objects(control).map((state) => ({ control, state })),
    ),
    ({ state }) => JSON.stringify([state.instance, state.role]),
  );
  const rows = [...hosts.values()].flatMap((own): readonly Host[] => {
    const [first] = own;
    if (first === undefined) return [];
    const { instance, role } = first.state;
    const of = (wanted: string): readonly ObjectState[] =>
      own.filter(({ control }) => control === wanted).map(({ state }) => state);
    const security = pendingOf(of('patch_security'), valueOf(counts, instance, 'security'));
    const standard = pendingOf(of('patch_standard'), valueOf(counts, instance, 'standard'));
    const supported = worstOf(of('os_supported').map(({ verdict }) => verdict));
    const restart = of('reboot');
    const reboot = worstOf(restart.map(({ verdict }) => verdict));
    const newest = outcomes
      .flatMap((outcome) => {
        const at = valueOf(deployments, instance, outcome);
        return at === null ? [] : [{ at, outcome }];
      })
      .toSorted((one, other) => other.at - one.at)[0];
    const verdicts = [security?.verdict, standard?.verdict, reboot, supported].map((each) => each ?? null);
    return [
      {
        instance,
        role,
        system: [labelOf(systems, 'os', instance), labelOf(systems, 'os_version', instance)].join(' ').trim(),
        supported,
        supportEnd: valueOf(ends, instance),
        security,
        standard,
        reboot: reboot === null ? null : { verdict: reboot, age: oldest(restart) },
        deployment: newest ?? null,
        gap: end.gap(instance, verdicts),
      },
    ];
  });
  return { hosts: rows.toSorted(worstFirst) };
}

function pendingOf(states: readonly ObjectState[], count: number | null): PendingUpdates | null {
  const verdict = worstOf(states.map((state) => state.verdict));
  if (verdict === null) return null;
  // The one that is furthest past its limit decides, so its limit is the one to print.
  const worst = states.toSorted((one, other) => lateness(other) - lateness(one))[0];
  return {
    verdict,
    count: verdict === 'unknown' ? null : count,
    age: oldest(states),
    limit: worst?.limit ?? null,
  };
}

/** Null where any is not known, unless another one is past its limit anyway. */
function oldest(states: readonly ObjectState[]): number | null {
  const ages = states.map(({ age }) => age);
  const known = ages.filter((age) => age !== undefined);
  const isMissed = states.some(({ verdict }) => verdict === 'missed');
  if (known.length === 0 || (known.length < ages.length && !isMissed)) return null;
  return Math.max(...known);
}

function lateness({ age = 0, limit = 0 }: ObjectState): number {
  return age - limit;
}

function worstFirst(one: Host, other: Host): number {
  const late = ({ security }: Host): number => (security?.age ?? 0) - (security?.limit ?? 0);
  const own = (host: Host) => [
    host.security?.verdict ?? null,
    host.standard?.verdict ?? null,
    host.reboot?.verdict ?? null,
    host.supported,
  ];
  return (
    rank([one.security?.verdict ?? null]) - rank([other.security?.verdict ?? null]) ||
    rank(own(one)) - rank(own(other)) ||
    late(other) - late(one) ||
    byText(one.instance, other.instance)
  );
}
