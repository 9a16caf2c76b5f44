import { describe, expect, test } from 'vitest';
import {
  ataReport,
  collectReport,
  facts,
  fullAtaReport,
  fullNvmeReport,
  fullSasReport,
  labelled,
  nvmeReport,
  row,
  sasReport,
  statistic,
} from '../../fixtures/smartctl/reports.ts';
import { countAt, parseReport } from './report.ts';

async function samplesOf(report: object, exitCode = 0) {
  return (await collectReport(JSON.stringify(report), exitCode)).samples;
}
const factsOf = async (report: object) => facts(await samplesOf(report));
const labelledOf = async (report: object, name: Parameters<typeof labelled>[1]) =>
  labelled(await samplesOf(report), name);

/** An ATA disk with these attributes alone. */
const withRows = (table: readonly object[], more: object = {}) => ({
  ...ataReport,
  ata_smart_attributes: { table },
  ...more,
});
/** Device statistics with one page. */
const page = (number: number, ...table: readonly object[]) => ({
  ata_device_statistics: {
    pages: [
      { number: 1, table: [] },
      { number, table },
    ],
  },
});
const bare = withRows([row(9, 'Power_On_Hours', 95, 0, 20_123)]);

describe('a full report', () => {
  test('of an ATA disk', async () => {
    expect(await factsOf(fullAtaReport)).toEqual({
      present: 1,
      readable: 1,
      standby: 0,
      smart_healthy: 1,
      capacity_bytes: 1_000_204_886_016,
      temperature_celsius: 34,
      power_on_seconds_total: 66_000 * 3600 + 12 * 60,
      wear_ratio: 0.07,
      spare_ratio: 0.04,
      spare_threshold_ratio: 0.05,
      reallocated_sectors: 1975,
      pending_sectors: 8,
      uncorrectable_errors: 2,
      errors_logged_total: 56,
      interface_crc_errors_total: 1,
      self_tests_logged: 4,
      self_test_running: 1,
    });
    const samples = await samplesOf(fullAtaReport);
    expect(labelled(samples, 'maintenance_disk_temperature_limit_celsius')).toEqual({
      operating: 60,
      critical: 70,
    });
    expect(labelled(samples, 'maintenance_disk_attribute_failed')).toEqual({
      '3 Spin_Up_Time past': 1,
      '5 Reallocated_Sector_Ct now': 1,
    });
  });

  test('of an NVMe disk', async () => {
    const samples = await samplesOf(fullNvmeReport, 8);
    expect(facts(samples)).toEqual({
      present: 1,
      readable: 1,
      standby: 0,
      smart_healthy: 0,
      capacity_bytes: 1_000_204_886_016,
      temperature_celsius: 41,
      power_on_seconds_total: 812 * 3600,
      wear_ratio: 1.04,
      spare_ratio: 0.03,
      spare_threshold_ratio: 0.1,
      media_errors_total: 261,
      errors_logged_total: 14,
      unsafe_shutdowns_total: 2 ** 65,
      self_tests_logged: 4,
      self_test_running: 1,
    });
    expect(labelled(samples, 'maintenance_disk_temperature_limit_celsius')).toEqual({
      operating: 83,
      critical: 90,
    });
    expect(labelled(samples, 'maintenance_disk_critical_warning')).toEqual({
      spare: 1,
      temperature: 0,
      reliability: 0,
      read_only: 1,
      volatile_memory_backup: 0,
      persistent_memory: 0,
      other: 0,
    });
  });

  test('of a SAS disk', async () => {
    const samples = await samplesOf(fullSasReport, 128);
    expect(facts(samples)).toMatchObject({
      smart_healthy: 1,
      reallocated_sectors: 9,
      pending_sectors: 1,
      uncorrectable_errors: 11,
      wear_ratio: 0.02,
    });
    expect(labelled(samples, 'maintenance_disk_corrected_errors_total')).toEqual({ read: 40, write: 0 });
    expect(labelled(samples, 'maintenance_disk_temperature_limit_celsius')).toEqual({ critical: 68 });
    expect(labelled(samples, 'maintenance_disk_finding')).toEqual({ self_test_log: 1 });
  });
});

