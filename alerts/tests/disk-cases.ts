import type { MetricName } from '../../exporter/metrics.ts';
import type { AlertCase, AlertCases } from './case-tables.ts';
import { always, fact, hours, type Lasting, minutes, scraped, type Series, step } from './facts.ts';

const disk = { disk: 'naa.5000c500a1b2c3d4' } as const;
const firing = [{ customer: 'acme', instance: 'app-1', role: 'server', ...disk, object: disk.disk }];
const where = 'app-1 (acme): disk naa.5000c500a1b2c3d4';

/** A value turns three hours into the test; the alert has waited its 15 minutes at the next step. */
const turns = 3 * hours;
const fires = turns + 15 * minutes;
/** The exporter dies at six hours; what it said last still stands at 20 hours. */
const alive: Lasting = { samples: 24 };
const dead = 20 * hours;

/** Metrics of a disk whose only labels are the disk's. */
type DiskMetric = Extract<
  MetricName,
  | 'maintenance_disk_reallocated_sectors'
  | 'maintenance_disk_pending_sectors'
  | 'maintenance_disk_uncorrectable_errors'
  | 'maintenance_disk_media_errors_total'
  | 'maintenance_disk_interface_crc_errors_total'
  | 'maintenance_disk_wear_ratio'
>;

const readable = (lasting: Lasting): Series => fact('maintenance_disk_readable', disk, 1, lasting);
const info = (protocol: string, lasting: Lasting): Series =>
  fact(
    'maintenance_disk_info',
    { ...disk, device: '/dev/sda', protocol, kind: 'hdd', model: 'M', serial: 'S', firmware: 'F' },
    1,
    lasting,
  );
const ratio = (id: string, value: number | string, lasting: Lasting = {}): Series =>
  fact('maintenance_disk_observed_annual_failure_ratio', { ...disk, attribute_id: id }, value, lasting);

/** In order for three hours, then not; the samples of a host that lives to the end or dies. */
const turning = (good: number, bad: number, samples = always): string =>
  `${good}x${turns / step - 1} ${bad}x${samples - turns / step - 1}${samples < always ? ' stale' : ''}`;

interface Table {
  /** Facts that go from within the limit to beyond it. */
  readonly worsens: (samples?: number) => Series;
  /** Facts that stay within the limit, by very little. */
  readonly stays: Series;
  readonly description: string;
  readonly more?: readonly AlertCase[];
  /** Whether what was last said still stands when the exporter is dead; a temperature is of the moment. */
  readonly lasts?: boolean;
}

function diskCases({ worsens, stays, description, more = [], lasts = true }: Table): AlertCases {
  return {
    fires: [{ series: { ...scraped(), ...worsens() }, at: fires, firing, description }, ...more],
    silent: [
      { series: { ...scraped(), ...worsens() }, at: turns, firing: [] },
      { series: { ...scraped(), ...stays }, at: dead, firing: [] },
    ],
    'exporter dead': [
      {
        series: { ...scraped(alive), ...worsens(alive.samples) },
        at: dead,
        firing: lasts ? firing : [],
        beside: ['MaintenanceHostDown'],
      },
    ],
    'metric absent': [{ series: { ...scraped(), ...readable({}) }, at: fires, firing: [] }],
  };
}

const grows = (name: DiskMetric, from: number, to: number, samples = always): Series => ({
  ...readable({ samples }),
  ...fact(name, disk, turning(from, to, samples)),
});

