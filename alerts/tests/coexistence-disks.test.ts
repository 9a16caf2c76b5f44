import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPolicy } from '../policy.ts';
import { days, hours, type Series, step } from './facts.ts';
import { promtool as promtoolIn, writeRules } from './promtool.ts';

const policy = readPolicy(join(import.meta.dirname, 'policy.yaml'));
let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-coexistence-'));
  writeRules(directory, policy, 'maintenance_');
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Late enough for something to vanish three hours before; every evaluation costs. */
const now = 6 * hours;
const lasting = (value: number) => `${value}x30`;
/** There until the third hour before now. */
const until3h = (value: number) => `${value}x${(now - 3 * hours) / step} stale`;

type Expected = Readonly<Record<string, Readonly<Record<string, number>>>>;
const promtool = (series: Series, expected: Expected, at = now) =>
  promtoolIn(directory, series, at, expected);

const target = 'customer="acme",instance="app-1",job="disks",role="server"';
const series = (name: string, labels: string, on = target) => `${name}{${on},${labels}}`;
const fact = (name: string, object: string, exporter = 'smartctl_exporter') =>
  `maintenance_disk_${name}{customer="acme",disk="${object}",exporter="${exporter}",instance="app-1",role="server"}`;
const facts = (
  exporter: string,
  values: Readonly<Record<string, Readonly<Record<string, number>>>>,
): Expected =>
  Object.fromEntries(
    Object.entries(values).map(([name, disks]) => [
      `maintenance_disk_${name}`,
      Object.fromEntries(
        Object.entries(disks).map(([object, value]) => [fact(name, object, exporter), value]),
      ),
    ]),
  );
const infoOf = (object: string, exporter: string, more: string) =>
  `maintenance_disk_info{customer="acme",disk="${object}",exporter="${exporter}",instance="app-1",role="server",${more}}`;
const compliant = 'object:maintenance_control_compliant:bool{control="disk_health"}';
const known = 'object:maintenance_control_known:bool{control="disk_health"}';
const verdict = (record: string, values: Readonly<Record<string, number>>): Expected => ({
  [record]: Object.fromEntries(
    Object.entries(values).map(([object, value]) => [
      `${record.replace(/\{.*/, '')}{control="disk_health",customer="acme",instance="app-1",object="${object}",role="server"}`,
      value,
    ]),
  ),
});

/** A disk as smartctl_exporter shows it; `values` are samples by the end of their name and by labels. */
function disk(
  device: string,
  serial: string,
  values: Readonly<Record<string, number>>,
  { more = 'protocol="ATA"', samples = lasting }: { more?: string; samples?: (value: number) => string } = {},
): Series {
  return {
    [series(
      'smartctl_device',
      `device="${device}",serial_number="${serial}",model_name="M ${device}",firmware_version="F1",${more}`,
    )]: samples(1),
    ...Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const [, metric = '', labels = ''] = /^([a-z_]+)(?:\{(.*)\})?$/.exec(name) ?? [];
        const labelled = labels === '' ? `device="${device}"` : `device="${device}",${labels}`;
        return [series(`smartctl_${metric}`, labelled), samples(value)];
      }),
    ),
  };
}
const devices = (count: number) => ({ [`smartctl_devices{${target}}`]: lasting(count) });
const attribute = (id: number, name: string) =>
  `device_attribute{attribute_id="${id}",attribute_name="${name}",attribute_value_type="raw"}`;

const healthyDisk = { device_smart_status: 1, device_smartctl_exit_status: 0 };

