import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Collection } from '../../collector.ts';
import type { MetricName, Sample } from '../../metrics.ts';
import { replay } from '../../replay.ts';
import { smartctl } from '../smartctl.ts';

/** Reports of other projects; tests read them where they are, or are skipped. */
export const shared = fileURLToPath(new URL('../../../../shared/fixtures/smart/', import.meta.url));
export const hasShared = existsSync(shared);
if (!hasShared) console.warn('../shared is not here: its smartctl reports are not tested');

/** Unix time at which every report is read. */
export const now = 1_795_000_000;

export const scanCommand = 'smartctl --json=c --scan';

/** What the collector asks a device. */
export function askCommand(device: string, type?: string): string {
  const logs = ['error', 'xerror,1', 'selftest', 'xselftest', 'devstat', 'scttempsts', 'ssd'];
  return [
    'smartctl --json=c --nocheck=standby,3 --info --health --capabilities --attributes',
    ...logs.map((log) => `--log=${log}`),
    ...(type === undefined ? [] : [`--device=${type}`]),
    device,
  ].join(' ');
}

/** What the collector makes of one report, on a machine whose scan shows /dev/sda alone. */
export async function collectReport(text: string, exitCode = 0): Promise<Collection> {
  const scan =
    '{"smartctl":{"exit_status":0},"devices":[{"name":"/dev/sda","type":"scsi","protocol":"SCSI"}]}';
  const commands = { [scanCommand]: scan, [askCommand('/dev/sda')]: { stdout: text, exitCode } };
  const collection = await smartctl.collect(replay({ commands, now }), {});
  // That one is told by the clock, not by the report.
  const told = collection.samples.filter(
    ({ name }) => name !== 'maintenance_disk_last_seen_timestamp_seconds',
  );
  return { ...collection, samples: told };
}

/** Samples that have no label but the disk, without `maintenance_disk_`: `name: value`. */
export function facts(samples: readonly Sample[]): Record<string, number> {
  return Object.fromEntries(
    samples
      .filter(({ labels }) => Object.keys(labels).length === 1)
      .map(({ name, value }) => [name.replace('maintenance_disk_', ''), value]),
  );
}

/** Samples of one metric, by the label that is not the disk. */
export function labelled(samples: readonly Sample[], name: MetricName): Record<string, number> {
  return Object.fromEntries(
    samples
      .filter((one) => one.name === name)
      .map(({ labels: { disk: _, ...others }, value }) => [Object.values(others).join(' '), value]),
  );
}

export const ataReport = {
  smartctl: { version: [7, 3], exit_status: 0 },
  device: { name: '/dev/sda', info_name: '/dev/sda [SAT]', type: 'sat', protocol: 'ATA' },
  model_family: 'Samsung based SSDs',
  model_name: 'Samsung SSD 860 EVO 1TB',
  serial_number: ' S3Z8NB0K123456 ',
  wwn: { naa: 5, oui: 9528, id: 60_129_542_144 },
  firmware_version: 'RVT02B6Q',
  user_capacity: { blocks: 1_953_525_168, bytes: 1_000_204_886_016 },
  rotation_rate: 0,
  smart_support: { available: true, enabled: true },
  smart_status: { passed: true },
  ata_smart_attributes: {
    table: [
      row(5, 'Reallocated_Sector_Ct', 100, 10, 131_075, '3 (0 2)'),
      row(9, 'Power_On_Hours', 95, 0, 20_123),
      row(177, 'Wear_Leveling_Count', 93, 0, 120),
      row(187, 'Uncorrectable_Error_Cnt', 100, 0, 4),
      row(194, 'Temperature_Celsius', 70, 0, 214_750_462_992, '30 (Min/Max 16/50)'),
      row(199, 'CRC_Error_Count', 99, 0, 17),
      row(235, 'POR_Recovery_Count', 99, 0, 58),
    ],
  },
  power_on_time: { hours: 20_123, minutes: 7 },
  temperature: { current: 30 },
};

/** A row of the attribute table that never failed. */
export function row(
  id: number,
  name: string,
  value: number,
  thresh: number,
  raw: number,
  string = String(raw),
) {
  const flags = { value: 51, string: 'PO--CK ', prefailure: thresh > 0, updated_online: true };
  return { id, name, value, worst: value, thresh, when_failed: '', flags, raw: { value: raw, string } };
}

