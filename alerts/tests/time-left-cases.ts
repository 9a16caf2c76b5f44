import { type AlertCases, alive, app, birch, dead, fires, kiosk, turns } from './case-tables.ts';
import {
  always,
  days,
  fact,
  hours,
  type Lasting,
  minutes,
  scraped,
  type Series,
  server,
  step,
} from './facts.ts';

const web = { customer: 'acme', instance: 'https://web.example' };
const certificate = { ...web, control: 'certificate', object: web.instance };
const mail = { customer: 'birch', instance: 'https://mail.example' };

/** What blackbox_exporter says of an address. */
function told(metric: string, values: string, { customer, instance } = web): Series {
  return { [`${metric}{job="blackbox",customer="${customer}",instance="${instance}"}`]: values };
}
const ends = (at: number, on = web): Series => ({
  ...told('probe_success', `1x${always}`, on),
  ...told('probe_ssl_earliest_cert_expiry', `${at}x${always}`, on),
});
const soon = turns + 30 * days - 1;

const capacity = { ...app, control: 'capacity', object: '/srv' };
const fileSystem = (free: string, on = server, mountpoint = '/srv', fstype = 'ext4'): Series => ({
  ...fact('maintenance_filesystem_size_bytes', { mountpoint, fstype }, 100, { on, samples: 900 }),
  ...fact('maintenance_filesystem_free_bytes', { mountpoint, fstype }, free, { on }),
});
/** Three of a hundred are free after three hours: it is full. */
const fills = (on = server): Series => fileSystem(`4x${turns / step - 1} 3x${always}`, on);
const pool = (value: number, lasting: Lasting = {}): Series =>
  fact('maintenance_volume_used_ratio', { kind: 'lvm', volume: 'vg/pool', space: 'data' }, value, lasting);
const week = 7 * days + 2 * hours;

/** What the configuration of an exporter says ends then. */
function declaredCases(
  control: string,
  limit: number,
  declared: (at: number, lasting?: Lasting) => Series,
  description: string,
): AlertCases {
  const labels = { control, object: 'Endpoint protection' };
  const firing = [{ ...app, ...labels }];
  const up = { ...scraped(), ...scraped({ on: kiosk }) };
  return {
    fires: [
      { series: { ...up, ...declared(turns + limit - 1) }, at: fires, firing, description },
      { series: { ...up, ...declared(turns - 1) }, at: fires, firing },
    ],
    silent: [
      { series: { ...up, ...declared(turns + limit - 1) }, at: turns, firing: [] },
      { series: { ...up, ...declared(fires + limit) }, at: fires, firing: [] },
    ],
    override: [
      { series: { ...up, ...declared(fires + 10 * days, { on: kiosk }) }, at: fires, firing: [] },
      {
        series: { ...up, ...declared(turns + 10 * days - 1, { on: kiosk }) },
        at: fires,
        firing: [{ ...kiosk, ...labels }],
      },
    ],
    'exporter dead': [
      {
        series: { ...scraped(alive), ...declared(turns + limit - 1, alive) },
        at: dead,
        firing,
        beside: ['MaintenanceHostDown'],
      },
    ],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  };
}

const licence = (at: number, lasting: Lasting = {}): Series =>
  fact('maintenance_licence_expiry_timestamp_seconds', { product: 'Endpoint protection' }, at, lasting);
const warranty = (at: number, lasting: Lasting = {}): Series =>
  fact('maintenance_warranty_expiry_timestamp_seconds', { asset: 'Endpoint protection' }, at, lasting);

