import {
  ageCases,
  type AgeTable,
  type AlertCase,
  type AlertCases,
  app,
  birch,
  fires,
  stateCases,
} from './case-tables.ts';
import { days, fact, hours, type Lasting, minutes, scraped, type Series, server } from './facts.ts';

type PatchClass = 'security' | 'standard' | 'firmware';

function pending(manager: string, patchClass: PatchClass): AgeTable['since'] {
  const labels = { manager, class: patchClass, severity: 'unknown' } as const;
  return (start, lasting) => ({
    ...fact('maintenance_patches_pending', labels, 1, lasting),
    ...fact(
      'maintenance_patch_oldest_pending_timestamp_seconds',
      { ...labels, basis: 'released' },
      start,
      lasting,
    ),
  });
}

const job = { tool: 'restic', backup_job: 'files' } as const;
const readable = (lasting: Lasting): Series =>
  fact('maintenance_backup_repository_readable', job, 1, lasting);

function check(depth: 'structure' | 'data'): AgeTable['since'] {
  return (start, lasting) => ({
    ...readable(lasting),
    ...fact('maintenance_backup_check_timestamp_seconds', { ...job, depth }, start, lasting),
    ...fact('maintenance_backup_check_success', { ...job, depth }, 1, lasting),
  });
}

const scanner = { scanner: 'trivy' } as const;
type Severity = 'critical' | 'important';

function open(severity: Severity): AgeTable['since'] {
  const labels = { ...scanner, severity, fixable: 'true' } as const;
  return (start, lasting) => ({
    ...fact('maintenance_vulnerabilities_open', labels, 3, lasting),
    ...fact(
      'maintenance_vulnerability_oldest_open_timestamp_seconds',
      { ...labels, basis: 'released' },
      start,
      lasting,
    ),
  });
}

/** The cases of an age, and one more that fires at once because it never happened or did not succeed. */
function withNever(table: AgeTable, series: Series, description: string): AlertCases {
  const cases = ageCases(table);
  const { control, object } = table;
  const never: AlertCase = {
    series: { ...scraped(), ...series },
    at: 15 * minutes,
    firing: [{ ...app, control, ...(object === undefined ? {} : { object }) }],
    description,
  };
  return { ...cases, fires: [...(cases.fires ?? []), never] };
}

const onBirch = (limit: number): AgeTable['override'] => ({ limit, on: birch });

