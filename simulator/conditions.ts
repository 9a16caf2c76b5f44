import type { ControlName, Policy } from '../alerts/policy.ts';
import { controlNames } from '../alerts/policy.ts';
import { day } from './calendar.ts';
import { type CollectorName, collectorsOf } from './faults.ts';
import type { Span, Track } from './track.ts';
import { verdictsOf } from './verdicts.ts';
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

const alertNames: Readonly<Record<ControlName, string>> = {
  host_reporting: 'MaintenanceHostDown',
  patch_security: 'MaintenancePatchSecurityOverdue',
  patch_standard: 'MaintenancePatchStandardOverdue',
  reboot: 'MaintenanceRebootOverdue',
  backup: 'MaintenanceBackupOverdue',
  av_definitions: 'MaintenanceAvDefinitionsOutdated',
  av_protection: 'MaintenanceAvProtectionDown',
  disk_health: 'MaintenanceDiskFailing',
};

/** Every alert condition of the fleet except MaintenanceWatchdog, which always holds. */
export function conditions(world: World, policy: Policy): readonly Condition[] {
  return world.lives.flatMap((life) => [
    ...controlNames.flatMap((control) => controlConditions(control, life, world, policy)),
    ...collectorsOf(life.host.role).flatMap((collector) => blindConditions(collector, life)),
  ]);
}

function controlConditions(
  control: ControlName,
  life: Life,
  world: World,
  policy: Policy,
): readonly Condition[] {
  const { severity, sla_class, limit = 0, overrides } = policy.controls[control];
  const limits = [limit, ...overrides.map((override) => override.limit)];
  const { shown, clocks } = changes[control](life);
  const instants = [
    ...shown.flatMap((instant) => [instant, instant + day]),
    ...clocks.flatMap((begin) => limits.map((allowed) => begin + allowed + 1)),
  ].filter((instant) => instant > world.start && instant < world.end);
  const steps = [...new Set([world.start, ...instants])].toSorted((a, b) => a - b);
  const spans = new Map<string, Span[]>();
  for (const [index, from] of steps.entries()) {
    const to = steps[index + 1] ?? world.end;
    for (const { object, overdue } of verdictsOf(control, life, from, policy)) {
      if (!overdue) continue;
      const own = spans.get(object) ?? [];
      const last = own.at(-1);
      if (last?.to === from) own.splice(-1, 1, { from: last.from, to });
      else own.push({ from, to });
      spans.set(object, own);
    }
  }
  return [...spans].map(([object, own]) => ({
    labels: {
      alertname: alertNames[control],
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

/** When a host may show something else of a control, and when clocks of its objects start. */
const changes: Readonly<
  Record<
    ControlName,
    (life: Life) => { readonly shown: readonly number[]; readonly clocks: readonly number[] }
  >
> = {
  host_reporting: ({ up }) => ({ shown: starts(up), clocks: [] }),
  patch_security: (life) => patchChanges(life, 'security'),
  patch_standard: (life) => patchChanges(life, 'standard'),
  reboot: ({ exposed, patching: { rebootSince } }) => ({
    shown: [...starts(exposed.reboot), ...starts(rebootSince)],
    clocks: rebootSince.flatMap(({ value }) => value ?? []),
  }),
  backup: ({ up, exposed, jobs }) => ({
    shown: [up, exposed.restic, ...jobs.map(({ states }) => states)].flatMap((track) =>
      starts<unknown>(track),
    ),
    clocks: jobs.flatMap(({ states }) => states.flatMap(({ value }) => value.lastSuccess ?? [])),
  }),
  av_definitions: ({ exposed, antivirus }) => ({
    shown: [...starts(exposed.clamav), ...starts(antivirus)],
    clocks: antivirus.flatMap(({ value }) => [value.loaded, value.onDisk]),
  }),
  av_protection: ({ exposed, antivirus }) => ({
    shown: [...starts(exposed.clamav), ...starts(antivirus)],
    clocks: [],
  }),
  disk_health: ({ up, exposed, disks }) => ({
    shown: [...starts(up), ...starts(exposed.smartctl), ...disks.flatMap(({ states }) => starts(states))],
    clocks: [],
  }),
};

function patchChanges({ exposed, patching }: Life, patchClass: 'security' | 'standard') {
  const pending = patching.pending[patchClass];
  return {
    shown: [...starts(exposed.apt), ...starts(pending)],
    clocks: pending.flatMap(({ value }) => value.oldest ?? []),
  };
}

function starts<T>(track: Track<T>): readonly number[] {
  return track.map(({ from }) => from);
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