describe('smartctl_exporter', () => {
  test('healthy ATA, NVMe and SAS disks, with every fact and the verdict of the control', () => {
    promtool(
      {
        ...devices(3),
        ...disk('sda', 'A1', {
          ...healthyDisk,
          'device_temperature{temperature_type="current"}': 31,
          'device_temperature{temperature_type="lifetime_max"}': 60,
          device_power_on_seconds: 3600,
          device_rotation_rate: 7200,
          device_capacity_bytes: 4e12,
          [attribute(5, 'Reallocated_Sector_Ct')]: 3,
          [attribute(197, 'Current_Pending_Sector')]: 2,
          [attribute(187, 'Reported_Uncorrect')]: 1,
          [attribute(198, 'Offline_Uncorrectable')]: 8,
          [attribute(199, 'UDMA_CRC_Error_Count')]: 9,
        }),
        ...disk(
          'nvme0',
          'N1',
          {
            ...healthyDisk,
            'device_temperature{temperature_type="current"}': 40,
            device_percentage_used: 104,
            device_available_spare: 90,
            device_available_spare_threshold: 10,
            device_media_errors: 5,
            device_capacity_bytes: 0,
            device_nvme_capacity_bytes: 1e12,
          },
          { more: 'protocol="NVMe"' },
        ),
        ...disk(
          'bus_0_megaraid_9',
          'Z1',
          {
            ...healthyDisk,
            'device_temperature{temperature_type="current"}': 0,
            scsi_grown_defect_list: 56,
            read_total_uncorrected_errors: 3,
            write_total_uncorrected_errors: 4,
          },
          { more: 'protocol="SCSI"' },
        ),
      },
      {
        ...facts('smartctl_exporter', {
          present: { A1: 1, N1: 1, Z1: 1 },
          readable: { A1: 1, N1: 1, Z1: 1 },
          standby: {},
          smart_healthy: { A1: 1, N1: 1, Z1: 1 },
          temperature_celsius: { A1: 31, N1: 40 },
          power_on_seconds_total: { A1: 3600 },
          capacity_bytes: { A1: 4e12, N1: 1e12 },
          wear_ratio: { N1: 1.04 },
          spare_ratio: { N1: 0.9 },
          media_errors_total: { N1: 5 },
          reallocated_sectors: { A1: 3, Z1: 56 },
          pending_sectors: { A1: 2 },
          uncorrectable_errors: { A1: 1, Z1: 7 },
          interface_crc_errors_total: { A1: 9 },
        }),
        maintenance_disk_info: {
          [infoOf(
            'A1',
            'smartctl_exporter',
            'device="sda",firmware="F1",kind="hdd",model="M sda",protocol="ATA",serial="A1"',
          )]: 1,
          [infoOf(
            'N1',
            'smartctl_exporter',
            'device="nvme0",firmware="F1",kind="ssd",model="M nvme0",protocol="NVMe",serial="N1"',
          )]: 1,
          [infoOf(
            'Z1',
            'smartctl_exporter',
            'device="bus_0_megaraid_9",firmware="F1",model="M bus_0_megaraid_9",protocol="SCSI",serial="Z1"',
          )]: 1,
        },
        ...verdict(compliant, { A1: 1, N1: 1, Z1: 1 }),
      },
    );
  });

  test('a failing disk fires; by its status, or by the exit status alone', () => {
    promtool(
      {
        ...devices(3),
        ...disk('sda', 'A1', { device_smart_status: 0, device_smartctl_exit_status: 8 + 64 }),
        ...disk('sdb', 'B1', { device_smart_status: 1, device_smartctl_exit_status: 24 }),
        ...disk('sdc', 'C1', { device_smart_status: 0 }),
        ...disk('sdd', 'D1', { device_smart_status: 1, device_smartctl_exit_status: 4 + 64 }),
      },
      {
        ...facts('smartctl_exporter', { smart_healthy: { A1: 0, B1: 0, C1: 0, D1: 1 } }),
        ...verdict(compliant, { A1: 0, B1: 0, C1: 0, D1: 1 }),
        'count by (object) (ALERTS{alertname="MaintenanceDiskFailing",alertstate="firing"})': {
          '{object="A1"}': 1,
          '{object="B1"}': 1,
          '{object="C1"}': 1,
        },
      },
    );
  });

  test('a missing verdict is unknown: no status, or an old exporter’s 0 without the bit of smartctl', () => {
    promtool(
      {
        ...devices(2),
        ...disk('sda', 'A1', { device_smartctl_exit_status: 0, device_capacity_bytes: 5 }),
        ...disk('sdb', 'B1', { device_smart_status: 0, device_smartctl_exit_status: 4 }),
      },
      {
        ...facts('smartctl_exporter', {
          smart_healthy: {},
          readable: { A1: 0, B1: 1 },
          present: { A1: 1, B1: 1 },
        }),
        ...verdict(known, { A1: 0, B1: 0 }),
        ...verdict(compliant, { A1: 0, B1: 0 }),
      },
    );
  });

  test('an NVMe disk whose health log is missing is not new, and an ATA disk of an old exporter neither', () => {
    const nothing = {
      device_percentage_used: 0,
      device_available_spare: 0,
      device_available_spare_threshold: 0,
      device_media_errors: 0,
    };
    promtool(
      {
        ...devices(2),
        ...disk('nvme0', 'N1', nothing, { more: 'protocol="NVMe"' }),
        ...disk('sda', 'A1', nothing),
      },
      facts('smartctl_exporter', {
        wear_ratio: {},
        spare_ratio: {},
        media_errors_total: {},
        readable: { A1: 0, N1: 0 },
      }),
    );
  });

  test('values that are none: packed sectors, other meanings of an id, SAS errors of 0', () => {
    promtool(
      {
        ...devices(2),
        ...disk('sda', 'A1', {
          [attribute(5, 'Reallocated_Sector_Ct')]: 131_075,
          [attribute(197, 'Total_Writes')]: 4,
          [attribute(198, 'Sectors_Read')]: 123,
        }),
        ...disk('sdb', 'B1', { read_total_uncorrected_errors: 0, write_total_uncorrected_errors: 0 }),
      },
      facts('smartctl_exporter', { reallocated_sectors: {}, pending_sectors: {}, uncorrectable_errors: {} }),
    );
  });

  test('a disk that vanished is gone when all others are shown, and only unreadable when one is not', () => {
    const gone = disk('sdb', 'B1', healthyDisk, { samples: until3h });
    const stays = disk('sda', 'A1', healthyDisk);
    promtool(
      { ...devices(1), ...stays, ...gone },
      {
        ...facts('smartctl_exporter', { present: { A1: 1, B1: 0 }, readable: { A1: 1 } }),
        ...verdict(compliant, { A1: 1, B1: 0 }),
        ...verdict(known, { A1: 1, B1: 1 }),
      },
    );
    promtool(
      { ...devices(2), ...stays, ...gone },
      {
        ...facts('smartctl_exporter', { present: { A1: 1 }, readable: { A1: 1, B1: 0 } }),
        ...verdict(known, { A1: 1, B1: 0 }),
      },
    );
  });

  test('an exporter that is gone takes nothing with it but what it knew', () => {
    promtool(
      {
        [`smartctl_devices{${target}}`]: until3h(1),
        ...disk('sda', 'A1', healthyDisk, { samples: until3h }),
      },
      {
        ...facts('smartctl_exporter', { present: {}, readable: {}, smart_healthy: {} }),
        ...verdict(compliant, { A1: 0 }),
      },
    );
  });

  test('a disk under a new name stays the same disk', () => {
    const before = { [series('smartctl_device', 'device="sda",serial_number="A1"')]: until3h(1) };
    const after = {
      [series('smartctl_device', 'device="sdb",serial_number="A1"')]: `_x${(now - 3 * hours) / step} 1x100`,
    };
    promtool({ ...devices(1), ...before, ...after }, facts('smartctl_exporter', { present: { A1: 1 } }));
  });

  test('two devices with one serial number are one disk, and its worst value counts', () => {
    promtool(
      {
        ...devices(2),
        ...disk('sda', 'S', { ...healthyDisk, 'device_temperature{temperature_type="current"}': 30 }),
        ...disk('sdb', 'S', {
          device_smart_status: 0,
          device_smartctl_exit_status: 8,
          'device_temperature{temperature_type="current"}': 50,
        }),
      },
      {
        ...facts('smartctl_exporter', {
          present: { S: 1 },
          smart_healthy: { S: 0 },
          temperature_celsius: { S: 50 },
        }),
        'count(maintenance_disk_info)': { '{}': 1 },
        ...verdict(compliant, { S: 0 }),
      },
    );
  });

  test('without usable serial number, without information, and with information given twice', () => {
    promtool(
      {
        ...devices(4),
        ...disk('sda', '', healthyDisk),
        ...disk('sdb', '0000', healthyDisk),
        [series('smartctl_device_smart_status', 'device="sdc"')]: lasting(0),
        ...disk('sdd', 'D1', healthyDisk),
        [series('smartctl_device', 'device="sdd",serial_number="D1",firmware_version="F2"')]: lasting(1),
        [series('smartctl_device', 'device="sdd",serial_number="D1"', target.replace('disks', 'again'))]:
          lasting(1),
        [series('smartctl_device_smart_status', 'device="sdd"', target.replace('disks', 'again'))]:
          lasting(1),
      },
      {
        ...facts('smartctl_exporter', { smart_healthy: { sda: 1, sdb: 1, sdc: 0, D1: 1 } }),
        'count(maintenance_disk_info)': { '{}': 3 },
      },
    );
  });

  test('what belongs to no customer is not taken', () => {
    promtool(
      {
        'smartctl_device{device="sda",serial_number="A1"}': lasting(1),
        'smartctl_device_smart_status{device="sda"}': lasting(1),
      },
      facts('smartctl_exporter', { present: {}, smart_healthy: {} }),
    );
  });
});

