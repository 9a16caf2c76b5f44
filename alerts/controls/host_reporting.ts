import { perHost, type StateControl } from '../control.ts';

const scraped = 'up{job="maintenance"}';

/** Prometheus can read the exporter of the host. */
export const hostReporting = {
  name: 'host_reporting',
  domain: 'watching',
  objects: 'host',
  judges: 'state',
  seen: perHost('group', scraped),
  state: perHost('min', scraped),
  hostSourced: false,
  alert: {
    name: 'MaintenanceHostDown',
    summary: 'A host has stopped reporting its maintenance state.',
    finding: 'Prometheus cannot read the exporter, or the host left the list of targets within the last day',
    firstStep: '`systemctl status maintenance-exporter` on the host, then the Targets page of Prometheus',
  },
} as const satisfies StateControl;
