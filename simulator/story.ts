import type { Policy } from '../alerts/policy.ts';
import { day } from './calendar.ts';
import { type Fault, faults, prometheusOutages } from './faults.ts';
import { fleet, type SimulatedHost } from './fleet.ts';
import type { Span, Track } from './track.ts';
import type { Limits } from './world.ts';

/** What is played: who is there, what goes wrong, when Prometheus itself is down. */
interface Plot {
  /** Where the history begins, unix seconds. */
  readonly start: number;
  readonly hosts: readonly SimulatedHost[];
  readonly faults: readonly Fault[];
  /** Of each customer, limits that are not those of the policy: from each instant on Prometheus has loaded other rules. */
  readonly limits: Readonly<Record<string, Track<Limits>>>;
  readonly outages: readonly Span[];
}

/** The plot of a history that ends at `end`, unix seconds. The same arguments give the same plot. */
export type Story = (policy: Policy, seed: number, end: number) => Plot;

/**
 * A year of the policy's first two customers, told in fleet.ts and faults.ts. It begins a day before the first full month
 * of the customer whose month begins first.
 */
export const twoCustomers: Story = (policy, seed, end) => {
  const hosts = fleet(policy, seed, end);
  const midnights = hosts.map(({ months }) => months[0]?.from ?? end);
  return {
    start: Math.floor(Math.min(...midnights) / day - 1) * day,
    hosts,
    faults: faults(hosts, seed, end),
    limits: {},
    outages: prometheusOutages(hosts),
  };
};
