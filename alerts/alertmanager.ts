import { matcherText } from '../exporter/metrics.ts';
import {
  type AlertmanagerGlobal,
  alertmanagerGlobal,
  type AlertmanagerReceiver,
  alertmanagerReceivers,
  deadMansSwitch,
} from './alertmanager-receivers.ts';
import { controls } from './controls.ts';
import { durationText } from './duration.ts';
import type { Policy } from './policy.ts';

/** How long Alertmanager waits, in seconds. */
export interface Timing {
  /** For the first alerts of a group to gather. */
  readonly wait: number;
  /** Before new alerts of a known group are told. */
  readonly interval: number;
  /** Before an alert that still fires is told again. */
  readonly repeat: number;
}

interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly routes?: readonly Route[];
}

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
  readonly receivers: readonly AlertmanagerReceiver[];
  readonly inhibit_rules: readonly InhibitRule[];
}

const everyday: Timing = { wait: 30, interval: 300, repeat: 43_200 };

/** Alertmanager's configuration; who cannot wait, such as an end-to-end test, brings a timing. */
export function alertmanagerConfig(policy: Policy, timing: Timing = everyday): AlertmanagerConfig {
  const last = policy.routes.at(-1);
  if (last === undefined) throw new Error('a policy has at least one route');
  const global = alertmanagerGlobal(policy);
  return {
    ...(global === undefined ? {} : { global }),
    route: {
      receiver: last.receiver,
      group_by: ['customer', 'alertname', 'instance'],
      ...waits(timing),
      routes: [watchdogRoute(timing), ...policy.routes.slice(0, -1).map(policyRoute)],
    },
    receivers: alertmanagerReceivers(policy),
    inhibit_rules: inhibitRules,
  };
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

function policyRoute({ match = {}, receiver }: Policy['routes'][number]): Route {
  return { receiver, matchers: matchersOf(match) };
}

function waits({ wait, interval, repeat }: Timing): Partial<Route> {
  return {
    group_wait: durationText(wait),
    group_interval: durationText(interval),
    repeat_interval: durationText(repeat),
  };
}

/** Alertmanager writes one matcher per line where PromQL has one selector; the syntax of a matcher is the same. */
function matchersOf(match: Readonly<Record<string, string | readonly string[] | undefined>>): string[] {
  return Object.entries(match).flatMap(([label, value]) => {
    const text = matcherText({ [label]: value }).slice(1, -1);
    return text === '' ? [] : [text];
  });
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
    target_matchers: matchersOf({
      alertname: [...hostSourced, 'MaintenanceCollectorBlind', 'MaintenanceCollectorStale'],
    }),
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
