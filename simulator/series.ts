import { alertGroups } from '../alerts/alert-rules.ts';
import type { Policy } from '../alerts/policy.ts';
import type { AlertHistory } from './alerting.ts';
import { scrape } from './metrics.ts';
import { labelText, line } from './openmetrics.ts';
import { heartbeat, recordings } from './recordings.ts';
import { probed, servicesFound, servicesTimed } from './service-series.ts';
import { type Span, spanAt, valueAt } from './track.ts';
import type { Life, World } from './world.ts';

/** The instants of a grid in [from, to) at which Prometheus was up; the grid counts from 1970. */
export function* evaluations({ outages }: World, { from, to }: Span, interval: number): Generator<number> {
  for (let instant = Math.ceil(from / interval) * interval; instant < to; instant += interval) {
    if (spanAt(outages, instant) === undefined) yield instant;
  }
}

/** What Prometheus scraped in a stretch of time, `up` included, as lines of OpenMetrics. `interval` in seconds. */
export function* scraped(world: World, stretch: Span, interval: number): Generator<string> {
  for (const instant of evaluations(world, stretch, interval)) {
    for (const life of world.lives) yield* scrapedOf(life, instant);
    yield* probed(world.services, instant);
  }
}

function* scrapedOf(life: Life, instant: number): Generator<string> {
  const { customer, instance, role } = life.host;
  const up = valueAt(life.up, instant);
  if (up === undefined || instant >= life.host.left) return;
  const target = labelText({ job: 'maintenance', customer, instance, role });
  yield line('up', target, up ? 1 : 0, instant);
  for (const { name, labels, value } of scrape(life, instant) ?? []) {
    const own = labelText(labels);
    yield line(name, own === '' ? target : `${target},${own}`, value, instant);
  }
}

/** What the rule group maintenance-controls recorded in a stretch of time, as lines of OpenMetrics. `interval` in seconds. */
export function* recorded(world: World, stretch: Span, interval: number, policy: Policy): Generator<string> {
  for (const instant of evaluations(world, stretch, interval)) {
    for (const { name, labels, value } of recordings(world, instant, policy, interval)) {
      yield line(name, labelText(labels), value, instant);
    }
  }
}

/**
 * What the rule group maintenance-services recorded in a stretch of time, as lines of OpenMetrics: at every evaluation
 * whether each service is there, and once a step how fast. Both in seconds.
 */
export function* servicesRecorded(
  world: World,
  stretch: Span,
  { interval, step }: { readonly interval: number; readonly step: number },
  policy: Policy,
): Generator<string> {
  for (const instant of evaluations(world, stretch, interval)) {
    const found = servicesFound(world.services, instant, interval);
    const timed = instant % step === 0 ? servicesTimed(world.services, world, policy, instant, interval) : [];
    for (const { name, labels, value } of [...found, ...timed])
      yield line(name, labelText(labels), value, instant);
  }
}

/** What the rule groups of alerts wrote in a stretch of time, as lines of OpenMetrics. `interval` in seconds. */
export function* alerted(
  world: World,
  stretch: Span,
  interval: number,
  alerts: readonly AlertHistory[],
): Generator<string> {
  for (const instant of evaluations(world, stretch, interval)) {
    for (const group of alertGroups) {
      for (const { name, labels, value } of heartbeat(group, instant, interval))
        yield line(name, labelText(labels), value, instant);
    }
  }
  for (const { labels, samples } of alerts) {
    const { alertname = '', ...rest } = labels;
    const pending = labelText({ alertname, alertstate: 'pending', ...rest });
    const firing = labelText({ alertname, alertstate: 'firing', ...rest });
    const identity = labelText(labels);
    for (const { instant, state, activeAt } of samples) {
      if (instant < stretch.from || instant >= stretch.to) continue;
      yield line('ALERTS', state === 'firing' ? firing : pending, 1, instant);
      yield line('ALERTS_FOR_STATE', identity, activeAt, instant);
    }
  }
}
