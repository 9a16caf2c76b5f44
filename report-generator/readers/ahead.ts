import { windowIntervals } from '../../alerts/calendar.ts';
import { recorded } from '../../alerts/records.ts';
import { offsetAt } from '../../alerts/zone.ts';
import { concerns } from '../concerns.ts';
import { vector } from '../../exporter/metrics.ts';
import { dueDays } from '../due-days.ts';
import { type Ahead, deadlineKinds } from '../facts/ahead.ts';
import { monthFrom } from '../format.ts';
import { inOrder } from '../in-order.ts';
import type { Measuring } from '../kpi.ts';
import { recordedThen } from '../last-evaluation.ts';
import { askedAt } from '../month-query.ts';
import { monthPeriod, type Period } from '../period.ts';

const quarter = 92 * 86_400;

/** The next month's windows and tasks, and what ends within a quarter. */
export async function readAhead(measuring: Measuring): Promise<Ahead> {
  const { policy, customer, month } = measuring;
  const zone = policy.customers[customer]?.zone ?? 'UTC';
  const next = monthPeriod(monthFrom(month.period.month, 1), zone);
  const ending = await deadlines(measuring);
  return {
    windows: policy.maintenance_windows
      .filter(({ match }) => match.customer !== undefined && concerns(match.customer, customer))
      .flatMap((window) => {
        const [first, ...more] = windowIntervals(window, zone, next.start, next.end);
        if (first === undefined) return [];
        const [from, to] = [wallText(zone, first.from), wallText(zone, first.to)];
        return [{ name: window.name, from, to, more: more.length }];
      }),
    tasks: dueTasks(measuring, next),
    deadlines: ending.found,
    queries: [...ending.queries],
  };
}

function dueTasks({ policy, customer, roles }: Measuring, next: Period): Ahead['tasks'] {
  const last = monthPeriod(monthFrom(next.month, 1), 'UTC').start - 1;
  return Object.values(policy.tasks)
    .filter((task) => concerns(task.customers, customer))
    .filter((task) => task.roles === undefined || roles.some((role) => concerns(task.roles, role)))
    .flatMap((task) => {
      const [due, ...more] = dueDays(
        task,
        `${next.month}-01`,
        new Date(last * 1000).toISOString().slice(0, 10),
      );
      return due === undefined ? [] : [{ title: task.title, owner: task.owner, due, more: more.length }];
    });
}

/** Seconds before its end at which the last day of a contract, which ends with it in UTC, is that day in every zone. */
const halfDay = 43_200;

/** Certificates, proofs of restores, support, licences and warranties that end within a quarter after the month. */
async function deadlines({ prometheus, policy, customer, month, last }: Measuring) {
  const { end } = month.period;
  if (last?.speaksForEnd !== true) return { found: [], queries: [] };
  const then = (selector: string): string => recordedThen(selector, last);
  const restores = { customer, control: 'restore_test' };
  const left = (control: 'certificate' | 'licence' | 'warranty'): string =>
    then(recorded('object:maintenance_control_left_seconds:last', { customer, control }));
  const queries = [
    left('certificate'),
    `${then(recorded('object:maintenance_control_limit_seconds:effective', restores))} - ${then(recorded('object:maintenance_control_age_seconds:last', restores))}`,
    `last_over_time(${vector('maintenance_os_support_end_timestamp_seconds', { customer })}[1d]) - ${last.instant.toFixed(3)}`,
    left('licence'),
    left('warranty'),
  ];
  const answers = await Promise.all(queries.map((query) => prometheus.values(query, askedAt(month.period))));
  const zone = policy.customers[customer]?.zone ?? 'UTC';
  const ending = answers.flatMap((samples, index) =>
    samples.flatMap(({ labels, value }) => {
      const kind = deadlineKinds[index];
      const at = Math.round(last.instant + value);
      if (kind === undefined || !(at >= end && at < end + quarter)) return [];
      const system = `${labels['os'] ?? ''} ${labels['version'] ?? ''}`.trim();
      const isContract = kind === 'licence' || kind === 'warranty';
      const day = wallText(zone, isContract ? at - halfDay : at).slice(0, 10);
      return [{ kind, day, instance: labels['instance'] ?? '', object: labels['object'] ?? system }];
    }),
  );
  const together = Map.groupBy(ending, ({ kind, day, object }) =>
    JSON.stringify(kind === 'os_supported' ? [kind, day, object] : [kind, day]),
  );
  const found = [...together.values()].flatMap((own): Ahead['deadlines'] => {
    const [one] = own;
    if (one === undefined) return [];
    const objects = own.map(({ instance, object }) => ({ instance, object }));
    return [{ kind: one.kind, day: one.day, objects: objects.toSorted(byName) }];
  });
  return { found: found.toSorted((one, other) => inOrder(one.day, other.day)), queries };
}

/** What the clocks of a zone show. */
function wallText(zone: string, instant: number): string {
  return new Date((instant + offsetAt(zone, instant)) * 1000).toISOString().slice(0, 16);
}

function byName(
  one: { readonly instance: string; readonly object: string },
  other: { readonly instance: string; readonly object: string },
): number {
  return inOrder(one.instance, other.instance) || inOrder(one.object, other.object);
}
