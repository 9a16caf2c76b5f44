import { type ForeignSample, foreignSample } from '../../../foreign.ts';
import { lacksSmart } from '../facts.ts';
import { at, countAt, flagAt, type Report } from '../report.ts';
import { decimalAt, membersAt } from './text.ts';

/** What every disk has, whatever its protocol. */
export function commonSamples(report: Report, device: string): readonly ForeignSample[] {
  const size = (...path: readonly string[]) => countAt(report, ...path) ?? 0;
  const rotation = decimalAt(report, 'rotation_rate') ?? 0;
  return [
    ...foreignSample(
      'smartctl_device_smartctl_exit_status',
      { device },
      countAt(report, 'smartctl', 'exit_status'),
    ),
    ...foreignSample('smartctl_device_smart_status', { device }, verdict(report)),
    ...foreignSample('smartctl_device_capacity_blocks', { device }, size('user_capacity', 'blocks')),
    ...foreignSample('smartctl_device_capacity_bytes', { device }, size('user_capacity', 'bytes')),
    ...foreignSample(
      'smartctl_device_nvme_capacity_bytes',
      { device },
      countAt(report, 'nvme_total_capacity'),
    ),
    ...['logical', 'physical'].flatMap((blocks_type) =>
      foreignSample('smartctl_device_block_size', { device, blocks_type }, size(`${blocks_type}_block_size`)),
    ),
    ...['max', 'current'].flatMap((speed_type) =>
      foreignSample(
        'smartctl_device_interface_speed',
        { device, speed_type },
        bitsPerSecond(at(report, 'interface_speed', speed_type)),
      ),
    ),
    ...foreignSample('smartctl_device_power_on_seconds', { device }, powerOnSeconds(report)),
    ...foreignSample('smartctl_device_rotation_rate', { device }, rotation > 0 ? rotation : undefined),
    ...membersAt(report, 'temperature').flatMap(([temperature_type, value]) =>
      foreignSample('smartctl_device_temperature', { device, temperature_type }, decimalAt(value)),
    ),
    ...foreignSample(
      'smartctl_device_power_cycle_count',
      { device },
      countAt(report, 'power_cycle_count') ??
        countAt(report, 'scsi_start_stop_cycle_counter', 'accumulated_start_stop_cycles'),
    ),
  ];
}

function verdict(report: Report): number | undefined {
  const passed = flagAt(report, 'smart_status', 'passed');
  return passed === undefined || (passed && lacksSmart(report)) ? undefined : Number(passed);
}

function bitsPerSecond(speed: unknown): number | undefined {
  const [units, bits] = [decimalAt(speed, 'units_per_second'), decimalAt(speed, 'bits_per_unit')];
  return units === undefined || bits === undefined ? undefined : units * bits;
}

function powerOnSeconds(report: Report): number | undefined {
  const hours = countAt(report, 'power_on_time', 'hours');
  return hours === undefined
    ? undefined
    : hours * 3600 + (countAt(report, 'power_on_time', 'minutes') ?? 0) * 60;
}
