import { type Attribute, attributesOf, thresholdFindings } from './attributes.ts';
import { spareRatios, wearRatio } from './endurance.ts';
import { type ErrorCounts, errorCountsOf } from './errors.ts';
import { criticalWarningsOf, type Finding, findingsOf } from './findings.ts';
import { at, byteAt, countAt, flagAt, type Report } from './report.ts';
import { type LastSelfTest, lastSelfTests, selfTestLogOf } from './self-tests.ts';
import { statisticOf } from './statistics.ts';
import { temperatureCelsius, type TemperatureLimit, temperatureLimits } from './temperature.ts';

/** What a report says of a disk's health. What it does not say is undefined or left out, never 0. */
export interface Facts extends ErrorCounts {
  readonly healthy: boolean | undefined;
  /** Bytes. */
  readonly capacity: number | undefined;
  /** Degrees Celsius. */
  readonly temperature: number | undefined;
  readonly temperatureLimits: readonly TemperatureLimit[];
  /** Seconds. */
  readonly poweredOn: number | undefined;
  /** Share of the rated endurance, 1 is all of it. */
  readonly wear: number | undefined;
  /** Share of spare capacity, 1 is all of it. */
  readonly spare: number | undefined;
  readonly spareThreshold: number | undefined;
  readonly selfTests: readonly LastSelfTest[];
  readonly selfTestsLogged: number | undefined;
  readonly selfTestRunning: boolean | undefined;
  readonly findings: ReadonlyMap<Finding, boolean>;
  readonly criticalWarnings: ReadonlyMap<string, boolean>;
  readonly attributes: readonly Attribute[];
}

/**
 * @param exitStatus smartctl's own; bits 2 to 7 leave the data valid (smartctl(8) EXIT STATUS).
 * @param now unix time, for the age of self-tests.
 */
export function factsOf(report: Report, exitStatus: number, now: number): Facts {
  const attributes = attributesOf(report);
  const errors = errorCountsOf(report, attributes);
  const poweredOn = poweredOnSeconds(report);
  const tests = selfTestLogOf(report);
  return {
    ...errors,
    ...spareRatios(report, attributes),
    healthy: verdict(report, exitStatus),
    capacity: capacityBytes(report),
    temperature: temperatureCelsius(report),
    temperatureLimits: temperatureLimits(report),
    poweredOn,
    wear: wearRatio(report, attributes),
    selfTests: tests === undefined ? [] : lastSelfTests(tests, poweredOn, now),
    selfTestsLogged: tests?.logged,
    selfTestRunning: tests?.running,
    findings: findingsOf(thresholdFindings(report), exitStatus, errors.errorsLogged, tests),
    criticalWarnings: criticalWarningsOf(report) ?? new Map(),
    attributes,
  };
}

/** Facts a device without SMART gives as well: a RAID volume reports 0 °C, and without CAP_SYS_RAWIO smartctl exits 0 with no more than these. */
const noHealth: ReadonlySet<string> = new Set([
  'capacity',
  'temperature',
  'temperatureLimits',
  'poweredOn',
  'selfTestsLogged',
  'selfTestRunning',
  'findings',
]);

/** Whether the disk told anything of its health. */
export function tellsHealth(facts: Facts): boolean {
  return Object.entries(facts).some(([name, fact]: readonly [string, unknown]) => {
    if (noHealth.has(name) || fact === undefined) return false;
    if (Array.isArray(fact)) return fact.length > 0;
    return !(fact instanceof Map) || fact.size > 0;
  });
}

/** The disk's own verdict. A missing one is not a failure; a device without SMART cannot pass. */
function verdict(report: Report, exitStatus: number): boolean | undefined {
  const diskFailing = 0b1000;
  const passed = flagAt(report, 'smart_status', 'passed');
  if (passed === false || (exitStatus & diskFailing) !== 0) return false;
  return lacksSmart(report) ? undefined : passed;
}

/** The device itself says that it has no SMART: virtual disks, RAID volumes, many USB sticks. */
export function lacksSmart(report: Report): boolean {
  // smartctl before 7.3 has no such member; Synology's build gives a bare boolean.
  return at(report, 'smart_support') === false || flagAt(report, 'smart_support', 'available') === false;
}

function capacityBytes(report: Report): number | undefined {
  // user_capacity of an NVMe disk is that of its first namespace.
  const bytes = [countAt(report, 'nvme_total_capacity'), countAt(report, 'user_capacity', 'bytes')];
  return bytes.find((value) => value !== undefined && value > 0);
}

function poweredOnSeconds(report: Report): number | undefined {
  const hours = countAt(report, 'power_on_time', 'hours');
  if (hours !== undefined) return hours * 3600 + (byteAt(report, 'power_on_time', 'minutes') ?? 0) * 60;
  const logged =
    countAt(report, 'nvme_smart_health_information_log', 'power_on_hours') ??
    statisticOf(report, 'powerOnHours');
  return logged === undefined ? undefined : logged * 3600;
}