const mtime = (file: string, age: number, at = now) => ({
  [series('node_textfile_mtime_seconds', `file="/var/lib/prometheus/node-exporter/${file}"`)]: lasting(
    at - age,
  ),
});

describe('smartmon', () => {
  const py = (name: string, device: string, member: string, more = '') =>
    series(`smartmon_${name}`, `device="${device}",disk="${member}"${more}`);
  const sh = (name: string, path: string, type: string, more = '') =>
    series(`smartmon_${name}`, `disk="${path}",type="${type}"${more}`);
  const version = { [series('smartmon_smartctl_version', 'version="7.4"')]: lasting(1) };
  const fresh = { ...version, ...mtime('smartmon.prom', 300) };
  const fromPython = {
    [py('device_info', '/dev/sda', '0', ',serial_number="A1",device_model="Disk",firmware_version="F1"')]:
      lasting(1),
    [py('device_active', '/dev/sda', '0')]: lasting(1),
    [py('device_smart_healthy', '/dev/sda', '0')]: lasting(1),
    [py('attr_raw_value', '/dev/sda', '0', ',name="reallocated_sector_ct"')]: lasting(3),
    [py('attr_raw_value', '/dev/sda', '0', ',name="current_pending_sector"')]: lasting(2),
    [py('attr_raw_value', '/dev/sda', '0', ',name="offline_uncorrectable"')]: lasting(1),
    [py('attr_raw_value', '/dev/sda', '0', ',name="temperature_celsius"')]: lasting(33),
    [py('attr_raw_value', '/dev/sda', '0', ',name="power_on_hours"')]: lasting(2),
    [py('attr_raw_value', '/dev/sda', '0', ',name="udma_crc_error_count"')]: lasting(4),
  };
  const attributes = {
    smart_healthy: { A1: 1 },
    reallocated_sectors: { A1: 3 },
    pending_sectors: { A1: 2 },
    uncorrectable_errors: { A1: 1 },
    temperature_celsius: { A1: 33 },
    power_on_seconds_total: { A1: 7200 },
    interface_crc_errors_total: { A1: 4 },
  };

  test('of the Python script', () => {
    promtool(
      { ...fresh, ...fromPython },
      {
        ...facts('smartmon', { ...attributes, present: { A1: 1 }, readable: { A1: 1 } }),
        maintenance_disk_info: {
          [infoOf(
            'A1',
            'smartmon',
            'device="/dev/sda",firmware="F1",model="Disk",protocol="ATA",serial="A1"',
          )]: 1,
        },
        ...verdict(compliant, { A1: 1 }),
      },
    );
  });

  test('of the shell script, which puts the attribute into the name', () => {
    const raw = (name: string) => sh(`${name}_raw_value`, '/dev/sda', 'sat', ',smart_id="1"');
    promtool(
      {
        ...fresh,
        [sh('device_info', '/dev/sda', 'sat', ',serial_number="A1",device_model="Disk"')]: lasting(1),
        [sh('device_active', '/dev/sda', 'sat')]: lasting(1),
        [sh('device_smart_healthy', '/dev/sda', 'sat')]: lasting(1),
        [raw('reallocated_sector_ct')]: lasting(3),
        [raw('current_pending_sector')]: lasting(2),
        [raw('offline_uncorrectable')]: lasting(1),
        [raw('temperature_celsius')]: lasting(33),
        [raw('power_on_hours')]: lasting(2),
        [raw('udma_crc_error_count')]: lasting(4),
        [sh('device_info', '/dev/bus/0', 'megaraid,5', ',vendor="SEAGATE",product="ST4",revision="MS03"')]:
          lasting(1),
        [sh('device_smart_healthy', '/dev/bus/0', 'megaraid,5')]: lasting(0),
        [sh('grown_defects_count_raw_value', '/dev/bus/0', 'megaraid,5', ',smart_id="-1"')]: lasting(7),
        [sh('device_smart_healthy', '/dev/bus/0', 'sat+megaraid,6')]: lasting(1),
      },
      {
        ...facts('smartmon', {
          ...attributes,
          smart_healthy: { A1: 1, '/dev/bus/0 (megaraid,5)': 0, '/dev/bus/0 (sat+megaraid,6)': 1 },
          reallocated_sectors: { A1: 3, '/dev/bus/0 (megaraid,5)': 7 },
          present: { A1: 1, '/dev/bus/0 (megaraid,5)': 1 },
        }),
        'maintenance_disk_info{serial=""}': {
          [infoOf(
            '/dev/bus/0 (megaraid,5)',
            'smartmon',
            'device="/dev/bus/0 (megaraid,5)",firmware="MS03",model="ST4",protocol="SCSI"',
          )]: 1,
        },
      },
    );
  });

  test('members of a controller are told apart in what the Python script says', () => {
    promtool(
      {
        ...fresh,
        [py('device_smart_healthy', '/dev/bus/0', 'megaraid,5')]: lasting(1),
        [py('device_smart_healthy', '/dev/bus/0', 'megaraid,6')]: lasting(0),
      },
      facts('smartmon', {
        smart_healthy: { '/dev/bus/0 (megaraid,5)': 1, '/dev/bus/0 (megaraid,6)': 0 },
      }),
    );
  });

  test('a file that is no longer written, or has another name, tells nothing: known disks, unknown health', () => {
    for (const file of [mtime('smartmon.prom', 27 * hours), {}, mtime('disks.prom', 60)])
      promtool(
        { ...version, ...file, ...fromPython },
        {
          ...facts('smartmon', {
            smart_healthy: {},
            temperature_celsius: {},
            readable: { A1: 0 },
            present: { A1: 1 },
          }),
          ...verdict(known, { A1: 0 }),
          ...verdict(compliant, { A1: 0 }),
        },
      );
  });

  test('a disk that does not answer any more is unreadable and not gone, one that is not listed is gone', () => {
    const other = {
      [py('device_info', '/dev/sdb', '0', ',serial_number="B1"')]: until3h(1),
      [py('device_smart_healthy', '/dev/sdb', '0')]: until3h(1),
    };
    promtool(
      { ...fresh, ...fromPython, ...other, [py('device_active', '/dev/sdb', '0')]: lasting(0) },
      {
        ...facts('smartmon', { present: { A1: 1 }, readable: { A1: 1, B1: 0 }, standby: {} }),
        ...verdict(known, { A1: 1, B1: 0 }),
      },
    );
    promtool(
      { ...fresh, ...fromPython, ...other },
      {
        ...facts('smartmon', { present: { A1: 1, B1: 0 }, readable: { A1: 1 } }),
        ...verdict(compliant, { A1: 1, B1: 0 }),
      },
    );
  });

  test('a script that broke off after its first line leaves disks unreadable, not gone', () => {
    const ended = Object.fromEntries(
      Object.keys(fromPython).map((name): [string, string] => [name, until3h(1)]),
    );
    promtool(
      { ...fresh, ...ended },
      { ...facts('smartmon', { present: {}, readable: { A1: 0 } }), ...verdict(compliant, { A1: 0 }) },
    );
  });
});

