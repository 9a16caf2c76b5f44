import type { RecordName } from '../alerts/records.ts';
import { serviceGroup } from '../alerts/service-records.ts';
import type { Policy } from '../alerts/policy.ts';
import { day } from './calendar.ts';
import { labelText, line } from './openmetrics.ts';
import { heartbeat, type Recording } from './recordings.ts';
import { answerOf, certificateOf, isPlanned, probeOf, type ServiceLife } from './services.ts';
import { spanAt, type Span } from './track.ts';
import type { World } from './world.ts';

/** What blackbox_exporter says of the services at an instant, as lines of OpenMetrics. */
export function* probed(services: readonly ServiceLife[], instant: number): Generator<string> {
  for (const life of services) {
    const { customer, probe } = life.service;
    const target = labelText({ job: probe.job, customer, instance: probe.instance, object: life.id });
    const success = probeOf(life, instant);
    if (success === undefined) continue;
    yield line('probe_success', target, success, instant);
    yield line('probe_duration_seconds', target, success === 1 ? answerOf(life, instant) : 5, instant);
    const ends = success === 1 ? certificateOf(life, instant) : undefined;
    if (ends !== undefined) yield line('probe_ssl_earliest_cert_expiry', target, ends, instant);
  }
}

/**
 * What the group of services records at every evaluation: whether each is there, and whether that counts. `interval` in
 * seconds. What is made of these for the last weeks is recorded by `servicesSummed`, less often.
 */
export function servicesFound(
  services: readonly ServiceLife[],
  instant: number,
  interval: number,
): readonly Recording[] {
  return [
    ...heartbeat(serviceGroup, instant, interval),
    ...services.flatMap((life): readonly Recording[] => {
      const found = probeOf(life, instant);
      const planned = isPlanned(life, instant);
      return [
        of(life, 'object:maintenance_service_promised:ratio', life.service.slo),
        of(life, 'object:maintenance_service_planned:bool', planned ? 1 : 0),
        ...(found === undefined ? [] : [of(life, 'object:maintenance_service_up:bool', found)]),
        ...(found === undefined || planned
          ? []
          : [of(life, 'object:maintenance_service_agreed:bool', found)]),
      ];
    }),
  ];
}

/** How fast the services are, of those whose policy says how fast they were. */
export function servicesTimed(
  services: readonly ServiceLife[],
  { start, outages }: Pick<World, 'start' | 'outages'>,
  { watching }: Pick<Policy, 'watching'>,
  instant: number,
  interval: number,
): readonly Recording[] {
  return services.flatMap((life): readonly Recording[] => {
    const { speed } = life.service;
    if (speed === undefined) return [];
    const seconds = (at: number): number | undefined =>
      at < start ? undefined : answered(life, outages, at);
    const dayEnding = (at: number): number | undefined =>
      percentileOfDay(seconds, at, interval, watching.coverage);
    const now = seconds(instant);
    const today = dayEnding(instant);
    return [
      ...(now === undefined ? [] : [of(life, 'object:maintenance_service_answer_seconds:now', now)]),
      of(life, 'object:maintenance_service_answer_baseline:seconds', speed.baseline),
      of(
        life,
        'object:maintenance_service_answer_limit:seconds',
        Number((speed.baseline * (1 + speed.slower)).toPrecision(12)),
      ),
      ...(today === undefined ? [] : [of(life, 'object:maintenance_service_answer_seconds:p95day', today)]),
    ];
  });
}

function answered(life: ServiceLife, outages: readonly Span[], at: number): number | undefined {
  if (spanAt(outages, at) !== undefined || probeOf(life, at) !== 1) return undefined;
  return answerOf(life, at);
}

/** quantile_over_time(0.95, ...) over a day less a second, where enough of it is known. */
function percentileOfDay(
  seconds: (at: number) => number | undefined,
  instant: number,
  interval: number,
  coverage: number,
): number | undefined {
  const values: number[] = [];
  for (let at = instant; at > instant - day + 1; at -= interval) {
    const value = seconds(at);
    if (value !== undefined) values.push(value);
  }
  if (values.length < Math.round((coverage * day) / interval)) return undefined;
  values.sort((one, other) => one - other);
  const rank = 0.95 * (values.length - 1);
  const [low = 0, high = low] = [values[Math.floor(rank)], values[Math.ceil(rank)]];
  const weight = rank - Math.floor(rank);
  return low * (1 - weight) + high * weight;
}

function of({ id, service }: ServiceLife, name: RecordName, value: number): Recording {
  const { customer, probe } = service;
  return { name, labels: { customer, instance: probe.instance, object: id }, value };
}
