import { controls } from './controls.ts';
import { diskAlerts } from './disk-alerts.ts';
import { volumeAlerts } from './volume-alerts.ts';

/** While a source fires, its targets are not told; once it is over, those that still fire are. */
export interface Inhibition {
  /** Names of alerts. */
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  /** What the targets have in common, where there are too many to read. */
  readonly targetsAre?: string;
  /** Labels with the same value on both. A label that neither has counts as the same, so every target has each of them. */
  readonly equal: readonly string[];
  /** Critical targets are muted, too: only by what explains every fact of a host at once. */
  readonly mutesCritical?: true;
  /** What else must be so of a target, as Alertmanager writes it. */
  readonly where?: string;
  readonly why: string;
}

const collectorAlerts = ['MaintenanceCollectorBlind', 'MaintenanceCollectorStale'];

/** What only the exporter of the host can tell. Not backups: they are overdue whether or not their host answers. */
const toldByHost = [
  ...controls.flatMap(({ hostSourced, alert }) => (hostSourced ? [alert.name] : [])),
  ...[...diskAlerts, ...volumeAlerts].map(({ name }) => name),
  ...collectorAlerts,
];

/** What work on a host may bring about for a while. */
const aboutHost = [
  ...controls.flatMap(({ objects, alert }) =>
    ['service', 'task', 'certificate'].includes(objects) ? [] : [alert.name],
  ),
  ...[...diskAlerts, ...volumeAlerts].map(({ name }) => name),
  ...collectorAlerts,
  'MaintenanceControlDueSoon',
  'MaintenanceClockSkew',
];

/** One cause, one message. */
export const inhibitions: readonly Inhibition[] = [
  {
    sources: ['MaintenanceExporterAbsent'],
    targets: ['MaintenanceHostDown', ...toldByHost],
    targetsAre: '`MaintenanceHostDown` and all that only the host can tell',
    equal: [],
    mutesCritical: true,
    why: 'Prometheus reads no host at all: one message instead of one per host.',
  },
  {
    sources: ['MaintenanceHostDown'],
    targets: toldByHost,
    targetsAre: 'all that only the host can tell',
    equal: ['customer', 'instance'],
    mutesCritical: true,
    why: 'What was last known of the host stands for a day and nobody can look: the host comes first. Backups are still told.',
  },
  {
    sources: ['MaintenanceCollectorStale'],
    targets: ['MaintenanceCollectorBlind'],
    equal: ['customer', 'instance', 'collector'],
    why: 'A collector that does not run any more cannot see either.',
  },
  {
    sources: ['MaintenanceDiskFailing'],
    targets: ['MaintenanceDiskSelfTestOverdue', ...diskAlerts.map(({ name }) => name)],
    equal: ['customer', 'instance', 'object'],
    why: 'The disk is to be replaced, whatever else it counts.',
  },
  {
    sources: ['MaintenanceRestoreTestFailed'],
    targets: ['MaintenanceRestoreTestOverdue'],
    equal: ['customer', 'instance', 'object'],
    why: 'A restore that failed is no restore test that is in order: the same job twice.',
  },
  {
    sources: ['MaintenanceBackupCheckFailed'],
    targets: ['MaintenanceBackupCheckOverdue', 'MaintenanceBackupDataCheckOverdue'],
    equal: ['customer', 'instance', 'object'],
    why: 'Damage was found: that the next check is late comes second.',
  },
  {
    sources: ['MaintenanceOsUnsupported'],
    targets: ['MaintenancePackageListsStale', 'MaintenancePatchStandardOverdue'],
    equal: ['customer', 'instance'],
    where: 'object!~"flatpak|fwupd|snap"',
    why: 'The vendor makes no updates any more. Overdue security updates are still told.',
  },
  {
    sources: [
      'MaintenancePatchSecurityOverdue',
      'MaintenancePatchStandardOverdue',
      'MaintenancePatchFirmwareOverdue',
    ],
    targets: ['MaintenancePatchSlipped'],
    equal: ['customer', 'instance', 'object'],
    why: 'The limit of its class is passed as well: the same update twice.',
  },
  {
    sources: ['MaintenanceServiceDown', 'MaintenanceServiceBudgetBurnsFast'],
    targets: ['MaintenanceServiceBudgetBurnsSlowly'],
    equal: ['customer', 'instance', 'object'],
    why: 'What is away now also uses up its budget in the long run.',
  },
  {
    sources: ['MaintenanceWindowActive'],
    targets: aboutHost,
    targetsAre: 'all that is out of order on the host, critical alerts excepted',
    equal: ['customer', 'instance'],
    why: 'Work on the host is planned now, and nobody is told of its window.',
  },
];

/** Source mutes target where every label in `equal` has the same value on both. */
export interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal?: readonly string[];
}

/** The rows as Alertmanager 0.25 and newer read them. */
export function inhibitRules(): readonly InhibitRule[] {
  return inhibitions.map(({ sources, targets, equal, mutesCritical, where }) => ({
    source_matchers: [named(sources)],
    target_matchers: [
      named(targets),
      ...(mutesCritical === true ? [] : ['severity=~"warning|info"']),
      ...(where === undefined ? [] : [where]),
    ],
    ...(equal.length === 0 ? {} : { equal }),
  }));
}

function named(alerts: readonly string[]): string {
  return alerts.length === 1 ? `alertname="${alerts.join()}"` : `alertname=~"${alerts.join('|')}"`;
}