describe('nvme_metrics', () => {
  const nvme = (name: string, device = '/dev/nvme0n1') => series(`nvme_${name}`, `device="${device}"`);
  const fresh = {
    ...mtime('nvme.prom', 300),
    [series('nvme_nvmecli', 'version="2.4"')]: lasting(1),
    [series('nvme_device_info', 'device="/dev/nvme0n1",model="NV",firmware="F",serial="N1"')]: lasting(1),
  };

  test('the verdict is that no bit of the critical warning is set', () => {
    promtool(
      {
        ...fresh,
        [nvme('critical_warning')]: lasting(0),
        [nvme('temperature_celsius')]: lasting(40),
        [nvme('percentage_used_ratio')]: lasting(0.3),
        [nvme('available_spare_ratio')]: lasting(0.9),
        [nvme('media_errors_total')]: lasting(2),
        [nvme('unsafe_shutdowns_total')]: lasting(6),
        [nvme('power_on_hours_total')]: lasting(3),
        [series('nvme_device_info', 'device="/dev/nvme1n1",serial="N2"')]: lasting(1),
        [nvme('critical_warning', '/dev/nvme1n1')]: lasting(4),
        // A second namespace of it.
        [series('nvme_device_info', 'device="/dev/nvme1n2",serial="N2"')]: lasting(1),
        [nvme('critical_warning', '/dev/nvme1n2')]: lasting(0),
        [series('nvme_device_info', 'device="/dev/nvme2n1",serial="N3"')]: lasting(1),
      },
      {
        ...facts('nvme_metrics', {
          smart_healthy: { N1: 1, N2: 0 },
          readable: { N1: 1, N2: 1, N3: 0 },
          temperature_celsius: { N1: 40 },
          wear_ratio: { N1: 0.3 },
          spare_ratio: { N1: 0.9 },
          media_errors_total: { N1: 2 },
          unsafe_shutdowns_total: { N1: 6 },
          power_on_seconds_total: { N1: 10_800 },
        }),
        'maintenance_disk_info{disk="N1"}': {
          [infoOf(
            'N1',
            'nvme_metrics',
            'device="/dev/nvme0n1",firmware="F",kind="ssd",model="NV",protocol="NVMe",serial="N1"',
          )]: 1,
        },
        ...verdict(compliant, { N1: 1, N2: 0, N3: 0 }),
      },
    );
  });

  test('beside smartmon it tells of its own disks, and no disk twice', () => {
    const sda = 'device="/dev/sda",disk="0"';
    const nvme0 = 'device="/dev/nvme0",disk="0"';
    promtool(
      {
        ...fresh,
        ...mtime('smartmon.prom', 300),
        [nvme('critical_warning')]: lasting(0),
        [series('smartmon_device_info', `${sda},serial_number="A1"`)]: lasting(1),
        [series('smartmon_device_smart_healthy', sda)]: lasting(1),
        [series('smartmon_device_info', `${nvme0},serial_number="N1"`)]: lasting(1),
        [series('smartmon_device_smart_healthy', nvme0)]: lasting(0),
      },
      {
        maintenance_disk_smart_healthy: {
          [fact('smart_healthy', 'N1', 'nvme_metrics')]: 1,
          [fact('smart_healthy', 'A1', 'smartmon')]: 1,
        },
        ...verdict(compliant, { A1: 1, N1: 1 }),
      },
    );
  });
});

