import { type ForeignSample, foreignSample } from '../../../foreign.ts';
import { at, flagAt, listAt, type Report } from '../report.ts';
import { decimalAt, membersAt, trimmed } from './text.ts';

const attributeFlags = [
  'prefailure',
  'updated_online',
  'performance',
  'error_rate',
  'event_count',
  'auto_keep',
];
const statisticFlags = ['valid', 'normalized', 'supports_dsn', 'monitored_condition_met'];

const attributeValues = [
  ['value', ['value']],
  ['worst', ['worst']],
  ['thresh', ['thresh']],
  ['raw', ['raw', 'value']],
] as const;

/** The attribute table and the logs of an ATA disk. */
export function ataSamples(report: Report, device: string): readonly ForeignSample[] {
  return [
    ...listAt(report, 'ata_smart_attributes', 'table').flatMap((row) => attributeSamples(row, device)),
    ...foreignSample(
      'smartctl_device_state',
      { device },
      decimalAt(report, 'ata_sct_status', 'device_state') ??
        decimalAt(report, 'ata_sct_status', 'device_state', 'value'),
    ),
    ...statisticSamples(report, device),
    ...membersAt(report, 'ata_smart_error_log').flatMap(([error_log_type, log]) =>
      foreignSample('smartctl_device_error_log_count', { device, error_log_type }, decimalAt(log, 'count')),
    ),
    ...membersAt(report, 'ata_smart_self_test_log').flatMap(([self_test_log_type, log]) => {
      const labels = { device, self_test_log_type };
      return [
        ...foreignSample('smartctl_device_self_test_log_count', labels, decimalAt(log, 'count')),
        ...foreignSample(
          'smartctl_device_self_test_log_error_count',
          labels,
          decimalAt(log, 'error_count_total'),
        ),
      ];
    }),
    ...membersAt(report, 'ata_sct_erc').flatMap(([op_type, limit]) => {
      const deciseconds = decimalAt(limit, 'deciseconds');
      const seconds = deciseconds === undefined ? undefined : deciseconds / 10;
      return foreignSample('smartctl_device_erc_seconds', { device, op_type }, seconds);
    }),
  ];
}

function attributeSamples(row: unknown, device: string): readonly ForeignSample[] {
  return attributeValues.flatMap(([attribute_value_type, path]) =>
    foreignSample(
      'smartctl_device_attribute',
      {
        device,
        attribute_name: trimmed(row, 'name'),
        attribute_flags_short: trimmed(row, 'flags', 'string'),
        attribute_flags_long: longFlags(row, attributeFlags),
        attribute_value_type,
        attribute_id: trimmed(row, 'id'),
      },
      decimalAt(row, ...path),
    ),
  );
}

/** Without the vendor's own page, whose rows all have one name (Sheridan/smartctl_exporter issue 3). */
function statisticSamples(report: Report, device: string): readonly ForeignSample[] {
  const pages = listAt(report, 'ata_device_statistics', 'pages').flatMap((page) => {
    const statistic_table = trimmed(page, 'name');
    if (statistic_table === 'Vendor Specific Statistics') return [];
    return listAt(page, 'table').flatMap((row) => {
      const labels = {
        device,
        statistic_table,
        statistic_name: trimmed(row, 'name'),
        statistic_flags_short: trimmed(row, 'flags', 'string'),
        statistic_flags_long: longFlags(row, statisticFlags),
      };
      return foreignSample('smartctl_device_statistics', labels, decimalAt(row, 'value'));
    });
  });
  const events = listAt(report, 'sata_phy_event_counters', 'table').flatMap((row) => {
    const labels = {
      device,
      statistic_table: 'SATA PHY Event Counters',
      statistic_name: trimmed(row, 'name'),
      statistic_flags_short: 'V---',
      statistic_flags_long: 'valid',
    };
    return foreignSample('smartctl_device_statistics', labels, decimalAt(row, 'value'));
  });
  return [...pages, ...events];
}

function longFlags(row: unknown, names: readonly string[]): string {
  return names.filter((name) => flagAt(at(row, 'flags'), name) === true).join(',');
}
