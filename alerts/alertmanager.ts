import { hasHours, type Route, routeTree } from './alertmanager-routes.ts';
import { timingsOf, type Waits } from './alertmanager-timing.ts';
import { type TimeInterval, timeIntervals } from './alertmanager-hours.ts';
import {
  type AlertmanagerGlobal,
  alertmanagerGlobal,
  type AlertmanagerReceiver,
  alertmanagerReceivers,
} from './alertmanager-receivers.ts';
import { type InhibitRule, inhibitRules } from './inhibitions.ts';
import { messageFile } from './message-template.ts';
import type { Policy } from './policy.ts';

/** The part of an Alertmanager configuration (0.25 and newer) this project writes. */
export interface AlertmanagerConfig {
  readonly global?: AlertmanagerGlobal;
  readonly templates: readonly string[];
  readonly route: Route;
  readonly time_intervals?: readonly TimeInterval[];
  readonly receivers: readonly AlertmanagerReceiver[];
  readonly inhibit_rules: readonly InhibitRule[];
}

/** Alertmanager's configuration; who cannot wait, such as an end-to-end test, brings waits of its own. */
export function alertmanagerConfig(policy: Policy, waits?: Waits): AlertmanagerConfig {
  const global = alertmanagerGlobal(policy);
  return {
    ...(global === undefined ? {} : { global }),
    templates: [messageFile],
    route: routeTree(policy, timingsOf(policy, waits)),
    ...(hasHours(policy) ? { time_intervals: timeIntervals(policy.customers) } : {}),
    receivers: alertmanagerReceivers(policy),
    inhibit_rules: inhibitRules(),
  };
}