describe('storcli', () => {
  const place = 'controller="0",enclosure="32",slot="1"';
  const drive = (slot: number, state: string, serial = `S${slot}`) =>
    series(
      'megaraid_pd_info',
      `controller="0",enclosure="32",slot="${slot}",interface="SAS",media="HDD",model="M",state="${state}",firmware="F",serial="${serial}"`,
    );
  const told = (name: string, slot: number) =>
    series(`megaraid_pd_${name}`, place.replace('slot="1"', `slot="${slot}"`));
  const fresh = {
    ...mtime('storcli.prom', 300),
    [series('megaraid_controller_info', 'controller="0",serial="C"')]: lasting(1),
  };
  const calm = (slot: number) => ({
    [told('smart_alerted', slot)]: lasting(0),
    [told('predictive_errors', slot)]: lasting(0),
    [told('media_errors', slot)]: lasting(slot),
  });

  test('drives by their alert and their state', () => {
    promtool(
      {
        ...fresh,
        [drive(1, 'Onln')]: lasting(1),
        ...calm(1),
        [told('temp_celsius', 1)]: lasting(36),
        [drive(2, 'Onln')]: lasting(1),
        ...calm(2),
        [told('smart_alerted', 2)]: lasting(1),
        [drive(3, 'UBad')]: lasting(1),
        ...calm(3),
        [drive(4, 'Onln')]: lasting(1),
        ...calm(4),
        [told('predictive_errors', 4)]: lasting(2),
        [drive(5, 'Onln')]: lasting(1),
        [drive(6, 'Whatever')]: lasting(1),
        ...calm(6),
        [drive(7, 'GHS', '')]: lasting(1),
        ...calm(7),
      },
      {
        ...facts('storcli', {
          smart_healthy: { S1: 1, S2: 0, S3: 0, S4: 0, '/c0/e32/s7': 1 },
          readable: { S1: 1, S2: 1, S3: 1, S4: 1, S5: 0, S6: 1, '/c0/e32/s7': 1 },
          temperature_celsius: { S1: 36 },
        }),
        'maintenance_disk_media_errors_total{disk="S3"}': {
          [fact('media_errors_total', 'S3', 'storcli')]: 3,
        },
        'maintenance_disk_info{disk="S1"}': {
          [infoOf(
            'S1',
            'storcli',
            'device="/c0/e32/s1",firmware="F",kind="hdd",model="M",protocol="SCSI",serial="S1"',
          )]: 1,
        },
      },
    );
  });

  test('a drive that was pulled is gone, and a stale file tells nothing', () => {
    const pulled = { [drive(2, 'Onln')]: until3h(1), [told('smart_alerted', 2)]: until3h(0) };
    const count = { [series('megaraid_physical_drives', 'controller="0"')]: lasting(1) };
    promtool(
      { ...fresh, ...count, [drive(1, 'Onln')]: lasting(1), ...calm(1), ...pulled },
      { ...facts('storcli', { present: { S1: 1, S2: 0 } }), ...verdict(compliant, { S1: 1, S2: 0 }) },
    );
    promtool(
      {
        ...fresh,
        ...mtime('storcli.prom', 3 * days),
        ...count,
        [drive(1, 'Onln')]: lasting(1),
        ...calm(1),
        ...pulled,
      },
      facts('storcli', { present: { S1: 1 }, readable: { S1: 0, S2: 0 }, smart_healthy: {} }),
    );
  });

  test('yields to a smartctl_exporter that sees behind the controller, and only to one that does', () => {
    const behind = disk('bus_0_megaraid_1', 'S1XXXX', healthyDisk, { more: 'protocol="SCSI"' });
    promtool(
      { ...fresh, [drive(1, 'Onln')]: lasting(1), ...calm(1), ...devices(1), ...behind },
      verdict(compliant, { S1XXXX: 1 }),
    );
    promtool(
      {
        ...fresh,
        [drive(1, 'Onln')]: lasting(1),
        ...calm(1),
        ...devices(1),
        ...disk('sda', 'A1', healthyDisk),
      },
      verdict(compliant, { S1: 1, A1: 1 }),
    );
  });

  test('virtual drives are volumes', () => {
    const vd = (number: number, state: string) =>
      series(
        'megaraid_vd_info',
        `controller="0",DG="0",VG="${number}",name="os",cache="NRWBD",type="RAID1",state="${state}"`,
      );
    const volume = (name: string, number: number, more = '') =>
      `maintenance_volume_${name}{customer="acme",exporter="storcli",instance="app-1",kind="megaraid",${more}role="server",volume="/c0/v${number}"}`;
    promtool(
      {
        ...fresh,
        [vd(0, 'Optl')]: lasting(1),
        [vd(1, 'Dgrd')]: lasting(1),
        [vd(2, 'OfLn')]: lasting(1),
        [vd(3, 'Odd')]: lasting(1),
        [vd(4, 'Optl')]: until3h(1),
      },
      {
        maintenance_volume_healthy: {
          [volume('healthy', 0)]: 1,
          [volume('healthy', 1)]: 0,
          [volume('healthy', 2)]: 0,
        },
        maintenance_volume_operational: {
          [volume('operational', 0)]: 1,
          [volume('operational', 1)]: 1,
          [volume('operational', 2)]: 0,
        },
        maintenance_volume_degraded_members: { [volume('degraded_members', 0)]: 0 },
        'maintenance_volume_present == 0': { [volume('present', 4)]: 0 },
        'maintenance_volume_info{volume="/c0/v0"}': { [volume('info', 0, 'level="RAID1",')]: 1 },
      },
    );
  });
});

