import { hasHours, type Route, routeTree, type Timing } from './alertmanager-routes.ts';
import { type TimeInterval, timeIntervals } from './alertmanager-hours.ts';
import {
  type AlertmanagerGlobal,
  alertmanagerGlobal,
  type AlertmanagerReceiver,
  alertmanagerReceivers,
} from './alertmanager-receivers.ts';
import { controls } from './controls.ts';
import type { Policy } from './policy.ts';

/** Source mutes target where every label in `equal` has the same value on both; a label missing on both counts as the same. */
export interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal?: readonly string[];
}

/** The part of an Alertmanager configuration (0.25 and newer) this project writes. */
export interface AlertmanagerConfig {
  readonly global?: AlertmanagerGlobal;
  readonly route: Route;
  readonly time_intervals?: readonly TimeInterval[];
  readonly receivers: readonly AlertmanagerReceiver[];
  readonly inhibit_rules: readonly InhibitRule[];
}

const everyday: Timing = { wait: 30, interval: 300, repeat: 43_200 };

/** Alertmanager's configuration; who cannot wait, such as an end-to-end test, brings a timing. */
export function alertmanagerConfig(policy: Policy, timing: Timing = everyday): AlertmanagerConfig {
  const global = alertmanagerGlobal(policy);
  return {
    ...(global === undefined ? {} : { global }),
    route: routeTree(policy, timing),
    ...(hasHours(policy) ? { time_intervals: timeIntervals(policy.customers) } : {}),
    receivers: alertmanagerReceivers(policy),
    inhibit_rules: inhibitRules,
  };
}

const hostSourced = controls.filter((control) => control.hostSourced).map((control) => control.alert.name);

/** One cause, one message. A critical alert is muted only by the loss of its host or of every exporter. */
const inhibitRules: readonly InhibitRule[] = [
  {
    source_matchers: ['alertname="MaintenanceExporterAbsent"'],
    target_matchers: [
      'alertname=~"Maintenance.+"',
      'alertname!~"MaintenanceExporterAbsent|MaintenanceWatchdog"',
    ],
  },
  {
    // Not backups: a backup is overdue whether or not its host answers, and may be measured elsewhere.
    source_matchers: ['alertname="MaintenanceHostDown"'],
    target_matchers: [
      `alertname=~"${[...hostSourced, 'MaintenanceCollectorBlind', 'MaintenanceCollectorStale'].join('|')}"`,
    ],
    equal: ['customer', 'instance'],
  },
  {
    source_matchers: ['alertname="MaintenanceCollectorStale"'],
    target_matchers: ['alertname="MaintenanceCollectorBlind"'],
    equal: ['customer', 'instance', 'collector'],
  },
  {
    source_matchers: ['alertname=~"Maintenance.+"', 'severity="critical"', 'control!=""'],
    target_matchers: ['alertname=~"Maintenance.+"', 'severity="warning"', 'control!=""'],
    equal: ['customer', 'instance', 'control', 'object'],
  },
];
