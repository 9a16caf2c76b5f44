import { authenticationCases } from './authentication-cases.ts';
import { agreementCases } from './agreement-cases.ts';
import { diskAlertCases } from './disk-cases.ts';
import { volumeAlertCases } from './volume-cases.ts';
import {
  ageCases,
  type AgeTable,
  type AlertCase,
  type AlertCases,
  alive,
  app,
  birch,
  dead,
  fires,
  kiosk,
  stateCases,
  turns,
  verdictCases,
} from './case-tables.ts';
import { controlCases } from './control-cases.ts';
import { serviceAlertCases } from './service-cases.ts';
import { taskCases } from './task-cases.ts';
import { timeLeftCases } from './time-left-cases.ts';
import { watchingCases } from './watching-cases.ts';
import {
  always,
  days,
  fact,
  hours,
  type Lasting,
  minutes,
  scraped,
  type Series,
  server,
  step,
} from './facts.ts';

function patches(updates: 'security' | 'standard'): AgeTable['since'] {
  const labels = { manager: 'apt', class: updates, severity: 'unknown' } as const;
  return (start, lasting) => ({
    ...fact('maintenance_patches_pending', labels, 2, lasting),
    ...fact(
      'maintenance_patch_oldest_pending_timestamp_seconds',
      { ...labels, basis: 'released' },
      start,
      lasting,
    ),
  });
}

const collector = { collector: 'apt' } as const;
const running = (value: number, lasting: Lasting = {}): Series => ({
  ...fact('maintenance_collector_last_run_timestamp_seconds', collector, value, lasting),
  ...fact('maintenance_collector_interval_seconds', collector, hours, lasting),
});
/** Three intervals of an hour and five minutes. */
const stale = 3 * hours + 5 * minutes;

const answers = (value: 0 | 1, lasting: Lasting = {}): Series =>
  fact('maintenance_collector_success', collector, value, lasting);

const job = (lasting: Lasting, name = 'files'): Series => ({
  ...fact(
    'maintenance_backup_expected_interval_seconds',
    { tool: 'restic', backup_job: name },
    days,
    lasting,
  ),
  ...fact('maintenance_backup_repository_readable', { tool: 'restic', backup_job: name }, 1, lasting),
});

const ageWithoutLimit = {
  'object:maintenance_control_age_seconds:last{customer="acme",instance="app-1",role="server",control="new"}': `_x12 7x${always}`,
};

const supportEnding = (os: 'debian' | 'windows', version: string): Series => ({
  ...scraped(),
  ...fact('maintenance_os_support_end_timestamp_seconds', { os, version }, turns),
});