describe('our own exporter', () => {
  const own = (name: string, labels: string) =>
    `maintenance_disk_${name}{customer="acme",instance="app-1",job="maintenance",role="server",disk="naa.1"${labels}}`;
  const others = {
    ...devices(1),
    ...disk('sda', 'A1', { device_smart_status: 0, device_smartctl_exit_status: 8 }),
    ...mtime('smartmon.prom', 300),
    ...mtime('nvme.prom', 300),
    ...mtime('storcli.prom', 300),
    [series('smartmon_device_info', 'device="/dev/sda",disk="0",serial_number="A1"')]: lasting(1),
    [series('smartmon_device_smart_healthy', 'device="/dev/sda",disk="0"')]: lasting(0),
    [series('nvme_device_info', 'device="/dev/nvme0n1",serial="N1"')]: lasting(1),
    [series('nvme_critical_warning', 'device="/dev/nvme0n1"')]: lasting(1),
    [series('megaraid_pd_info', 'controller="0",enclosure="1",slot="1",serial="S1",state="UBad"')]:
      lasting(1),
  };

  test('wins over all others on its host', () => {
    promtool(
      { ...others, [own('info', ',device="/dev/sda"')]: lasting(1), [own('smart_healthy', '')]: lasting(1) },
      {
        'count by (exporter) (maintenance_disk_info)': { '{}': 1 },
        '{__name__=~"maintenance_disk_.+",exporter!=""}': {},
        ...verdict(compliant, { 'naa.1': 1 }),
      },
    );
  });

  test('also while it is down: the others do not step in under other names', () => {
    promtool(
      { ...others, [own('info', ',device="/dev/sda"')]: until3h(1), [own('smart_healthy', '')]: until3h(1) },
      { '{__name__=~"maintenance_disk_.+"}': {}, ...verdict(compliant, { 'naa.1': 0 }) },
    );
  });

  test('says nothing of another host', () => {
    promtool(
      {
        ...devices(1),
        ...disk('sda', 'A1', healthyDisk),
        'maintenance_disk_info{customer="acme",instance="app-2",job="maintenance",disk="naa.1"}': lasting(1),
      },
      facts('smartctl_exporter', { smart_healthy: { A1: 1 } }),
    );
  });

  test('one disk that all four others know is one disk: smartctl_exporter tells', () => {
    const known4 = {
      [series('smartmon_device_info', 'device="/dev/sda",disk="0",serial_number="A1"')]: lasting(1),
      [series('nvme_device_info', 'device="/dev/nvme0n1",serial="A1"')]: lasting(1),
      [series('megaraid_pd_info', 'controller="0",enclosure="1",slot="1",serial="A1",state="Onln"')]:
        lasting(1),
    };
    promtool(
      { ...devices(1), ...disk('sda', 'A1', healthyDisk), ...known4 },
      { 'count by (exporter) (maintenance_disk_present)': { '{exporter="smartctl_exporter"}': 1 } },
    );
  });
});

