import type { AlertCases } from './case-tables.ts';
import { always, fact, hours, type Lasting, minutes, scraped, type Series, step } from './facts.ts';

const pool = { kind: 'lvm', volume: 'vg/pool', space: 'data' } as const;
const firing = [{ customer: 'acme', instance: 'app-1', role: 'server', volume: 'vg/pool', space: 'data' }];

const turns = 3 * hours;
const fires = turns + 15 * minutes;
const alive: Lasting = { samples: 24 };
const dead = 20 * hours;

/** Within the limit for three hours, then at it. */
const fills = (samples = always): Series =>
  fact(
    'maintenance_volume_used_ratio',
    pool,
    `0.84x${turns / step - 1} 0.85x${samples - turns / step - 1}${samples < always ? ' stale' : ''}`,
  );

/** Cases of the alerts in ../volume-alerts.ts. */
export const volumeAlertCases: Readonly<Record<string, AlertCases>> = {
  MaintenanceThinPoolFilling: {
    fires: [
      {
        series: { ...scraped(), ...fills() },
        at: fires,
        firing,
        description:
          'app-1 (acme): vg/pool has used 85% of its data space; when it is full, writes fail or the snapshot is lost. First step: `lvs -a` and `vgs` on the host, then `lvextend` it or remove what is not needed.',
      },
    ],
    silent: [
      { series: { ...scraped(), ...fills() }, at: turns, firing: [] },
      {
        series: { ...scraped(), ...fact('maintenance_volume_used_ratio', { ...pool, kind: 'zfs' }, 0.99) },
        at: dead,
        firing: [],
      },
    ],
    'exporter dead': [
      {
        series: { ...scraped(alive), ...fills(alive.samples) },
        at: dead,
        firing,
        beside: ['MaintenanceHostDown'],
      },
    ],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  },
};