/** Every alert and its cases; rules.test.ts fails when an alert is missing here. */
export const alertCases: Readonly<Record<string, AlertCases>> = {
  ...controlCases,
  ...taskCases,
  ...watchingCases,
  MaintenanceHostDown: {
    fires: [
      {
        series: scraped({ samples: turns / step }),
        at: fires,
        firing: [{ ...app, control: 'host_reporting' }],
        description:
          'app-1 (acme): Prometheus cannot read the exporter, or the host left the list of targets within the last day. First step: `systemctl status maintenance-exporter` on the host, then the Targets page of Prometheus.',
      },
    ],
    silent: [
      { series: scraped({ samples: turns / step }), at: turns, firing: [] },
      { series: scraped(), at: fires, firing: [] },
    ],
    'exporter dead': [
      { series: scraped(alive), at: 4 * days, firing: [{ ...app, control: 'host_reporting' }] },
    ],
    'metric absent': [
      {
        series: { 'up{job="maintenance",customer="acme",instance="app-1",role="server"}': '1x11 stale' },
        at: fires,
        firing: [{ ...app, control: 'host_reporting' }],
      },
      {
        // A host taken out of the targets is forgotten a day later.
        series: { 'up{job="maintenance",customer="acme",instance="app-1",role="server"}': '1x11 stale' },
        at: turns + days + hours,
        firing: [],
      },
      {
        // A host that was given another role has not gone.
        series: {
          'up{job="maintenance",customer="acme",instance="app-1",role="server"}': '1x11 stale',
          'up{job="maintenance",customer="acme",instance="app-1",role="appliance"}': '_x12 1x400',
        },
        at: fires,
        firing: [],
      },
    ],
  },
  MaintenancePatchSecurityOverdue: ageCases({
    control: 'patch_security',
    object: 'apt',
    limit: 72 * hours,
    override: { limit: 7 * days, on: birch },
    since: patches('security'),
    description:
      'app-1 (acme): the oldest security update of apt, pending or held back, has been waiting for 3d 0h 15m 1s (allowed: 3d 0h 0m 0s). First step: `apt list --upgradable` on the host, and what is held there.',
  }),
  MaintenancePatchStandardOverdue: ageCases({
    control: 'patch_standard',
    object: 'apt',
    limit: 31 * days,
    override: { limit: 40 * days, on: birch },
    since: patches('standard'),
    description:
      'app-1 (acme): the oldest update that apt would install has been waiting for 31d 0h 15m 1s (allowed: 31d 0h 0m 0s). First step: `apt list --upgradable` on the host.',
  }),
  MaintenanceRebootOverdue: ageCases({
    control: 'reboot',
    limit: 72 * hours,
    override: { limit: 7 * days, on: birch },
    since: (start, lasting) => ({
      ...fact('maintenance_reboot_required', { reason: 'libraries' }, 1, lasting),
      ...fact('maintenance_reboot_required', { reason: 'kernel' }, 1, lasting),
      ...fact('maintenance_reboot_required', { reason: 'flag_file' }, 0, lasting),
      ...fact('maintenance_reboot_required_since_timestamp_seconds', {}, start, lasting),
    }),
    description:
      'app-1 (acme): installed updates have been waiting for a reboot for 3d 0h 15m 1s, by kernel, libraries (allowed: 3d 0h 0m 0s). First step: what the runbook says of the reason, on the host, then agree on a time to reboot it.',
  }),
  MaintenanceBackupOverdue: (() => {
    const cases = ageCases({
      control: 'backup',
      object: 'files',
      limit: 26 * hours,
      override: { limit: 8 * days, on: server, object: 'weekly "archive" (a.b)' },
      since: (start, lasting, name = 'files') => ({
        ...job(lasting, name),
        ...fact('maintenance_backup_restore_points', { tool: 'restic', backup_job: name }, 7, lasting),
        ...fact(
          'maintenance_backup_last_success_timestamp_seconds',
          { tool: 'restic', backup_job: name },
          start,
          lasting,
        ),
      }),
      description:
        'app-1 (acme): backup job files made its newest complete restore point 1d 2h 15m 1s ago (allowed: 1d 2h 0m 0s). First step: `maintenance-exporter evidence --kind backup_run` on the host, then the log of the last run of the job.',
    });
    const never: AlertCase = {
      series: {
        ...scraped(),
        ...job({}),
        ...fact('maintenance_backup_restore_points', { tool: 'restic', backup_job: 'files' }, 0),
      },
      at: 15 * minutes,
      firing: [{ ...app, control: 'backup', object: 'files' }],
      description:
        'app-1 (acme): backup job files has no complete restore point at all (allowed: 1d 2h 0m 0s). First step: `maintenance-exporter evidence --kind backup_run` on the host, then the log of the last run of the job.',
    };
    return { ...cases, fires: [...(cases.fires ?? []), never] };
  })(),
  MaintenanceAvDefinitionsOutdated: ageCases({
    control: 'av_definitions',
    object: 'clamav',
    limit: 5 * days,
    override: { limit: 6 * days, on: birch },
    since: (start, lasting) => ({
      ...fact('maintenance_antivirus_running', { product: 'clamav' }, 1, lasting),
      ...fact(
        'maintenance_antivirus_definitions_loaded_timestamp_seconds',
        { product: 'clamav' },
        start,
        lasting,
      ),
      ...fact(
        'maintenance_antivirus_definitions_timestamp_seconds',
        { product: 'clamav', database: 'daily' },
        0,
        lasting,
      ),
    }),
    description:
      'app-1 (acme): the definitions clamav works with are 5d 0h 15m 1s old (allowed: 5d 0h 0m 0s). First step: `journalctl -u clamav-freshclam --since -2d` on the host.',
  }),
  MaintenanceAvProtectionDown: stateCases({
    control: 'av_protection',
    object: 'clamav',
    state: (value, lasting) => fact('maintenance_antivirus_running', { product: 'clamav' }, value, lasting),
    description:
      'app-1 (acme): clamav does not answer, so nothing is scanned. First step: `systemctl status clamav-daemon` on the host.',
  }),
  MaintenanceOsUnsupported: (() => {
    const debian = { os: 'debian', version: '11' } as const;
    const firing = [{ ...app, control: 'os_supported', object: 'debian' }];
    const cases = stateCases({
      control: 'os_supported',
      object: 'debian',
      // Support ends with a day, at the midnight after it.
      state: (value, lasting) =>
        fact('maintenance_os_support_end_timestamp_seconds', debian, value === 1 ? 365 * days : 0, lasting),
      description:
        'app-1 (acme): security updates for debian 11 ended on 1969-12-31, so "nothing pending" proves nothing. First step: `cat /etc/os-release` on the host, then agree on a date to upgrade it.',
    });
    const overnight: AlertCase = { series: supportEnding('debian', '11'), at: fires, firing };
    const windows: AlertCase = {
      series: supportEnding('windows', '10.0.17763'),
      at: fires,
      firing: [{ ...app, control: 'os_supported', object: 'windows' }],
      description:
        'app-1 (acme): security updates for windows 10.0.17763 ended on 1970-01-01, so "nothing pending" proves nothing. First step: `winver` on the host, then agree on a date to upgrade it.',
    };
    const upgraded: AlertCase = {
      series: {
        ...scraped(),
        ...fact('maintenance_os_support_end_timestamp_seconds', debian, 0, { samples: turns / step }),
        ...fact('maintenance_os_support_end_timestamp_seconds', { ...debian, version: '12' }, 365 * days, {
          from: turns / step,
        }),
      },
      at: turns,
      firing: [],
    };
    // Nobody can read the version back any more; the object still says which system.
    const forgotten = (cases['exporter dead'] ?? []).map((one) => ({
      ...one,
      description:
        'app-1 (acme): security updates for debian have ended, so "nothing pending" proves nothing. First step: `cat /etc/os-release` on the host, then agree on a date to upgrade it.',
    }));
    return {
      ...cases,
      fires: [...(cases.fires ?? []), overnight, windows],
      silent: [...(cases.silent ?? []), { ...overnight, at: turns, firing: [] }, upgraded],
      'exporter dead': forgotten,
    };
  })(),
  MaintenanceDiskFailing: (() => {
    const disk = { disk: 'wwn-0x5000' } as const;
    const cases = stateCases({
      control: 'disk_health',
      object: 'wwn-0x5000',
      state: (value, lasting) => ({
        ...fact('maintenance_disk_present', disk, 1, lasting),
        ...fact('maintenance_disk_smart_healthy', disk, value, lasting),
      }),
      description:
        'app-1 (acme): disk wwn-0x5000 says it is failing, or it was there before and is gone. First step: check that the backup is recent, then `smartctl -x` on the disk.',
    });
    const gone: AlertCase = {
      series: { ...scraped(), ...fact('maintenance_disk_present', disk, 0, { from: turns / step }) },
      at: fires,
      firing: [{ ...app, control: 'disk_health', object: 'wwn-0x5000' }],
    };
    return { ...cases, fires: [...(cases.fires ?? []), gone] };
  })(),
  MaintenanceDiskSelfTestOverdue: (() => {
    const disk = { disk: 'wwn-0x5000' } as const;
    const test = { ...disk, kind: 'short' } as const;
    const control = { control: 'disk_self_test', object: 'wwn-0x5000' } as const;
    const cases = ageCases({
      ...control,
      limit: 31 * days,
      override: { limit: 40 * days, on: birch },
      since: (start, lasting) => ({
        ...fact('maintenance_disk_self_test_last_success', test, 1, lasting),
        ...fact('maintenance_disk_self_test_last_timestamp_seconds', test, start, lasting),
      }),
      description:
        'app-1 (acme): disk wwn-0x5000 has not passed a self-test for 31d 0h 15m 1s (allowed: 31d 0h 0m 0s). First step: `smartctl -l selftest` on the disk, then `smartctl -t long`.',
    });
    const failed: AlertCase = {
      series: {
        ...scraped(),
        ...fact('maintenance_disk_self_tests_logged', disk, 3),
        ...fact('maintenance_disk_self_test_last_success', test, 0),
        ...fact('maintenance_disk_self_test_last_timestamp_seconds', test, 0),
      },
      at: 15 * minutes,
      firing: [{ ...app, ...control }],
      description:
        'app-1 (acme): disk wwn-0x5000 failed its last self-test, or never passed one (allowed: 31d 0h 0m 0s). First step: `smartctl -l selftest` on the disk, then `smartctl -t long`.',
    };
    const never: AlertCase = {
      series: { ...scraped(), ...fact('maintenance_disk_self_tests_logged', disk, 0) },
      at: 15 * minutes,
      firing: [{ ...app, ...control }],
    };
    return { ...cases, fires: [...(cases.fires ?? []), failed, never] };
  })(),
  MaintenanceVolumeDegraded: (() => {
    const volume = { kind: 'md', volume: 'md0' } as const;
    const cases = stateCases({
      control: 'volume_health',
      object: 'md:md0',
      state: (value, lasting) => ({
        ...fact('maintenance_volume_present', volume, 1, lasting),
        ...fact('maintenance_volume_healthy', volume, value, lasting),
      }),
      description:
        'app-1 (acme): volume md:md0 is degraded, rebuilding, damaged or failed, or it was there before and is gone. First step: check that the backup is recent, then see which disk it is: `cat /proc/mdstat`, `zpool status`, `btrfs device stats`, `lvs -a` or `storcli /cALL show`.',
    });
    const gone: AlertCase = {
      series: { ...scraped(), ...fact('maintenance_volume_present', volume, 0, { from: turns / step }) },
      at: fires,
      firing: [{ ...app, control: 'volume_health', object: 'md:md0' }],
    };
    return { ...cases, fires: [...(cases.fires ?? []), gone] };
  })(),
  MaintenanceExporterAbsent: {
    fires: [
      {
        series: { 'up{job="maintenance",customer="acme",instance="app-1",role="server"}': '1x11 stale' },
        at: fires,
        firing: [{ job: 'maintenance' }],
        description:
          'Prometheus has no target with job="maintenance", so every control of every customer is unknown. First step: the Targets page of Prometheus and its scrape configuration.',
      },
    ],
    silent: [
      {
        series: { 'up{job="maintenance",customer="acme",instance="app-1",role="server"}': '1x11 stale' },
        at: turns,
        firing: [],
      },
    ],
    'exporter dead': [{ series: scraped(alive), at: dead, firing: [], beside: ['MaintenanceHostDown'] }],
    'metric absent': [
      { series: { 'up{job="node",instance="app-1"}': '1x400' }, at: days, firing: [{ job: 'maintenance' }] },
    ],
  },
  MaintenanceCollectorBlind: {
    fires: [
      {
        series: {
          ...scraped(),
          ...answers(0, { from: turns / step }),
          ...fact('maintenance_collector_error_info', { ...collector, reason: 'metadata_stale' }, 1),
          ...fact('maintenance_collector_error_info', { ...collector, reason: 'timeout' }, 1),
          ...fact(
            'maintenance_collector_error_info',
            { collector: 'restic', reason: 'repository_locked' },
            1,
          ),
        },
        at: fires,
        firing: [{ ...app, ...collector }],
        description:
          'app-1 (acme): collector apt cannot answer everything it is asked: metadata_stale, timeout. What it cannot read counts as unknown. First step: `journalctl -u maintenance-exporter --since -1h` on the host.',
      },
    ],
    silent: [
      { series: { ...scraped(), ...answers(0, { from: turns / step }) }, at: turns, firing: [] },
      { series: { ...scraped(), ...answers(1) }, at: fires, firing: [] },
    ],
    'exporter dead': [
      // It keeps firing until the host itself has been missing long enough, and hands over.
      {
        series: { ...scraped(alive), ...answers(0, alive) },
        at: 6 * hours,
        firing: [{ ...app, ...collector }],
      },
      {
        series: { ...scraped(alive), ...answers(0, alive) },
        at: 6 * hours + 15 * minutes,
        firing: [],
        beside: ['MaintenanceHostDown'],
      },
    ],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  },
  MaintenanceCollectorStale: {
    fires: [
      {
        series: { ...scraped(), ...running(turns - stale - 1) },
        at: fires,
        firing: [{ ...app, ...collector }],
        description:
          'app-1 (acme): collector apt last ended a run 3h 20m 1s ago, so its facts describe the past. First step: `systemctl restart maintenance-exporter` on the host, then its log.',
      },
    ],
    silent: [
      { series: { ...scraped(), ...running(fires - stale) }, at: fires, firing: [] },
      { series: { ...scraped(), ...running(turns - stale - 1) }, at: turns, firing: [] },
    ],
    'exporter dead': [
      {
        series: { ...scraped(alive), ...running(0, alive) },
        at: dead,
        firing: [],
        beside: ['MaintenanceHostDown'],
      },
    ],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  },
  MaintenanceControlMissing: {
    fires: [
      {
        series: scraped({ on: kiosk }),
        at: 15 * minutes,
        firing: [{ ...kiosk, control: 'patch_security' }],
        description:
          'kiosk-1 (acme): role kiosk asks for patch_security, and the host reports no backup job, agent, disk, package manager or end of support of it. It counts as not in order. First step: switch the collector on with `maintenance-exporter init`, or give the host a role that does not ask for it.',
      },
    ],
    silent: [
      { series: scraped({ on: kiosk }), at: 0, firing: [] },
      {
        series: { ...scraped({ on: kiosk }), ...patches('security')(0, { on: kiosk }) },
        at: fires,
        firing: [],
      },
    ],
    'exporter dead': [
      { series: scraped({ ...alive, on: kiosk }), at: dead, firing: [], beside: ['MaintenanceHostDown'] },
    ],
    'metric absent': [{ series: { 'up{job="node",instance="app-1"}': '1x400' }, at: days, firing: [] }],
  },
  MaintenanceRestoreTestFailed: verdictCases(
    (value, lasting) =>
      fact(
        'maintenance_backup_restore_test_success',
        { tool: 'restic', backup_job: 'files' },
        value,
        lasting,
      ),
    { backup_job: 'files', object: 'files' },
    'app-1 (acme): the last restore test of backup job files did not bring back what it should. Treat the job as not backed up. First step: `maintenance-exporter evidence --kind restore_test --outcome failure` on the host names the reason.',
  ),
  MaintenanceBackupCheckFailed: verdictCases(
    (value, lasting) =>
      fact(
        'maintenance_backup_check_success',
        { tool: 'restic', backup_job: 'files', depth: 'data' },
        value,
        lasting,
      ),
    { backup_job: 'files', object: 'files', depth: 'data' },
    'app-1 (acme): the last data check of backup job files found something wrong. First step: make a new backup to another place, then read what the check said.',
  ),
  ...authenticationCases,
  ...diskAlertCases,
  ...volumeAlertCases,
  ...serviceAlertCases,
  ...timeLeftCases,
  ...agreementCases,
  MaintenancePolicyMissing: {
    fires: [
      {
        series: ageWithoutLimit,
        at: fires,
        firing: [{ ...app, control: 'new' }],
        description:
          'app-1 (acme): control new has an age and no limit, so its alert can never fire. First step: generate the rules again from policy.yaml and load both rule files.',
      },
    ],
    silent: [
      { series: ageWithoutLimit, at: turns, firing: [] },
      { series: { ...scraped(), ...patches('security')(0, {}) }, at: dead, firing: [] },
    ],
    'exporter dead': [
      { series: { ...scraped(alive), ...patches('security')(0, alive) }, at: dead, firing: [] },
    ],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  },
  MaintenanceWatchdog: {
    fires: [
      {
        series: scraped(),
        at: 0,
        firing: [{}],
        description:
          'Prometheus evaluates rules and Alertmanager delivers. Nothing to do while it arrives; when it stops, the receiver outside must raise the alarm.',
      },
    ],
    'exporter dead': [{ series: scraped(alive), at: dead, firing: [{}] }],
    'metric absent': [{ series: {}, at: dead, firing: [{}] }],
  },
};
