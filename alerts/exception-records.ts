import { matcherText } from '../exporter/metrics.ts';
import { firstOf } from './control.ts';
import { controlNames } from './controls.ts';
import type { Policy } from './policy.ts';
import type { Match } from './policy/match.ts';
import { nextDay, secondOf } from './policy/values.ts';
import { recorded } from './records.ts';
import type { RecordingRule } from './rules.ts';
import { instantOf } from './zone-offset.ts';

const expected = 'object:maintenance_control_expected:bool';
const end = 'object:maintenance_control_exception_end_timestamp_seconds:max';
const excepted = 'object:maintenance_control_excepted:bool';

/** An exception as it is for the customers of one zone, unix seconds. */
interface Granted {
  readonly match: Match;
  readonly from: number | undefined;
  readonly to: number;
}

/**
 * What is excepted, and until when. The end is in the rule, so that an exception is over by itself, at midnight of its
 * customer; objects of customers that the policy does not know have no midnight and no exceptions. Expected they are all the same.
 */
export function exceptionRules(policy: Policy): readonly RecordingRule[] {
  const rules = controlNames.flatMap((control): readonly RecordingRule[] => {
    const found = policy.exceptions.filter((one) => one.control === control);
    const granted = found.flatMap((one) => byZone(one, policy));
    if (granted.length === 0) return [];
    // Where several hold at once, the last to end counts.
    const alternatives = granted.toSorted((one, other) => other.to - one.to).map((one) => live(control, one));
    return [{ record: end, expr: firstOf(...alternatives), labels: { control } }];
  });
  const perCustomer = `sum by (customer, control) (${recorded(excepted)})`;
  const none = `${recorded('customer:maintenance_control_expected:sum')} * 0`;
  return [
    ...rules,
    { record: excepted, expr: `${recorded(end)} * 0 + 1` },
    { record: 'customer:maintenance_control_excepted:sum', expr: firstOf(perCustomer, none) },
  ];
}

function live(control: string, { match, from, to }: Granted): string {
  const begun = from === undefined ? '' : ` * (time() >= bool ${from})`;
  return `${expected}${matcherText({ control, ...match })} * ${to} * (time() < bool ${to})${begun} > 0`;
}

function byZone(
  { match, from, expires }: Policy['exceptions'][number],
  { customers }: Pick<Policy, 'customers'>,
): readonly Granted[] {
  const meant = [match.customer ?? Object.keys(customers)].flat();
  const zones = Map.groupBy(meant, (customer) => customers[customer]?.zone);
  return [...zones].flatMap(([zone, own]) =>
    zone === undefined
      ? []
      : [
          {
            match: { ...match, customer: own },
            from: from === undefined ? undefined : instantOf(zone, secondOf(from)),
            to: instantOf(zone, secondOf(nextDay(expires))),
          },
        ],
  );
}
