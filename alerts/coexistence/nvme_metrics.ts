import { nested } from '../control.ts';
import { type DiskExporter, diskRules, ownDisks, perDevice } from './disks.ts';
import { call, freshTextfile, type MappingRule, owned } from './mapped.ts';

const fresh = freshTextfile('[^/]*nvme[^/]*');
const told = (worse: 'min' | 'max', name: string) => perDevice(worse, `nvme_${name}{${owned}}`);
const now = (expr: string) => `(${nested(expr)})\nand on (customer, instance) ${fresh}`;

const exporter: DiskExporter = {
  name: 'nvme_metrics',
  devices: `nvme_device_info{${owned}}`,
  described: (devices) => {
    const protocol = call('label_replace', devices, '"protocol", "NVMe", "", ""');
    return call('label_replace', protocol, '"kind", "ssd", "", ""');
  },
  readable: now(`${told('max', 'critical_warning')} * 0 + 1`),
  facts: [
    {
      record: 'maintenance_disk_smart_healthy',
      worse: 'min',
      // smartctl calls an NVMe disk passed when no bit of the warning is set (nvmeprint.cpp).
      expr: now(`${told('max', 'critical_warning')} == bool 0`),
    },
    {
      record: 'maintenance_disk_temperature_celsius',
      worse: 'max',
      // Kelvin less 273: -273 is a sensor that says nothing.
      expr: now(`${told('max', 'temperature_celsius')} > -273`),
    },
    {
      record: 'maintenance_disk_power_on_seconds_total',
      worse: 'max',
      expr: now(`${told('max', 'power_on_hours_total')} * 3600`),
    },
    { record: 'maintenance_disk_wear_ratio', worse: 'max', expr: now(told('max', 'percentage_used_ratio')) },
    { record: 'maintenance_disk_spare_ratio', worse: 'min', expr: now(told('min', 'available_spare_ratio')) },
    {
      record: 'maintenance_disk_media_errors_total',
      worse: 'max',
      expr: now(told('max', 'media_errors_total')),
    },
    {
      record: 'maintenance_disk_unsafe_shutdowns_total',
      worse: 'max',
      expr: now(told('max', 'unsafe_shutdowns_total')),
    },
  ],
  answers: `max by (customer, instance) (nvme_nvmecli{${owned}})`,
  complete: `(${nested(now(`max by (customer, instance) (nvme_nvmecli{${owned}})`))})`,
  yieldsTo: [
    ownDisks,
    'on (customer, instance) present_over_time(maintenance_disk_info{exporter="smartctl_exporter"}[1d])',
  ],
};

/** NVMe disks that nvme_metrics.py reads, from a textfile whose name has `nvme` in it. Namespaces of one disk have one serial number. */
export const nvmeMetrics: readonly MappingRule[] = diskRules(exporter);
