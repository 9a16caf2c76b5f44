import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../collector.ts';
import type { Sample } from '../../metrics.ts';
import { attributesOf } from './attributes.ts';
import { expectHonest } from '../../fixtures/smartctl/honesty.ts';
import { at, parseReport } from './report.ts';
import {
  ataReport,
  collectReport,
  facts,
  hasShared,
  labelled,
  now,
  nvmeReport,
  sasReport,
  shared,
} from '../../fixtures/smartctl/reports.ts';
import { parseScan } from './scan.ts';

function info(samples: readonly Sample[]): Readonly<Record<string, string>> | undefined {
  return samples.find(({ name }) => name === 'maintenance_disk_info')?.labels;
}

function attribute(samples: readonly Sample[], id: string): Record<string, number> {
  return Object.fromEntries(
    samples
      .filter(
        ({ name, labels }) => name.startsWith('maintenance_disk_attribute') && labels['attribute_id'] === id,
      )
      .map(({ name, value }) => [name.replace('maintenance_disk_attribute_', ''), value]),
  );
}

function reasons(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ reason }) => reason);
}

const statistics = (valid: boolean) => ({
  pages: [
    {
      number: 5,
      table: [{ offset: 8, value: 99, flags: { valid: true } }],
    },
    { number: 7, table: [{ offset: 8, value: 12, flags: { valid } }] },
  ],
});
const wear = async (more: object) =>
  facts((await collectReport(JSON.stringify({ ...ataReport, ...more }))).samples)['wear_ratio'];