describe('findings', () => {
  const findings = (report: object) => labelledOf(report, 'maintenance_disk_finding');
  const failed = (when: string, prefailure: boolean) => ({
    ...row(5, 'Reallocated_Sector_Ct', 100, 10, 0),
    when_failed: when,
    flags: { prefailure },
  });
  const none = { prefail_now: 0, usage_now: 0, past: 0 };

  test.each([
    ['no attribute failed', failed('', true), none],
    ['one that foretells failure fails now', failed('now', true), { ...none, prefail_now: 1 }],
    ['one of age fails now', failed('now', false), { ...none, usage_now: 1 }],
    ['one failed in the past', failed('past', true), { ...none, past: 1 }],
    ['as the text form has it', failed('FAILING_NOW', true), { ...none, prefail_now: 1 }],
    ['as the text form has the past', failed('In_the_past', false), { ...none, past: 1 }],
    ['a word nobody knows', failed('soon', true), {}],
    ['no thresholds', { ...failed('', true), when_failed: undefined, thresh: undefined }, {}],
    ['a row that is no attribute but fails', { when_failed: 'now', id: 0 }, { ...none, prefail_now: 1 }],
  ])('%s', async (_, one, expected) => {
    expect(await findings(withRows([one]))).toEqual(expected);
  });

  test('bits of the exit status are findings; one that is not set says nothing', async () => {
    const exit = (status: number) => findings({ ...sasReport, smartctl: { exit_status: status } });
    expect(await exit(0)).toEqual({});
    expect(await exit(4)).toEqual({});
    expect(await exit(16 + 32 + 64 + 128)).toEqual({
      prefail_now: 1,
      past: 1,
      error_log: 1,
      self_test_log: 1,
    });
    // "Past" means "now or past" there; the attributes know better.
    const now = withRows([failed('now', false)], { smartctl: { exit_status: 32 } });
    expect(await findings(now)).toEqual({ ...none, usage_now: 1 });
  });

  test('logs that were read and are clean are none', async () => {
    const clean = {
      ...bare,
      ata_smart_error_log: { extended: { count: 0 }, summary: { count: 0 } },
      ata_smart_self_test_log: { standard: { count: 0 } },
    };
    expect(await findings(clean)).toEqual({ ...none, error_log: 0, self_test_log: 0 });
  });

  test('every bit of the NVMe critical warning has its word, also where only the verdict tells it', async () => {
    const raised = async (bits: unknown) => {
      const all = await labelledOf(
        {
          ...nvmeReport,
          nvme_smart_health_information_log: {},
          smart_status: { passed: bits === 0, nvme: { value: bits } },
        },
        'maintenance_disk_critical_warning',
      );
      return Object.keys(all).length === 7 ? Object.keys(all).filter((word) => all[word] === 1) : all;
    };
    expect(await raised(0)).toEqual([]);
    expect(await raised(1)).toEqual(['spare']);
    expect(await raised(2 + 4)).toEqual(['temperature', 'reliability']);
    expect(await raised(8 + 16 + 32)).toEqual(['read_only', 'volatile_memory_backup', 'persistent_memory']);
    expect(await raised(64)).toEqual(['other']);
    expect(await raised(128)).toEqual(['other']);
    expect(await raised(256), 'no byte').toEqual({});
    expect(await raised('4')).toEqual({});
  });

  test('SCT that says passed does not outweigh a verdict of failing', async () => {
    const report = {
      ...bare,
      ata_sct_status: { smart_status: { passed: true } },
      smartctl: { exit_status: 8 },
    };
    expect(await factsOf(report)).toMatchObject({ smart_healthy: 0 });
  });
});

