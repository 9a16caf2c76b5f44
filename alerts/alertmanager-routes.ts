import { matcherText } from '../exporter/metrics.ts';
import { customerHours } from './alertmanager-hours.ts';
import { deadMansSwitch } from './alertmanager-receivers.ts';
import { durationText } from './duration.ts';
import type { Policy } from './policy.ts';
import { type AlertMatch, controlsMatched } from './policy/routes.ts';

/** How long Alertmanager waits, in seconds. */
export interface Timing {
  /** For the first alerts of a group to gather. */
  readonly wait: number;
  /** Before new alerts of a known group are told. */
  readonly interval: number;
  /** Before an alert that still fires is told again. */
  readonly repeat: number;
}

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

/** The tree of routes: the watchdog, who is told later, too, then the routes of the policy. */
export function routeTree(policy: Policy, timing: Timing): Route {
  const { receiver } = routeAt(-1, policy);
  return {
    receiver,
    group_by: ['customer', 'alertname', 'instance'],
    ...waits(timing),
    routes: [
      watchdogRoute(timing),
      ...policy.escalation.map((step) => escalationRoute(step, policy, timing)),
      ...policy.routes.slice(0, -1).flatMap((_, index) => policyRoutes(index, policy)),
    ],
  };
}

/** Whether any route asks for the hours of the customers. */
export function hasHours({ routes }: Policy): boolean {
  return routes.some(({ during }) => during !== 'always');
}

/** Silence is the only signal of a dead man's switch, so it hears the watchdog often. */
function watchdogRoute({ wait, interval, repeat }: Timing): Route {
  return {
    receiver: deadMansSwitch,
    matchers: [`alertname="MaintenanceWatchdog"`],
    group_by: ['alertname'],
    ...waits({ wait: Math.min(wait, 0), interval: Math.min(interval, 60), repeat: Math.min(repeat, 300) }),
  };
}

/**
 * Each alert is a group of its own that waits from the start of the alert: who is silenced or over by then is not told of.
 * Alertmanager counts the wait from startsAt, so its restart changes nothing (dispatch/dispatch.go, aggrGroup.insert).
 */
function escalationRoute(
  { match = {}, receiver, after }: Policy['escalation'][number],
  policy: Policy,
  { interval, repeat }: Timing,
): Route {
  return {
    receiver,
    matchers: matchersOf(match, policy),
    continue: true,
    group_by: ['...'],
    ...waits({ wait: after, interval, repeat }),
  };
}

/**
 * A route that always holds is one. One with hours is two for every customer: its own, and what the routes after it say at
 * the other times. Each takes the alert and is silent when it is not its time. An alert without a known customer has no
 * hours; it is told as if nobody were at work.
 */
function policyRoutes(index: number, policy: Policy): readonly Route[] {
  const { match = {}, receiver, during } = routeAt(index, policy);
  if (during === 'always') return [{ receiver, matchers: matchersOf(match, policy) }];
  const meant = [match.customer ?? Object.keys(policy.customers)].flat();
  const anybody = during === 'outside_working_hours' && match.customer === undefined;
  return [
    ...meant.flatMap((customer) => customerRoutes(index, customer, policy)),
    ...(anybody ? [{ receiver, matchers: matchersOf(match, policy) }] : []),
  ];
}

function customerRoutes(index: number, customer: string, policy: Policy): readonly Route[] {
  const { match, receiver, during } = routeAt(index, policy);
  const own = policy.customers[customer];
  if (own === undefined) return [];
  const { working, holidays, outside } = customerHours(customer, own);
  const matchers = matchersOf({ ...match, customer }, policy);
  const atWork = {
    active_time_intervals: [working],
    ...(holidays === undefined ? {} : { mute_time_intervals: [holidays] }),
  };
  if (outside === undefined) return during === 'working_hours' ? [{ receiver, matchers }] : [];
  const off = { active_time_intervals: [outside] };
  const [mine, others] = during === 'working_hours' ? [atWork, off] : [off, atWork];
  const otherwise = policy.routes
    .slice(index + 1)
    .filter((route) => route.during !== during)
    .filter((route) => [route.match?.customer ?? customer].flat().includes(customer))
    .map((route) => ({
      receiver: route.receiver,
      matchers: matchersOf({ ...route.match, customer }, policy),
      ...others,
    }));
  return [
    { receiver, matchers, continue: true, ...mine },
    { receiver: routeAt(-1, policy).receiver, matchers, routes: otherwise },
  ];
}

function waits({ wait, interval, repeat }: Timing): Partial<Route> {
  return {
    group_wait: durationText(wait),
    group_interval: durationText(interval),
    repeat_interval: durationText(repeat),
  };
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
