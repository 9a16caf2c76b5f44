import { matcherText } from '../exporter/metrics.ts';
import { customerHours } from './alertmanager-hours.ts';
import { deadMansSwitch, nobody } from './alertmanager-receivers.ts';
import { gathered, type Timings, timingText, withinHours } from './alertmanager-timing.ts';
import type { Policy } from './policy.ts';
import { type AlertMatch, controlsMatched } from './policy/routes.ts';

/** A route as Alertmanager 0.25 and newer read it. */
export interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly continue?: boolean;
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly active_time_intervals?: readonly string[];
  readonly mute_time_intervals?: readonly string[];
  readonly routes?: readonly Route[];
}

/** The tree of routes: the watchdog, what nobody is told, who is told later, too, then the routes of the policy. */
export function routeTree(policy: Policy, timings: Timings): Route {
  const last = routeAt(-1, policy);
  const { receiver, routes = [] } = bySeverity({ receiver: last.receiver }, undefined, timings);
  return {
    receiver,
    ...timingText(timings.critical),
    routes: [
      watchdogRoute(timings),
      { receiver: nobody, matchers: ['severity="none"'] },
      ...policy.escalation.map((step) => escalationRoute(step, policy, timings)),
      ...policy.routes.slice(0, -1).flatMap((_, index) => policyRoutes(index, policy, timings)),
      ...routes,
    ],
  };
}

/** Whether any route asks for the hours of the customers. */
export function hasHours({ routes }: Policy): boolean {
  return routes.some(({ during }) => during !== 'always');
}

/** Silence is the only signal of a dead man's switch, so it hears the watchdog often. */
function watchdogRoute({ critical }: Timings): Route {
  const [interval, repeat] = [Math.min(critical.interval, 60), Math.min(critical.repeat, 300)];
  return {
    receiver: deadMansSwitch,
    matchers: [`alertname="MaintenanceWatchdog"`],
    ...timingText({ by: ['alertname'], wait: 0, interval, repeat }),
  };
}

/**
 * Each alert is a group of its own that waits from the start of the alert: who is silenced or over by then is not told of.
 * Alertmanager counts the wait from startsAt, so its restart changes nothing (dispatch/dispatch.go, aggrGroup.insert).
 */
function escalationRoute(
  { match = {}, receiver, after }: Policy['escalation'][number],
  policy: Policy,
  { critical }: Timings,
): Route {
  return {
    receiver,
    matchers: matchersOf(match, policy),
    continue: true,
    ...timingText({ ...critical, by: ['...'], wait: after }),
  };
}

/**
 * A route whose warnings and info wait as they should; the rest waits like what is critical. Alertmanager does not hand the
 * times of a route down to the routes inside of it (dispatch/route.go, newRoute), so they are repeated.
 */
function bySeverity(route: Route, severities: AlertMatch['severity'], timings: Timings): Route {
  const { receiver, active_time_intervals, mute_time_intervals } = route;
  const timed = active_time_intervals !== undefined;
  const routes = gathered
    .filter((severity) => severities?.includes(severity) ?? true)
    .map((severity) => ({
      receiver,
      matchers: [`severity="${severity}"`],
      ...timingText(timed ? withinHours(timings[severity]) : timings[severity]),
      ...(active_time_intervals === undefined ? {} : { active_time_intervals }),
      ...(mute_time_intervals === undefined ? {} : { mute_time_intervals }),
    }));
  return routes.length === 0 ? route : { ...route, routes };
}

/**
 * A route that always holds is one. One with hours is two for every customer: its own, and what the routes after it say at
 * the other times. Each takes the alert and is silent when it is not its time. An alert without a known customer has no
 * hours; it is told as if nobody were at work.
 */
function policyRoutes(index: number, policy: Policy, timings: Timings): readonly Route[] {
  const { match = {}, receiver, during } = routeAt(index, policy);
  const everywhere = bySeverity({ receiver, matchers: matchersOf(match, policy) }, match.severity, timings);
  if (during === 'always') return [everywhere];
  const meant = [match.customer ?? Object.keys(policy.customers)].flat();
  const anybody = during === 'outside_working_hours' && match.customer === undefined;
  return [
    ...meant.flatMap((customer) => customerRoutes(index, customer, policy, timings)),
    ...(anybody ? [everywhere] : []),
  ];
}

function customerRoutes(index: number, customer: string, policy: Policy, timings: Timings): readonly Route[] {
  const { match, receiver, during } = routeAt(index, policy);
  const own = policy.customers[customer];
  if (own === undefined) return [];
  const { working, holidays, outside } = customerHours(customer, own);
  const matchers = matchersOf({ ...match, customer }, policy);
  const atWork = {
    active_time_intervals: [working],
    ...(holidays === undefined ? {} : { mute_time_intervals: [holidays] }),
  };
  if (outside === undefined)
    return during === 'working_hours' ? [bySeverity({ receiver, matchers }, match?.severity, timings)] : [];
  const off = { active_time_intervals: [outside] };
  const [mine, others] = during === 'working_hours' ? [atWork, off] : [off, atWork];
  const otherwise = policy.routes
    .slice(index + 1)
    .filter((route) => route.during !== during)
    .filter((route) => [route.match?.customer ?? customer].flat().includes(customer))
    .map((route) =>
      bySeverity(
        {
          receiver: route.receiver,
          matchers: matchersOf({ ...route.match, customer }, policy),
          ...others,
        },
        route.match?.severity,
        timings,
      ),
    );
  return [
    bySeverity({ receiver, matchers, continue: true, ...mine }, match?.severity, timings),
    { receiver: routeAt(-1, policy).receiver, matchers, routes: otherwise },
  ];
}

/** Alertmanager writes one matcher per line where PromQL has one selector; the syntax of a matcher is the same. */
export function matchersOf(match: AlertMatch, policy: Pick<Policy, 'controls'>): readonly string[] {
  const { owner: _, control: __, ...labels } = match;
  const wanted = { ...labels, control: controlsMatched(match, policy.controls) };
  return Object.entries(wanted).flatMap(([label, value]) => {
    const text = matcherText({ [label]: value }).slice(1, -1);
    return text === '' ? [] : [text];
  });
}

/** -1 is the last, which has no match. */
function routeAt(index: number, { routes }: Policy): Policy['routes'][number] {
  const route = routes.at(index);
  if (route === undefined) throw new Error(`there is no route ${index}`);
  return route;
}