describe('a report', () => {
  test('of an ATA SSD: packed raw values, Samsung wear, seconds from hours and minutes', async () => {
    const { samples, problems } = await collectReport(JSON.stringify(ataReport));
    expect(problems).toEqual([]);
    expect(info(samples)).toEqual({
      disk: 'naa.5002538e00000000',
      device: '/dev/sda',
      protocol: 'ATA',
      kind: 'ssd',
      model: 'Samsung SSD 860 EVO 1TB',
      serial: 'S3Z8NB0K123456',
      firmware: 'RVT02B6Q',
    });
    expect(facts(samples)).toEqual({
      present: 1,
      readable: 1,
      standby: 0,
      smart_healthy: 1,
      capacity_bytes: 1_000_204_886_016,
      temperature_celsius: 30,
      power_on_seconds_total: 20_123 * 3600 + 7 * 60,
      wear_ratio: 0.07,
      reallocated_sectors: 3,
      uncorrectable_errors: 4,
      interface_crc_errors_total: 17,
      unsafe_shutdowns_total: 58,
    });
    expect(attribute(samples, '5')).toEqual({ raw: 131_075, value: 100, worst: 100, threshold: 10 });
    expect(labelled(samples, 'maintenance_disk_finding')).toEqual({ prefail_now: 0, usage_now: 0, past: 0 });
  });

  test('of an NVMe disk behind a USB bridge: by its protocol, wide counters in all their spellings', async () => {
    const { samples, problems } = await collectReport(JSON.stringify(nvmeReport));
    expect(problems).toEqual([]);
    expect(info(samples)).toMatchObject({ disk: '50026B7686A1B2C3', protocol: 'NVMe', kind: 'ssd' });
    expect(facts(samples)).toEqual({
      present: 1,
      readable: 1,
      standby: 0,
      smart_healthy: 1,
      capacity_bytes: 1_000_204_886_016,
      temperature_celsius: 41,
      power_on_seconds_total: 812 * 3600,
      wear_ratio: 1.04,
      spare_ratio: 0.98,
      spare_threshold_ratio: 0.1,
      errors_logged_total: 14,
      media_errors_total: 261,
      unsafe_shutdowns_total: 2 ** 65,
    });
  });

  test('of a SAS disk behind MegaRAID: WWN, grown defects, uncorrected errors of what it counts', async () => {
    const { samples, problems } = await collectReport(JSON.stringify(sasReport));
    expect(problems).toEqual([]);
    expect(info(samples)).toMatchObject({
      disk: 'naa.5000c500a1b2c3d4',
      kind: 'hdd',
      model: 'SEAGATE ST4000NM0043',
      firmware: 'MS03',
    });
    expect(facts(samples)).toEqual({
      present: 1,
      readable: 1,
      standby: 0,
      smart_healthy: 1,
      capacity_bytes: 4_000_787_030_016,
      temperature_celsius: 0,
      power_on_seconds_total: 43_549 * 3600 + 33 * 60,
      wear_ratio: 0.02,
      reallocated_sectors: 9,
      uncorrectable_errors: 11,
    });
  });

  test('with noise around the JSON is read (smartctl before 7.3)', async () => {
    const text = `  Pending defect count:0 Pending Defects\n${JSON.stringify(sasReport)}\nSmartctl: done\n`;
    expect(facts((await collectReport(text)).samples)).toMatchObject({ readable: 1, reallocated_sectors: 9 });
  });

  test('without a verdict has none, and bit 3 of the exit status is one', async () => {
    const { smart_status: _, ...silent } = ataReport;
    expect(facts((await collectReport(JSON.stringify(silent))).samples)).not.toHaveProperty('smart_healthy');
    const failing = { ...silent, smartctl: { exit_status: 8 } };
    expect(facts((await collectReport(JSON.stringify(failing), 8)).samples)).toMatchObject({
      smart_healthy: 0,
    });
  });

  test.each([4, 16, 32, 64, 128, 4 + 64])('with exit status %i holds valid data', async (exitStatus) => {
    const report = { ...ataReport, smartctl: { exit_status: exitStatus } };
    const { samples, problems } = await collectReport(JSON.stringify(report), exitStatus);
    expect(facts(samples)).toMatchObject({ readable: 1, smart_healthy: 1, reallocated_sectors: 3 });
    expect(problems).toEqual([]);
  });

  test('counts an attribute only where its name confirms the id (Indilinx keeps sectors read in 198)', async () => {
    const table = [
      { id: 198, name: 'Read_Sectors_Tot_Ct', value: 100, worst: 100, thresh: 0, raw: { value: 9_000_000 } },
      { id: 199, name: 'Write_Sectors_Tot_Ct', value: 100, worst: 100, thresh: 0, raw: { value: 8_000_000 } },
      { id: 233, name: 'Media_Wearout_Indicator', value: 90, worst: 90, thresh: 0, raw: { value: 10 } },
    ];
    const { samples } = await collectReport(
      JSON.stringify({ ...ataReport, ata_smart_attributes: { table } }),
    );
    const read = facts(samples);
    expect(read).not.toHaveProperty('uncorrectable_errors');
    expect(read).not.toHaveProperty('interface_crc_errors_total');
    expect(read, 'direction is sure for Intel only').not.toHaveProperty('wear_ratio');
    expect(attribute(samples, '198')).toMatchObject({ raw: 9_000_000 });
  });

  test('with an attribute twice shows the first', async () => {
    const row = {
      id: 5,
      name: 'Reallocated_Sector_Ct',
      value: 100,
      worst: 99,
      thresh: 10,
      raw: { value: 7 },
    };
    const table = [row, { ...row, value: 1, raw: { value: 0 } }, { ...row, id: '5' }, { ...row, id: 0 }];
    const { samples } = await collectReport(
      JSON.stringify({ ...ataReport, ata_smart_attributes: { table } }),
    );
    expect(attribute(samples, '5')).toEqual({ raw: 7, value: 100, worst: 99, threshold: 10 });
    expect(facts(samples)).toMatchObject({ reallocated_sectors: 7 });
  });

  test('takes wear from the standard first: endurance_used, then the device statistics, then attributes', async () => {
    expect(await wear({ endurance_used: { current_percent: 23 } })).toBe(0.23);
    expect(await wear({ ata_device_statistics: statistics(true) })).toBe(0.12);
    expect(await wear({ ata_device_statistics: statistics(false) })).toBe(0.07);
  });

  test.each([
    [
      'no verdict, no data: exit 0 without CAP_SYS_RAWIO',
      { smartctl: { exit_status: 0 } },
      'device_unreadable',
      /CAP_SYS_RAWIO/,
    ],
    [
      'permission denied',
      {
        smartctl: {
          exit_status: 2,
          messages: [
            { string: 'Smartctl open device: /dev/sda failed: Permission denied', severity: 'error' },
          ],
        },
      },
      'permission_denied',
      /^\/dev\/sda: .*Permission denied; run smartctl as root/,
    ],
    [
      'SMART missing',
      { smart_support: { available: false }, temperature: { current: 0 } },
      'unsupported',
      /exclude it/,
    ],
    ['SMART missing, as a bare boolean', { smart_support: false }, 'unsupported', /exclude it/],
    [
      'SMART missing but "passed"',
      { smart_support: { available: false }, smart_status: { passed: true } },
      'unsupported',
      /no SMART/,
    ],
    [
      'SMART switched off',
      { smart_support: { available: true, enabled: false } },
      'device_unreadable',
      /--smart=on/,
    ],
    [
      'a SATA disk seen only as SCSI',
      { scsi_vendor: 'ATA', device: { protocol: 'SCSI' } },
      'device_unreadable',
      /CAP_SYS_RAWIO/,
    ],
    [
      'an input/output error',
      {
        smartctl: {
          exit_status: 2,
          messages: [{ string: 'Read Device Identity failed: Input/output error', severity: 'error' }],
        },
      },
      'device_unreadable',
      /Input\/output error; check the disk/,
    ],
    ['an empty object', {}, 'device_unreadable', /no health data/],
    [
      'another tool’s JSON',
      { Controllers: [{ 'Command Status': { Status: 'Success' } }] },
      'device_unreadable',
      /no health data/,
    ],
  ])('with %s is unreadable, never healthy', async (_, report, reason, message) => {
    const { samples, problems } = await collectReport(JSON.stringify(report));
    expect(facts(samples)).toEqual({ present: 1, readable: 0 });
    expect(reasons(problems)).toEqual([reason]);
    expect(problems[0]?.message).toMatch(message);
  });

  test('with a SCSI counter that is no number has no sum of errors: a part is not the whole', async () => {
    const log = { ...sasReport.scsi_error_counter_log, verify: { total_uncorrected_errors: 'many' } };
    const { samples } = await collectReport(JSON.stringify({ ...sasReport, scsi_error_counter_log: log }));
    expect(facts(samples)).not.toHaveProperty('uncorrectable_errors');
  });

  test('with a capacity of 0, as of an empty card reader, has none', async () => {
    const { samples } = await collectReport(JSON.stringify({ ...ataReport, user_capacity: { bytes: 0 } }));
    expect(facts(samples)).not.toHaveProperty('capacity_bytes');
  });

  test('that a SCSI device without a sensor is at 0 °C is not believed', async () => {
    for (const more of [
      { temperature: { current: 0, drive_trip: 0 } },
      { temperature: { current: 0 }, scsi_temperature: { drive_trip: 0 } },
    ]) {
      const { samples } = await collectReport(JSON.stringify({ ...sasReport, ...more }));
      expect(facts(samples)).not.toHaveProperty('temperature_celsius');
    }
  });

  test.each([
    ['exit status 3 (7.0)', { smartctl: { exit_status: 3 } }, 3],
    [
      'a message (7.1)',
      {
        smartctl: {
          exit_status: 2,
          messages: [{ string: 'Device is in STANDBY mode, exit(2)', severity: 'information' }],
        },
      },
      2,
    ],
    [
      'a message of the system',
      { smartctl: { messages: [{ string: 'Device is in STANDBY (OS) mode, exit(3)' }] } },
      3,
    ],
    ['power_mode (7.5)', { smartctl: { exit_status: 2 }, power_mode: { ata_value: 0, name: 'STANDBY' } }, 2],
    ['nothing but the exit code', { device: { name: '/dev/sda', protocol: 'ATA' } }, 3],
  ])(
    'of a sleeping disk, told by %s, is standby: neither failed nor unreadable',
    async (_, report, exitCode) => {
      const { samples, problems } = await collectReport(JSON.stringify(report), exitCode);
      expect(facts(samples)).toEqual({ present: 1, standby: 1 });
      expect(problems).toEqual([]);
    },
  );

  test.each([
    ['nothing', '', 'smartctl printed nothing'],
    [
      'text of an old version',
      'smartctl 6.6 2016-05-31 r4324 [x86_64-linux]\n\n=======> UNRECOGNIZED OPTION: json=c\n',
      'smartctl 6.6 printed text instead of JSON; install smartmontools 7.0 or newer',
    ],
    [
      'a truncated report',
      JSON.stringify(ataReport).slice(0, 900),
      'smartctl printed no complete JSON: {"smartctl":{"version":[7,3]',
    ],
    ['a list', '[1,2]', 'smartctl printed no complete JSON: [1,2]'],
  ])('that is %s is unexpected output with a clear message', async (_, text, message) => {
    const { samples, problems } = await collectReport(text);
    expect(facts(samples)).toEqual({ present: 1, readable: 0 });
    expect(reasons(problems)).toEqual(['unexpected_output']);
    expect(problems[0]?.message).toContain(message);
  });
});

