import { alertGroups } from '../alerts/alert-rules.ts';
import type { Policy } from '../alerts/policy.ts';
import { type PanelText, explain } from './panels.ts';
import { alertsActiveSince, firingAlerts, orNothingFound, record } from './queries.ts';
import { alertColumn, hostColumn, table } from './table.ts';
import { states } from './verdicts.ts';

/** The alerts that fire now, on every board. */
export function openAlerts(policy: Policy, text: Pick<PanelText, 'id' | 'width' | 'height'>) {
  const by = 'max by (alertname, severity, customer, instance, control, object, collector)';
  const firing = (severity: string) => `${by} (${firingAlerts(severity)})`;
  const ranked = `3 * ${firing('severity="critical"')} or 2 * ${firing('severity="warning"')} or ${firing('severity!~"critical|warning"')}`;
  const beats = record('maintenance:evaluation_timestamp_seconds', { rule_group: alertGroups });
  // Alerts of a group that is not evaluated are not known to be none.
  const heartbeat = `count(${beats}) == ${alertGroups.length}`;
  const description = explain(policy, {
    what: 'Alerts that fire now, most severe first, and those about the monitoring itself.',
    formula:
      'ALERTS in state firing; open for is the time since the condition began, its waiting time included.',
    target: 'None open. "None open" is shown only while every group of alert rules is evaluated.',
    action: 'Open the runbook of the alert in its row.',
    alerts: ['MaintenanceWatchdog'],
  });
  return table(
    { ...text, title: 'Open alerts, most severe first', description },
    {
      severity: orNothingFound(ranked, heartbeat, 0),
      age: `${by} (time() - ${alertsActiveSince()}) and on (alertname, customer, instance, control, object, collector) ${firingAlerts()}`,
    },
    {
      severity: {
        title: 'Severity',
        states: states({
          3: ['Critical', 'bad'],
          2: ['Warning', 'warning'],
          1: ['Information', 'plain'],
          0: ['None open', 'good'],
        }),
      },
      alertname: alertColumn(policy),
      customer: { title: 'Customer' },
      instance: hostColumn,
      control: { title: 'Control' },
      object: { title: 'Object' },
      collector: { title: 'Collector' },
      age: { title: 'Open for', unit: 's' },
    },
    { column: 'Severity', descending: true },
  );
}