describe('logged errors', () => {
  const logged = async (log: object) =>
    (await factsOf({ ...bare, ata_smart_error_log: log }))['errors_logged_total'];

  test('the extended log counts where the old one stays at 0, and the other way round', async () => {
    expect(await logged({ extended: { count: 7 }, summary: { count: 0 } })).toBe(7);
    expect(await logged({ extended: { count: 0 }, summary: { count: 3 } })).toBe(3);
    expect(await logged({ extended: { count: 0 } })).toBe(0);
    expect(await logged({ summary: { count: 0 } })).toBe(0);
  });

  test('0 beside a damaged extended log is not believed', async () => {
    expect(await logged({ extended: { revision: 1 }, summary: { count: 0 } })).toBeUndefined();
    expect(await logged({ extended: { revision: 1 }, summary: { count: 5 } })).toBe(5);
    expect(await logged({})).toBeUndefined();
  });
});

describe('endurance', () => {
  const wear = async (report: object) => (await factsOf(report))['wear_ratio'];
  const used = (value: number) => page(7, statistic(8, 'Percentage Used Endurance Indicator', value));
  const percent = (value: number) => ({ endurance_used: { current_percent: value } });

  test('from every place it hides in', async () => {
    expect(await wear({ ...bare, ...percent(23) })).toBe(0.23);
    expect(await wear({ ...bare, ...used(12) })).toBe(0.12);
    expect(await wear({ ...bare, ...used(0) })).toBe(0);
    expect(await wear(nvmeReport)).toBe(1.04);
    expect(await wear(sasReport)).toBe(0.02);
    expect(await wear(withRows([row(202, 'Percent_Lifetime_Remain', 61, 1, 39)]))).toBe(0.39);
    expect(await wear(withRows([row(231, 'SSD_Life_Left', 90, 10, 90)]))).toBe(0.1);
    const intel = withRows([row(233, 'Media_Wearout_Indicator', 88, 0, 0)], { model_name: 'INTEL S4510' });
    expect(await wear(intel)).toBe(0.12);
    expect(await wear(bare)).toBeUndefined();
  });

  test('what smartctl 7.5 cuts out of an attribute that counts to 200 is nothing', async () => {
    const odd = withRows([row(173, 'Wear_Leveling_Count', 200, 5, 11)]);
    expect(await wear({ ...odd, ...percent(0) })).toBeUndefined();
    expect(await wear({ ...odd, ...percent(31), ...used(31) }), 'the disk’s own statistic').toBe(0.31);
    const spare = async (value: number, threshold: number) =>
      (
        await factsOf({
          ...withRows([row(5, 'Reallocated_Sector_Ct', value, threshold, 0)]),
          spare_available: { current_percent: Math.min(value, 100) },
        })
      )['spare_ratio'];
    expect(await spare(100, 10)).toBe(1);
    expect(await spare(98, 10)).toBe(0.98);
    expect(await spare(200, 140)).toBeUndefined();
    expect(await spare(98, 140), 'of 200').toBeUndefined();
  });

  test('of an attribute whose direction is not sure is nothing', async () => {
    const wd = { model_name: 'WDC WDS500G2B0A', model_family: 'WD Blue SSDs' };
    expect(await wear(withRows([row(230, 'Media_Wearout_Indicator', 1, 0, 1)], wd))).toBeUndefined();
    expect(await wear(withRows([row(233, 'Media_Wearout_Indicator', 99, 0, 1)], wd))).toBeUndefined();
    expect(await wear(withRows([row(173, 'Wear_Leveling_Count', 99, 0, 1)], wd))).toBeUndefined();
  });
});