/** Where a count may stand, as `key` or as `id name` of an attribute. */
const counted: Readonly<Record<string, RegExp>> = {
  reallocated_sectors: /^(?:5 |scsi_grown_defect_list)/,
  pending_sectors: /^(?:197 |scsi_pending)/,
  uncorrectable_errors: /^(?:187 |198 |total_uncorrected_errors)/,
  media_errors_total: /^media_errors/,
  errors_logged_total: /^(?:count|num_err_log_entries)$/,
  interface_crc_errors_total: /^199 /,
  unsafe_shutdowns_total: /^(?:unsafe_shutdowns|174 |192 |235 )/,
  self_tests_logged: /^(?:count|value)$/,
};

/** Keys whose value is 0 anywhere in a report; an attribute counts by its raw value. */
function zeros(value: unknown, key = ''): readonly string[] {
  if (value === 0) return [key];
  if (typeof value !== 'object' || value === null) return [];
  const raw = at(value, 'raw', 'string');
  const row = typeof raw === 'string' && /^0\b/.test(raw) ? [`${String(at(value, 'id'))} `] : [];
  return [...row, ...Object.entries(value).flatMap(([name, inner]) => zeros(inner, name))];
}

describe.skipIf(!hasShared)('reports of other projects (skipped without ../shared)', () => {
  const files = globSync('**/*.json', { cwd: shared }).toSorted();
  const read = (name: string) => {
    const found = files.find((file) => file.endsWith(name));
    return readFileSync(`${shared}${found ?? name}`, 'utf8');
  };

  test('are all here', () => {
    expect(files.length).toBeGreaterThan(80);
  });

  test.each(files)('%s: no crash, no duplicate, no invented number', async (file) => {
    const text = readFileSync(`${shared}${file}`, 'utf8');
    expectHonest(await collectReport(text), parseReport(text));
    if (Array.isArray(at(parseReport(text), 'devices'))) expect(parseScan(text).length).toBeGreaterThan(0);
    for (const { id, name } of attributesOf(parseReport(text))) expect(`${id} ${name}`).toMatch(/^\d+ \S+$/);
  });

  test.each(files)(
    '%s: protocol and verdict are the report’s own, and a zero stands where it is counted',
    async (file) => {
      const report = parseReport(readFileSync(`${shared}${file}`, 'utf8'));
      const { samples } = await collectReport(JSON.stringify(report));
      const known = facts(samples);
      if (known['readable'] !== 1) return;
      expect(info(samples)?.['protocol']).toBe(at(report, 'device', 'protocol') ?? 'SCSI');
      const failing = (Number(at(report, 'smartctl', 'exit_status')) & 8) !== 0;
      const passed = failing ? false : at(report, 'smart_status', 'passed');
      expect(known['smart_healthy']).toBe(passed === undefined ? undefined : Number(passed));
      for (const [name, keys] of Object.entries(counted))
        if (known[name] === 0)
          expect(
            zeros(report).some((key) => keys.test(key)),
            `${name} 0`,
          ).toBe(true);
    },
  );

  test('every report with a verdict or health data is readable, every other one is not', async () => {
    const unreadable: string[] = [];
    for (const file of files) {
      const text = readFileSync(`${shared}${file}`, 'utf8');
      const isReport = ['devices', 'Controllers'].every((key) => at(parseReport(text), key) === undefined);
      const { readable } = facts((await collectReport(text)).samples);
      if (isReport && readable === 0) unreadable.push(file.replace(/.*\//, ''));
    }
    expect(unreadable).toEqual([
      'smartctl_info_nvme.json',
      'smartctl_info_sata_smart_support_bool.json',
      'smartctl_info_sata_smart_support_object.json',
      'smart-fail.json',
      'smart-raid.json',
    ]);
  });

  test('ATA HDD: Seagate ST3500418AS with 304 reallocated sectors', async () => {
    const { samples, problems } = await collectReport(read('/ST3500418AS_12.json'));
    expect(problems).toEqual([]);
    expect(info(samples)).toMatchObject({
      disk: 'naa.5000c500499602d2',
      device: '/dev/sda',
      protocol: 'ATA',
      kind: 'hdd',
      model: 'ST3500418AS',
    });
    expect(facts(samples)).toEqual({
      present: 1,
      readable: 1,
      standby: 0,
      smart_healthy: 1,
      capacity_bytes: 500_107_862_016,
      temperature_celsius: 33,
      power_on_seconds_total: 44_668 * 3600,
      reallocated_sectors: 304,
      errors_logged_total: 0,
      pending_sectors: 0,
      uncorrectable_errors: 0,
      interface_crc_errors_total: 0,
    });
    expect(attribute(samples, '5')).toEqual({ raw: 304, value: 93, worst: 93, threshold: 36 });
    expect(attribute(samples, '7')).toEqual({ raw: 12_834_215_976_973, value: 55, worst: 51, threshold: 30 });
  });

  test('ATA SSD: Intel S4510 with 12 % wear', async () => {
    const { samples } = await collectReport(read('INTEL_SSDSC2KB240G8-sdc.json'));
    expect(info(samples)).toMatchObject({
      disk: 'naa.55cd2e40499602d2',
      kind: 'ssd',
      model: 'INTEL SSDSC2KB240G8',
    });
    expect(facts(samples)).toEqual({
      present: 1,
      readable: 1,
      standby: 0,
      smart_healthy: 1,
      capacity_bytes: 240_057_409_536,
      temperature_celsius: 20,
      power_on_seconds_total: 40_786 * 3600,
      wear_ratio: 0.12,
      errors_logged_total: 0,
      reallocated_sectors: 0,
      pending_sectors: 0,
      uncorrectable_errors: 0,
      interface_crc_errors_total: 0,
      unsafe_shutdowns_total: 721,
    });
  });

  test('ATA SSD: Samsung with device statistics that agree with its attribute', async () => {
    const { samples } = await collectReport(read('smart-ata-full.json'));
    expect(facts(samples)).toMatchObject({
      wear_ratio: 0.19,
      temperature_celsius: 36,
      unsafe_shutdowns_total: 4,
    });
    expect(attribute(samples, '177')).toMatchObject({ value: 81 });
  });

  test('NVMe: Sabrent Rocket 4.0', async () => {
    const { samples, problems } = await collectReport(read('testcases_device/nvme/response.json'));
    expect(problems).toEqual([]);
    expect(info(samples)).toEqual({
      disk: '6D1107091C9583054511',
      device: '/dev/sda',
      protocol: 'NVMe',
      kind: 'ssd',
      model: 'Sabrent Rocket 4.0 1TB',
      serial: '6D1107091C9583054511',
      firmware: 'RKT401.3',
    });
    expect(facts(samples)).toEqual({
      present: 1,
      readable: 1,
      standby: 0,
      smart_healthy: 1,
      capacity_bytes: 1_000_204_886_016,
      temperature_celsius: 48,
      power_on_seconds_total: 8733 * 3600,
      wear_ratio: 0.04,
      spare_ratio: 1,
      spare_threshold_ratio: 0.05,
      errors_logged_total: 4871,
      self_tests_logged: 0,
      self_test_running: 0,
      media_errors_total: 0,
      unsafe_shutdowns_total: 39,
    });
  });

  test('SAS: Seagate ST4000NM0043 with 56 grown defects that calls itself healthy', async () => {
    const { samples, problems } = await collectReport(read('smart-scsi.json'));
    expect(problems).toEqual([]);
    expect(info(samples)).toMatchObject({
      disk: 'Z1Z5DWJK0000XXXXXXXX',
      protocol: 'SCSI',
      kind: 'hdd',
      model: 'SEAGATE ST4000NM0043',
      firmware: 'MS03',
    });
    expect(facts(samples)).toEqual({
      present: 1,
      readable: 1,
      standby: 0,
      smart_healthy: 1,
      capacity_bytes: 4_000_787_030_016,
      temperature_celsius: 34,
      power_on_seconds_total: 43_549 * 3600 + 33 * 60,
      reallocated_sectors: 56,
      uncorrectable_errors: 0,
    });
  });

  test('failing: Hitachi on USB with exit status 216, and a Samsung NVMe whose capacitor died', async () => {
    const hitachi = await collectReport(read('smart-fail2.json'), 216);
    expect(hitachi.problems).toEqual([]);
    expect(info(hitachi.samples)).toMatchObject({ disk: 'naa.5000cca37fca81a8', serial: 'MSK423Y20S3HBC' });
    expect(facts(hitachi.samples)).toEqual({
      present: 1,
      readable: 1,
      standby: 0,
      smart_healthy: 0,
      capacity_bytes: 500_107_862_016,
      temperature_celsius: 25,
      power_on_seconds_total: 65_592 * 3600,
      reallocated_sectors: 1975,
      errors_logged_total: 56,
      self_tests_logged: 21,
      self_test_running: 0,
      pending_sectors: 8,
      uncorrectable_errors: 0,
      interface_crc_errors_total: 0,
    });
    expect(attribute(hitachi.samples, '5')).toEqual({
      raw: 1975,
      value: 1,
      worst: 1,
      threshold: 5,
      failed: 1,
    });
    expect(labelled(hitachi.samples, 'maintenance_disk_attribute_failed')).toEqual({
      '5 Reallocated_Sector_Ct now': 1,
    });
    expect(labelled(hitachi.samples, 'maintenance_disk_finding')).toEqual({
      prefail_now: 1,
      usage_now: 0,
      past: 0,
      error_log: 1,
      self_test_log: 1,
    });
    // Its clock started again at 65,536 hours: the log says 42 and 4, the disk 65,592.
    expect(labelled(hitachi.samples, 'maintenance_disk_self_test_last_timestamp_seconds')).toEqual({
      short: now - 14 * 3600,
      extended: now - 52 * 3600,
    });
    expect(labelled(hitachi.samples, 'maintenance_disk_self_test_last_success')).toEqual({
      short: 1,
      extended: 0,
    });

    const samsung = await collectReport(read('nvme-null-SAMSUNG_MZWLL3T2HAJQ-00005-nvme0.json'), 8);
    expect(facts(samsung.samples)).toMatchObject({
      smart_healthy: 0,
      wear_ratio: 0,
      spare_ratio: 1,
      media_errors_total: 0,
      power_on_seconds_total: 18_376 * 3600,
      capacity_bytes: 3_200_631_791_616,
    });
    expect(labelled(samsung.samples, 'maintenance_disk_critical_warning')).toEqual({
      spare: 0,
      temperature: 0,
      reliability: 0,
      read_only: 0,
      volatile_memory_backup: 1,
      persistent_memory: 0,
      other: 0,
    });
  });

  test('no disk: an open that failed and a RAID volume at 0 °C are unreadable, not failed and not at 0 °C', async () => {
    const failed = await collectReport(read('smart-fail.json'), 2);
    expect(facts(failed.samples)).toEqual({ present: 1, readable: 0 });
    expect(failed.problems[0]?.message).toContain('Open failed, Error=5');
    const volume = await collectReport(read('smart-raid.json'), 4);
    expect(facts(volume.samples)).toEqual({ present: 1, readable: 0 });
    expect(reasons(volume.problems)).toEqual(['device_unreadable']);
  });
});
