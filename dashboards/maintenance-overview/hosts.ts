import type { Policy } from '../../alerts/policy.ts';
import { explain } from '../panels.ts';
import { alertsActiveSince, inventory, orNothingFound, record } from '../queries.ts';
import { ageColumn, hostColumn, table } from '../table.ts';
import { states } from '../verdicts.ts';

/** Enough to tell that controls are recorded, without reading all of them. */
function watched(
  name: 'instance:maintenance_control_compliant:min' | 'instance:maintenance_control_known:min',
) {
  return record(name, { control: 'host_reporting' });
}

export function hostsNotReporting(policy: Policy) {
  const silent = `sum by (customer, instance, role) (${inventory}) == 0`;
  const description = explain(policy, {
    what: 'Hosts of the inventory whose exporter does not answer now. Everything about them is unknown and counts as not in order.',
    formula:
      'up{job="maintenance"} == 0; silent for is the time since the alert MaintenanceHostDown saw it first.',
    target: 'None. "All report" is shown only while Prometheus has an inventory.',
    action: 'Find out whether the host is off, unreachable, or its exporter stopped.',
    controls: ['host_reporting'],
  });
  return table(
    { id: 6, title: 'Hosts not reporting, longest silent first', description, width: 10, height: 10 },
    {
      state: orNothingFound(silent, inventory, 1),
      silence: `time() - max by (customer, instance, role) (${alertsActiveSince('MaintenanceHostDown')}) and on (customer, instance) (${silent})`,
    },
    {
      state: {
        title: 'State',
        states: states({ 0: ['Not reporting', 'bad'], 1: ['All report', 'good'] }),
      },
      instance: hostColumn,
      customer: { title: 'Customer' },
      role: { title: 'Role' },
      silence: ageColumn('Silent for', 'None'),
    },
    { column: 'Silent for', descending: true },
  );
}

export function worstHosts(policy: Policy) {
  const by = 'by (customer, instance, role)';
  const compliant = record('instance:maintenance_control_compliant:min');
  const known = record('instance:maintenance_control_known:min');
  const failing = `topk(20, count ${by} (${compliant} == 0))`;
  const age = record('object:maintenance_control_age_seconds:last');
  const limit = record('object:maintenance_control_limit_seconds:effective');
  // Narrowed before anything is joined: an estate has a hundred thousand of these series.
  const among = (selector: string) => `(${selector} and on (customer, instance) ${failing})`;
  const description = explain(policy, {
    what: 'The 20 hosts with the most controls not in order, worst first.',
    formula:
      'Controls with at least one object not in order; of these, controls with something unknown; the age that is furthest past its limit.',
    target: 'No control out of order. "None" is shown only while controls are recorded.',
    action: 'Open the host board and work down its first table.',
    controls: ['patch_security', 'backup'],
    alerts: ['MaintenanceCollectorBlind'],
  });
  return table(
    { id: 10, title: 'Worst hosts, worst first', description, width: 12, height: 10 },
    {
      failing: orNothingFound(failing, watched('instance:maintenance_control_compliant:min'), 0),
      unknown: `sum ${by} (1 - ${among(known)})`,
      excess: `max ${by} (${among(age)} - ${limit} > 0)`,
    },
    {
      instance: hostColumn,
      customer: { title: 'Customer' },
      role: { title: 'Role' },
      failing: { title: 'Controls not in order', unit: 'short', words: states({ 0: ['None', 'good'] }) },
      unknown: { title: 'Of these unknown', unit: 'short' },
      excess: ageColumn('Furthest past limit', 'No age past its limit'),
    },
    { column: 'Controls not in order', descending: true },
  );
}

export function unknowns(policy: Policy) {
  const known = record('instance:maintenance_control_known:min');
  const unknown = `topk(50, ${known} == 0) + 1`;
  const description = explain(policy, {
    what: 'What nobody can say at the moment: controls with something unknown, by host; 50 rows at most.',
    formula:
      'At least one expected object of the control is not known. Exporter says whether the host answers.',
    target: 'None unknown. "All known" is shown only while controls are recorded.',
    action:
      'Exporter "Answers": read the reason under "Collectors" on the host board. "Silent": bring the host back first.',
    controls: ['host_reporting'],
    alerts: ['MaintenanceCollectorBlind'],
  });
  return table(
    { id: 11, title: 'Unknown', description, width: 12, height: 10 },
    {
      state: orNothingFound(unknown, watched('instance:maintenance_control_known:min'), 0),
      exporter: `(${unknown}) * 0 + on (customer, instance) group_left () max by (customer, instance) (${inventory})`,
    },
    {
      state: { title: 'State', states: states({ 0: ['All known', 'good'], 1: ['Unknown', 'unknown'] }) },
      control: { title: 'Control' },
      instance: hostColumn,
      customer: { title: 'Customer' },
      role: { title: 'Role' },
      exporter: {
        title: 'Exporter',
        states: states({ 0: ['Silent', 'bad'], 1: ['Answers', 'plain'] }),
      },
    },
    { column: 'Control', descending: false },
  );
}
