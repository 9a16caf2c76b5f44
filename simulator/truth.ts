import type { ControlName, Policy } from '../alerts/policy.ts';
import type { Taken } from './acknowledgements.ts';
import { type IncidentTruth, incidentTruth } from './incidents.ts';
import type { ToldIncident } from './told-incidents.ts';
import {
  type ClassTruth,
  type Clock,
  classTruth,
  type ResponseTruth,
  responseTruth,
  workingClock,
} from './truth-responses.ts';
import { serviceTruth, type ServiceTruth } from './truth-services.ts';
import { type Month, monthAt } from './calendar.ts';
import { evaluations } from './series.ts';
import { playedControls } from './played.ts';
import { type ProtectionTruth, protectionTruth } from './truth-protection.ts';
import { taskVerdicts } from './task-findings.ts';
import { type TaskTruth, taskTruth } from './truth-tasks.ts';
import { type Verdict, verdicts } from './verdicts.ts';
import type { World } from './world.ts';

interface Counts {
  readonly compliant: number;
  readonly known: number;
  readonly expected: number;
}
/** Seconds. */
interface Intervals {
  readonly interval: number;
  readonly alertsInterval: number;
}

type PerControl<T> = Partial<Record<ControlName, T>>;

export interface MonthTruth {
  /** Evaluations of maintenance-controls that happened in the month, and that would have without outages. */
  readonly evaluations: number;
  readonly evaluations_expected: number;
  /** Sums over the evaluations of the month. */
  readonly controls: PerControl<Counts>;
  /** The same sums had there been no outages. */
  readonly controls_lived: PerControl<Counts>;
  /** Evaluations of the month that expected something of the control. */
  readonly controls_seen: PerControl<number>;
  /** At the last evaluation of the month. */
  readonly at_end: PerControl<Counts>;
  /** At the same instant, the worst of the objects of each control. */
  readonly hosts: readonly {
    readonly instance: string;
    readonly role: string;
    readonly controls: PerControl<{ readonly compliant: 0 | 1; readonly known: 0 | 1 }>;
  }[];
  readonly incidents: IncidentTruth;
  readonly protection: ProtectionTruth;
  readonly tasks: TaskTruth;
  /** Every incident that was open in the month, oldest first. */
  readonly responses: readonly ResponseTruth[];
  readonly classes: Readonly<Record<keyof Policy['sla_classes'], ClassTruth>>;
  /** By their label in the policy. */
  readonly services: Readonly<Record<string, ServiceTruth>>;
}

/** Every number the report must find, computed from what happened. Instants and intervals in (unix) seconds. */
export interface Truth {
  readonly seed: number;
  readonly start: number;
  readonly end: number;
  readonly interval_seconds: number;
  readonly alerts_interval_seconds: number;
  readonly customers: Readonly<
    Record<
      string,
      { readonly zone: string; readonly hosts: number; readonly months: Readonly<Record<string, MonthTruth>> }
    >
  >;
}

/** The truth of each customer's months that lie wholly inside the history. */
export function truthOf(
  world: World,
  told: readonly ToldIncident[],
  taken: readonly Taken[],
  policy: Policy,
  run: Intervals & { readonly seed: number },
): Truth {
  const customers = Object.entries(policy.customers).map(([customer, described]) => {
    const { zone } = described;
    const own = {
      ...world,
      lives: world.lives.filter(({ host }) => host.customer === customer),
      services: world.services.filter(({ service }) => service.customer === customer),
    };
    const incidents = told.filter(({ labels }) => labels['customer'] === customer);
    const working = workingClock(described);
    const answers = (month: Month) =>
      responsesIn(incidents, taken, month, policy, working, run.alertsInterval);
    const months = wholeMonths(zone, world).map(
      (month) =>
        [month.name, { ...monthTruth(own, incidents, month, policy, run), ...answers(month) }] as const,
    );
    return [customer, { zone, hosts: own.lives.length, months: Object.fromEntries(months) }] as const;
  });
  return {
    seed: run.seed,
    start: world.start,
    end: world.end,
    interval_seconds: run.interval,
    alerts_interval_seconds: run.alertsInterval,
    customers: Object.fromEntries(customers),
  };
}

function wholeMonths(zone: string, { start, end }: World): readonly Month[] {
  const months: Month[] = [];
  for (let next = 1; ; next++) {
    const month = monthAt(zone, start, next);
    if (month.to > end) return months;
    months.push(month);
  }
}

