import { type Report, textAt } from './report.ts';
import { ataTests } from './self-tests/ata.ts';
import type { SelfTestKind, SelfTestLog } from './self-tests/log.ts';
import { nvmeTests } from './self-tests/nvme.ts';
import { scsiTests } from './self-tests/scsi.ts';

/** The self-test log of whatever protocol the disk speaks; undefined when the report has none. */
export function selfTestLogOf(report: Report): SelfTestLog | undefined {
  const protocol = textAt(report, 'device', 'protocol');
  if (protocol === 'ATA') return ataTests(report);
  if (protocol === 'NVMe') return nvmeTests(report);
  return protocol === 'SCSI' ? scsiTests(report) : undefined;
}

/** The last self-test of a kind that came to a verdict. */
export interface LastSelfTest {
  readonly kind: SelfTestKind;
  readonly passed: boolean;
  /** What the disk's clock stood at then. */
  readonly hours: number | undefined;
  /** Unix time; undefined when the disk's clock makes no sense of it. */
  readonly timestamp: number | undefined;
}

/**
 * The last decided self-test of each kind: one that was interrupted or runs still says nothing against it.
 * @param poweredOn seconds the disk has been powered on.
 * @param now unix time.
 */
export function lastSelfTests(
  log: SelfTestLog,
  poweredOn: number | undefined,
  now: number,
): readonly LastSelfTest[] {
  const last = new Map<SelfTestKind, LastSelfTest>();
  for (const { kind, passed, hours } of log.tests) {
    if (passed === undefined || last.has(kind)) continue;
    const age = hours === undefined ? undefined : ageOf(hours, poweredOn, log.wrapsAfter);
    // Older than unix time itself: then the hours are nonsense.
    const known = age !== undefined && age <= now;
    last.set(kind, { kind, passed, hours, timestamp: known ? Math.floor(now - age) : undefined });
  }
  return [...last.values()];
}

/**
 * Seconds of running since the disk's clock stood at `hours`, never less than they are. A test from the future is of
 * unknown age: the disk counts its hours in two ways, or was given a new board.
 */
function ageOf(
  hours: number,
  poweredOn: number | undefined,
  wrapsAfter: number | undefined,
): number | undefined {
  if (poweredOn === undefined) return undefined;
  const wrap = wrapsAfter === undefined ? 0 : wrapsAfter * 3600;
  const age = poweredOn - hours * 3600;
  if (wrap === 0 || poweredOn < wrap) return age < 0 ? undefined : age;
  return ((age % wrap) + wrap) % wrap;
}
