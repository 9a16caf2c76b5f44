import { countAt, numberAt, type Report, textAt } from './report.ts';
import { statisticOf } from './statistics.ts';

/** Degrees Celsius. A SCSI device without a sensor reports 0 and a trip point of 0, or none. */
export function temperatureCelsius(report: Report): number | undefined {
  const current =
    numberAt(report, ['temperature', 'current'], -100, 300) ??
    numberAt(report, ['ata_sct_status', 'temperature', 'current'], -100, 300) ??
    statisticOf(report, 'temperature');
  if (current !== 0 || textAt(report, 'device', 'protocol') !== 'SCSI') return current;
  const trip =
    countAt(report, 'temperature', 'drive_trip') ?? countAt(report, 'scsi_temperature', 'drive_trip');
  return trip === undefined || trip === 0 ? undefined : current;
}

export interface TemperatureLimit {
  /** `operating`: the vendor's specified maximum, where NVMe warns. `critical`: beyond it the disk throttles, trips or fails. */
  readonly limit: 'operating' | 'critical';
  readonly celsius: number;
}

/** Upper limits the disk states. 0 stands for none. */
export function temperatureLimits(report: Report): readonly TemperatureLimit[] {
  const celsius = {
    operating:
      limitAt(report, 'temperature', 'op_limit_max') ??
      limitAt(report, 'nvme_composite_temperature_threshold', 'warning') ??
      limitOf(statisticOf(report, 'operatingTemperatureLimit')),
    critical:
      limitAt(report, 'temperature', 'critical_limit_max') ??
      limitAt(report, 'nvme_composite_temperature_threshold', 'critical') ??
      limitAt(report, 'temperature', 'drive_trip') ??
      limitAt(report, 'scsi_temperature', 'drive_trip') ??
      limitAt(report, 'temperature', 'limit_max'),
  };
  return (['operating', 'critical'] as const).flatMap((limit) => {
    const found = celsius[limit];
    return found === undefined ? [] : [{ limit, celsius: found }];
  });
}

function limitAt(report: Report, ...path: readonly string[]): number | undefined {
  return limitOf(numberAt(report, path, 1, 200));
}

/** SCSI says 255 for "no trip point"; nothing above 200 °C is one. */
function limitOf(celsius: number | undefined): number | undefined {
  return celsius !== undefined && celsius >= 1 && celsius <= 200 ? celsius : undefined;
}