/** Cases of controls over updates, backups and vulnerabilities. */
export const controlCases: Readonly<Record<string, AlertCases>> = {
  MaintenancePatchFirmwareOverdue: ageCases({
    control: 'patch_firmware',
    object: 'fwupd',
    limit: 92 * days,
    override: onBirch(100 * days),
    since: pending('fwupd', 'firmware'),
    description:
      'app-1 (acme): the oldest firmware update that fwupd would install has been waiting for 92d 0h 15m 1s (allowed: 92d 0h 0m 0s). First step: `fwupdmgr get-updates` on the host, and what the vendor says of the update.',
  }),
  MaintenancePatchSlipped: ageCases({
    control: 'patch_slip',
    object: 'apt',
    limit: 30 * days,
    override: onBirch(40 * days),
    since: pending('apt', 'standard'),
    description:
      'app-1 (acme): the oldest update of any class of apt, pending or held back, came out 30d 0h 15m 1s ago (allowed: 30d 0h 0m 0s). First step: `apt list --upgradable` on the host, and what is held there.',
  }),
  MaintenancePackageListsStale: withNever(
    {
      control: 'patch_metadata',
      object: 'apt',
      limit: 48 * hours,
      override: onBirch(72 * hours),
      since: (start, lasting) => ({
        ...fact('maintenance_patch_metadata_complete', { manager: 'apt' }, 1, lasting),
        ...fact(
          'maintenance_patch_metadata_timestamp_seconds',
          { manager: 'apt', repository: 'security' },
          start,
          lasting,
        ),
        ...fact(
          'maintenance_patch_metadata_timestamp_seconds',
          { manager: 'apt', repository: 'main' },
          -90 * days,
          lasting,
        ),
      }),
      description:
        'app-1 (acme): the newest package lists of apt were published 2d 0h 15m 1s ago (allowed: 2d 0h 0m 0s). First step: `apt-get update` on the host, and read what it says.',
    },
    {
      ...fact('maintenance_patch_metadata_complete', { manager: 'apt' }, 0),
      ...fact('maintenance_patch_metadata_timestamp_seconds', { manager: 'apt', repository: 'security' }, 0),
    },
    'app-1 (acme): apt never fetched the lists of at least one of its repositories (allowed: 2d 0h 0m 0s). First step: `apt-get update` on the host, and read what it says.',
  ),
  MaintenancePatchAutomationOff: stateCases({
    control: 'patch_automation',
    object: 'apt',
    state: (value, lasting) =>
      fact('maintenance_patch_automation_enabled', { manager: 'apt' }, value, lasting),
    description:
      'app-1 (acme): apt installs nothing unless somebody asks. First step: `systemctl status apt-daily-upgrade.timer` on the host.',
  }),
  MaintenancePatchDeploymentOverdue: withNever(
    {
      control: 'patch_deployment',
      limit: 35 * days,
      override: onBirch(45 * days),
      since: (start, lasting) => ({
        ...fact('maintenance_patch_deployments_total', { manager: 'apt', outcome: 'success' }, 9, lasting),
        ...fact('maintenance_patch_deployments_total', { manager: 'snap', outcome: 'success' }, 0, lasting),
        ...fact(
          'maintenance_patch_last_deployment_timestamp_seconds',
          { manager: 'apt', outcome: 'success' },
          start,
          lasting,
        ),
        ...fact(
          'maintenance_patch_last_deployment_timestamp_seconds',
          { manager: 'apt', outcome: 'failure' },
          0,
          lasting,
        ),
      }),
      description:
        'app-1 (acme): updates were last installed with success 35d 0h 15m 1s ago (allowed: 35d 0h 0m 0s). First step: `maintenance-exporter evidence --kind patch_deployment` on the host.',
    },
    fact('maintenance_patch_deployments_total', { manager: 'apt', outcome: 'success' }, 0),
    'app-1 (acme): no successful installation of updates is on record (allowed: 35d 0h 0m 0s). First step: `maintenance-exporter evidence --kind patch_deployment` on the host.',
  ),
  MaintenanceBackupCheckOverdue: withNever(
    {
      control: 'backup_check',
      object: 'files',
      limit: 26 * hours,
      override: onBirch(8 * days),
      since: check('structure'),
      description:
        'app-1 (acme): backup job files was last checked 1d 2h 15m 1s ago (allowed: 1d 2h 0m 0s). First step: run the check of the tool through `maintenance-exporter run` on the host.',
    },
    {
      ...check('structure')(0, {}),
      ...fact('maintenance_backup_check_success', { ...job, depth: 'data' }, 0),
    },
    'app-1 (acme): no check of backup job files that found it in order is on record (allowed: 1d 2h 0m 0s). First step: run the check of the tool through `maintenance-exporter run` on the host.',
  ),
  MaintenanceBackupDataCheckOverdue: withNever(
    {
      control: 'backup_check_data',
      object: 'files',
      limit: 31 * days,
      override: onBirch(40 * days),
      since: check('data'),
      description:
        'app-1 (acme): the data of backup job files were last read back 31d 0h 15m 1s ago (allowed: 31d 0h 0m 0s). First step: run the check of the tool that reads all data through `maintenance-exporter run` on the host.',
    },
    fact('maintenance_backup_check_success', { ...job, depth: 'data' }, 0),
    'app-1 (acme): no check that read back the data of backup job files and found them in order is on record (allowed: 31d 0h 0m 0s). First step: run the check of the tool that reads all data through `maintenance-exporter run` on the host.',
  ),
  // The role server of this policy asks for it, so a job without any restore test fires, too.
  MaintenanceRestoreTestOverdue: withNever(
    {
      control: 'restore_test',
      object: 'files',
      limit: 184 * days,
      override: onBirch(200 * days),
      since: (start, lasting) => ({
        ...readable(lasting),
        ...fact('maintenance_backup_restore_test_success', job, 1, lasting),
        ...fact('maintenance_backup_restore_test_last_success_timestamp_seconds', job, start, lasting),
      }),
      description:
        'app-1 (acme): backup job files was last restored and compared 184d 0h 15m 1s ago (allowed: 184d 0h 0m 0s). First step: `maintenance-exporter restore-test --job files` on the host.',
    },
    readable({ on: server }),
    'app-1 (acme): nothing proves that backup job files can be restored (allowed: 184d 0h 0m 0s). First step: `maintenance-exporter restore-test --job files` on the host.',
  ),
  MaintenanceVulnerabilityCriticalOverdue: (() => {
    const cases = ageCases({
      control: 'vulnerability_critical',
      object: 'trivy',
      limit: 72 * hours,
      override: onBirch(6 * days),
      since: open('critical'),
      description:
        'app-1 (acme): the oldest vulnerability found by trivy that is critical, exploited or of unknown severity has been open for up to 3d 0h 15m 1s (allowed: 3d 0h 0m 0s). First step: install what closes it; the runbook says how trivy lists it.',
    });
    const exploited: AlertCase = {
      series: {
        ...scraped(),
        ...open('important')(-80 * hours, {}),
        ...fact('maintenance_vulnerabilities_exploited_open', scanner, 1),
      },
      at: fires,
      firing: [{ ...app, control: 'vulnerability_critical', object: 'trivy' }],
    };
    return { ...cases, fires: [...(cases.fires ?? []), exploited] };
  })(),
  MaintenanceVulnerabilityHighOverdue: ageCases({
    control: 'vulnerability_high',
    object: 'trivy',
    limit: 14 * days,
    override: onBirch(20 * days),
    since: open('important'),
    description:
      'app-1 (acme): the oldest vulnerability of high severity found by trivy has been open for 14d 0h 15m 1s (allowed: 14d 0h 0m 0s). First step: install what closes it; the runbook says how trivy lists it.',
  }),
  MaintenanceVulnerabilityScanOverdue: ageCases({
    control: 'vulnerability_scan',
    object: 'trivy',
    limit: 7 * days,
    override: onBirch(9 * days),
    since: (start, lasting) => ({
      ...fact('maintenance_vulnerability_scan_timestamp_seconds', scanner, 0, lasting),
      ...fact('maintenance_vulnerability_database_timestamp_seconds', scanner, start, lasting),
    }),
    description:
      'app-1 (acme): what trivy found, or the database it searched, is 7d 0h 15m 1s old (allowed: 7d 0h 0m 0s). First step: run trivy with a new database on the host.',
  }),
};
