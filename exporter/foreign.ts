import type { MetricSpec } from './metrics.ts';

const device = ['device'] as const;

function gauge<const L extends readonly string[]>(help: string, labels: L) {
  return { type: 'gauge', help, labels } as const;
}

/** What its original calls a counter, though some of these can fall. */
function counter<const L extends readonly string[]>(help: string, labels: L) {
  return { type: 'counter', help, labels } as const;
}

/**
 * Metrics under the names of another exporter, which are not ours to choose: smartctl_exporter 0.14 (metrics.go, smartctl.go), with
 * its help and types. Served only where `compat` in the configuration asks for them.
 */
export const foreignMetrics = {
  smartctl_version: gauge('smartctl version', [
    'json_format_version',
    'smartctl_version',
    'svn_revision',
    'build_info',
  ]),
  smartctl_devices: gauge('Number of devices configured or dynamically discovered', []),
  smartctl_device: gauge('Device info', [
    ...device,
    'interface',
    'protocol',
    'model_family',
    'model_name',
    'serial_number',
    'ata_additional_product_id',
    'firmware_version',
    'ata_version',
    'sata_version',
    'form_factor',
    'scsi_vendor',
    'scsi_product',
    'scsi_revision',
    'scsi_version',
  ]),
  smartctl_device_capacity_blocks: gauge('Device capacity in blocks', device),
  smartctl_device_capacity_bytes: gauge('Device capacity in bytes', device),
  smartctl_device_nvme_capacity_bytes: gauge('NVMe device total capacity bytes', device),
  smartctl_device_block_size: gauge('Device block size', [...device, 'blocks_type']),
  smartctl_device_interface_speed: gauge('Device interface speed, bits per second', [
    ...device,
    'speed_type',
  ]),
  smartctl_device_attribute: gauge('Device attributes', [
    ...device,
    'attribute_name',
    'attribute_flags_short',
    'attribute_flags_long',
    'attribute_value_type',
    'attribute_id',
  ]),
  smartctl_device_power_on_seconds: counter('Device power on seconds', device),
  smartctl_device_rotation_rate: gauge('Device rotation rate', device),
  smartctl_device_temperature: gauge('Device temperature celsius', [...device, 'temperature_type']),
  smartctl_device_power_cycle_count: counter('Device power cycle count', device),
  smartctl_device_percentage_used: counter('Device write percentage used', device),
  smartctl_device_available_spare: counter(
    'Normalized percentage (0 to 100%) of the remaining spare capacity available',
    device,
  ),
  smartctl_device_available_spare_threshold: counter(
    'When the Available Spare falls below the threshold indicated in this field, an asynchronous event completion may occur. The value is indicated as a normalized percentage (0 to 100%)',
    device,
  ),
  smartctl_device_critical_warning: counter(
    'This field indicates critical warnings for the state of the controller',
    device,
  ),
  smartctl_device_media_errors: counter(
    'Contains the number of occurrences where the controller detected an unrecovered data integrity error. Errors such as uncorrectable ECC, CRC checksum failure, or LBA tag mismatch are included in this field',
    device,
  ),
  smartctl_device_num_err_log_entries: counter(
    'Contains the number of Error Information log entries over the life of the controller',
    device,
  ),
  smartctl_device_bytes_read: counter('', device),
  smartctl_device_bytes_written: counter('', device),
  smartctl_device_smart_status: gauge('General smart status', device),
  smartctl_device_smartctl_exit_status: gauge('Exit status of smartctl on device', device),
  smartctl_device_state: gauge(
    'Device state (0=active, 1=standby, 2=sleep, 3=dst, 4=offline, 5=sct)',
    device,
  ),
  smartctl_device_statistics: gauge('Device statistics', [
    ...device,
    'statistic_table',
    'statistic_name',
    'statistic_flags_short',
    'statistic_flags_long',
  ]),
  smartctl_device_error_log_count: gauge('Device SMART error log count', [...device, 'error_log_type']),
  smartctl_device_self_test_log_count: gauge('Device SMART self test log count', [
    ...device,
    'self_test_log_type',
  ]),
  smartctl_device_self_test_log_error_count: gauge('Device SMART self test log error count', [
    ...device,
    'self_test_log_type',
  ]),
  smartctl_device_erc_seconds: gauge('Device SMART Error Recovery Control Seconds', [...device, 'op_type']),
  smartctl_scsi_grown_defect_list: gauge('Device SCSI grown defect list counter', device),
  smartctl_read_errors_corrected_by_rereads_rewrites: gauge(
    'Read Errors Corrected by ReReads/ReWrites',
    device,
  ),
  smartctl_read_errors_corrected_by_eccfast: gauge('Read Errors Corrected by ECC Fast', device),
  smartctl_read_errors_corrected_by_eccdelayed: gauge('Read Errors Corrected by ECC Delayed', device),
  smartctl_read_total_uncorrected_errors: gauge('Read Total Uncorrected Errors', device),
  smartctl_write_errors_corrected_by_rereads_rewrites: gauge(
    'Write Errors Corrected by ReReads/ReWrites',
    device,
  ),
  smartctl_write_errors_corrected_by_eccfast: gauge('Write Errors Corrected by ECC Fast', device),
  smartctl_write_errors_corrected_by_eccdelayed: gauge('Write Errors Corrected by ECC Delayed', device),
  smartctl_write_total_uncorrected_errors: gauge('Write Total Uncorrected Errors', device),
} as const satisfies Readonly<Record<string, MetricSpec>>;

export type ForeignName = keyof typeof foreignMetrics;

/** One value under a foreign name. An unknown value has no sample. */
export interface ForeignSample {
  readonly name: ForeignName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The sample, or none where there is no value that can be served: a counter must not be negative. */
export function foreignSample<N extends ForeignName>(
  name: N,
  labels: Readonly<Record<(typeof foreignMetrics)[N]['labels'][number], string>>,
  value: number | undefined,
): readonly ForeignSample[] {
  if (value === undefined || !Number.isFinite(value)) return [];
  if (foreignMetrics[name].type === 'counter' && value < 0) return [];
  return [{ name, labels, value }];
}
