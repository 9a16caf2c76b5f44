import { day, localTime, monthAt } from '../calendar.ts';
import { span, type Trouble } from '../faults.ts';
import { hostOf, type Role } from '../fleet.ts';
import type { Story } from '../story.ts';
import type { Limits } from '../world.ts';

/** Days since the local midnight that begins the month; negative before. */
type Day = number;

/** A host of a scenario. */
export interface Member {
  /** `db-1`, see fleet.ts. */
  readonly name: string;
  readonly role: Role;
  /** When it became a target; before the history begins unless told. */
  readonly joined?: Day;
  /** When it ceased to be one; never unless told. */
  readonly left?: Day;
}

/** One month of one customer with few hosts, in which little happens and all of it on purpose. */
export interface Scenario {
  /** Also the `customer` label. */
  readonly name: string;
  /** What is proved with it, in a few words. */
  readonly about: string;
  /** IANA name. */
  readonly zone: string;
  /** The month to report, `2026-10`. */
  readonly month: string;
  readonly hosts: readonly Member[];
  readonly troubles: readonly (readonly [host: string, from: Day, days: number, trouble: Trouble])[];
  /** When Prometheus itself is down. */
  readonly outages?: readonly (readonly [from: Day, days: number])[];
  /** From when on rules with other limits are loaded. */
  readonly limits?: readonly (readonly [from: Day, limits: Limits])[];
}

/** Days of history before the month and after it: what fired at midnight is seen to begin and to end. */
const lead = 3;
const after = 2;

/** When the history of a scenario ends, unix seconds. */
export function endOf(scenario: Scenario): number {
  return Math.ceil(monthOf(scenario).to / day + after) * day;
}

/** Where its history begins. */
export function startOf(scenario: Scenario): number {
  return Math.floor(monthOf(scenario).from / day - lead) * day;
}

/** What happens in a scenario, for `simulate` and `play`; the history must end at its end. */
export function storyOf(scenario: Scenario): Story {
  const { name: customer, zone, troubles, outages = [], limits = [] } = scenario;
  const { from: midnight } = monthOf(scenario);
  const at = (days: Day): number => span(midnight + days * day, 0).from;
  const stretch = (from: Day, days: number) => span(midnight + from * day, days * day);
  return (_policy, seed, end) => {
    const months = [-1, 0, 1].map((month) => monthAt(zone, midnight, month));
    return {
      start: startOf(scenario),
      hosts: scenario.hosts.map(({ name, role, joined = -Infinity, left = Infinity }) =>
        hostOf(
          { customer, zone, name, role, months, automated: -Infinity, joined: at(joined), left: at(left) },
          seed,
        ),
      ),
      faults: troubles.map(([host, from, days, trouble]) => {
        const { from: begin, to } = stretch(from, days);
        return { ...trouble, from: begin, to: Math.min(to, end), instance: `${customer}-${host}` };
      }),
      limits: { [customer]: limits.map(([from, value]) => ({ from: at(from), value })) },
      outages: outages.map(([from, days]) => stretch(from, days)),
    };
  };
}

function monthOf({ zone, month }: Scenario) {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return monthAt(zone, localTime(zone, year, number));
}
