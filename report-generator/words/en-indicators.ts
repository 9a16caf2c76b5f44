import { annexEn } from './en-annex.ts';
import { countEn } from './en-count.ts';
import { incidentIndicatorsEn } from './en-incident-indicators.ts';
import { protectionIndicatorsEn } from './en-protection-indicators.ts';
import type { IndicatorId, IndicatorWords } from './words.ts';

export const indicatorsEn: Readonly<Record<IndicatorId, IndicatorWords>> = {
  ...annexEn,
  ...incidentIndicatorsEn,
  ...protectionIndicatorsEn,
  host_reporting: {
    label: 'Hosts reporting',
    head: 'Reports',
    name: 'hosts reporting',
    counts:
      'Hosts whose exporter Prometheus could read, of all hosts it was asked to read within the last day.',
    open: (count) => `${countEn(count, 'host')} not reporting`,
  },
  patch_security: {
    label: 'Security updates on time',
    head: 'Security updates',
    name: 'security updates on time',
    counts:
      'Package managers on which no security update has been waiting longer than the limit, of all that are expected.',
    open: (count, kind) => `${countEn(count, kind)} behind on security updates`,
  },
  patch_standard: {
    label: 'Other updates on time',
    head: 'Other updates',
    name: 'other updates on time',
    counts:
      'Package managers on which no other update has been waiting longer than the limit, of all that are expected.',
    open: (count, kind) => `${countEn(count, kind)} behind on other updates`,
  },
  reboot: {
    label: 'Restarted after updates',
    head: 'Restarts',
    name: 'restarts after updates',
    counts:
      'Hosts that need no restart, or have needed one for less than the limit, of all that are expected.',
    open: (count) => `${countEn(count, 'host')} past ${count === 1 ? 'its' : 'their'} restart limit`,
  },
  os_supported: {
    label: 'Supported operating systems',
    head: 'System support',
    name: 'supported operating systems',
    counts:
      'Hosts whose operating system still gets security updates from its vendor, of all that are expected.',
    open: (count) => `${countEn(count, 'host')} without security updates from the vendor`,
  },
  backup: {
    label: 'Backups inside their limit',
    head: 'Backups',
    name: 'backups inside their limit',
    counts:
      'Backup jobs whose newest restore point is younger than the limit, of all jobs that are expected.',
    open: (count) => `${countEn(count, 'backup_job')} past ${count === 1 ? 'its' : 'their'} limit`,
  },
  av_definitions: {
    label: 'Antivirus definitions current',
    head: 'Antivirus definitions',
    name: 'current antivirus definitions',
    counts: 'Antivirus products that work with definitions younger than the limit, of all that are expected.',
    open: (count, kind) => `${countEn(count, kind)} with outdated definitions`,
  },
  av_protection: {
    label: 'Antivirus running',
    head: 'Antivirus running',
    name: 'running antivirus',
    counts: 'Antivirus products that answer, of all that are expected.',
    open: (count, kind) =>
      kind === 'host' ? `${countEn(count, kind)} with antivirus stopped` : `${countEn(count, kind)} stopped`,
  },
  disk_health: {
    label: 'Disks healthy',
    head: 'Disks',
    name: 'disks without a failure',
    counts: 'Disks that are present and report no failure of their own, of all that are expected.',
    open: (count) => `${countEn(count, 'disk')} failing or gone`,
  },
  disk_self_test: {
    label: 'Disks tested',
    head: 'Disk self-tests',
    name: 'disks that passed a self-test in time',
    counts: 'Disks that passed a self-test within the limit, of all that are expected.',
    open: (count) => `${countEn(count, 'disk')} without a self-test passed in time`,
  },
  volume_health: {
    label: 'Volumes whole',
    head: 'Volumes',
    name: 'whole volumes',
    counts:
      'RAID arrays, storage pools and volume groups with every member in place and no known damage, of all that are expected.',
    open: (count) => `${countEn(count, 'volume')} degraded or failed`,
  },
  tasks: {
    label: 'Tasks done on time',
    head: 'Tasks',
    name: 'tasks done on time',
    counts:
      'Tasks of the maintenance calendar that somebody confirmed as done within their interval and grace, of all that are planned.',
    open: (count) => `${countEn(count, 'task')} overdue or unconfirmed`,
  },
  compliance_readiness: {
    label: 'Compliance readiness',
    head: 'Readiness',
    name: 'compliance readiness',
    counts:
      'Requirements that the evidence of maintenance shows as met, of those in scope of the frameworks the customer lists. Partly met and not assessed ones count as not met.',
    open: (count) => `${countEn(count, 'requirement')} not shown as met`,
  },
  maintenance_on_time: {
    label: 'Maintenance on time',
    head: 'On time',
    name: 'maintenance on time',
    counts:
      'Planned tasks of people confirmed as done by their deadline, of all whose deadline is over or that were done. Late, missed and unconfirmed ones count against it.',
    open: (count) => `${countEn(count, 'task')} not done on time`,
    nothing: 'No task was due',
  },
};
