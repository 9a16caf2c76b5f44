import { firstOf, nested } from '../control.ts';
import { type DiskExporter, diskRules, ownDisks, perDevice } from './disks.ts';
import { call, freshTextfile, type MappingRule, owned } from './mapped.ts';

const fresh = freshTextfile('[^/]*smart[^/]*');

/**
 * The Python script gives the path as `device` and the member of a controller as `disk`; the shell script and older Python ones give the path as
 * `disk`, and the member as `type`. Both become a device such as `/dev/bus/0 (megaraid,5)`.
 */
function located(selector: string): string {
  const path = call('label_replace', selector, '"device", "$1", "disk", "(/.+)"');
  const way = call('label_join', path, '"way", " ", "device", "disk", "type"');
  const members = '(megaraid|cciss|3ware|areca|aacraid),[^ ]+';
  return call('label_replace', way, `"device", "$1 ($2)", "way", "([^ ]+) .*?((sat[+])?${members}).*"`);
}

const told = (name: string, match = '') =>
  located(`smartmon_${name}{${match === '' ? '' : `${match},`}${owned}}`);
const now = (expr: string) => `(${nested(expr)})\nand on (customer, instance) ${fresh}`;

/** The raw value of an attribute: a label of the Python script, part of the name in the shell script. */
function raw(name: string): string {
  return perDevice(
    'max',
    nested(located(`{__name__=~"smartmon_(attr|${name})_raw_value",name=~"|${name}",${owned}}`)),
  );
}

const fields = [
  ['model', 'device_model'],
  ['firmware', 'firmware_version'],
  ['model', 'product'],
  ['firmware', 'revision'],
] as const;

function described(devices: string): string {
  const renamed = fields.reduce(
    (expr, [label, theirs]) => call('label_replace', expr, `"${label}", "$1", "${theirs}", "(.+)"`),
    devices,
  );
  const ata = call('label_replace', renamed, '"protocol", "ATA", "device_model", ".+"');
  return call('label_replace', ata, '"protocol", "SCSI", "product", ".+"');
}

const healthy = perDevice('min', nested(told('device_smart_healthy')));
const script = `max by (customer, instance) (smartmon_smartctl_version{${owned}})`;
const active = perDevice('group', nested(told('device_active')));
const shown = perDevice('group', nested(told('device_info')));

const exporter: DiskExporter = {
  name: 'smartmon',
  devices: call('label_replace', told('device_info'), '"serial", "$1", "serial_number", "(.+)"'),
  described,
  readable: now(`${healthy} * 0 + 1`),
  facts: [
    // The Python script says 0 of a disk without a verdict too.
    { record: 'maintenance_disk_smart_healthy', worse: 'min', expr: now(healthy) },
    {
      record: 'maintenance_disk_temperature_celsius',
      worse: 'max',
      expr: now(`${firstOf(raw('temperature_celsius'), raw('airflow_temperature_cel'))} != 0`),
    },
    {
      record: 'maintenance_disk_power_on_seconds_total',
      worse: 'max',
      expr: now(`${raw('power_on_hours')} * 3600`),
    },
    {
      record: 'maintenance_disk_reallocated_sectors',
      worse: 'max',
      expr: now(firstOf(raw('reallocated_sector_ct'), raw('grown_defects_count'))),
    },
    { record: 'maintenance_disk_pending_sectors', worse: 'max', expr: now(raw('current_pending_sector')) },
    {
      record: 'maintenance_disk_uncorrectable_errors',
      worse: 'max',
      expr: now(firstOf(raw('reported_uncorrect'), raw('offline_uncorrectable'))),
    },
    {
      record: 'maintenance_disk_interface_crc_errors_total',
      worse: 'max',
      expr: now(raw('udma_crc_error_count')),
    },
  ],
  answers: script,
  // Of a disk that sleeps, or that did not answer, there is no more than that.
  complete: `(${nested(
    now(
      `count by (customer, instance) (${shown})\n>= on (customer, instance)\ncount by (customer, instance) (${active})`,
    ),
  )})`,
  yieldsTo: [
    ownDisks,
    'on (customer, instance) present_over_time(maintenance_disk_info{exporter="smartctl_exporter"}[1d])',
    'on (customer, instance, disk) present_over_time(maintenance_disk_info{exporter="nvme_metrics"}[1d])',
  ],
};

/** Disks that smartmon.py or smartmon.sh reads, from a textfile whose name has `smart` in it (node-exporter-textfile-collector-scripts). */
export const smartmon: readonly MappingRule[] = diskRules(exporter);