/** Alerts about disks that still work. The limits are those of policy.yaml beside this file. */
export const diskAlertCases: Readonly<Record<string, AlertCases>> = {
  MaintenanceDiskErrorsGrowing: diskCases({
    worsens: (samples = always) => ({
      ...grows('maintenance_disk_reallocated_sectors', 10, 15, samples),
      ...grows('maintenance_disk_pending_sectors', 0, 1, samples),
      ...grows('maintenance_disk_interface_crc_errors_total', 7, 27, samples),
    }),
    stays: {
      ...grows('maintenance_disk_reallocated_sectors', 10, 14),
      ...grows('maintenance_disk_interface_crc_errors_total', 7, 27),
    },
    description: `${where} has more errors than 30 days ago: 1 pending_sectors, 5 reallocated_sectors. First step: check that the backup is recent, then \`smartctl -x\` on the disk.`,
    more: [
      {
        // Errors that were there before and stay are no growth, nor are those that healed.
        series: {
          ...scraped(),
          ...grows('maintenance_disk_media_errors_total', 700, 700),
          ...grows('maintenance_disk_pending_sectors', 8, 0),
        },
        at: fires,
        firing: [],
      },
      {
        // A disk that moves is where it is read now, and for a day where it was.
        series: {
          ...scraped(),
          ...readable({ samples: turns / step }),
          ...fact('maintenance_disk_media_errors_total', disk, 0, { samples: turns / step }),
          ...fact('maintenance_disk_readable', disk, 1, {
            on: { customer: 'acme', instance: 'app-2', role: 'server' },
            from: turns / step,
          }),
          ...fact('maintenance_disk_media_errors_total', disk, 3, {
            on: { customer: 'acme', instance: 'app-2', role: 'server' },
            from: turns / step,
          }),
        },
        at: turns + 30 * hours,
        firing: firing.map((one) => ({ ...one, instance: 'app-2' })),
      },
    ],
  }),
  MaintenanceDiskErrorsHigh: diskCases({
    worsens: (samples = always) => ({
      ...grows('maintenance_disk_media_errors_total', 2, 3, samples),
      ...fact('maintenance_disk_reallocated_sectors', disk, 0, { samples }),
    }),
    stays: {
      ...readable({}),
      ...fact('maintenance_disk_pending_sectors', disk, 1),
      ...fact('maintenance_disk_uncorrectable_errors', disk, 1),
      ...fact('maintenance_disk_reallocated_sectors', disk, 500),
    },
    description: `${where} could not read or write everything it was asked to: 3 media_errors. First step: check that the backup is recent, then \`smartctl -x\` on the disk.`,
    more: [
      {
        // SAS: nobody publishes failure ratios, so its own defects count.
        series: {
          ...scraped(),
          ...readable({}),
          ...info('SCSI', {}),
          ...fact('maintenance_disk_reallocated_sectors', disk, 11),
        },
        at: fires,
        firing,
      },
      {
        series: {
          ...scraped(),
          ...readable({}),
          ...info('SCSI', {}),
          ...fact('maintenance_disk_reallocated_sectors', disk, 10),
        },
        at: fires,
        firing: [],
      },
      {
        // A hard disk with failure statistics is judged by them.
        series: {
          ...scraped(),
          ...readable({}),
          ...ratio('197', 0.342),
          ...fact('maintenance_disk_pending_sectors', disk, 4),
        },
        at: fires,
        firing: [],
        beside: ['MaintenanceDiskRiskHigh'],
      },
    ],
  }),
  MaintenanceDiskRiskHigh: diskCases({
    worsens: (samples = always) => ({
      ...ratio('5', turning(0.0252, 0.3, samples)),
      ...ratio('197', 0.0255, { samples }),
    }),
    // Of the cable, and of a disk nobody failed with: neither counts.
    stays: { ...ratio('5', 0.299), ...ratio('199', 0.35), ...ratio('195', 0.35) },
    description: `${where} still works, but of hard disks with as many errors 30% failed within a year. First step: check that the backup is recent, then plan its replacement.`,
  }),
  MaintenanceDiskWearHigh: diskCases({
    worsens: (samples = always) => grows('maintenance_disk_wear_ratio', 0.79, 0.8, samples),
    stays: fact('maintenance_disk_wear_ratio', disk, 0.79),
    description: `${where} has used 80% of its rated endurance. First step: see on the host board how fast it rises, then order a replacement in time.`,
  }),
  MaintenanceDiskHot: diskCases({
    worsens: (samples = always) => ({
      ...fact('maintenance_disk_temperature_celsius', disk, turning(70, 71, samples)),
      ...fact('maintenance_disk_temperature_limit_celsius', { ...disk, limit: 'operating' }, 70, { samples }),
      ...fact('maintenance_disk_temperature_limit_celsius', { ...disk, limit: 'critical' }, 85, { samples }),
    }),
    stays: fact('maintenance_disk_temperature_celsius', disk, 50),
    description: `${where} is at 71 °C, more than it states it may be, or than the policy allows a disk that states nothing. First step: check fans, filters and the temperature of the room.`,
    lasts: false,
    more: [
      {
        // It states nothing that it may be, so the policy's limit holds.
        series: {
          ...scraped(),
          ...fact('maintenance_disk_temperature_celsius', disk, 51),
          ...fact('maintenance_disk_temperature_limit_celsius', { ...disk, limit: 'critical' }, 85),
        },
        at: fires,
        firing,
      },
    ],
  }),
  MaintenanceDiskSpareLow: diskCases({
    worsens: (samples = always) => ({
      ...fact('maintenance_disk_spare_ratio', disk, turning(0.1, 0.09, samples)),
      ...fact('maintenance_disk_spare_threshold_ratio', disk, 0.1, { samples }),
    }),
    stays: fact('maintenance_disk_spare_ratio', disk, 0.01),
    description: `${where} has 9% of its spare capacity left, less than the threshold it states. First step: check that the backup is recent, then replace the disk.`,
  }),
};