describe('device statistics', () => {
  test('tell what the attributes do not', async () => {
    const told = async (...args: Parameters<typeof page>) => factsOf({ ...bare, ...page(...args) });
    expect(await told(1, statistic(0x40, 'Pending Error Count', 6))).toMatchObject({ pending_sectors: 6 });
    expect(
      await told(
        3,
        statistic(0x20, 'Number of Reallocated Logical Sectors', 5),
        statistic(0x38, 'Number of Realloc. Candidate Logical Sectors', 2),
      ),
    ).toMatchObject({ reallocated_sectors: 5, pending_sectors: 2 });
    expect(await told(4, statistic(8, 'Number of Reported Uncorrectable Errors', 3))).toMatchObject({
      uncorrectable_errors: 3,
    });
    expect(await told(6, statistic(0x18, 'Number of Interface CRC Errors', 9))).toMatchObject({
      interface_crc_errors_total: 9,
    });
  });

  test('a temperature may be below zero, and its limit above', async () => {
    const { temperature: _, ...cold } = bare;
    const report = { ...cold, ...page(5, statistic(8, 'Current', -7), statistic(0x58, 'Maximum', 65)) };
    expect(await factsOf(report)).toMatchObject({ temperature_celsius: -7 });
    expect(await labelledOf(report, 'maintenance_disk_temperature_limit_celsius')).toEqual({ operating: 65 });
  });

  test('one that is not valid yet, or scaled by the vendor, or no count, is nothing', async () => {
    for (const more of [
      { flags: { valid: false, normalized: false } },
      { flags: { valid: true, normalized: true } },
      { value: undefined },
      { value: -1 },
      { value: 0.5 },
      { value: 2 ** 32 },
    ]) {
      const report = { ...bare, ...page(4, { ...statistic(8, 'Uncorrectable', 3), ...more }) };
      expect(await factsOf(report)).not.toHaveProperty('uncorrectable_errors');
    }
  });
});

test.each([
  [{ temperature: { op_limit_max: 0, limit_max: 255 } }, {}],
  [{ temperature: { op_limit_max: 70, limit_max: 85 } }, { operating: 70, critical: 85 }],
  [{ nvme_composite_temperature_threshold: { warning: 80, critical: 85 } }, { operating: 80, critical: 85 }],
  [{ scsi_temperature: { drive_trip: 65 } }, { critical: 65 }],
  [{ temperature: { drive_trip: 0 } }, {}],
])('temperature limits %j', async (more, expected) => {
  const { temperature: _, ...report } = bare;
  expect(await labelledOf({ ...report, ...more }, 'maintenance_disk_temperature_limit_celsius')).toEqual(
    expected,
  );
});

describe('a wide count', () => {
  const count = (json: string) => countAt(parseReport(json), 'n');

  test('is read from its bytes, then its digits, then the rounded number', () => {
    expect(count('{"n":17}')).toBe(17);
    expect(count('{"n":9007199254740993,"n_s":"9007199254740993"}')).toBe(9_007_199_254_740_992);
    // A smartctl without 128-bit integers rounds its own digits: only the bytes are exact.
    const bytes = '[255,255,255,255,255,255,255,255,1]';
    expect(count(`{"n":3.68e19,"n_s":"36800000000000000000","n_le":${bytes}}`)).toBe(Number(2n ** 65n - 1n));
    expect(count('{"n":1,"n_s":"18446744073709551615"}')).toBe(2 ** 64);
    expect(count(`{"n_le":[${Array<number>(16).fill(255).join(',')}]}`)).toBe(Number(2n ** 128n - 1n));
    // The nearest double of the exact digits, not a sum of rounded parts.
    expect(count('{"n_le":[1,0,0,0,0,0,32]}')).toBe(Number(BigInt(32) * 256n ** 6n + 1n));
  });

  test('that is none of them, or too wide, is nothing', () => {
    for (const wrong of [
      '{}',
      '{"n":null}',
      '{"n":"17"}',
      '{"n":-1}',
      '{"n":1.5}',
      '{"n":1e400}',
      '{"n_s":"1e9"}',
      '{"n_s":"-1"}',
      '{"n_le":[]}',
      '{"n_le":[256]}',
      `{"n_s":"${'9'.repeat(40)}"}`,
    ])
      expect(count(wrong), wrong).toBeUndefined();
  });

  test('with damaged bytes or digits is still read from what is whole', () => {
    expect(count('{"n":5,"n_s":"five","n_le":[1,null]}')).toBe(5);
    expect(count('{"n":5,"n_s":"6","n_le":[1,-1]}')).toBe(6);
  });
});
