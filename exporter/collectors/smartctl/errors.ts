import { type Attribute, attributeCount } from './attributes.ts';
import { at, countAt, type Report } from './report.ts';
import { statisticOf } from './statistics.ts';

/** What a disk counts of its failures. What it does not count is undefined, never 0. */
export interface ErrorCounts {
  readonly reallocated: number | undefined;
  readonly pending: number | undefined;
  readonly uncorrectable: number | undefined;
  readonly mediaErrors: number | undefined;
  /** Errors the disk has logged in its life; its log holds the last of them. */
  readonly errorsLogged: number | undefined;
  readonly crcErrors: number | undefined;
  readonly unsafeShutdowns: number | undefined;
  /** Errors a SCSI disk could correct, by what it was doing. */
  readonly corrected: readonly { readonly operation: Operation; readonly errors: number }[];
}

const operations = ['read', 'write', 'verify'] as const;
type Operation = (typeof operations)[number];

/** Vendor attributes come before the device statistics: most disks have them, and a source that changes looks like a jump. */
export function errorCountsOf(report: Report, attributes: readonly Attribute[]): ErrorCounts {
  const nvme = (key: string) => countAt(report, 'nvme_smart_health_information_log', key);
  return {
    reallocated:
      attributeCount(attributes, 5, /realloc|reassign|retired|remap|bad_bl/i) ??
      countAt(report, 'scsi_grown_defect_list') ??
      statisticOf(report, 'reallocatedSectors'),
    pending:
      attributeCount(attributes, 197, /pending/i) ??
      countAt(report, 'scsi_pending_defects', 'count') ??
      countAt(report, 'ata_pending_defects_log', 'count') ??
      statisticOf(report, 'pendingErrors') ??
      statisticOf(report, 'reallocationCandidates'),
    uncorrectable:
      attributeCount(attributes, 187, /uncorr|_ue_/i) ??
      attributeCount(attributes, 198, /uncorr/i) ??
      scsiUncorrected(report) ??
      statisticOf(report, 'uncorrectableErrors'),
    mediaErrors: nvme('media_errors'),
    errorsLogged: ataErrorsLogged(report) ?? nvme('num_err_log_entries'),
    crcErrors: attributeCount(attributes, 199, /crc/i) ?? statisticOf(report, 'interfaceCrcErrors'),
    unsafeShutdowns:
      nvme('unsafe_shutdowns') ??
      attributeCount(attributes, 174, /power_loss|unsafe_shutdown/i) ??
      attributeCount(attributes, 192, /unsafe_shutdown/i) ??
      attributeCount(attributes, 235, /por_recovery/i),
    corrected: operations.flatMap((operation) => {
      const errors = countAt(report, 'scsi_error_counter_log', operation, 'total_errors_corrected');
      return errors === undefined ? [] : [{ operation, errors }];
    }),
  };
}

/**
 * Recent disks count only in the extended log and keep the old one at 0 (smartctl(8), `--log=xerror`), so the larger
 * count is the disk's. An extended log without a count is damaged: then 0 in the old one says nothing.
 */
function ataErrorsLogged(report: Report): number | undefined {
  const count = (log: string) => countAt(report, 'ata_smart_error_log', log, 'count');
  const [extended, summary] = [count('extended'), count('summary')];
  if (extended === undefined && summary === 0)
    return at(report, 'ata_smart_error_log', 'extended') === undefined ? 0 : undefined;
  return extended === undefined || summary === undefined
    ? (extended ?? summary)
    : Math.max(extended, summary);
}

/** Read, write and verify together; a disk need not count all three, but one it counts unreadably makes the sum unknown. */
function scsiUncorrected(report: Report): number | undefined {
  const counted = operations.filter(
    (operation) => at(report, 'scsi_error_counter_log', operation) !== undefined,
  );
  let total: number | undefined;
  for (const operation of counted) {
    const errors = countAt(report, 'scsi_error_counter_log', operation, 'total_uncorrected_errors');
    if (errors === undefined) return undefined;
    total = (total ?? 0) + errors;
  }
  return total;
}
