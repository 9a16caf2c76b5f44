import { controls } from '../alerts/controls.ts';
import { agreementAlerts } from '../alerts/agreement-alerts.ts';
import type { Policy } from '../alerts/policy.ts';
import { diskAlerts } from '../alerts/disk-alerts.ts';
import { day } from './calendar.ts';
import { changes } from './changes.ts';
import { type CollectorName, collectorsOf } from './faults.ts';
import { type PlayedControl, playedControls } from './played.ts';
import { serviceConditions } from './service-conditions.ts';
import { proofConditions } from './proof-conditions.ts';
import { type Span, starts, valueAt } from './track.ts';
import { type Verdict, verdictsOf } from './verdicts.ts';
import type { Life, World } from './world.ts';

/** When the expression of one alert has a result for one identity, before `for` and `keep_firing_for`. */
export interface Condition {
  /** Without alertstate. */
  readonly labels: Readonly<Record<string, string>>;
  /** `for`, in seconds. */
  readonly pendingFor: number;
  /** Seconds the alert stays after its condition ended. */
  readonly keepFiring: number;
  readonly spans: readonly Span[];
}

/** Of every alert that tells of an incident. */
const pendingFor = 900;

const alertNames = new Map<string, string>(controls.map(({ name, alert }) => [name, alert.name]));

/**
 * Alerts without conditions here: the watchdog always fires, tasks are played only in the records, how errors of disks grow is played only in the facts, and no
 * agreements are.
 */
export const notPlayed: readonly string[] = [
  'MaintenanceWatchdog',
  'MaintenanceTaskOverdue',
  ...[...diskAlerts, ...agreementAlerts].map(({ name }) => name),
];

/** Every alert condition of the fleet except those not played. */
export function conditions(world: World, policy: Policy): readonly Condition[] {
  const ofServices = world.services.flatMap((life) => serviceConditions(life, world));
  const ofHosts = world.lives.flatMap((life) => [
    ...playedControls.flatMap((control) => controlConditions(control, life, world, policy)),
    ...playedControls.flatMap((control) => missingConditions(control, life, world, policy)),
    ...proofConditions(life, world),
    ...collectorsOf(life.host.role).flatMap((collector) => blindConditions(collector, life)),
  ]);
  return [...ofHosts, ...ofServices];
}

function controlConditions(
  control: PlayedControl,
  life: Life,
  world: World,
  policy: Policy,
): readonly Condition[] {
  const { severity, sla_class } = policy.controls[control];
  const spans = spansWhere(({ overdue }) => overdue, control, life, world, policy);
  return [...spans].map(([object, own]) => ({
    labels: {
      alertname: alertNames.get(control) ?? '',
      ...hostLabels(life),
      control,
      ...(object === '' ? {} : { object }),
      severity,
      sla_class,
    },
    pendingFor,
    keepFiring: control === 'host_reporting' ? 900 : 0,
    spans: own,
  }));
}

/** The host answers and shows nothing of a control its role asks for. */
function missingConditions(
  control: PlayedControl,
  life: Life,
  world: World,
  policy: Policy,
): readonly Condition[] {
  const missing = ({ object, known }: Verdict, instant: number): boolean =>
    object === '' && !known && valueAt(life.up, instant) === true;
  const spans = spansWhere(missing, control, life, world, policy);
  return [...spans.values()].map((own) => ({
    labels: {
      alertname: 'MaintenanceControlMissing',
      ...hostLabels(life),
      control,
      severity: 'warning',
      sla_class: 'standard',
    },
    pendingFor,
    keepFiring: 0,
    spans: own,
  }));
}

/** By object, when something holds of its verdict; verdicts change only when something is shown or a limit is passed. */
function spansWhere(
  holds: (verdict: Verdict, instant: number) => boolean,
  control: PlayedControl,
  life: Life,
  world: World,
  policy: Policy,
): ReadonlyMap<string, readonly Span[]> {
  const { limit = 0, overrides } = policy.controls[control];
  const limits = [
    limit,
    ...overrides.map((override) => override.limit),
    ...life.limits.flatMap(({ value }) => value[control] ?? []),
  ];
  const { shown, clocks } = changes[control](life);
  const instants = [
    ...[...shown, ...starts(life.up), life.host.left].flatMap((instant) => [instant, instant + day]),
    ...clocks.flatMap((begin) => limits.map((allowed) => begin + allowed + 1)),
    ...starts(life.limits),
  ].filter((instant) => instant > world.start && instant < world.end);
  const steps = [...new Set([world.start, ...instants])].toSorted((a, b) => a - b);
  const spans = new Map<string, Span[]>();
  for (const [index, from] of steps.entries()) {
    const to = steps[index + 1] ?? world.end;
    for (const verdict of verdictsOf(control, life, from, policy)) {
      if (!holds(verdict, from)) continue;
      const own = spans.get(verdict.object) ?? [];
      const last = own.at(-1);
      if (last?.to === from) own.splice(-1, 1, { from: last.from, to });
      else own.push({ from, to });
      spans.set(verdict.object, own);
    }
  }
  return spans;
}

/** Only while the exporter answers: without its metric the expression has no result. */
function blindConditions(collector: CollectorName, life: Life): readonly Condition[] {
  const blind = life.blind.filter((fault) => fault.collector === collector);
  const spans = blind.flatMap(({ from, to }) =>
    life.up.flatMap((step, index) => {
      const answered = {
        from: Math.max(from, step.from),
        to: Math.min(to, life.up[index + 1]?.from ?? Infinity),
      };
      return step.value && answered.from < answered.to ? [answered] : [];
    }),
  );
  if (spans.length === 0) return [];
  return [
    {
      labels: {
        alertname: 'MaintenanceCollectorBlind',
        ...hostLabels(life),
        collector,
        severity: 'warning',
        sla_class: 'standard',
      },
      pendingFor,
      keepFiring: 900,
      spans,
    },
  ];
}

function hostLabels({ host: { customer, instance, role } }: Life): Readonly<Record<string, string>> {
  return { customer, instance, role };
}
