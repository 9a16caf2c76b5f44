import { vector } from '../../exporter/metrics.ts';
import { recorded } from '../../alerts/records.ts';
import type { Kpi, Measured, Measuring } from '../kpi.ts';
import { lately } from '../month-points.ts';
import { askedAt } from '../month-query.ts';
import type { Period } from '../period.ts';
import { criticalOnes } from '../readers/vulnerabilities.ts';

/** What the scanners of the hosts told when a month ended. */
interface Told {
  readonly open: number;
  /** Hosts that a scanner told of, and all hosts of the inventory. */
  readonly told: number;
  readonly hosts: number;
}

/**
 * Critical vulnerabilities open when the month ended, over the hosts that could be told. The others may have more: they are
 * missing in the coverage, those without a scanner included.
 */
export const vulnerabilitiesCriticalOpen: Kpi = {
  id: 'vulnerabilities_critical_open',
  unit: 'count',
  better: 'low',
  measure: async (measuring): Promise<Measured> => {
    const { months, month, customer, facts } = measuring;
    const ends = await Promise.all(
      months.map(async ({ period }) => ({ month: period.month, told: await toldAt(period, measuring) })),
    );
    const trend = ends.map((end) => ({
      month: end.month,
      value: end.told === undefined ? null : end.told.open,
      time: end.told === undefined ? 0 : 1,
    }));
    const told = ends.at(-1)?.told;
    return {
      value: told?.open ?? null,
      reason: told === undefined ? reasonOf(month.controls.time, facts.vulnerabilities !== undefined) : null,
      numerator: told?.open ?? null,
      denominator: null,
      target: facts.vulnerabilities === undefined ? null : 0,
      coverage: {
        objects: told === undefined ? null : Math.min(1, told.told / told.hosts),
        time: told === undefined ? 0 : 1,
      },
      atEnd: null,
      trend,
      queries: Object.values(queriesOf(customer)),
    };
  },
};

function reasonOf(time: number, hasScanners: boolean): Measured['reason'] {
  if (time === 0) return 'no_evaluations';
  return hasScanners ? 'no_series' : 'nothing_expected';
}

function queriesOf(customer: string) {
  const critical = criticalOnes.map((match) =>
    lately(vector('maintenance_vulnerabilities_open', { customer, ...match })),
  );
  return {
    open: `sum by (instance) (${critical.join(' or ')})`,
    known: recorded('instance:maintenance_control_known:min', {
      customer,
      control: 'vulnerability_critical',
    }),
    hosts: recorded('instance:maintenance_host_expected:bool', { customer }),
  };
}

/** Undefined when nothing is known at that end. */
async function toldAt(period: Period, { prometheus, customer }: Measuring): Promise<Told | undefined> {
  const { open, known, hosts } = queriesOf(customer);
  const [opened, knowing, inventory] = await Promise.all(
    [open, known, hosts].map((query) => prometheus.values(query, askedAt(period))),
  );
  const counted = new Set(opened?.map(({ labels }) => labels['instance'] ?? ''));
  // What was known within a day may not have been counted now: a count that is not there is not 0.
  const told = new Set(
    knowing
      ?.filter(({ labels, value }) => value === 1 && counted.has(labels['instance'] ?? ''))
      .map(({ labels }) => labels['instance'] ?? ''),
  );
  if (told.size === 0) return undefined;
  const all = new Set(inventory?.map(({ labels }) => labels['instance'] ?? ''));
  const count = opened
    ?.filter(({ labels }) => told.has(labels['instance'] ?? ''))
    .reduce((sum, { value }) => sum + value, 0);
  return { open: count ?? 0, told: told.size, hosts: Math.max(told.size, all.size) };
}
