import type { IncidentFacts } from '../facts/incidents.ts';
import type { Indicator, Snapshot } from '../snapshot.ts';
import { october } from './october.ts';

/* A month with incidents as a snapshot, for pages and sentences. October 2026 in Madrid. */

const hour = 3600;
const start = 1_790_805_600;

type Entry = IncidentFacts['list'][number];
export type Tally = IncidentFacts['all'];

export const tally: Tally = {
  answered: 22,
  resolvedFirst: 9,
  breached: 2,
  unknown: 7,
  running: 1,
  measured: 31 / 33,
  worst: 31 / 40,
  best: 38 / 40,
  target: 0.95,
  verdict: 'unknown',
};

export function entry(index: number, others: Partial<Entry> = {}): Entry {
  const from = start + index * 61_000;
  return {
    number: `INC-${index}`,
    alertname: 'MaintenanceBackupOverdue',
    severity: 'critical',
    slaClass: 'urgent',
    control: 'backup',
    category: 'backups',
    work: 'corrective',
    labels: { instance: 'acme-db-1', object: 'nightly', role: 'server' },
    from,
    to: from + 7 * hour,
    earliest: null,
    flaps: 0,
    response: {
      verdict: 'met',
      basis: 'answered',
      deadline: from + 4 * hour,
      counts: true,
      answer: { at: from + hour, by: 'Ada Gil', source: 'alertmanager', seconds: hour },
    },
    ...others,
  };
}

const open = entry(7).response;
export const incidentFacts: IncidentFacts = {
  list: [
    entry(1),
    entry(2, { to: null, flaps: 3, alertname: 'MaintenanceDiskErrorsGrowing', category: 'disks' }),
    entry(3, {
      earliest: start + 3 * 61_000 + hour,
      alertname: 'SomethingElse',
      slaClass: null,
      response: null,
    }),
    entry(4, {
      slaClass: 'standard',
      severity: 'warning',
      alertname: 'MaintenanceRebootOverdue',
      response: { ...nothing(open), verdict: 'unknown', basis: null },
    }),
    entry(5, { response: { ...nothing(open), verdict: 'running', basis: null, deadline: null } }),
    entry(6, { response: { ...nothing(open), verdict: 'met', basis: 'resolved_first' } }),
    entry(7, {
      response: {
        verdict: 'breached',
        basis: 'answered',
        deadline: start + 7 * 61_000 + 4 * hour,
        counts: true,
        answer: { at: start + 7 * 61_000 + 5 * hour, by: 'Bruno Rey', source: 'file', seconds: 5 * hour },
      },
    }),
  ],
  watched: 1,
  categories: { updates: 10, backups: 8, disks: 7, services: 7, protection: 5, access: 4 },
  categoriesBefore: { updates: 15, backups: 11, disks: 7, services: 5, protection: 7, access: 5 },
  works: { corrective: 29, preventive: 8, adaptive: 3, perfective: 1 },
  classes: [
    {
      ...tally,
      slaClass: 'urgent',
      response: 4 * hour,
      clock: 'around_the_clock',
      medianToResolve: 1.5 * hour,
      answered: 7,
      resolvedFirst: 2,
      unknown: 1,
      breached: 1,
      running: 0,
      verdict: 'missed',
    },
    {
      ...tally,
      slaClass: 'standard',
      response: 8 * hour,
      clock: 'working_hours',
      medianToResolve: 20 * hour,
      answered: 15,
      resolvedFirst: 7,
      unknown: 6,
      breached: 1,
      running: 1,
    },
  ],
  all: tally,
  acknowledgements: 300,
  clocks: [
    { from: start, offset: 120 },
    { from: 1_792_890_000, offset: 60 },
  ],
};

function nothing(response: Entry['response']): NonNullable<Entry['response']> {
  if (response === null) throw new Error('the entry has no response');
  return { ...response, answer: null };
}

const months = Array.from({ length: 13 }, (_, index) =>
  new Date(Date.UTC(2025, 9 + index, 1)).toISOString().slice(0, 7),
);

/** An indicator of incidents with a value in each month. */
export function measured(
  id: string,
  unit: Indicator['unit'],
  values: readonly (number | null)[],
  others: Partial<Indicator> = {},
): Indicator {
  const value = values.at(-1) ?? null;
  return {
    id,
    unit,
    better: 'low',
    value,
    reason: value === null ? 'nothing_happened' : null,
    numerator: value,
    denominator: 8,
    target: null,
    verdict: 'plain',
    coverage: { objects: null, time: 1 },
    atEnd: null,
    trend: months.map((month, index) => ({ month, value: values[index] ?? null, time: 1 })),
    queries: ['ALERTS{customer="acme"}[7d]'],
    ...others,
  };
}

const steady = (first: number, last: number): readonly number[] =>
  months.map((_, index) => first + ((last - first) * index) / 12);

export const incidentMonth: Snapshot = {
  ...october,
  evaluation: [{ ruleGroup: 'maintenance-alerts', interval: 60, evaluations: 44_700, expected: 44_700 }],
  indicators: [
    measured('incidents_opened', 'count', [58, 61, 55, 63, 57, 59, 62, 60, 57, 56, 51, 50, 41]),
    measured('time_to_resolve', 'seconds', steady(6 * hour, 2 * hour)),
    measured('time_to_resolve_urgent', 'seconds', steady(5 * hour, 2.2 * hour), { target: 4 * hour }),
    measured('time_to_resolve_standard', 'seconds', steady(30 * hour, 19 * hour)),
    measured('time_to_respond_urgent', 'seconds', [...months.slice(3).map(() => null), 5400, 3600, 2900], {
      target: 4 * hour,
      denominator: 8,
      coverage: { objects: 8 / 11, time: 1 },
      verdict: 'unknown',
    }),
  ],
  facts: { incidents: incidentFacts },
};
