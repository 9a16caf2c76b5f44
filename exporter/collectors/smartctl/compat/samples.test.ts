import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { render, renderText } from '../../../exposition.ts';
import { foreignMetrics, type ForeignSample } from '../../../foreign.ts';
import { replay } from '../../../replay.ts';
import { smartctl } from '../../smartctl.ts';
import { parseReport } from '../report.ts';
import { askCommand } from '../../../fixtures/smartctl/reports.ts';
import { compatHostSamples, compatSamples, withoutClashes } from './samples.ts';

const shared = fileURLToPath(new URL('../../../../../shared/fixtures/smart/', import.meta.url));
const hasShared = existsSync(shared);
if (!hasShared) console.warn('../shared is not here: its smartctl reports are not tested');

// The oracle: the documented table of smartctl_exporter 0.14, read with jq-like paths and nothing of the code under test.

type Row = readonly [name: string, labels: Readonly<Record<string, string>>, value: unknown];

function get(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((found, key) => (found instanceof Object ? Reflect.get(found, key) : undefined), value);
}

const str = (value: unknown, path: string, otherwise = '') => {
  const found = get(value, path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : otherwise;
};
const rows = (value: unknown, path: string): readonly unknown[] => {
  const found = get(value, path);
  return Array.isArray(found) ? found : [];
};
const keys = (value: unknown, path: string) => Object.keys(get(value, path) ?? {});
const num = (value: unknown, path: string) => {
  const found = get(value, path);
  return found === undefined ? undefined : Number(found);
};
const orZero = (value: unknown, path: string) => num(value, path) ?? 0;
const flags = (row: unknown, names: string) =>
  names
    .split(' ')
    .filter((flag) => get(row, `flags.${flag}`) === true)
    .join(',');

function oracle(report: unknown): readonly Row[] {
  if (get(report, 'device.name') === undefined) return [];
  const type = str(report, 'device.type');
  const path = str(report, 'device.name').replace('/dev/', '').replaceAll('/', '_');
  const device = type.includes(',') ? `${path}_${type.replaceAll(',', '_')}` : path;
  const isNvme = str(report, 'device.protocol') === 'NVMe';
  const isScsi = str(report, 'device.protocol') === 'SCSI';
  const model = str(report, 'model_name', str(report, 'scsi_model_name')).trim();
  const scsi = (direction: string, what: string) =>
    num(report, `scsi_error_counter_log.${direction}.${what}`);
  const health = (what: string) => num(report, `nvme_smart_health_information_log.${what}`);
  const minutes = (num(report, 'power_on_time.hours') ?? NaN) * 60 + orZero(report, 'power_on_time.minutes');
  const passed = get(report, 'smart_status.passed');
  const noSmart = get(report, 'smart_support.available') === false;
  const all: readonly Row[] = [
    [
      'device',
      {
        interface: type,
        protocol: str(report, 'device.protocol'),
        model_family: str(report, 'model_family', 'unknown'),
        model_name: model || 'unknown',
        serial_number: str(report, 'serial_number').trim(),
        ata_additional_product_id: str(report, 'ata_additional_product_id', 'unknown'),
        firmware_version: str(report, 'firmware_version'),
        ata_version: str(report, 'ata_version.string'),
        sata_version: str(report, 'sata_version.string'),
        form_factor: str(report, 'form_factor.name'),
        scsi_vendor: str(report, 'scsi_vendor'),
        scsi_product: str(report, 'scsi_product'),
        scsi_revision: str(report, 'scsi_revision'),
        scsi_version: str(report, 'scsi_version'),
      },
      1,
    ],
    ['device_capacity_blocks', {}, orZero(report, 'user_capacity.blocks')],
    ['device_capacity_bytes', {}, orZero(report, 'user_capacity.bytes')],
    ['device_nvme_capacity_bytes', {}, num(report, 'nvme_total_capacity')],
    ['device_block_size', { blocks_type: 'logical' }, orZero(report, 'logical_block_size')],
    ['device_block_size', { blocks_type: 'physical' }, orZero(report, 'physical_block_size')],
    ...['max', 'current'].map((speed): Row => [
      'device_interface_speed',
      { speed_type: speed },
      (num(report, `interface_speed.${speed}.units_per_second`) ?? NaN) *
        orZero(report, `interface_speed.${speed}.bits_per_unit`),
    ]),
    ...rows(report, 'ata_smart_attributes.table').flatMap((row) =>
      ['value', 'worst', 'thresh', 'raw'].map((part): Row => [
        'device_attribute',
        {
          attribute_name: str(row, 'name').trim(),
          attribute_flags_short: str(row, 'flags.string').trim(),
          attribute_flags_long: flags(
            row,
            'prefailure updated_online performance error_rate event_count auto_keep',
          ),
          attribute_value_type: part,
          attribute_id: str(row, 'id'),
        },
        num(row, part === 'raw' ? 'raw.value' : part),
      ]),
    ),
    ['device_power_on_seconds', {}, minutes * 60],
    ['device_rotation_rate', {}, orZero(report, 'rotation_rate') || undefined],
    ...keys(report, 'temperature').map((kind): Row => [
      'device_temperature',
      { temperature_type: kind },
      num(report, `temperature.${kind}`),
    ]),
    [
      'device_power_cycle_count',
      {},
      num(report, 'power_cycle_count') ??
        num(report, 'scsi_start_stop_cycle_counter.accumulated_start_stop_cycles'),
    ],
    [
      'device_smart_status',
      {},
      passed === undefined || (noSmart && passed === true) ? undefined : Number(passed),
    ],
    ['device_smartctl_exit_status', {}, num(report, 'smartctl.exit_status')],
    ['device_state', {}, num(report, 'ata_sct_status.device_state.value')],
    ...rows(report, 'ata_device_statistics.pages').flatMap((page) =>
      rows(page, 'table').map((row): Row => [
        'device_statistics',
        {
          statistic_table: str(page, 'name'),
          statistic_name: str(row, 'name'),
          statistic_flags_short: str(row, 'flags.string').trim(),
          statistic_flags_long: flags(row, 'valid normalized supports_dsn monitored_condition_met'),
        },
        str(page, 'name') === 'Vendor Specific Statistics' ? undefined : num(row, 'value'),
      ]),
    ),
    ...rows(report, 'sata_phy_event_counters.table').map((row): Row => [
      'device_statistics',
      {
        statistic_table: 'SATA PHY Event Counters',
        statistic_name: str(row, 'name'),
        statistic_flags_short: 'V---',
        statistic_flags_long: 'valid',
      },
      num(row, 'value'),
    ]),
    ...keys(report, 'ata_smart_error_log').map((log): Row => [
      'device_error_log_count',
      { error_log_type: log },
      num(report, `ata_smart_error_log.${log}.count`),
    ]),
    ...keys(report, 'ata_smart_self_test_log').flatMap((log): readonly Row[] => [
      [
        'device_self_test_log_count',
        { self_test_log_type: log },
        num(report, `ata_smart_self_test_log.${log}.count`),
      ],
      [
        'device_self_test_log_error_count',
        { self_test_log_type: log },
        num(report, `ata_smart_self_test_log.${log}.error_count_total`),
      ],
    ]),
    ...keys(report, 'ata_sct_erc').map((operation): Row => [
      'device_erc_seconds',
      { op_type: operation },
      (num(report, `ata_sct_erc.${operation}.deciseconds`) ?? NaN) / 10,
    ]),
    ...(isNvme
      ? ([
          ['device_percentage_used', {}, health('percentage_used')],
          ['device_available_spare', {}, health('available_spare')],
          ['device_available_spare_threshold', {}, health('available_spare_threshold')],
          ['device_critical_warning', {}, health('critical_warning')],
          ['device_media_errors', {}, health('media_errors')],
          ['device_num_err_log_entries', {}, health('num_err_log_entries')],
          ['device_bytes_read', {}, (health('data_units_read') || NaN) * 512_000],
          ['device_bytes_written', {}, (health('data_units_written') || NaN) * 512_000],
        ] satisfies readonly Row[])
      : []),
    ...(isScsi
      ? ([
          ['scsi_grown_defect_list', {}, num(report, 'scsi_grown_defect_list')],
          ['device_bytes_read', {}, (scsi('read', 'gigabytes_processed') ?? NaN) * 1e9],
          ['device_bytes_written', {}, (scsi('write', 'gigabytes_processed') ?? NaN) * 1e9],
          ...['read', 'write'].flatMap((direction): readonly Row[] => [
            [
              `${direction}_errors_corrected_by_rereads_rewrites`,
              {},
              scsi(direction, 'errors_corrected_by_rereads_rewrites'),
            ],
            [`${direction}_errors_corrected_by_eccfast`, {}, scsi(direction, 'errors_corrected_by_eccfast')],
            [
              `${direction}_errors_corrected_by_eccdelayed`,
              {},
              scsi(direction, 'errors_corrected_by_eccdelayed'),
            ],
            [`${direction}_total_uncorrected_errors`, {}, scsi(direction, 'total_uncorrected_errors')],
          ]),
        ] satisfies readonly Row[])
      : []),
  ];
  return all.flatMap(([name, labels, value]): readonly Row[] =>
    Number.isFinite(value) ? [[`smartctl_${name}`, { device, ...labels }, value]] : [],
  );
}

/** In one order of series and labels; values as they are. */
function sorted(series: readonly Row[]): readonly string[] {
  return series
    .map(
      ([name, labels, value]) =>
        `${name}${JSON.stringify(labels, Object.keys(labels).toSorted())} ${String(value)}`,
    )
    .toSorted();
}

function asRows(samples: readonly ForeignSample[]): readonly Row[] {
  return samples.map(({ name, labels, value }) => [name, labels, value]);
}

function promtool(text: string): string {
  try {
    execFileSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  }
}

/** As Prometheus stores it, on one host. */
function seriesOf({ name, labels }: ForeignSample, device: string): string {
  const pairs = Object.entries({ ...labels, device, instance: 'a' });
  return `${name}{${pairs.map(([label, text]) => `${label}=${JSON.stringify(text)}`).join(',')}}`;
}

function evaluate(
  input_series: readonly { readonly series: string; readonly values: string }[],
  expr: string,
  expected: number,
): void {
  const directory = mkdtempSync(join(tmpdir(), 'maintenance-compat-'));
  const promql_expr_test = [{ expr, eval_time: '15m', exp_samples: [{ labels: '{}', value: expected }] }];
  const tests = [{ interval: '1m', input_series, promql_expr_test }];
  try {
    writeFileSync(join(directory, 'test.yaml'), JSON.stringify({ rule_files: [], tests }));
    execFileSync('promtool', ['test', 'rules', join(directory, 'test.yaml')], { stdio: 'pipe' });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    throw new Error(said, { cause: error });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const value = (
  samples: readonly ForeignSample[],
  name: string,
  match: Readonly<Record<string, string>> = {},
) =>
  samples
    .filter(
      (sample) =>
        sample.name === name && Object.entries(match).every(([label, want]) => sample.labels[label] === want),
    )
    .map((sample) => sample.value);

describe.skipIf(!hasShared)('reports of other projects (skipped without ../shared)', () => {
  const files = globSync('**/*.json', { cwd: shared }).toSorted();
  const read = (file: string) => parseReport(readFileSync(`${shared}${file}`, 'utf8'));
  const named = (end: string) => read(files.find((file) => file.endsWith(end)) ?? end);

  test('are all here', () => {
    expect(files.filter((file) => oracle(read(file)).length > 5).length).toBeGreaterThan(70);
  });

  test.each(files)('%s: names, labels and values are those of smartctl_exporter', (file) => {
    const samples = compatSamples(read(file));
    expect(sorted(asRows(samples))).toEqual(sorted(oracle(read(file))));
    for (const { name, labels } of samples)
      expect(Object.keys(labels).toSorted()).toEqual([...foreignMetrics[name].labels].toSorted());
  });

  test('all together are read by promtool, which only dislikes the names', async () => {
    const disks = files.map((file, index) =>
      compatSamples(read(file)).map((sample) => ({
        ...sample,
        labels: { ...sample.labels, device: `disk${index}` },
      })),
    );
    const text = await renderText(withoutClashes(disks));
    expect(text.length).toBeGreaterThan(200_000);
    expect(promtool(text)).not.toMatch(/pars|syntax|text format|duplicate|error while/i);
    expect(promtool('smartctl_device{a="1} 1\n')).toMatch(/text format|parsing/);
  });

  /**
   * Expressions of public alerts: awesome-prometheus-alerts (S.M.A.R.T. device monitoring), the Helm chart prometheus-smartctl-exporter,
   * and the joins of dashboards; each over one failing or hot disk of every kind, with the number of series it finds there.
   */
  test.each<readonly [string, number]>([
    ['smartctl_device_smart_status != 1', 1],
    ['smartctl_device_smart_status == 1', 4],
    ['smartctl_device_critical_warning > 0', 1],
    ['smartctl_device_media_errors > 0', 0],
    ['smartctl_device_media_errors == 0', 2],
    ['smartctl_device_available_spare < smartctl_device_available_spare_threshold', 0],
    ['smartctl_device_available_spare >= smartctl_device_available_spare_threshold', 2],
    ['smartctl_device_percentage_used >= 0', 2],
    ['smartctl_device_temperature{temperature_type="current"} >= 20', 5],
    [
      'smartctl_device_temperature{temperature_type="current"} < on (instance, device) smartctl_device_temperature{temperature_type="drive_trip"}',
      1,
    ],
    [
      '(avg_over_time(smartctl_device_temperature{temperature_type="current"}[5m]) unless on (instance, device) smartctl_device_temperature{temperature_type="drive_trip"}) >= 20',
      4,
    ],
    [
      'smartctl_device_interface_speed{speed_type="current"} != on (device, instance, namespace, pod) smartctl_device_interface_speed{speed_type="max"}',
      0,
    ],
    [
      'smartctl_device_interface_speed{speed_type="current"} == on (device, instance, namespace, pod) smartctl_device_interface_speed{speed_type="max"}',
      1,
    ],
    ['smartctl_device_attribute{attribute_name="Reallocated_Sector_Ct",attribute_value_type="raw"} > 0', 1],
    ['smartctl_device_attribute{attribute_id="5",attribute_value_type="raw"} == 304', 1],
    [
      'smartctl_device_smart_status * on (instance, device) group_left (model_name, serial_number) smartctl_device{model_name!=""}',
      5,
    ],
    ['increase(smartctl_device_power_on_seconds[10m]) == 0', 5],
    ['smartctl_device_capacity_bytes > 1e11', 4],
    ['smartctl_device_nvme_capacity_bytes > 1e12', 2],
    ['smartctl_device_bytes_written > 1e12', 3],
  ])('public rule %s finds %i', (expr, count) => {
    const kinds = [
      '/ST3500418AS_12.json',
      'INTEL_SSDSC2KB240G8-sdc.json',
      'testcases_device/nvme/response.json',
      'smart-scsi.json',
      'nvme-null-SAMSUNG_MZWLL3T2HAJQ-00005-nvme0.json',
    ];
    const series = kinds.flatMap((file, index) =>
      compatSamples(named(file)).map((sample) => ({
        series: seriesOf(sample, `disk${index}`),
        values: `${sample.value}x20`,
      })),
    );
    evaluate(series, `count(${expr}) or vector(0)`, count);
  });

  test('values as they are on a failing disk', () => {
    const samsung = compatSamples(named('nvme-null-SAMSUNG_MZWLL3T2HAJQ-00005-nvme0.json'));
    expect(value(samsung, 'smartctl_device_smart_status')).toEqual([0]);
    expect(value(samsung, 'smartctl_device_smartctl_exit_status')).toEqual([8]);
    expect(value(samsung, 'smartctl_device_critical_warning')[0]).toBeGreaterThan(0);
    expect(value(samsung, 'smartctl_device_available_spare')).toEqual([100]);
  });
});

const ata = {
  smartctl: { version: [7, 4], exit_status: 0, svn_revision: '5530', build_info: '(local build)' },
  json_format_version: [1, 0],
  device: { name: '/dev/sda', type: 'sat', protocol: 'ATA' },
  model_name: ' Disk  A ',
  serial_number: 'S1',
  smart_status: { passed: true },
  temperature: { current: 30 },
  power_on_time: { hours: 2, minutes: 5 },
};
const nvmeOnUsb = {
  ...ata,
  device: { name: '/dev/sdb', type: 'sntasmedia', protocol: 'NVMe' },
  serial_number: 'N1',
  nvme_smart_health_information_log: { percentage_used: 104, available_spare: 98, data_units_written: 3 },
};
const sasOnMegaraid = {
  ...ata,
  device: { name: '/dev/bus/0', type: 'megaraid,9', protocol: 'SCSI' },
  serial_number: 'Z1',
  scsi_grown_defect_list: 9,
  scsi_error_counter_log: { read: { gigabytes_processed: '2.5', total_uncorrected_errors: 3 } },
};

describe('more than the original', () => {
  test('NVMe behind a USB bridge has the health log', () => {
    const samples = compatSamples(nvmeOnUsb);
    expect(value(samples, 'smartctl_device_percentage_used', { device: 'sdb' })).toEqual([104]);
    expect(value(samples, 'smartctl_device_bytes_written')).toEqual([1_536_000]);
    expect(value(samples, 'smartctl_device_media_errors'), 'not in the report').toEqual([]);
  });

  test('SAS behind MegaRAID has its error counters, those that are in the report', () => {
    const samples = compatSamples(sasOnMegaraid);
    const device = 'bus_0_megaraid_9';
    expect(value(samples, 'smartctl_scsi_grown_defect_list', { device })).toEqual([9]);
    expect(value(samples, 'smartctl_read_total_uncorrected_errors', { device })).toEqual([3]);
    expect(value(samples, 'smartctl_device_bytes_read', { device })).toEqual([2.5e9]);
    expect(value(samples, 'smartctl_write_total_uncorrected_errors')).toEqual([]);
    expect(value(samples, 'smartctl_device_bytes_written')).toEqual([]);
  });

  test('disks behind a Smart Array are told apart', () => {
    const report = { ...ata, device: { name: '/dev/sg2', type: 'cciss', protocol: 'SCSI' } };
    const labels = [3, 4].map(
      (disk) => compatSamples(report, { device: '/dev/sg2', type: `cciss,${disk}` })[0]?.labels['device'],
    );
    expect(labels).toEqual(['sg2_cciss_3', 'sg2_cciss_4']);
    const one = compatSamples(ata, { device: '/dev/sda', type: 'sat,12' });
    expect(one[0]?.labels['device'], 'no member of anything').toBe('sda');
  });

  test('by-id and by-path names lose their directory', () => {
    const named = (name: string) =>
      compatSamples({ ...ata, device: { name, type: 'sat' } })[0]?.labels['device'];
    expect(named('/dev/disk/by-id/ata-X_1')).toBe('ata-X_1');
    expect(named('/dev/disk/by-path/pci-0000:00')).toBe('pci-0000:00');
    expect(named('/dev/bus/0')).toBe('bus_0');
  });
});

describe('never a wrong green', () => {
  test('no verdict, no status; passed without SMART neither', () => {
    for (const more of [
      { smart_status: undefined },
      { smart_status: {} },
      { smart_support: { available: false } },
    ])
      expect(value(compatSamples({ ...ata, ...more }), 'smartctl_device_smart_status')).toEqual([]);
    expect(value(compatSamples(ata), 'smartctl_device_smart_status')).toEqual([1]);
  });

  test('a table that names an attribute twice, negative counters and impossible numbers cost no more than themselves', async () => {
    const row = { id: 5, name: 'X', value: 1, worst: 1, thresh: 1, raw: { value: 1 } };
    const samples = compatSamples({
      ...ata,
      ata_smart_attributes: { table: [row, { ...row, value: 2 }, null, 7] },
      power_on_time: { hours: -1 },
      power_cycle_count: -5,
      temperature: { current: Infinity, lifetime_max: 60, nested: { current: 1 } },
      interface_speed: { max: { units_per_second: 1e300, bits_per_unit: 1e300 }, current: {} },
    });
    expect(value(samples, 'smartctl_device_attribute', { attribute_value_type: 'value' })).toEqual([1]);
    expect(value(samples, 'smartctl_device_temperature')).toEqual([60]);
    for (const name of ['power_on_seconds', 'power_cycle_count', 'interface_speed'])
      expect(value(samples, `smartctl_device_${name}`)).toEqual([]);
    expect(await renderText(samples)).toContain('smartctl_device_capacity_bytes{device="sda"} 0\n');
  });

  test('without a device there is nothing to serve', () => {
    expect(compatSamples({ ...ata, device: undefined })).toEqual([]);
    expect(compatSamples({})).toEqual([]);
  });

  test('two disks under one label are not mixed', () => {
    const samples = withoutClashes([compatSamples(ata), compatSamples({ ...ata, serial_number: 'S2' }), []]);
    expect(value(samples, 'smartctl_device')).toEqual([1]);
    expect(samples[0]?.labels['serial_number']).toBe('S1');
  });
});

describe('the rendering', () => {
  test('has the help and type of the original, and keeps its names in OpenMetrics', async () => {
    const samples = [...compatHostSamples(ata, 3), ...compatSamples(nvmeOnUsb)];
    const text = await renderText(samples);
    expect(text).toContain(
      '# TYPE smartctl_device_percentage_used counter\nsmartctl_device_percentage_used{device="sdb"} 104\n',
    );
    expect(text).toContain(
      '# HELP smartctl_device_bytes_written  \n# TYPE smartctl_device_bytes_written counter\n',
    );
    expect(text).toContain(
      '# HELP smartctl_devices Number of devices configured or dynamically discovered\n',
    );
    expect(text).toContain('smartctl_devices 3\n');
    expect(text).toContain(
      'smartctl_version{json_format_version="1.0",smartctl_version="7.4",svn_revision="5530",build_info="(local build)"} 1\n',
    );
    expect(text).toContain('model_name="Disk  A"');
    const { openMetrics } = await render(samples);
    expect(openMetrics.plain.toString()).toContain('\nsmartctl_device_percentage_used{device="sdb"} 104\n');
    expect(openMetrics.plain.toString()).not.toContain('_total');
  });
});

describe('the collector', () => {
  const scan = JSON.stringify({
    smartctl: { exit_status: 0 },
    devices: ['/dev/sda', '/dev/sdb', '/dev/sdc'].map((name) => ({ name, type: 'scsi', protocol: 'SCSI' })),
  });
  const asleep = {
    smartctl: {
      version: [7, 4],
      exit_status: 3,
      messages: [{ string: 'Device is in STANDBY mode, exit(3)', severity: 'information' }],
    },
    device: { name: '/dev/sdb', type: 'sat', protocol: 'ATA' },
  };

  test('serves disks that were read now, nothing of one that sleeps or cannot be read, and counts all', async () => {
    const commands = {
      'smartctl --json=c --scan': scan,
      [askCommand('/dev/sda')]: JSON.stringify(ata),
      [askCommand('/dev/sdb')]: { stdout: JSON.stringify(asleep), exitCode: 3 },
      [askCommand('/dev/sdc')]: { stdout: '{"device":{"name":"/dev/sdc"}}', exitCode: 0 },
    };
    const { foreign = [] } = await smartctl.collect(replay({ commands }), {});
    expect(new Set(foreign.map(({ labels }) => labels['device']))).toEqual(new Set([undefined, 'sda']));
    expect(value(foreign, 'smartctl_devices')).toEqual([3]);
    expect(value(foreign, 'smartctl_device_power_on_seconds')).toEqual([7500]);
    expect(value(foreign, 'smartctl_version')).toEqual([1]);
  });

  test('without one disk knows no version, and no count of which a 0 could be taken for a machine without disks', async () => {
    const commands = { 'smartctl --json=c --scan': '{"smartctl":{},"devices":[]}' };
    const { foreign } = await smartctl.collect(replay({ commands }), {});
    expect(foreign).toEqual([]);
  });
});
