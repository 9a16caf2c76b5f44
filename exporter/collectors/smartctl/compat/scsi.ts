import { type ForeignSample, foreignSample } from '../../../foreign.ts';
import { countAt, type Report } from '../report.ts';
import { decimalAt } from './text.ts';

const log = 'scsi_error_counter_log';

const fields = [
  'errors_corrected_by_rereads_rewrites',
  'errors_corrected_by_eccfast',
  'errors_corrected_by_eccdelayed',
  'total_uncorrected_errors',
] as const;

const transfers = [
  ['read', 'smartctl_device_bytes_read'],
  ['write', 'smartctl_device_bytes_written'],
] as const;

/** Grown defects and the error counters of a SCSI or SAS disk. */
export function scsiSamples(report: Report, device: string): readonly ForeignSample[] {
  return [
    ...foreignSample(
      'smartctl_scsi_grown_defect_list',
      { device },
      countAt(report, 'scsi_grown_defect_list'),
    ),
    ...transfers.flatMap(([operation, bytes]) => {
      const gigabytes = decimalAt(report, log, operation, 'gigabytes_processed');
      return [
        ...fields.flatMap((field) =>
          foreignSample(`smartctl_${operation}_${field}`, { device }, countAt(report, log, operation, field)),
        ),
        ...foreignSample(bytes, { device }, gigabytes === undefined ? undefined : gigabytes * 1e9),
      ];
    }),
  ];
}