/** Cases of the controls that are judged by the time left. */
export const timeLeftCases: Readonly<Record<string, AlertCases>> = {
  MaintenanceCertificateExpiring: {
    fires: [
      {
        series: { ...scraped(), ...ends(soon) },
        at: fires,
        firing: [certificate],
        description:
          'https://web.example (acme): the certificate of https://web.example ends in 29d 23h 44m 59s (wanted: 30d 0h 0m 0s). First step: renew it, and find out why nothing renewed it by itself (`certbot renew --dry-run` on its host).',
      },
      // The service has the address under its own name, and once.
      {
        series: { ...scraped(), ...ends(soon, { customer: 'acme', instance: 'https://shop.example' }) },
        at: fires,
        firing: [
          { customer: 'acme', instance: 'https://shop.example', control: 'certificate', object: 'shop' },
        ],
        services: 'with',
      },
      // Nobody is told anything of a certificate that has ended: the connection fails.
      {
        series: {
          ...scraped(),
          ...told('probe_success', `1x${turns / step - 1} 0x${always}`),
          ...told('probe_ssl_earliest_cert_expiry', `${turns - 1}x${turns / step - 1} stale`),
        },
        at: 30 * hours,
        firing: [certificate],
      },
    ],
    silent: [
      { series: { ...scraped(), ...ends(soon) }, at: turns, firing: [] },
      { series: { ...scraped(), ...ends(fires + 30 * days) }, at: fires, firing: [] },
    ],
    override: [
      { series: { ...scraped(), ...ends(fires + 10 * days, mail) }, at: fires, firing: [] },
      {
        series: { ...scraped(), ...ends(turns + 10 * days - 1, mail) },
        at: fires,
        firing: [{ ...mail, control: 'certificate', object: mail.instance }],
      },
    ],
    'exporter dead': [
      {
        series: { ...scraped(), ...told('probe_ssl_earliest_cert_expiry', `${soon}x23 stale`) },
        at: dead,
        firing: [certificate],
      },
    ],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  },
  MaintenanceLicenceExpiring: declaredCases(
    'licence',
    30 * days,
    licence,
    'app-1 (acme): the licence of Endpoint protection ends in 29d 23h 44m 59s (wanted: 30d 0h 0m 0s). First step: decide whether it is renewed, order it, and write the new day into `collectors.asset` of the exporter that tells of it.',
  ),
  MaintenanceWarrantyExpiring: declaredCases(
    'warranty',
    90 * days,
    warranty,
    'app-1 (acme): the warranty of Endpoint protection ends in 89d 23h 44m 59s (wanted: 90d 0h 0m 0s). First step: decide whether the contract is extended or the device replaced, and write the new day into `collectors.asset` of the exporter that tells of it.',
  ),
  MaintenanceCapacityShort: {
    fires: [
      {
        series: { ...scraped(), ...fills() },
        at: fires,
        firing: [capacity],
        description:
          'app-1 (acme): /srv is full (wanted: 14d 0h 0m 0s). First step: `df -h` and `du -xh --max-depth=2` on the host show what grew.',
      },
      {
        series: { ...scraped(), ...pool(0.98) },
        at: fires,
        firing: [{ ...capacity, object: 'lvm:vg/pool:data' }],
      },
      // A third within a week: three days are left. The other would last a year.
      {
        series: {
          ...scraped(),
          ...fileSystem('50-0.05x700'),
          ...fileSystem('80-0.002x700', server, '/'),
          ...fileSystem('30+0x700', server, '/var'),
        },
        at: week,
        firing: [capacity],
      },
    ],
    silent: [
      { series: { ...scraped(), ...fills() }, at: turns, firing: [] },
      // An image is always full.
      {
        series: { ...scraped(), ...fileSystem(`0x${always}`, server, '/snap/core', 'squashfs') },
        at: fires,
        firing: [],
      },
    ],
    override: [
      // Ten days are left, and seven would be enough.
      { series: { ...scraped({ on: birch }), ...fileSystem('50-0.0287x700', birch) }, at: week, firing: [] },
      {
        series: { ...scraped({ on: birch }), ...fills(birch) },
        at: fires,
        firing: [{ ...birch, control: 'capacity', object: '/srv' }],
      },
    ],
    'exporter dead': [
      {
        series: { ...scraped(alive), ...pool(0.98, alive) },
        at: dead,
        firing: [{ ...capacity, object: 'lvm:vg/pool:data' }],
        beside: ['MaintenanceHostDown'],
      },
    ],
    'metric absent': [{ series: scraped(), at: 15 * minutes + turns, firing: [] }],
  },
};
