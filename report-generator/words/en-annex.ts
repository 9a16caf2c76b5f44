import { countEn } from './en-count.ts';
import type { IndicatorId, IndicatorWords } from './words.ts';

/** Words of the indicators that have no tile on page 1. */
export const annexEn = {
  patch_firmware: {
    label: 'Firmware on time',
    head: 'Firmware',
    name: 'firmware updates on time',
    counts:
      'Package managers on which no firmware update has been waiting longer than the limit, of all that are expected.',
    open: (count, kind) => `${countEn(count, kind)} behind on firmware`,
  },
  patch_slip: {
    label: 'No update slipped a month',
    head: 'Slipped updates',
    name: 'updates that did not slip',
    counts:
      'Package managers on which no update of any class came out longer ago than the limit and still waits, of all that are expected.',
    open: (count, kind) => `${countEn(count, kind)} with slipped updates`,
  },
  patch_metadata: {
    label: 'Package lists current',
    head: 'Package lists',
    name: 'current package lists',
    counts:
      'Package managers whose newest lists are younger than the limit and complete, of all that are expected.',
    open: (count, kind) => `${countEn(count, kind)} with outdated package lists`,
  },
  patch_automation: {
    label: 'Automatic updates on',
    head: 'Automatic updates',
    name: 'automatic updates',
    counts: 'Package managers that install updates without anybody asking, of all that are expected.',
    open: (count, kind) => `${countEn(count, kind)} without automatic updates`,
  },
  patch_deployment: {
    label: 'Updates installed lately',
    head: 'Installations',
    name: 'recent installations of updates',
    counts: 'Hosts on which updates were installed with success within the limit, of all that are expected.',
    open: (count, kind) => `${countEn(count, kind)} without a recent installation of updates`,
  },
  vulnerability_critical: {
    label: 'Critical vulnerabilities closed',
    head: 'Critical vulnerabilities',
    name: 'critical vulnerabilities closed on time',
    counts:
      'Scanners that find no critical or exploited vulnerability, or one of unknown severity, open longer than the limit, of all that are expected. What has no fix is judged only when it is exploited.',
    open: (count, kind) => `${countEn(count, kind)} with critical vulnerabilities past the limit`,
  },
  vulnerability_high: {
    label: 'High vulnerabilities closed',
    head: 'High vulnerabilities',
    name: 'high vulnerabilities closed on time',
    counts:
      'Scanners that find no vulnerability of high severity with a fix open longer than the limit, of all that are expected.',
    open: (count, kind) => `${countEn(count, kind)} with high vulnerabilities past the limit`,
  },
  vulnerability_scan: {
    label: 'Scans for vulnerabilities current',
    head: 'Scans',
    name: 'recent scans for vulnerabilities',
    counts: 'Scanners whose last scan and its database are younger than the limit, of all that are expected.',
    open: (count, kind) => `${countEn(count, kind)} without a recent scan`,
  },
  backup_check: {
    label: 'Backups checked',
    head: 'Backup checks',
    name: 'checked backups',
    counts:
      'Backup jobs whose structure was checked and found in order within the limit, of all that are expected.',
    open: (count, kind) => `${countEn(count, kind)} without a recent check`,
  },
  backup_check_data: {
    label: 'Backup data read back',
    head: 'Backup data',
    name: 'backups read back',
    counts:
      'Backup jobs whose data were read back and found in order within the limit, of all that are expected.',
    open: (count, kind) => `${countEn(count, kind)} not read back lately`,
  },
  restore_test: {
    label: 'Restores proven',
    head: 'Restore tests',
    name: 'proven restores',
    counts:
      'Backup jobs that were really restored and compared within the limit, and whose last test succeeded, of all that are expected.',
    open: (count, kind) => `${countEn(count, kind)} without a proven restore`,
  },
  capacity: {
    label: 'Room for the coming weeks',
    head: 'Capacity',
    name: 'file systems with room',
    counts:
      'File systems and thin pools that are not full and will not be within the limit if they grow as in the last week, of all that are expected.',
    open: (count, kind) => `${countEn(count, kind)} short of room`,
  },
  certificate: {
    label: 'Certificates valid',
    head: 'Certificates',
    name: 'certificates that last',
    counts: 'Certificates that last longer than the limit, of all that are expected.',
    open: (count, kind) => `${countEn(count, kind)} ended or about to end`,
  },
  licence: {
    label: 'Licences valid',
    head: 'Licences',
    name: 'licences that last',
    counts: 'Licences and subscriptions that last longer than the limit, of all that are declared.',
    open: (count, kind) => `${countEn(count, kind)} ended or about to end`,
  },
  warranty: {
    label: 'Devices under warranty',
    head: 'Warranty',
    name: 'devices under warranty',
    counts:
      'Devices whose warranty or maintenance contract lasts longer than the limit, of all that are declared.',
    open: (count, kind) => `${countEn(count, kind)} out of warranty, or about to be`,
  },
  service_slo: {
    label: 'Services as promised',
    head: 'Services',
    name: 'services as promised',
    counts: 'Services that were there for the promised share of the last 30 days, of all in the policy.',
    open: (count, kind) => `${countEn(count, kind)} below what was promised`,
  },
  services_in_sla: {
    label: 'Services within their SLA',
    head: 'SLA',
    name: 'services within their SLA',
    counts:
      'Services that were there for the promised share of the month outside maintenance windows, with missing data counted against them, of all that were promised.',
    open: (count, kind) => `${countEn(count, kind)} outside the SLA`,
  },
  availability: {
    label: 'Availability of services',
    head: 'Availability',
    name: 'availability of services',
    counts:
      'Time services were there, of the known time outside maintenance windows, over all services together.',
    open: (count, kind) => `${countEn(count, kind)} unavailable`,
  },
  service_speed: {
    label: 'Services as fast as accepted',
    head: 'Speed',
    name: 'services as fast as accepted',
    counts:
      'Services whose 95th percentile of the answer time, on the average of the days, is within the limit of the policy, of all whose speed was promised.',
    open: (count, kind) => `${countEn(count, kind)} slower than accepted`,
  },
} as const satisfies Partial<Record<IndicatorId, IndicatorWords>>;
