import { expect } from 'vitest';
import type { Collection } from '../../collector.ts';
import { type MetricName, metrics, type Sample } from '../../metrics.ts';
import { failureRates } from './failure-rates.ts';
import { at } from './report.ts';
import { facts, now } from './sample-reports.ts';

// What a sample may be, judged by the report alone and without the code under test.

/** Every number in a report: as number, as text of digits, at the start of a raw value's text, as bytes. */
export function numbersIn(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value];
  if (typeof value === 'string') {
    const [digits] = /^\d+/.exec(value) ?? [];
    return digits === undefined ? [] : [Number(digits)];
  }
  if (Array.isArray(value)) {
    const bytes = value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256);
    const hex = value.toReversed().map((byte) => Number(byte).toString(16).padStart(2, '0'));
    const total = bytes && value.length > 0 ? [Number(BigInt(`0x${hex.join('')}`))] : [];
    return [...total, ...value.flatMap(numbersIn)];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

interface Evidence {
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly report: unknown;
  /** Every number in the report. */
  readonly numbers: readonly number[];
}

const isOne = ({ value }: Evidence) => value === 1;
const isFlag = ({ value }: Evidence) => value === 0 || value === 1;
const isShare = ({ value, numbers }: Evidence) =>
  numbers.some((percent) => percent / 100 === value || (100 - percent) / 100 === value);

function rows(report: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(report, ...path);
  return Array.isArray(found) ? found : [];
}

const attributeRows = (report: unknown) => rows(report, 'ata_smart_attributes', 'table');

function exitBit(report: unknown, bit: number): boolean {
  const status = Number(at(report, 'smartctl', 'exit_status'));
  return status >= 0 && status <= 255 && (status & bit) !== 0;
}

function minutesOn(report: unknown): number {
  const minutes = at(report, 'power_on_time', 'minutes');
  return typeof minutes === 'number' ? minutes : 0;
}

/** Results of every self-test in the report, 0 for a pass; of ATA the upper half of the status. */
function testResults(report: unknown): readonly number[] {
  const ata = ['extended', 'standard'].flatMap((log) =>
    rows(report, 'ata_smart_self_test_log', log, 'table'),
  );
  const scsi = typeof report === 'object' && report !== null ? Object.entries(report) : [];
  return [
    ...ata.map((test) => Math.floor(Number(at(test, 'status', 'value')) / 16)),
    ...rows(report, 'nvme_self_test_log', 'table').map((test) =>
      Number(at(test, 'self_test_result', 'value')),
    ),
    ...scsi
      .filter(
        ([key, test]) => /^scsi_self_test_\d/.test(key) && typeof at(test, 'code', 'value') === 'number',
      )
      .map(([, test]) => Number(at(test, 'result', 'value'))),
  ];
}

function isFinding({ value, labels, report, numbers }: Evidence): boolean {
  const failed = attributeRows(report).map((row) => ({
    when: at(row, 'when_failed'),
    prefail: at(row, 'flags', 'prefailure') !== false,
  }));
  const now = (prefail: boolean) => failed.some((one) => one.when === 'now' && one.prefail === prefail);
  const told = failed.some(({ when }) => typeof when === 'string');
  switch (labels['finding']) {
    case 'prefail_now':
      return value === 1 ? now(true) || exitBit(report, 16) : told && !now(true);
    case 'usage_now':
      return value === 1 ? now(false) : told && !now(false);
    case 'past':
      return value === 1 ? failed.some(({ when }) => when === 'past') || exitBit(report, 32) : told;
    case 'error_log':
      return value === 1 ? exitBit(report, 64) || numbers.some((count) => count > 0) : numbers.includes(0);
    case 'self_test_log':
      return value === 1 ? exitBit(report, 128) : !exitBit(report, 128);
    default:
      return false;
  }
}

const bitOf: Readonly<Record<string, number>> = {
  spare: 1,
  temperature: 2,
  reliability: 4,
  read_only: 8,
  volatile_memory_backup: 16,
  persistent_memory: 32,
  other: 64 + 128,
};

