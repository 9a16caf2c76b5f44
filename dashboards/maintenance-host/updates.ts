import type { Policy } from '../../alerts/policy.ts';
import { explain, lineColors, trend } from '../panels.ts';
import { everyHost, metric } from '../queries.ts';
import { ageColumn, table } from '../table.ts';
import { states } from '../verdicts.ts';
import { age, host, hostColumns, worst } from './facts.ts';

export function patches(policy: Policy) {
  return table(
    {
      id: 11,
      title: 'Pending updates, most first',
      width: 12,
      height: 7,
      description: explain(policy, {
        what: 'Updates the package manager would install now, by class, and how long the oldest has waited.',
        formula:
          'Sum over severities; the age counts from the release, or from when this exporter first saw the update. 0 is measured: lists that cannot be trusted give no row with a number.',
        target: 'The limits of patch_security and patch_standard in "Controls".',
        action: 'Install the security class first. "No data": look at "Package lists" and "Collectors".',
        controls: ['patch_security', 'patch_standard'],
      }),
    },
    {
      pending: everyHost(`sum by (${host}, manager, class) (${metric('maintenance_patches_pending')})`),
      age: `time() - min by (${host}, manager, class) (${metric('maintenance_patch_oldest_pending_timestamp_seconds')})`,
      held: `sum by (${host}, manager, class) (${metric('maintenance_patches_held')})`,
    },
    {
      manager: { title: 'Manager' },
      class: { title: 'Class' },
      pending: { title: 'Pending', unit: 'short' },
      age: ageColumn('Oldest waits for', 'None'),
      held: { title: 'Held back', unit: 'short' },
      ...hostColumns,
    },
    { column: 'Pending', descending: true },
  );
}

export function packageLists(policy: Policy) {
  return table(
    {
      id: 12,
      title: 'Package lists, oldest first',
      width: 12,
      height: 7,
      description: explain(policy, {
        what: 'How long ago each repository published the package lists in use, and whether no repository is missing.',
        formula: 'Now minus maintenance_patch_metadata_timestamp_seconds; complete per package manager.',
        target:
          'Complete, and as recent as the repository publishes; many publish daily, a release pocket never again.',
        action:
          'Run the update of the package lists by hand and read its errors; check proxy, mirror and keys.',
        alerts: ['MaintenanceCollectorBlind'],
      }),
    },
    {
      age: everyHost(age('manager, repository', metric('maintenance_patch_metadata_timestamp_seconds'))),
      complete: `min by (${host}, manager) (${metric('maintenance_patch_metadata_complete')})`,
    },
    {
      manager: { title: 'Manager' },
      repository: { title: 'Repository' },
      age: ageColumn('Published'),
      complete: {
        title: 'Lists',
        states: states({ 0: ['Incomplete', 'bad'], 1: ['Complete', 'good'] }),
      },
      ...hostColumns,
    },
    { column: 'Published', descending: true },
  );
}

function pending(of: 'security' | 'standard'): string {
  return `sum by (${host}) (${metric('maintenance_patches_pending', { class: of })})`;
}

export function pendingTrend(policy: Policy) {
  return trend(
    {
      id: 13,
      title: 'Pending updates, trend',
      width: 12,
      height: 7,
      unit: 'short',
      description: explain(policy, {
        what: 'Pending updates over time, by class.',
        formula: 'Sum over package managers and severities. A gap is time without trustworthy package lists.',
        target: 'A saw tooth that returns to 0 inside the limits in "Controls".',
        action:
          'A line that only rises means that updates are not installed: check the automation or the window.',
        controls: ['patch_security', 'patch_standard'],
      }),
    },
    {
      security: {
        query: pending('security'),
        legend: '{{instance}} security',
        color: lineColors[0],
        shades: true,
      },
      standard: {
        query: pending('standard'),
        legend: '{{instance}} standard',
        color: lineColors[1],
        shades: true,
      },
    },
  );
}

export function reboot(policy: Policy) {
  return table(
    {
      id: 14,
      title: 'System and reboot',
      width: 12,
      height: 7,
      description: explain(policy, {
        what: 'The system, how long it runs, and whether something asks for a reboot.',
        formula: 'maintenance_reboot_required by reason; open since is when the oldest open reason appeared.',
        target: 'The limit of the control reboot in "Controls".',
        action: 'Reboot in the next window: an update that needs one protects nobody before.',
        controls: ['reboot'],
      }),
    },
    {
      required: everyHost(worst('reason', metric('maintenance_reboot_required'))),
      since: `time() - max by (${host}) (${metric('maintenance_reboot_required_since_timestamp_seconds')})`,
      uptime: `time() - max by (${host}) (${metric('maintenance_host_boot_timestamp_seconds')})`,
      system: `count by (${host}, os, os_version, kernel) (${metric('maintenance_host_info')})`,
    },
    {
      reason: { title: 'Reason' },
      required: {
        title: 'Reboot',
        states: states({ 0: ['Not required', 'good'], 1: ['Required', 'warning'] }),
      },
      since: ageColumn('Open since', 'None open'),
      uptime: ageColumn('Running for'),
      os: { title: 'System' },
      os_version: { title: 'Version' },
      kernel: { title: 'Kernel' },
      ...hostColumns,
    },
    { column: 'Reboot', descending: true },
  );
}