/** One entry of an ATA self-test log, as smartctl 7.3 prints it. */
export function ataTest(type: number, status: number, hours: number) {
  const [result, left] = [status >> 4, status & 15];
  return {
    type: { value: type, string: 'Short offline' },
    status: {
      value: status,
      string: 'Completed without error',
      ...(left === 0 ? {} : { remaining_percent: left * 10 }),
      // smartctl leaves it out for aborted, interrupted and fatal, and says true for a test that runs.
      ...([1, 2, 3].includes(result) ? {} : { passed: result < 4 || result > 8 }),
    },
    lifetime_hours: hours,
  };
}

const flags = { value: 192, string: 'V--- ', valid: true, normalized: false, supports_dsn: false };

/** One value of the device statistics. */
export function statistic(offset: number, name: string, value: number) {
  return { offset, name, size: 4, value, flags };
}

/** Everything an ATA hard disk tells when it is asked with all arguments; written after smartmontools ataprint.cpp. */
export const fullAtaReport = {
  ...ataReport,
  smartctl: { version: [7, 5], exit_status: 0, messages: [{ string: 'a note', severity: 'information' }] },
  power_mode: { ata_value: 255, name: 'ACTIVE or IDLE' },
  model_family: 'Western Digital Gold',
  model_name: 'WDC WD4003FRYZ-01F0DB0',
  rotation_rate: 7200,
  ata_smart_data: {
    offline_data_collection: { status: { value: 130, string: 'was completed without error', passed: true } },
    self_test: {
      status: { value: 249, string: 'in progress, 90% remaining', remaining_percent: 90 },
      polling_minutes: { short: 2, extended: 457 },
    },
    capabilities: { values: [91, 3], self_tests_supported: true, gp_logging_supported: true },
  },
  ata_smart_attributes: {
    revision: 16,
    table: [
      row(1, 'Raw_Read_Error_Rate', 100, 16, 0),
      { ...row(3, 'Spin_Up_Time', 90, 24, 442), worst: 20, when_failed: 'past' },
      { ...row(5, 'Reallocated_Sector_Ct', 4, 5, 1975), when_failed: 'now' },
      row(9, 'Power_On_Hours', 91, 0, 66_000),
      row(194, 'Temperature_Celsius', 176, 0, 141_734_608_930, '34 (Min/Max 18/50)'),
      row(197, 'Current_Pending_Sector', 100, 0, 8),
      row(198, 'Offline_Uncorrectable', 100, 0, 2),
      row(199, 'UDMA_CRC_Error_Count', 200, 0, 1),
    ],
  },
  spare_available: { current_percent: 4, threshold_percent: 5 },
  power_on_time: { hours: 66_000, minutes: 12 },
  power_cycle_count: 31,
  endurance_used: { current_percent: 7 },
  temperature: { current: 34, power_cycle_min: 25, power_cycle_max: 41, op_limit_max: 60, limit_max: 70 },
  ata_log_directory: { gp_dir_version: 1, table: [{ address: 0, name: 'Log Directory', gp_sectors: 1 }] },
  ata_smart_error_log: {
    extended: { revision: 1, sectors: 1, count: 56, logged_count: 4, table: [{ error_number: 56 }] },
    summary: { revision: 1, count: 0 },
  },
  ata_smart_self_test_log: {
    extended: {
      revision: 1,
      sectors: 1,
      table: [ataTest(1, 0xf9, 464), ataTest(1, 0x29, 450), ataTest(0x81, 0, 440), ataTest(2, 0x74, 400)],
      count: 4,
      error_count_total: 1,
      error_count_outdated: 0,
    },
    standard: { revision: 1, count: 0 },
  },
  ata_sct_status: { format_version: 3, temperature: { current: 34, lifetime_max: 50 } },
  ata_device_statistics: {
    pages: [
      { number: 1, name: 'General Statistics', table: [statistic(0x10, 'Power-on Hours', 66_000)] },
      { number: 5, name: 'Temperature Statistics', table: [statistic(0x08, 'Current Temperature', 34)] },
      {
        number: 7,
        name: 'Solid State Device Statistics',
        table: [statistic(0x08, 'Percentage Used Endurance Indicator', 7)],
      },
    ],
  },
};