/** What a value may be; where nothing is listed, one of the report's numbers. */
const justified: Partial<Record<MetricName, (evidence: Evidence) => boolean>> = {
  maintenance_disk_info: isOne,
  maintenance_disk_present: isOne,
  maintenance_disk_readable: isFlag,
  maintenance_disk_standby: isFlag,
  maintenance_disk_smart_healthy: ({ value, report }) => {
    const passed = at(report, 'smart_status', 'passed');
    if (value === 1) return passed === true && !exitBit(report, 8);
    return passed === false || exitBit(report, 8);
  },
  maintenance_disk_capacity_bytes: ({ value, numbers }) => value > 0 && numbers.includes(value),
  maintenance_disk_power_on_seconds_total: ({ value, report, numbers }) =>
    [0, minutesOn(report)].some((minutes) => numbers.includes((value - minutes * 60) / 3600)),
  maintenance_disk_wear_ratio: isShare,
  maintenance_disk_spare_ratio: isShare,
  maintenance_disk_spare_threshold_ratio: isShare,
  maintenance_disk_uncorrectable_errors: ({ value, report, numbers }) => {
    const counts = ['read', 'write', 'verify'].map(
      (kind) => numbersIn(at(report, 'scsi_error_counter_log', kind, 'total_uncorrected_errors'))[0] ?? 0,
    );
    return numbers.includes(value) || counts.reduce((sum, count) => sum + count, 0) === value;
  },
  maintenance_disk_observed_annual_failure_ratio: ({ value, report }) =>
    failureRates.some(({ buckets }) => buckets.some(([, ratio]) => ratio === value)) &&
    Number(at(report, 'rotation_rate')) > 0,
  maintenance_disk_finding: isFinding,
  maintenance_disk_critical_warning: ({ value, labels, report }) =>
    [
      at(report, 'nvme_smart_health_information_log', 'critical_warning'),
      at(report, 'smart_status', 'nvme', 'value'),
    ].some(
      (bits) =>
        typeof bits === 'number' && ((bits & (bitOf[labels['warning'] ?? ''] ?? 0)) !== 0) === (value === 1),
    ),
  maintenance_disk_self_tests_logged: ({ value, numbers, report }) =>
    numbers.includes(value) ||
    value === testResults(report).length ||
    // A log without entries.
    (value === 0 &&
      ['nvme_self_test_log', 'scsi_self_test_status'].some((key) => at(report, key) !== undefined)) ||
    [
      rows(report, 'ata_smart_self_test_log', 'extended', 'table'),
      rows(report, 'ata_smart_self_test_log', 'standard', 'table'),
      rows(report, 'nvme_self_test_log', 'table').filter((test) => test !== null),
    ].some(({ length }) => length === value),
  maintenance_disk_self_test_running: ({ value, report, numbers }) =>
    at(report, 'scsi_self_test_status', 'in_progress') === (value === 1) ||
    numbers.some((status) => (value === 1 ? status >= 1 : status < 0xf0)),
  maintenance_disk_self_test_last_success: ({ value, report }) =>
    testResults(report).some((result) => (value === 1 ? result === 0 : result >= 3 && result <= 8)),
  maintenance_disk_self_test_last_timestamp_seconds: ({ value, report, numbers }) => {
    const onClock = (hours: number) => ((hours % 65_536) + 65_536) % 65_536;
    const clock = new Set(numbers.map(onClock));
    const ages = [0, minutesOn(report)].map((minutes) => (now - value - minutes * 60) / 3600);
    return value <= now && ages.some((age) => numbers.some((hours) => clock.has(onClock(hours - age))));
  },
};

function isJustified({ name, labels, value }: Sample, report: unknown, numbers: readonly number[]): boolean {
  const [, part] = /^maintenance_disk_attribute_(.+)$/.exec(name) ?? [];
  if (part === undefined)
    return justified[name]?.({ value, labels, report, numbers }) ?? numbers.includes(value);
  const row = attributeRows(report).find(
    (candidate) => String(at(candidate, 'id')) === labels['attribute_id'],
  );
  if (part === 'failed') return value === 1 && at(row, 'when_failed') === labels['when'];
  if (part === 'raw') return numbersIn(at(row, 'raw')).includes(value);
  return at(row, part === 'threshold' ? 'thresh' : part) === value;
}

/** Holds for every report there is: each series once, its labels as declared, its value from the report. */
export function expectHonest({ samples, problems }: Collection, report: unknown): void {
  const series = samples.map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`);
  expect(new Set(series).size, 'each series once').toBe(series.length);
  const numbers = numbersIn(report);
  for (const sample of samples) {
    expect(Object.keys(sample.labels)).toEqual([...metrics[sample.name].labels]);
    const what = `${sample.name} ${JSON.stringify(sample.labels)} ${sample.value} is in the report`;
    expect(isJustified(sample, report, numbers), what).toBe(true);
  }
  const { readable, standby, present, smart_healthy, ...rest } = facts(samples);
  if (readable === 0) {
    expect(rest).toEqual({});
    expect({ standby, smart_healthy, problems: problems.length }).toEqual({ problems: 1 });
  }
  if (standby === 1) expect({ readable, rest }).toEqual({ rest: {} });
  if (present === undefined) expect(samples).toEqual([]);
}
