import { alertGroups } from '../alert-rules.ts';
import { selfTestCases } from './disk-self-test-cases.ts';
import { taskRecordCases } from './task-cases.ts';
import { authenticationGroup } from '../authentication-records.ts';
import { diskGroup } from '../disk-records.ts';
import { memoryGroup } from '../memory-records.ts';
import { recordGroups } from '../record-rules.ts';
import { seldom } from '../rules.ts';
import {
  days,
  fact,
  hours,
  type Lasting,
  minutes,
  scraped,
  type Series,
  server,
  step,
  type Target,
} from './facts.ts';

const seldomGroups = [memoryGroup, diskGroup, authenticationGroup];

/** What is recorded at one instant: expression -> label set -> value. */
export interface RecordCase {
  readonly fact: string;
  readonly series: Series;
  /** Seconds from the start of the test; a multiple of the step. */
  readonly at: number;
  readonly expect: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const host = 'customer="acme",instance="app-1",role="server"';
const values = {
  age: 'object:maintenance_control_age_seconds:last',
  limit: 'object:maintenance_control_limit_seconds:effective',
  expected: 'object:maintenance_control_expected:bool',
  known: 'object:maintenance_control_known:bool',
  compliant: 'object:maintenance_control_compliant:bool',
} as const;

export type Verdict = typeof verdict;

/** The verdict on each object of a control of one host: [expected, known, compliant] and its age where it has one. */
function verdict(
  control: string,
  objects: Readonly<
    Record<string, { readonly known: 0 | 1; readonly compliant: 0 | 1; readonly age?: number }>
  >,
  on = host,
): RecordCase['expect'] {
  const row = (record: string, value: (object: string) => number | undefined): Record<string, number> =>
    Object.fromEntries(
      Object.keys(objects).flatMap((object) => {
        const found = value(object);
        const name = object === '' ? '' : `,object=${JSON.stringify(object)}`;
        return found === undefined ? [] : [[`${record}{${on},control="${control}"${name}}`, found]];
      }),
    );
  const select = (record: string): string => `${record}{control="${control}"}`;
  return {
    [select(values.expected)]: row(values.expected, () => 1),
    [select(values.known)]: row(values.known, (object) => objects[object]?.known),
    [select(values.compliant)]: row(values.compliant, (object) => objects[object]?.compliant),
    [select(values.age)]: row(values.age, (object) => objects[object]?.age),
  };
}

const unknown = { known: 0, compliant: 0 } as const;

type Severity = 'critical' | 'unknown';
const pending = (count: number | string, severity: Severity = 'unknown', lasting: Lasting = {}): Series =>
  fact('maintenance_patches_pending', { manager: 'apt', class: 'security', severity }, count, lasting);
const oldest = (at: number, severity: Severity = 'unknown', lasting: Lasting = {}): Series =>
  fact(
    'maintenance_patch_oldest_pending_timestamp_seconds',
    { manager: 'apt', class: 'security', severity, basis: 'released' },
    at,
    lasting,
  );

const standard = (manager: string, patchClass: 'standard' | 'application', count: number): Series =>
  fact('maintenance_patches_pending', { manager, class: patchClass, severity: 'unknown' }, count);
const supportEnd = (at: number, lasting: Lasting = {}, version = '10'): Series =>
  fact('maintenance_os_support_end_timestamp_seconds', { os: 'debian', version }, at, lasting);

const job = { tool: 'restic', backup_job: 'files' } as const;
const declared = (lasting: Lasting = {}): Series =>
  fact('maintenance_backup_expected_interval_seconds', job, days, lasting);
const readable = (value: 0 | 1 | string, lasting: Lasting = {}): Series =>
  fact('maintenance_backup_repository_readable', job, value, lasting);
const points = (count: number, lasting: Lasting = {}): Series =>
  fact('maintenance_backup_restore_points', job, count, lasting);
const success = (at: number, lasting: Lasting = {}): Series =>
  fact('maintenance_backup_last_success_timestamp_seconds', job, at, lasting);

/** A job of the collector `run` with so many successes on record. */
const recorded = (successes: number): Series => ({
  ...fact('maintenance_backup_expected_interval_seconds', { tool: 'run', backup_job: 'export' }, days),
  ...fact(
    'maintenance_backup_runs_total',
    { tool: 'run', backup_job: 'export', outcome: 'success' },
    successes,
  ),
});

const disk = { disk: 'd1' } as const;
const present = (value: 0 | 1 | string, lasting: Lasting = {}): Series =>
  fact('maintenance_disk_present', disk, value, lasting);
const healthy = (value: 0 | 1 | string, lasting: Lasting = {}): Series =>
  fact('maintenance_disk_smart_healthy', disk, value, lasting);
const standby = (lasting: Lasting = {}): Series => fact('maintenance_disk_standby', disk, 1, lasting);

const volume = (kind: string, name: string, value: 0 | 1, lasting: Lasting = {}): Series => ({
  ...fact('maintenance_volume_present', { kind, volume: name }, 1, lasting),
  ...fact('maintenance_volume_healthy', { kind, volume: name }, value, lasting),
});

const product = { product: 'clamav' } as const;
const loaded = (at: number, lasting: Lasting = {}): Series =>
  fact('maintenance_antivirus_definitions_loaded_timestamp_seconds', product, at, lasting);
const onDisk = (database: string, at: number): Series =>
  fact('maintenance_antivirus_definitions_timestamp_seconds', { ...product, database }, at);

const rebootRequired = (reason: string, value: 0 | 1, lasting: Lasting = {}): Series =>
  fact('maintenance_reboot_required', { reason }, value, lasting);

/** Until six hours into the test. */
const heldSince = (since: number): Series =>
  fact(
    'maintenance_patch_oldest_held_timestamp_seconds',
    { manager: 'apt', class: 'security', basis: 'first_seen' },
    since,
  );
const alive: Lasting = { samples: 24 };

/** What a green would hide. Each of these must be out of order, and unknown where it is unknown. */
const neverGreen: readonly RecordCase[] = [
  {
    fact: 'never green: a blind collector, the host up and its updates unreadable',
    series: {
      ...scraped(),
      ...pending(0, 'unknown', alive),
      ...fact('maintenance_collector_success', { collector: 'apt' }, 0, { from: 24 }),
    },
    at: 7 * hours,
    expect: verdict('patch_security', { apt: { ...unknown, age: 0 } }),
  },
  {
    fact: 'never green: nothing pending in package lists that nobody has renewed for two weeks',
    series: {
      ...scraped(),
      ...pending(0),
      ...fact(
        'maintenance_patch_metadata_timestamp_seconds',
        { manager: 'apt', repository: 'main' },
        -90 * days,
      ),
      ...fact(
        'maintenance_patch_metadata_timestamp_seconds',
        { manager: 'apt', repository: 'security' },
        3 * hours - 14 * days - 1,
      ),
    },
    at: 3 * hours,
    expect: verdict('patch_security', { apt: { ...unknown, age: 0 } }),
  },
  {
    fact: 'an update that is pending stays overdue, however old the lists are',
    series: {
      ...scraped(),
      ...pending(1),
      ...oldest(-90 * hours),
      ...fact(
        'maintenance_patch_metadata_timestamp_seconds',
        { manager: 'apt', repository: 'main' },
        -90 * days,
      ),
    },
    at: 3 * hours,
    expect: verdict('patch_security', { apt: { known: 1, compliant: 0, age: 93 * hours } }),
  },
  {
    fact: 'nothing pending is in order while one repository was renewed in time, as main of Debian is months old by design',
    series: {
      ...scraped(),
      ...pending(0),
      ...fact(
        'maintenance_patch_metadata_timestamp_seconds',
        { manager: 'apt', repository: 'main' },
        -90 * days,
      ),
      ...fact(
        'maintenance_patch_metadata_timestamp_seconds',
        { manager: 'apt', repository: 'security' },
        3 * hours - 14 * days,
      ),
    },
    at: 3 * hours,
    expect: verdict('patch_security', { apt: { known: 1, compliant: 1, age: 0 } }),
  },
  {
    fact: 'a held security update has the age of the day it came out, also beside a younger one that is pending',
    series: {
      ...scraped(),
      ...pending(1),
      ...oldest(2 * hours),
      ...fact('maintenance_patches_held', { manager: 'apt', class: 'security' }, 1),
      ...heldSince(-90 * hours),
    },
    at: 3 * hours,
    expect: verdict('patch_security', { apt: { known: 1, compliant: 0, age: 93 * hours } }),
  },
  {
    fact: 'a held security update inside the limit is in order, beside nothing pending',
    series: {
      ...scraped(),
      ...pending(0),
      ...fact('maintenance_patches_held', { manager: 'apt', class: 'security' }, 1),
      ...heldSince(0),
    },
    at: 3 * hours,
    expect: verdict('patch_security', { apt: { known: 1, compliant: 1, age: 3 * hours } }),
  },
  {
    fact: 'never green: a held security update of unknown age beside one that is pending and young',
    series: {
      ...scraped(),
      ...pending(1),
      ...oldest(2 * hours),
      ...fact('maintenance_patches_held', { manager: 'apt', class: 'security' }, 1),
    },
    at: 3 * hours,
    expect: verdict('patch_security', { apt: unknown }),
  },
  {
    fact: 'never green: a held security update beside nothing pending',
    series: {
      ...scraped(),
      ...pending(0),
      ...fact('maintenance_patches_pending', { manager: 'apt', class: 'standard', severity: 'unknown' }, 0),
      ...fact('maintenance_patches_held', { manager: 'apt', class: 'security' }, 1),
    },
    at: 3 * hours,
    expect: {
      ...verdict('patch_security', { apt: unknown }),
      ...verdict('patch_standard', { apt: { known: 1, compliant: 1, age: 0 } }),
    },
  },
  {
    fact: 'never green: an exporter dead for two days',
    series: {
      ...scraped(alive),
      ...pending(0, 'unknown', alive),
      ...declared(alive),
      ...readable(1, alive),
      ...points(3, alive),
      ...success(5 * hours, alive),
      ...present(1, alive),
      ...healthy(1, alive),
      ...fact('maintenance_antivirus_running', product, 1, alive),
      ...loaded(0, alive),
      ...rebootRequired('kernel', 0, alive),
      ...supportEnd(365 * days, alive),
    },
    at: 54 * hours,
    expect: {
      ...verdict('host_reporting', { '': { known: 1, compliant: 0 } }),
      ...verdict('patch_security', { '': unknown }),
      ...verdict('patch_standard', { '': unknown }),
      ...verdict('reboot', { '': unknown }),
      ...verdict('os_supported', { '': unknown }),
      ...verdict('backup', { '': unknown }),
      ...verdict('av_definitions', { '': unknown }),
      ...verdict('av_protection', { '': unknown }),
      ...verdict('disk_health', { '': unknown }),
      ...verdict('volume_health', { '': unknown }),
      'sum(customer:maintenance_control_compliant:sum)': { '{}': 0 },
      'customer:maintenance_control_compliant:ratio{control="backup"}': {
        'customer:maintenance_control_compliant:ratio{customer="acme",control="backup"}': 0,
      },
    },
  },
  {
    fact: 'never green: a server without any backup job',
    series: scraped(),
    at: 0,
    expect: verdict('backup', { '': unknown }),
  },
  {
    fact: 'never green: a backup that never succeeded',
    series: { ...scraped(), ...declared(), ...readable(1), ...points(0) },
    at: 0,
    expect: verdict('backup', { files: { known: 1, compliant: 0, age: Infinity } }),
  },
  {
    fact: 'never green: a disk that vanished',
    series: { ...scraped(), ...present('1x23 0x400'), ...healthy(1, alive) },
    at: 7 * hours,
    expect: verdict('disk_health', { d1: { known: 1, compliant: 0 } }),
  },
  {
    fact: 'never green: a disk that no fact speaks of any more',
    series: { ...scraped(), ...present(1, alive), ...healthy(1, alive) },
    at: 7 * hours,
    expect: verdict('disk_health', { d1: unknown }),
  },
  {
    fact: 'never green: a volume that its collector cannot see any more',
    series: { ...scraped(), ...volume('md', 'md0', 1, alive) },
    at: 7 * hours,
    expect: verdict('volume_health', { 'md:md0': unknown }),
  },
  {
    fact: 'never green: a volume of which only its name is known',
    series: {
      ...scraped(),
      ...fact('maintenance_volume_info', { kind: 'lvm', volume: 'vg/data', level: 'raid1' }, 1),
    },
    at: 3 * hours,
    expect: verdict('volume_health', { 'lvm:vg/data': unknown }),
  },
  {
    fact: 'never green: a degraded pool beside a whole volume group of the same name',
    series: { ...scraped(), ...volume('zfs', 'data', 0), ...volume('lvm', 'data', 1) },
    at: 3 * hours,
    expect: verdict('volume_health', {
      'zfs:data': { known: 1, compliant: 0 },
      'lvm:data': { known: 1, compliant: 1 },
    }),
  },
  {
    fact: 'never green: a volume that was there before and is gone',
    series: {
      ...scraped(),
      ...fact('maintenance_volume_present', { kind: 'md', volume: 'md0' }, '1x23 0x400'),
      ...fact('maintenance_volume_healthy', { kind: 'md', volume: 'md0' }, 1, alive),
    },
    at: 7 * hours,
    expect: verdict('volume_health', { 'md:md0': { known: 1, compliant: 0 } }),
  },
  {
    fact: 'never green: an agent that runs and does not tell what it has loaded, with fresh definitions on disk',
    series: { ...scraped(), ...onDisk('daily', 0), ...fact('maintenance_antivirus_running', product, 1) },
    at: 3 * hours,
    expect: verdict('av_definitions', { clamav: unknown }),
  },
  {
    fact: 'never green: an agent that may not be asked whether it runs, with fresh definitions on disk',
    series: { ...scraped(), ...onDisk('daily', 0) },
    at: 3 * hours,
    expect: {
      ...verdict('av_definitions', { clamav: unknown }),
      ...verdict('av_protection', { clamav: unknown }),
    },
  },
  {
    fact: 'never green: a release that no table knows, on a host that answers',
    series: {
      ...scraped(),
      ...pending(0),
      ...fact('maintenance_collector_success', { collector: 'os_support' }, 0),
      ...fact('maintenance_os_support_table_timestamp_seconds', { source: 'shipped' }, 0),
    },
    at: 3 * hours,
    expect: verdict('os_supported', { '': unknown }),
  },
  {
    fact: 'never green: a supported system whose end of support cannot be read any more',
    series: { ...scraped(), ...supportEnd(365 * days, alive) },
    at: 7 * hours,
    expect: verdict('os_supported', { debian: unknown }),
  },
  {
    fact: 'never green: pending updates that were never measured',
    series: { ...scraped(), ...oldest(0) },
    at: 0,
    expect: verdict('patch_security', { '': unknown }),
  },
];

const other = { customer: 'acme', instance: 'box-1' } as const;
const bothRoles: Series = {
  'up{job="maintenance",customer="acme",instance="app-1",role="server"}': '1x23 stale',
  'up{job="maintenance",customer="acme",instance="app-1",role="appliance"}': '_x24 1x400',
  ...pending('0x23 stale'),
  ...fact('maintenance_patches_pending', { manager: 'apt', class: 'security', severity: 'unknown' }, 0, {
    on: { customer: 'acme', instance: 'app-1', role: 'appliance' },
    from: 24,
  }),
};

const facts: readonly RecordCase[] = [
  {
    fact: 'no pending update is an age of 0, known and in order',
    series: { ...scraped(), ...pending(0), ...pending(0, 'critical') },
    at: 3 * hours,
    expect: verdict('patch_security', { apt: { known: 1, compliant: 1, age: 0 } }),
  },
  {
    fact: 'the oldest update of any severity counts',
    series: {
      ...scraped(),
      ...pending(1),
      ...oldest(2 * hours),
      ...pending(1, 'critical'),
      ...oldest(1 * hours, 'critical'),
    },
    at: 3 * hours,
    expect: verdict('patch_security', { apt: { known: 1, compliant: 1, age: 2 * hours } }),
  },
  {
    fact: 'the oldest timestamp of a severity without pending updates does not count',
    series: {
      ...scraped(),
      ...pending(0, 'critical'),
      ...oldest(-900 * hours, 'critical'),
      ...pending(1),
      ...oldest(0),
    },
    at: 3 * hours,
    expect: verdict('patch_security', { apt: { known: 1, compliant: 1, age: 3 * hours } }),
  },
  {
    fact: 'an update was installed and the exporter died: the old age does not come back',
    series: {
      ...scraped({ samples: 48 }),
      ...pending('3x23 0x23 stale'),
      ...pending('1x23 stale', 'critical'),
      ...oldest(-90 * hours, 'unknown', alive),
      ...oldest(-90 * hours, 'critical', alive),
    },
    at: 20 * hours,
    expect: {
      ...verdict('patch_security', { apt: { ...unknown, age: 0 } }),
      'ALERTS{alertname="MaintenancePatchSecurityOverdue"}': {},
    },
  },
  {
    fact: 'an update without a date may be the oldest: the age is unknown',
    series: { ...scraped(), ...pending(1), ...pending(1, 'critical'), ...oldest(0, 'critical') },
    at: 3 * hours,
    expect: verdict('patch_security', { apt: unknown }),
  },
  {
    fact: 'of a release date and a first sight the older one counts',
    series: {
      ...scraped(),
      ...pending(2),
      ...oldest(-10 * hours),
      ...fact(
        'maintenance_patch_oldest_pending_timestamp_seconds',
        { manager: 'apt', class: 'security', severity: 'unknown', basis: 'first_seen' },
        -20 * hours,
      ),
    },
    at: 3 * hours,
    expect: verdict('patch_security', { apt: { known: 1, compliant: 1, age: 23 * hours } }),
  },
  {
    fact: 'nothing pending on a system past its support is unknown: its vendor makes no updates any more',
    series: {
      ...scraped(),
      ...pending(0),
      ...standard('apt', 'standard', 0),
      ...standard('flatpak', 'application', 0),
      ...supportEnd(-days),
    },
    at: 3 * hours,
    expect: {
      ...verdict('patch_security', { apt: unknown }),
      ...verdict('patch_standard', {
        apt: unknown,
        flatpak: { known: 1, compliant: 1, age: 0 },
      }),
    },
  },
  {
    fact: 'support ends at its instant, for the system and for what "nothing pending" proves',
    series: { ...scraped(), ...pending(0), ...supportEnd(3 * hours) },
    at: 3 * hours,
    expect: {
      ...verdict('os_supported', { debian: { known: 1, compliant: 0 } }),
      ...verdict('patch_security', { apt: { ...unknown, age: 0 } }),
    },
  },
  {
    fact: 'a system is in order until its support ends',
    series: { ...scraped(), ...pending(0), ...supportEnd(3 * hours) },
    at: 2 * hours + 45 * minutes,
    expect: {
      ...verdict('os_supported', { debian: { known: 1, compliant: 1 } }),
      ...verdict('patch_security', { apt: { known: 1, compliant: 1, age: 0 } }),
    },
  },
  {
    fact: 'an upgraded system is the same object, judged by its new release',
    series: {
      ...scraped(),
      ...supportEnd(-days, { samples: 12 }),
      ...supportEnd(365 * days, { from: 12 }, '12'),
    },
    at: 3 * hours,
    expect: verdict('os_supported', { debian: { known: 1, compliant: 1 } }),
  },
  {
    fact: 'what is pending on a system past its support keeps its age',
    series: { ...scraped(), ...pending(1), ...oldest(-90 * hours), ...supportEnd(-days) },
    at: 3 * hours,
    expect: verdict('patch_security', { apt: { known: 1, compliant: 0, age: 93 * hours } }),
  },
  {
    fact: 'nothing pending on a supported system is in order, until the day its support ends',
    series: { ...scraped(), ...pending(0), ...supportEnd(2 * hours) },
    at: hours,
    expect: verdict('patch_security', { apt: { known: 1, compliant: 1, age: 0 } }),
  },
  {
    fact: 'updates of applications are judged like standard ones of the system',
    series: {
      ...scraped(),
      ...standard('snap', 'application', 2),
      ...fact(
        'maintenance_patch_oldest_pending_timestamp_seconds',
        { manager: 'snap', class: 'application', severity: 'unknown', basis: 'first_seen' },
        -32 * days,
      ),
    },
    at: 3 * hours,
    expect: verdict('patch_standard', {
      snap: { known: 1, compliant: 0, age: 32 * days + 3 * hours },
    }),
  },
  {
    fact: 'a date in the future is unknown, not fresh',
    series: { ...scraped(), ...declared(), ...readable(1), ...points(3), ...success(40 * days) },
    at: 3 * hours,
    expect: verdict('backup', { files: unknown }),
  },
  {
    fact: 'a clock a few minutes ahead is an age of 0',
    series: {
      ...scraped(),
      ...declared(),
      ...readable(1),
      ...points(3),
      ...success(3 * hours + 10 * minutes),
    },
    at: 3 * hours,
    expect: verdict('backup', { files: { known: 1, compliant: 1, age: 0 } }),
  },
  {
    fact: 'no reboot required is an age of 0',
    series: { ...scraped(), ...rebootRequired('kernel', 0), ...rebootRequired('flag_file', 0) },
    at: 3 * hours,
    expect: verdict('reboot', { '': { known: 1, compliant: 1, age: 0 } }),
  },
  {
    fact: 'one reason for a reboot could not be read: no reboot is unknown',
    series: {
      ...scraped(),
      ...rebootRequired('flag_file', 0),
      ...fact('maintenance_collector_success', { collector: 'reboot' }, 0),
    },
    at: 3 * hours,
    expect: verdict('reboot', { '': unknown }),
  },
  {
    fact: 'one reason for a reboot could not be read: a reboot that another reason asks for is known',
    series: {
      ...scraped(),
      ...rebootRequired('flag_file', 1),
      ...fact('maintenance_reboot_required_since_timestamp_seconds', {}, -90 * hours),
      ...fact('maintenance_collector_success', { collector: 'reboot' }, 0),
    },
    at: 3 * hours,
    expect: verdict('reboot', { '': { known: 1, compliant: 0, age: 93 * hours } }),
  },
  {
    fact: 'an unreadable repository keeps the age of its last good run for a day and is unknown',
    series: {
      ...scraped(),
      ...declared(),
      ...readable('1x23 0x400'),
      ...points(3, alive),
      ...success(0, alive),
    },
    at: 7 * hours,
    expect: verdict('backup', { files: { ...unknown, age: 7 * hours } }),
  },
  {
    fact: 'a declared job that was never readable is expected and unknown',
    series: { ...scraped(), ...declared(), ...readable(0) },
    at: 2 * days,
    expect: verdict('backup', { files: unknown }),
  },
  {
    fact: 'never green: restore points that are all incomplete are none',
    series: { ...scraped(), ...declared(), ...readable(1), ...points(3) },
    at: 3 * hours,
    expect: verdict('backup', { files: { known: 1, compliant: 0, age: Infinity } }),
  },
  {
    fact: 'never green: a job that only the record of its runs tells about and that never succeeded',
    series: { ...scraped(), ...recorded(0) },
    at: 3 * hours,
    expect: verdict('backup', { export: { known: 1, compliant: 0, age: Infinity } }),
  },
  {
    fact: 'a job that only the record of its runs tells about is as old as its last success',
    series: {
      ...scraped(),
      ...recorded(5),
      ...fact('maintenance_backup_last_success_timestamp_seconds', { tool: 'run', backup_job: 'export' }, 0),
    },
    at: 3 * hours,
    expect: verdict('backup', { export: { known: 1, compliant: 1, age: 3 * hours } }),
  },
  {
    fact: 'of two tools with a job of the same name the worse one counts',
    series: {
      ...scraped(),
      ...points(3),
      ...success(0),
      ...fact('maintenance_backup_restore_points', { tool: 'borg', backup_job: 'files' }, 3),
      ...fact(
        'maintenance_backup_last_success_timestamp_seconds',
        { tool: 'borg', backup_job: 'files' },
        -days,
      ),
    },
    at: 3 * hours,
    expect: verdict('backup', { files: { known: 1, compliant: 0, age: 27 * hours } }),
  },
  {
    fact: 'loaded definitions count, not newer ones on disk',
    series: { ...scraped(), ...loaded(-5 * days), ...onDisk('daily', 0), ...onDisk('main', -90 * days) },
    at: 3 * hours,
    expect: verdict('av_definitions', { clamav: { known: 1, compliant: 0, age: 5 * days + 3 * hours } }),
  },
  {
    fact: 'of an agent that does not run the newest definitions on disk count',
    series: {
      ...scraped(),
      ...onDisk('daily', 0),
      ...onDisk('main', -90 * days),
      ...fact('maintenance_antivirus_running', product, 0),
    },
    at: 3 * hours,
    expect: verdict('av_definitions', { clamav: { known: 1, compliant: 1, age: 3 * hours } }),
  },
  {
    fact: 'a disk that a scan missed stays expected for as long as it is named',
    series: {
      ...scraped(),
      ...present(1, alive),
      ...healthy(1, alive),
      ...fact('maintenance_disk_readable', disk, '1x23 0x400'),
    },
    at: 3 * days,
    expect: verdict('disk_health', { d1: unknown }),
  },
  {
    fact: 'an antivirus product without any definitions is expected and unknown',
    series: { ...scraped(), ...fact('maintenance_antivirus_running', product, 1) },
    at: 3 * hours,
    expect: {
      ...verdict('av_definitions', { clamav: unknown }),
      ...verdict('av_protection', { clamav: { known: 1, compliant: 1 } }),
    },
  },
  {
    fact: 'a disk without a verdict of its own is unknown',
    series: { ...scraped(), ...present(1) },
    at: 3 * hours,
    expect: verdict('disk_health', { d1: unknown }),
  },
  {
    fact: 'a sleeping disk keeps the verdict it had within the last day',
    series: { ...scraped(), ...present(1), ...healthy(1, alive), ...standby({ from: 24 }) },
    at: 29 * hours,
    expect: verdict('disk_health', { d1: { known: 1, compliant: 1 } }),
  },
  {
    fact: 'a disk that has slept for more than a day is unknown',
    series: { ...scraped(), ...present(1), ...healthy(1, alive), ...standby({ from: 24 }) },
    at: 31 * hours,
    expect: verdict('disk_health', { d1: unknown }),
  },
  {
    fact: 'a failing disk that falls asleep is still failing',
    series: { ...scraped(), ...present(1), ...healthy(0, alive), ...standby({ from: 24 }) },
    at: 20 * hours,
    expect: {
      ...verdict('disk_health', { d1: { known: 1, compliant: 0 } }),
      'count(ALERTS{alertname="MaintenanceDiskFailing",alertstate="firing"})': { '{}': 1 },
    },
  },
  ...selfTestCases(verdict),
  ...taskRecordCases(verdict),
  {
    fact: 'an exporter that answers is in order, one that does not is known to be out of order',
    series: { ...scraped(), ...scraped({ on: { ...server, instance: 'app-2' }, samples: 1 }) },
    at: 3 * hours,
    expect: {
      'object:maintenance_control_compliant:bool{control="host_reporting"}': {
        'object:maintenance_control_compliant:bool{customer="acme",instance="app-1",role="server",control="host_reporting"}': 1,
        'object:maintenance_control_compliant:bool{customer="acme",instance="app-2",role="server",control="host_reporting"}': 0,
      },
      'sum(object:maintenance_control_known:bool{control="host_reporting"})': { '{}': 2 },
    },
  },
  {
    fact: 'a host whose role the policy does not name, or that has none, must have what the default role asks for',
    series: { ...scraped({ on: other }), ...scraped({ on: { ...other, instance: 'box-2', role: 'kiosk' } }) },
    at: 0,
    expect: {
      'object:maintenance_control_expected:bool': {
        'object:maintenance_control_expected:bool{customer="acme",instance="box-1",control="host_reporting"}': 1,
        'object:maintenance_control_expected:bool{customer="acme",instance="box-2",role="kiosk",control="host_reporting"}': 1,
        'object:maintenance_control_expected:bool{customer="acme",instance="box-1",control="patch_security"}': 1,
        'object:maintenance_control_expected:bool{customer="acme",instance="box-2",role="kiosk",control="patch_security"}': 1,
      },
    },
  },
  {
    fact: 'a role that does not ask for a control is not expected to have it, unless the host shows it',
    series: {
      ...scraped({ on: { ...other, role: 'appliance' } }),
      ...fact('maintenance_antivirus_running', product, 1, { on: { ...other, role: 'appliance' } }),
    },
    at: 0,
    expect: {
      'count by (control) (object:maintenance_control_expected:bool)': {
        '{control="host_reporting"}': 1,
        '{control="av_protection"}': 1,
        '{control="av_definitions"}': 1,
      },
    },
  },
  {
    fact: 'a host that was given another role is judged once, under the new one',
    series: bothRoles,
    at: 7 * hours,
    expect: {
      'object:maintenance_control_expected:bool{control="patch_security"}': {
        'object:maintenance_control_expected:bool{customer="acme",instance="app-1",role="appliance",control="patch_security",object="apt"}': 1,
      },
      'object:maintenance_control_age_seconds:last{control="patch_security"}': {
        'object:maintenance_control_age_seconds:last{customer="acme",instance="app-1",role="appliance",control="patch_security",object="apt"}': 0,
      },
      'instance:maintenance_host_expected:bool': {
        'instance:maintenance_host_expected:bool{customer="acme",instance="app-1",role="appliance"}': 1,
      },
    },
  },
  {
    fact: 'an object of a dead host is expected for a day, then the host stands for it',
    series: {
      ...scraped(alive),
      ...declared(alive),
      ...readable(1, alive),
      ...points(3, alive),
      ...success(0, alive),
    },
    at: 29 * hours + 45 * minutes,
    expect: verdict('backup', { files: { ...unknown, age: 29 * hours + 45 * minutes } }),
  },
  {
    fact: 'the first override that matches sets the limit',
    series: Object.assign(
      {},
      ...(['web-1', 'web-3'] as const).map((instance) => pendingOn({ ...server, instance })),
      pendingOn({ customer: 'birch', instance: 'web-9', role: 'server' }),
    ),
    at: 0,
    expect: {
      'object:maintenance_control_limit_seconds:effective{control="patch_security"}': {
        'object:maintenance_control_limit_seconds:effective{customer="acme",instance="web-1",role="server",control="patch_security",object="apt"}':
          4 * days,
        'object:maintenance_control_limit_seconds:effective{customer="acme",instance="web-3",role="server",control="patch_security",object="apt"}':
          72 * hours,
        'object:maintenance_control_limit_seconds:effective{customer="birch",instance="web-9",role="server",control="patch_security",object="apt"}':
          7 * days,
      },
    },
  },
  {
    fact: 'a customer counts objects, a host is as good as its worst object',
    series: {
      ...scraped(),
      ...declared(),
      ...readable(1),
      ...points(3),
      ...success(0),
      ...fact('maintenance_backup_restore_points', { tool: 'restic', backup_job: 'db' }, 0),
      ...fact('maintenance_backup_repository_readable', { tool: 'restic', backup_job: 'mail' }, 0),
    },
    at: 3 * hours,
    expect: {
      ...verdict('backup', {
        files: { known: 1, compliant: 1, age: 3 * hours },
        db: { known: 1, compliant: 0, age: Infinity },
        mail: unknown,
      }),
      'instance:maintenance_control_compliant:min{control="backup"}': {
        [`instance:maintenance_control_compliant:min{${host},control="backup"}`]: 0,
      },
      'instance:maintenance_control_known:min{control="backup"}': {
        [`instance:maintenance_control_known:min{${host},control="backup"}`]: 0,
      },
      'customer:maintenance_control_expected:sum{control="backup"}': {
        'customer:maintenance_control_expected:sum{customer="acme",control="backup"}': 3,
      },
      'customer:maintenance_control_known:sum{control="backup"}': {
        'customer:maintenance_control_known:sum{customer="acme",control="backup"}': 2,
      },
      'customer:maintenance_control_compliant:sum{control="backup"}': {
        'customer:maintenance_control_compliant:sum{customer="acme",control="backup"}': 1,
      },
      'customer:maintenance_control_compliant:ratio{control="backup"} * 3': {
        '{customer="acme",control="backup"}': 1,
      },
      'customer:maintenance_control_known:ratio{control="backup"} * 3': {
        '{customer="acme",control="backup"}': 2,
      },
    },
  },
  {
    fact: 'the target and the heartbeat of every group are recorded',
    series: {},
    at: 3 * hours,
    expect: {
      'maintenance:control_target:ratio{control=~"backup|reboot"}': {
        'maintenance:control_target:ratio{control="backup"}': 0.99,
        'maintenance:control_target:ratio{control="reboot"}': 0.95,
      },
      'maintenance:evaluation_timestamp_seconds': heartbeats(
        'maintenance:evaluation_timestamp_seconds',
        3 * hours,
      ),
      'maintenance:evaluation_interval_seconds': {
        ...heartbeats('maintenance:evaluation_interval_seconds', step),
        ...heartbeats('maintenance:evaluation_interval_seconds', seldom, seldomGroups),
      },
    },
  },
];

function heartbeats(
  record: string,
  value: number,
  groups: readonly string[] = [...recordGroups, ...alertGroups],
): Readonly<Record<string, number>> {
  return Object.fromEntries(groups.map((group) => [`${record}{rule_group="${group}"}`, value]));
}

function pendingOn(on: Target): Series {
  return { ...scraped({ on }), ...pending(0, 'unknown', { on }) };
}

const restic = { tool: 'restic', backup_job: 'files' } as const;
const checked = (depth: 'structure' | 'data', at: number, inOrder: 0 | 1, lasting: Lasting = {}): Series => ({
  ...fact('maintenance_backup_check_timestamp_seconds', { ...restic, depth }, at, lasting),
  ...fact('maintenance_backup_check_success', { ...restic, depth }, inOrder, lasting),
});

const trivy = { scanner: 'trivy' } as const;
const found = (
  severity: 'critical' | 'important' | 'unknown',
  fixable: 'true' | 'false',
  count: number,
  since?: number,
): Series => ({
  ...fact('maintenance_vulnerabilities_open', { ...trivy, severity, fixable }, count),
  ...(since === undefined
    ? {}
    : fact(
        'maintenance_vulnerability_oldest_open_timestamp_seconds',
        { ...trivy, severity, fixable, basis: 'first_seen' },
        since,
      )),
});
const scan = (at: number, database?: number): Series => ({
  ...fact('maintenance_vulnerability_scan_timestamp_seconds', trivy, at),
  ...(database === undefined
    ? {}
    : fact('maintenance_vulnerability_database_timestamp_seconds', trivy, database)),
});
const none: Series = {
  ...found('critical', 'true', 0),
  ...found('critical', 'false', 4, -900 * days),
  ...found('important', 'true', 0),
};
const kiosk = 'customer="acme",instance="kiosk-1",role="kiosk"';

/** Controls over work that somebody must do, and over what scanners find. */
const done: readonly RecordCase[] = [
  {
    fact: 'never green: a job that was never restored, where the role asks for it; unknown while its repository is unreadable',
    series: {
      ...scraped(),
      ...readable('1x23 0x400'),
      ...fact('maintenance_backup_repository_readable', { ...restic, backup_job: 'mail' }, 0),
    },
    at: 3 * hours,
    expect: verdict('restore_test', {
      files: { known: 1, compliant: 0, age: Infinity },
      mail: unknown,
    }),
  },
  {
    fact: 'a job without restore test or check is nothing to a role that does not ask for them',
    series: {
      ...scraped({ on: { ...server, instance: 'kiosk-1', role: 'kiosk' } }),
      ...fact('maintenance_backup_repository_readable', restic, 1, {
        on: { ...server, instance: 'kiosk-1', role: 'kiosk' },
      }),
    },
    at: 3 * hours,
    expect: {
      ...verdict('restore_test', {}, kiosk),
      ...verdict('backup_check', {}, kiosk),
    },
  },
  {
    fact: 'never green: a restore test that succeeded yesterday and failed today',
    series: {
      ...scraped(),
      ...readable(1),
      ...fact('maintenance_backup_restore_test_success', restic, 0),
      ...fact('maintenance_backup_restore_test_last_success_timestamp_seconds', restic, -days),
    },
    at: 3 * hours,
    expect: verdict('restore_test', { files: { known: 1, compliant: 0, age: Infinity } }),
  },
  {
    fact: 'an unreadable repository does not undo the restore test it is known to have had',
    series: {
      ...scraped(),
      ...readable('1x23 0x400'),
      ...fact('maintenance_backup_restore_test_success', restic, 1, alive),
      ...fact('maintenance_backup_restore_test_last_success_timestamp_seconds', restic, -days, alive),
    },
    at: 7 * hours,
    expect: verdict('restore_test', { files: { ...unknown, age: days + 7 * hours } }),
  },
  {
    fact: 'reading back the data checks the structure, too, and not the other way round',
    series: { ...scraped(), ...checked('structure', -9 * days, 1), ...checked('data', 0, 1) },
    at: 3 * hours,
    expect: {
      ...verdict('backup_check', { files: { known: 1, compliant: 1, age: 3 * hours } }),
      ...verdict('backup_check_data', { files: { known: 1, compliant: 1, age: 3 * hours } }),
    },
  },
  {
    fact: 'never green: a structure that is in order over data that are not',
    series: { ...scraped(), ...checked('structure', 0, 1), ...checked('data', -days, 0) },
    at: 3 * hours,
    expect: {
      ...verdict('backup_check', { files: { known: 1, compliant: 0, age: Infinity } }),
      ...verdict('backup_check_data', { files: { known: 1, compliant: 0, age: Infinity } }),
    },
  },
  {
    fact: 'none with a fix is in order, as of a recent scan with a recent database; without a fix nothing can be installed',
    series: { ...scraped(), ...none, ...scan(0, -days) },
    at: 3 * hours,
    expect: {
      ...verdict('vulnerability_critical', { trivy: { known: 1, compliant: 1, age: 0 } }),
      ...verdict('vulnerability_high', { trivy: { known: 1, compliant: 1, age: 0 } }),
      ...verdict('vulnerability_scan', { trivy: { known: 1, compliant: 1, age: days + 3 * hours } }),
    },
  },
  {
    fact: 'never green: none found with a database that is two weeks old',
    series: { ...scraped(), ...none, ...scan(3 * hours, 3 * hours - 14 * days - 1) },
    at: 3 * hours,
    expect: {
      ...verdict('vulnerability_critical', { trivy: { ...unknown, age: 0 } }),
      ...verdict('vulnerability_scan', { trivy: { known: 1, compliant: 0, age: 14 * days + 1 } }),
    },
  },
  {
    fact: 'never green: none found with a database of unknown age',
    series: { ...scraped(), ...none, ...scan(0) },
    at: 3 * hours,
    expect: {
      ...verdict('vulnerability_critical', { trivy: unknown }),
      ...verdict('vulnerability_high', { trivy: unknown }),
      ...verdict('vulnerability_scan', { trivy: unknown }),
    },
  },
  {
    fact: 'never green: a scanner that never ran',
    series: { ...scraped(), ...fact('maintenance_collector_interval_seconds', { collector: 'trivy' }, days) },
    at: 3 * hours,
    expect: {
      ...verdict('vulnerability_critical', { trivy: unknown }),
      ...verdict('vulnerability_scan', { trivy: unknown }),
    },
  },
  {
    fact: 'never green: a severity that was not searched for',
    series: { ...scraped(), ...found('important', 'true', 0), ...scan(0, 0) },
    at: 3 * hours,
    expect: {
      ...verdict('vulnerability_critical', { trivy: unknown }),
      ...verdict('vulnerability_high', { trivy: { known: 1, compliant: 1, age: 0 } }),
    },
  },
  {
    fact: 'one of unknown severity may be critical',
    series: { ...scraped(), ...none, ...found('unknown', 'true', 1, -4 * days), ...scan(0, 0) },
    at: 3 * hours,
    expect: verdict('vulnerability_critical', {
      trivy: { known: 1, compliant: 0, age: 4 * days + 3 * hours },
    }),
  },
  {
    fact: 'an exploited one is critical whatever its severity, and may be the oldest, also without a fix',
    series: {
      ...scraped(),
      ...none,
      ...fact('maintenance_vulnerabilities_exploited_open', trivy, 1),
      ...scan(0, 0),
    },
    at: 3 * hours,
    expect: verdict('vulnerability_critical', {
      trivy: { known: 1, compliant: 0, age: 900 * days + 3 * hours },
    }),
  },
  {
    fact: 'never green: room on a file system of which nobody knows how fast it fills',
    series: {
      ...scraped(),
      ...fact('maintenance_filesystem_size_bytes', { mountpoint: '/', fstype: 'ext4' }, 100),
      ...fact('maintenance_filesystem_free_bytes', { mountpoint: '/', fstype: 'ext4' }, 60),
    },
    at: 3 * hours,
    expect: verdict('capacity', { '/': unknown }),
  },
  {
    fact: 'never green: one that is exploited, and no age of any',
    series: {
      ...scraped(),
      ...found('critical', 'true', 0),
      ...fact('maintenance_vulnerabilities_exploited_open', trivy, 1),
      ...scan(0, 0),
    },
    at: 3 * hours,
    expect: verdict('vulnerability_critical', { trivy: unknown }),
  },
  {
    fact: 'never green: one whose age is unknown beside a young one',
    series: {
      ...scraped(),
      ...found('critical', 'true', 1),
      ...found('unknown', 'true', 1, 0),
      ...scan(0, 0),
    },
    at: 3 * hours,
    expect: verdict('vulnerability_critical', { trivy: unknown }),
  },
  {
    fact: 'high urgency of debsecan, which never says critical, is judged as critical',
    series: {
      ...scraped(),
      ...fact(
        'maintenance_vulnerabilities_open',
        { scanner: 'debsecan', severity: 'important', fixable: 'true' },
        1,
      ),
      ...fact(
        'maintenance_vulnerability_oldest_open_timestamp_seconds',
        { scanner: 'debsecan', severity: 'important', fixable: 'true', basis: 'first_seen' },
        -4 * days,
      ),
    },
    at: 3 * hours,
    expect: {
      ...verdict('vulnerability_critical', {
        debsecan: { known: 1, compliant: 0, age: 4 * days + 3 * hours },
      }),
      ...verdict('vulnerability_high', {
        debsecan: { known: 1, compliant: 1, age: 4 * days + 3 * hours },
      }),
    },
  },
  {
    fact: 'package lists without a date are unknown; those of a store that is asked each time do not exist',
    series: {
      ...scraped(),
      ...fact('maintenance_patch_metadata_complete', { manager: 'apt' }, 1),
      ...fact('maintenance_patch_metadata_complete', { manager: 'snap' }, 1),
    },
    at: 3 * hours,
    expect: verdict('patch_metadata', { apt: unknown }),
  },
  {
    fact: 'an update of any class slips, held ones as well',
    series: {
      ...scraped(),
      ...pending(0),
      ...fact('maintenance_patches_held', { manager: 'apt', class: 'standard' }, 1),
      ...fact(
        'maintenance_patch_oldest_held_timestamp_seconds',
        { manager: 'apt', class: 'standard', basis: 'released' },
        -31 * days,
      ),
    },
    at: 3 * hours,
    expect: verdict('patch_slip', { apt: { known: 1, compliant: 0, age: 31 * days + 3 * hours } }),
  },
];

export const recordCases: readonly RecordCase[] = [...neverGreen, ...facts, ...done];
