import { instantOf } from '../alerts/zone-offset.ts';
import type { Policy } from '../alerts/policy.ts';
import { matchesService } from '../alerts/policy/maintenance_windows.ts';
import { wallIntervals } from '../alerts/policy/window-times.ts';
import { day, hour, type Month, monthAt } from './calendar.ts';
import { fullMonths } from './fleet.ts';
import { between, random } from './random.ts';
import { united } from './spans.ts';
import { type Span, type Track, valueAt } from './track.ts';

type Service = Policy['services'][string];

/** Everything that happens to one service, from unix second to unix second. */
export interface ServiceLife {
  /** Its label in the policy. */
  readonly id: string;
  readonly service: Service;
  readonly zone: string;
  readonly months: readonly Month[];
  /** When it could not be reached. */
  readonly away: readonly Span[];
  /** When nobody probed it. */
  readonly unprobed: readonly Span[];
  /** Its maintenance windows. */
  readonly planned: readonly Span[];
  /** When its certificate ends. */
  readonly certificate: Track<number>;
}

/** Evaluations of services are so far apart, in seconds; everything begins and ends on this grid. */
const grid = 300;
/** A certificate lasts so long, and is renewed so long before its end. */
const certificate = { lasts: 90 * day, renewed: 31 * day };

/**
 * The services of the policy. The first of each customer misses its promise in the last full month, the second is not probed
 * for hours in it, the third keeps its promise because it is away only in a maintenance window.
 */
export function playServices(
  policy: Policy,
  seed: number,
  start: number,
  end: number,
): readonly ServiceLife[] {
  const places = new Map<string, number>();
  return Object.entries(policy.services).map(([id, service]) => {
    const place = places.get(service.customer) ?? 0;
    places.set(service.customer, place + 1);
    const zone = policy.customers[service.customer]?.zone ?? 'UTC';
    const months = Array.from({ length: fullMonths + 1 }, (_, month) =>
      monthAt(zone, end, month - fullMonths),
    );
    const planned = plannedOf(policy, service, zone, start, end);
    return {
      id,
      service,
      zone,
      months,
      planned,
      away: united([...chance(id, months, seed), ...story(place, months, planned)]),
      unprobed: place === 1 ? [lasting((months[12]?.from ?? 0) + 13 * day + 9 * hour, 8 * hour)] : [],
      certificate: certificates(id, seed, start, end),
    };
  });
}

/** Five to fifteen minutes, once or twice a month, less often as the year goes on. */
function chance(id: string, months: readonly Month[], seed: number): readonly Span[] {
  const next = random(seed, id, 'outages');
  return months.flatMap(({ from, to }, month) =>
    Array.from({ length: next() > month / fullMonths ? 2 : 1 }, () =>
      lasting(from + next() * (to - from - day), between(next, 1, 3) * grid),
    ),
  );
}

function story(place: number, months: readonly Month[], planned: readonly Span[]): readonly Span[] {
  const [earlier, last] = [months[4], months[12]];
  if (earlier === undefined || last === undefined) return [];
  if (place === 0)
    return [lasting(last.from + 8 * day + 10 * hour, 95 * 60), lasting(earlier.from + 20 * day, 3 * hour)];
  if (place === 1) return [];
  // In every maintenance window for an hour, and once for longer than it.
  return planned.map(({ from, to }, index) =>
    index % 5 === 4 ? { from, to: to + 2 * grid } : lasting(from, hour),
  );
}

function plannedOf(
  { maintenance_windows }: Policy,
  service: Service,
  zone: string,
  start: number,
  end: number,
): readonly Span[] {
  return united(
    maintenance_windows
      .filter((window) => matchesService(window, service))
      .flatMap((window) => wallIntervals(window, start - day, end + day))
      .map(({ from, to }) => ({ from: instantOf(zone, from), to: instantOf(zone, to) })),
  );
}

/** Renewed a month before its end, but once three weeks late. */
function certificates(id: string, seed: number, start: number, end: number): Track<number> {
  const track: { from: number; value: number }[] = [];
  let from = start - between(random(seed, id, 'certificate'), 1, 50) * day;
  for (let count = 0; from < end; count++) {
    const value = from + certificate.lasts;
    track.push({ from, value });
    from = value - certificate.renewed + (count === 3 ? 21 * day : 0);
  }
  return track;
}

/**
 * How long it takes to answer, in seconds: the same all day (in UTC), a little more or less each day, and of every other
 * service of a customer slowly more. As accepted where the policy does not say.
 */
export function answerOf({ id, service, months }: ServiceLife, instant: number): number {
  const today = Math.floor(instant / day);
  const accepted = service.speed?.baseline ?? 0.4;
  const noise = random(id, today, 'speed')() * 0.1;
  const begin = months[8]?.from ?? 0;
  const drift =
    service.speed === undefined || instant < begin ? 0 : ((today * day - begin) / (150 * day)) * 0.5;
  return Number((accepted * (0.85 + noise + drift * slowness(id))).toFixed(6));
}

/** Half of the services become slower. */
function slowness(id: string): number {
  return random(id, 'slowness')() < 0.5 ? 0 : 1;
}

/** What the probe finds at an instant: undefined while nobody probes. */
export function probeOf(life: ServiceLife, instant: number): 0 | 1 | undefined {
  const holds = (spans: readonly Span[]): boolean =>
    spans.some(({ from, to }) => from <= instant && instant < to);
  if (holds(life.unprobed)) return undefined;
  return holds(life.away) ? 0 : 1;
}

/** Whether the service is in a maintenance window. */
export function isPlanned({ planned }: ServiceLife, instant: number): boolean {
  return planned.some(({ from, to }) => from <= instant && instant < to);
}

/** When the certificate of a service under https ends, unix seconds. */
export function certificateOf(
  { service, certificate: track }: ServiceLife,
  instant: number,
): number | undefined {
  return service.probe.instance.startsWith('https://') ? valueAt(track, instant) : undefined;
}

function lasting(from: number, seconds: number): Span {
  const begin = Math.round(from / grid) * grid;
  return { from: begin, to: begin + Math.max(1, Math.round(seconds / grid)) * grid };
}