describe('volumes of node_exporter', () => {
  const volume = (name: string, kind: string, object: string) =>
    `maintenance_volume_${name}{customer="acme",exporter="node_exporter",instance="app-1",kind="${kind}",role="server",volume="${object}"}`;
  const node = (name: string, labels: string) => series(`node_${name}`, labels);
  /** An array with its state and how many disks it requires, has and lost. */
  const array = (device: string, state: string, required: number, active: number, failed = 0): Series => ({
    ...Object.fromEntries(
      ['active', 'inactive', 'recovering', 'resync', 'check'].map((one) => [
        node('md_state', `device="${device}",state="${one}"`),
        lasting(one === state ? 1 : 0),
      ]),
    ),
    [node('md_disks_required', `device="${device}"`)]: lasting(required),
    [node('md_disks', `device="${device}",state="active"`)]: lasting(active),
    [node('md_disks', `device="${device}",state="failed"`)]: lasting(failed),
    [node('md_disks', `device="${device}",state="spare"`)]: lasting(0),
  });
  const values = (name: string, kind: string, of: Readonly<Record<string, number>>) => ({
    [`maintenance_volume_${name}`]: Object.fromEntries(
      Object.entries(of).map(([object, value]) => [volume(name, kind, object), value]),
    ),
  });

  test('md: only an array at rest with all its disks is healthy', () => {
    promtool(
      {
        ...array('md0', 'active', 2, 2),
        ...array('md1', 'check', 2, 2),
        ...array('md2', 'active', 2, 1),
        ...array('md3', 'recovering', 3, 2),
        ...array('md4', 'resync', 2, 2),
        ...array('md5', 'inactive', 2, 0),
        ...array('md6', 'active', 2, 2, 1),
        ...array('md7', 'reshape', 2, 2),
        ...array('md8', 'active', 0, 0),
        [node('md_state', 'device="md9",state="active"')]: lasting(1),
      },
      {
        ...values('healthy', 'md', { md0: 1, md1: 1, md2: 0, md3: 0, md4: 0, md5: 0, md6: 0 }),
        ...values('operational', 'md', {
          md0: 1,
          md1: 1,
          md2: 1,
          md3: 1,
          md4: 1,
          md5: 0,
          md6: 1,
          md8: 1,
          md9: 1,
        }),
        ...values('members', 'md', { md0: 2, md1: 2, md2: 2, md3: 3, md4: 2, md5: 2, md6: 2, md7: 2 }),
        ...values('degraded_members', 'md', {
          md0: 0,
          md1: 0,
          md2: 1,
          md3: 1,
          md4: 0,
          md5: 2,
          md6: 1,
          md7: 0,
        }),
      },
    );
  });

  const pool = (zpool: string, state: string, samples = lasting): Series =>
    Object.fromEntries(
      ['degraded', 'faulted', 'offline', 'online', 'removed', 'suspended', 'unavail'].map((one) => [
        node('zfs_zpool_state', `zpool="${zpool}",state="${one}"`),
        samples(one === state ? 1 : 0),
      ]),
    );

  test('ZFS by the state of the pool; one that was exported is gone where the collector works', () => {
    const pools = {
      ...pool('tank', 'online'),
      ...pool('bad', 'degraded'),
      ...pool('hung', 'suspended'),
      ...pool('odd', 'strange'),
      ...pool('old', 'online', until3h),
    };
    const collector = node('scrape_collector_success', 'collector="zfs"');
    promtool(
      { ...pools, [collector]: lasting(1) },
      {
        ...values('healthy', 'zfs', { tank: 1, bad: 0, hung: 0 }),
        ...values('operational', 'zfs', { tank: 1, bad: 1, hung: 0 }),
        ...values('present', 'zfs', { tank: 1, bad: 1, hung: 1, odd: 1, old: 0 }),
        ...values('info', 'zfs', { tank: 1, bad: 1, hung: 1, odd: 1 }),
      },
    );
    promtool(
      { ...pools, [collector]: lasting(0) },
      values('present', 'zfs', { tank: 1, bad: 1, hung: 1, odd: 1 }),
    );
  });

  test('our own collector of the same kind wins, of another kind it does not matter', () => {
    const own = (kind: string) =>
      `maintenance_volume_info{customer="acme",instance="app-1",job="maintenance",role="server",kind="${kind}",volume="md0"}`;
    promtool(
      { ...array('md0', 'active', 2, 1), [own('md')]: lasting(1) },
      { maintenance_volume_healthy: {}, maintenance_volume_present: {} },
    );
    promtool(
      { ...array('md0', 'active', 2, 1), [own('zfs')]: lasting(1) },
      values('healthy', 'md', { md0: 0 }),
    );
  });
});

test('the tests notice when a rule says something else', () => {
  expect(() =>
    promtool({ ...devices(1), ...disk('sda', 'A1', healthyDisk) }, verdict(compliant, { A1: 0 })),
  ).toThrow('got');
});
