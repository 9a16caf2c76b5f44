import { type ForeignSample, foreignSample } from '../../../foreign.ts';
import { countAt, type Report } from '../report.ts';

const log = 'nvme_smart_health_information_log';

const fields = [
  'percentage_used',
  'available_spare',
  'available_spare_threshold',
  'critical_warning',
  'media_errors',
  'num_err_log_entries',
] as const;

/** The health log of an NVMe disk, in percent as smartctl prints it. */
export function nvmeSamples(report: Report, device: string): readonly ForeignSample[] {
  const bytes = (units: string) => {
    const count = countAt(report, log, units);
    // A data unit is 1000 times 512 bytes; 0 says that the disk does not count (NVMe base specification, SMART / health log).
    return count === undefined || count === 0 ? undefined : count * 1000 * 512;
  };
  return [
    ...fields.flatMap((field) =>
      foreignSample(`smartctl_device_${field}`, { device }, countAt(report, log, field)),
    ),
    ...foreignSample('smartctl_device_bytes_read', { device }, bytes('data_units_read')),
    ...foreignSample('smartctl_device_bytes_written', { device }, bytes('data_units_written')),
  ];
}