export const nvmeReport = {
  smartctl: { version: [7, 4], exit_status: 0, uint128_precision_bits: 128 },
  device: {
    name: '/dev/sdb',
    info_name: '/dev/sdb [USB NVMe ASMedia]',
    type: 'sntasmedia',
    protocol: 'NVMe',
  },
  model_name: 'KINGSTON SNV2S1000G',
  serial_number: '50026B7686A1B2C3',
  firmware_version: 'SBM02103',
  nvme_total_capacity: 1_000_204_886_016,
  user_capacity: { bytes: 500_000_000_000 },
  nvme_composite_temperature_threshold: { warning: 83, critical: 90 },
  smart_status: { passed: true, nvme: { value: 0 } },
  nvme_smart_health_information_log: {
    critical_warning: 0,
    temperature: 41,
    available_spare: 98,
    available_spare_threshold: 10,
    percentage_used: 104,
    data_units_written: 9_007_199_254_740_992,
    data_units_written_s: '9007199254740993',
    power_on_hours: 812,
    unsafe_shutdowns_s: '36893488147419103232',
    unsafe_shutdowns_le: [0, 0, 0, 0, 0, 0, 0, 0, 2],
    media_errors_le: [5, 1],
    num_err_log_entries: 14,
  },
  temperature: { current: 41, op_limit_max: 83, critical_limit_max: 90 },
};

/** One entry of an NVMe self-test log, as smartctl 7.4 prints it. */
export function nvmeTest(code: number, result: number, hours: number) {
  return {
    self_test_code: { value: code, string: 'Short' },
    self_test_result: { value: result, string: 'Completed without error' },
    power_on_hours: hours,
  };
}

export const fullNvmeReport = {
  ...nvmeReport,
  smartctl: { version: [7, 5], exit_status: 8 },
  smart_status: {
    passed: false,
    nvme: { value: 9, spare_below_threshold: true, media_read_only: true, other: 0 },
  },
  nvme_smart_health_information_log: {
    ...nvmeReport.nvme_smart_health_information_log,
    nsid: -1,
    critical_warning: 9,
    available_spare: 3,
  },
  spare_available: { current_percent: 3, threshold_percent: 10 },
  endurance_used: { current_percent: 104 },
  nvme_self_test_log: {
    nsid: -1,
    current_self_test_operation: { value: 1, string: 'Short self-test in progress' },
    current_self_test_completion_percent: 40,
    table: [nvmeTest(1, 2, 810), null, nvmeTest(1, 0, 790), nvmeTest(2, 7, 700), nvmeTest(2, 0, 500)],
  },
};

export const sasReport = {
  smartctl: { version: [7, 3], exit_status: 0 },
  device: {
    name: '/dev/bus/0',
    info_name: '/dev/bus/0 [megaraid_disk_09]',
    type: 'megaraid,9',
    protocol: 'SCSI',
  },
  scsi_vendor: 'SEAGATE',
  scsi_product: 'ST4000NM0043',
  scsi_model_name: 'SEAGATE   ST4000NM0043',
  scsi_revision: 'MS03',
  logical_unit_id: '0x5000C500A1B2C3D4',
  serial_number: 'Z1Z5DWJK0000C542',
  user_capacity: { bytes: 4_000_787_030_016 },
  rotation_rate: 7200,
  device_type: { scsi_value: 0, name: 'disk' },
  smart_status: { passed: true },
  temperature: { current: 0, drive_trip: 68 },
  power_on_time: { hours: 43_549, minutes: 33 },
  scsi_grown_defect_list: 9,
  scsi_percentage_used_endurance_indicator: 2,
  scsi_error_counter_log: {
    read: { gigabytes_processed: '176987.332', total_errors_corrected: 40, total_uncorrected_errors: 3 },
    write: { gigabytes_processed: '86472.611', total_errors_corrected: 0, total_uncorrected_errors: 8 },
  },
};

/** One entry of a SCSI self-test log, as smartctl 7.4 prints it. */
export function scsiTest(code: number, result: number, hours: number) {
  return {
    code: { value: code, string: 'Background short' },
    result: { value: result, string: 'Completed' },
    power_on_time: { hours, aka: 'accumulated_power_on_hours' },
  };
}

export const fullSasReport = {
  ...sasReport,
  smartctl: { version: [7, 4], exit_status: 128 },
  scsi_pending_defects: { count: 1, table: [null, { lba: 17, accum_power_on_hours: 43_000 }] },
  scsi_self_test_status: { in_progress: false },
  scsi_self_test_0: scsiTest(1, 1, 43_540),
  scsi_self_test_1: scsiTest(5, 0, 43_500),
  scsi_self_test_2: { ...scsiTest(2, 7, 43_000), failed_segment: { value: 80, aka: 'self_test_number' } },
  scsi_extended_self_test_seconds: 27_000,
};
