import type { ThresholdFindings } from './attributes.ts';
import type { SelfTestLog } from './self-tests/log.ts';
import { byteAt, type Report } from './report.ts';

/** What may be wrong with a disk short of its own verdict; a closed list. */
export type Finding = 'prefail_now' | 'usage_now' | 'past' | 'error_log' | 'self_test_log';

/** Bits of smartctl's exit status that tell something of the disk; smartctl(8) EXIT STATUS. */
const exitBits = { prefailNow: 1 << 4, past: 1 << 5, errorLog: 1 << 6, selfTestLog: 1 << 7 } as const;

/**
 * Findings that are there (true), are not (false), or cannot be told (left out). A set bit is a finding; one that is
 * not set tells nothing by itself, because smartctl does not look at everything: bits 4 and 5 exclude each other, and
 * a log that was not read sets none (smartmontools ataprint.cpp).
 */
export function findingsOf(
  thresholds: ThresholdFindings | undefined,
  exitStatus: number,
  errorsLogged: number | undefined,
  selfTests: SelfTestLog | undefined,
): ReadonlyMap<Finding, boolean> {
  const has = (bit: number) => (exitStatus & bit) !== 0;
  const found: readonly (readonly [Finding, boolean | undefined])[] = [
    ['prefail_now', has(exitBits.prefailNow) || thresholds?.prefailNow],
    ['usage_now', thresholds?.usageNow],
    // Bit 5 stands for any attribute that fails now while the disk calls itself healthy as well.
    ['past', thresholds === undefined ? has(exitBits.past) || undefined : thresholds.past],
    ['error_log', has(exitBits.errorLog) || (errorsLogged === undefined ? undefined : errorsLogged > 0)],
    ['self_test_log', has(exitBits.selfTestLog) || (selfTests?.logged === undefined ? undefined : false)],
  ];
  return new Map(
    found.flatMap(([finding, value]) => (value === undefined ? [] : ([[finding, value]] as const))),
  );
}

/** Bits of the NVMe critical warning, lowest first; NVM Express Base Specification 2.0, figure 207. Two are reserved. */
export const criticalWarnings = [
  'spare',
  'temperature',
  'reliability',
  'read_only',
  'volatile_memory_backup',
  'persistent_memory',
  'other',
] as const;

/** Which NVMe critical warnings are raised; undefined when the disk does not say. */
export function criticalWarningsOf(
  report: Report,
): ReadonlyMap<(typeof criticalWarnings)[number], boolean> | undefined {
  const bits =
    byteAt(report, 'nvme_smart_health_information_log', 'critical_warning') ??
    byteAt(report, 'smart_status', 'nvme', 'value');
  if (bits === undefined) return undefined;
  return new Map(
    criticalWarnings.map((warning, bit) => [
      warning,
      (warning === 'other' ? bits >> bit : (bits >> bit) & 1) !== 0,
    ]),
  );
}
