import { firstOf, nested } from '../control.ts';
import { byDevice, type DiskExporter, diskRules, ownDisks, perDevice } from './disks.ts';
import { call, type MappingRule, owned } from './mapped.ts';

const told = (name: string, match = '') => `smartctl_${name}{${match === '' ? '' : `${match},`}${owned}}`;
const worst = (name: string, match = '') => perDevice('max', told(name, match));
const least = (name: string, match = '') => perDevice('min', told(name, match));

/** The raw value of an ATA attribute whose name says what its id usually means. */
function count(id: number, meaning: string): string {
  return worst(
    'device_attribute',
    `attribute_id="${id}",attribute_value_type="raw",attribute_name=~"(?i:.*(${meaning}).*)"`,
  );
}

/** What turns is a hard disk; of the others only NVMe is told. */
function described(devices: string): string {
  const firmware = call('label_replace', devices, '"firmware", "$1", "firmware_version", "(.+)"');
  const model = call('label_replace', firmware, '"model", "$1", "model_name", "(.+)"');
  const known = call('label_replace', model, '"model", "", "model", "unknown"');
  const ssd = call('label_replace', known, '"kind", "ssd", "protocol", "NVMe"');
  const turning = `${known}\nand on (${byDevice}) ${worst('device_rotation_rate')} > 0`;
  const hdd = call('label_replace', turning, '"kind", "hdd", "", ""');
  return `${hdd}\nor on (${byDevice})\n${ssd}`;
}

/**
 * Without the health log of an NVMe disk smartctl_exporter says 0 to all of it, and old versions say so of every ATA disk: a
 * disk that has neither spare nor a threshold for it has told nothing.
 */
const hasLog = `(${worst('device_available_spare')} > 0 or ${worst('device_available_spare_threshold')} > 0)`;
const ofLog = (expr: string) => `${expr}\nand on (${byDevice}) ${hasLog}`;

/** Bit 3 of smartctl's exit status: the disk is failing (smartctl(8)). */
const exitStatus = worst('device_smartctl_exit_status');
const status = least('device_smart_status');

const exporter: DiskExporter = {
  name: 'smartctl_exporter',
  devices: call('label_replace', told('device'), '"serial", "$1", "serial_number", "(.+)"'),
  described,
  readable: perDevice(
    'group',
    `{__name__=~"smartctl_device_(smart_status|attribute)|smartctl_scsi_grown_defect_list",${owned}}`,
  ),
  facts: [
    {
      record: 'maintenance_disk_smart_healthy',
      worse: 'min',
      // Before 0.14 the status of a disk without a verdict is 0 as well (issue 229); smartctl itself then sets no bit.
      expr: firstOf(
        `(${exitStatus} % 16 >= 8) * 0`,
        `(${status} == 1)`,
        `(${status} == 0 unless ${exitStatus})`,
      ),
    },
    {
      record: 'maintenance_disk_capacity_bytes',
      worse: 'max',
      expr: firstOf(
        `(${worst('device_nvme_capacity_bytes')} > 0)`,
        `(${worst('device_capacity_bytes')} > 0)`,
      ),
    },
    {
      record: 'maintenance_disk_temperature_celsius',
      worse: 'max',
      // A SCSI device without a sensor says 0.
      expr: `${worst('device_temperature', 'temperature_type="current"')} != 0`,
    },
    {
      record: 'maintenance_disk_power_on_seconds_total',
      worse: 'max',
      expr: worst('device_power_on_seconds'),
    },
    {
      record: 'maintenance_disk_wear_ratio',
      worse: 'max',
      expr: ofLog(`${worst('device_percentage_used')} / 100`),
    },
    {
      record: 'maintenance_disk_spare_ratio',
      worse: 'min',
      expr: ofLog(`${least('device_available_spare')} / 100`),
    },
    {
      record: 'maintenance_disk_reallocated_sectors',
      worse: 'max',
      // Beyond 16 bits some disks keep other numbers there, which smartctl_exporter does not take apart.
      expr: firstOf(
        `(${count(5, 'realloc|reassign|retired|remap|bad_bl')} < 65536)`,
        worst('scsi_grown_defect_list'),
      ),
    },
    { record: 'maintenance_disk_pending_sectors', worse: 'max', expr: count(197, 'pending') },
    {
      record: 'maintenance_disk_uncorrectable_errors',
      worse: 'max',
      // The errors of verify are not exported, and 0 also stands for a counter that is not there.
      expr: firstOf(
        count(187, 'uncorr|_ue_'),
        count(198, 'uncorr'),
        `(${worst('read_total_uncorrected_errors')} + ${worst('write_total_uncorrected_errors')} > 0)`,
      ),
    },
    {
      record: 'maintenance_disk_media_errors_total',
      worse: 'max',
      expr: ofLog(worst('device_media_errors')),
    },
    { record: 'maintenance_disk_interface_crc_errors_total', worse: 'max', expr: count(199, 'crc') },
  ],
  answers: `max by (customer, instance) (${told('devices')})`,
  // A disk that slept when the exporter started is counted and not shown.
  complete: `(${nested(
    `count by (customer, instance) (${perDevice('group', told('device'))})\n>= on (customer, instance)\nmax by (customer, instance) (${told('devices')})`,
  )})`,
  yieldsTo: [ownDisks],
};

/** Disks that smartctl_exporter reads (metrics.go, smartctl.go). It shows the last values of a disk that sleeps or died, without a mark. */
export const smartctlExporter: readonly MappingRule[] = diskRules(exporter);