function monthTruth(
  world: World,
  incidents: readonly ToldIncident[],
  month: Month,
  policy: Policy,
  { interval, alertsInterval }: Intervals,
): Omit<MonthTruth, 'responses' | 'classes'> {
  const instants = [...evaluations(world, month, interval)];
  const watched = new Set(instants);
  const controls: PerControl<Counts> = {};
  const lived: PerControl<Counts> = {};
  const seen: PerControl<number> = {};
  const all = [...evaluations({ ...world, outages: [] }, month, interval)];
  for (const instant of all) {
    const judged = [
      ...world.lives.flatMap((life) => verdicts(life, instant, policy)),
      ...ofTasks(world, instant),
    ];
    add(lived, judged);
    if (!watched.has(instant)) continue;
    add(controls, judged);
    for (const control of new Set(judged.map((verdict) => verdict.control)))
      seen[control] = (seen[control] ?? 0) + 1;
  }
  const last = instants.at(-1) ?? month.from;
  const hosts = world.lives
    .map((life) => ({ host: life.host, judged: verdicts(life, last, policy) }))
    .filter(({ judged }) => judged.length > 0);
  const atEnd: PerControl<Counts> = {};
  for (const { judged } of hosts) add(atEnd, judged);
  add(atEnd, ofTasks(world, last));
  return {
    evaluations: instants.length,
    evaluations_expected: all.length,
    controls,
    controls_lived: lived,
    controls_seen: seen,
    at_end: atEnd,
    hosts: hosts.map(({ host: { instance, role }, judged }) => ({ instance, role, controls: worst(judged) })),
    incidents: incidentTruth(incidents, month, world.outages, alertsInterval),
    protection: protectionTruth(world, month, instants, policy),
    tasks: taskTruth(world, month, interval),
    services: Object.fromEntries(
      world.services.map((life) => [life.id, serviceTruth(life, month, world.outages)]),
    ),
  };
}

function responsesIn(
  incidents: readonly ToldIncident[],
  taken: readonly Taken[],
  month: Month,
  policy: Policy,
  working: Clock,
  step: number,
): Pick<MonthTruth, 'responses' | 'classes'> {
  const open = incidents
    .filter(({ from, to }) => from < month.to && to > month.from)
    .toSorted((one, other) => one.from - other.from);
  const of = (slaClass: keyof Policy['sla_classes']): readonly ResponseTruth[] => {
    const promised = policy.sla_classes[slaClass];
    const runs: Clock = promised.clock === 'working_hours' ? working : () => true;
    return open
      .filter(({ labels }) => labels['sla_class'] === slaClass)
      .map((incident) => responseTruth(incident, taken, month, promised, runs, step));
  };
  const [urgent, standard] = [of('urgent'), of('standard')];
  return {
    responses: [...urgent, ...standard].toSorted((one, other) => one.from - other.from),
    classes: { urgent: classTruth(urgent, month), standard: classTruth(standard, month) },
  };
}

/** @param world with the hosts of one customer. */
function ofTasks(world: World, instant: number): readonly Judged[] {
  const customer = world.lives[0]?.host.customer;
  if (customer === undefined) return [];
  return taskVerdicts(world, customer, instant).map((verdict) => ({ ...verdict, control: 'tasks' }));
}

type Judged = Pick<Verdict, 'known' | 'compliant'> & { readonly control: ControlName };

function add(sums: PerControl<Counts>, judged: readonly Judged[]): void {
  for (const { control, known, compliant } of judged) {
    const before = sums[control] ?? { compliant: 0, known: 0, expected: 0 };
    sums[control] = {
      compliant: before.compliant + (compliant ? 1 : 0),
      known: before.known + (known ? 1 : 0),
      expected: before.expected + 1,
    };
  }
}

function worst(judged: readonly Verdict[]): MonthTruth['hosts'][number]['controls'] {
  const controls: PerControl<{ compliant: 0 | 1; known: 0 | 1 }> = {};
  for (const control of playedControls) {
    const own = judged.filter((verdict) => verdict.control === control);
    if (own.length === 0) continue;
    controls[control] = {
      compliant: own.every(({ compliant }) => compliant) ? 1 : 0,
      known: own.every(({ known }) => known) ? 1 : 0,
    };
  }
  return controls;
}
