import type { Policy } from '../../alerts/policy.ts';
import { nextDay, secondOf } from '../../alerts/policy/values.ts';
import { instantOf } from '../../alerts/zone-offset.ts';
import { matcherText } from '../../exporter/metrics.ts';
import { concerns } from '../concerns.ts';
import type { Agreements } from '../facts/agreements.ts';
import type { Measuring } from '../kpi.ts';
import { recordedThen } from '../last-evaluation.ts';
import { askedAt } from '../month-query.ts';

/** Who does what, and which risks are accepted. */
export async function readAgreements(measuring: Measuring): Promise<Agreements> {
  const { policy, customer } = measuring;
  const exceptions = await Promise.all(
    policy.exceptions
      .filter(({ match }) => concerns(match.customer, customer))
      .map((one) => exceptionOf(one, measuring)),
  );
  return {
    responsibilities: policy.responsibilities
      .filter(({ customers }) => concerns(customers, customer))
      .map(({ what, who, note = '' }) => ({ what, who, note })),
    exceptions: exceptions.flat().toSorted((one, other) => one.over - other.over),
  };
}

async function exceptionOf(
  { control, match, owner, reason, from, expires }: Policy['exceptions'][number],
  { policy, customer, prometheus, month, last }: Measuring,
): Promise<Agreements['exceptions']> {
  const { period } = month;
  const zone = policy.customers[customer]?.zone ?? 'UTC';
  const over = instantOf(zone, secondOf(nextDay(expires)));
  if (over <= period.start) return [];
  const begins = from === undefined ? -Infinity : instantOf(zone, secondOf(from));
  const excepted = `object:maintenance_control_excepted:bool${matcherText({ ...match, customer, control })}`;
  const state = over <= period.end ? 'ended' : begins >= period.end ? 'ahead' : 'live';
  const covered =
    last?.speaksForEnd === true && state === 'live'
      ? await prometheus.values(`count(${recordedThen(excepted, last)})`, askedAt(period))
      : undefined;
  return [
    {
      control,
      roles: listed(match.role),
      instances: listed(match.instance),
      objects: listed(match.object),
      owner,
      reason,
      from: from ?? null,
      expires,
      over,
      state,
      covered: covered === undefined ? null : (covered[0]?.value ?? 0),
    },
  ];
}

function listed(names: string | readonly string[] | undefined): string[] {
  return names === undefined ? [] : [names].flat();
}
