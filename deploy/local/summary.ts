import { relative } from 'node:path';

/** Addresses of the running stack, and files it wrote. */
export interface Ready {
  readonly exporter: string;
  readonly live: string;
  readonly alertmanager: string;
  readonly history: string;
  readonly notificationFile: string;
  readonly reports: readonly string[];
  /** How long it took. */
  readonly seconds: number;
}

/** What is there now and what to look at, one line each. */
export function whatToLookAt({
  exporter,
  live,
  alertmanager,
  history,
  notificationFile,
  reports,
  seconds,
}: Ready): string {
  const rows: readonly (readonly [string, string])[] = [
    [`${exporter}/`, 'this host: what the exporter could tell, and why not'],
    [`${exporter}/metrics`, 'its facts, as Prometheus reads them'],
    [`${live}/alerts`, 'live Prometheus: the rules at work on this host'],
    [`${alertmanager}/`, 'Alertmanager: routes and silences'],
    [relative('.', notificationFile), 'every message Alertmanager sent'],
    [
      `${history}/graph?g0.expr=customer%3Amaintenance_control_compliant%3Aratio&g0.range_input=13w&g0.tab=0`,
      'simulated history: share of the estate in order, 13 weeks',
    ],
    ...reports.map((file) => [relative('.', file), 'last month, for leadership'] as const),
  ];
  const width = Math.max(...rows.map(([place]) => (place.length > 60 ? 0 : place.length)));
  const lines = rows.map(([place, what]) => `  ${place.padEnd(width)}  ${what}`);
  return [
    '',
    `Ready after ${seconds} s. What to look at:`,
    '',
    ...lines,
    '',
    'Boards in Grafana: docker compose up (needs a container engine). Stop with Ctrl-C.',
    '',
  ].join('\n');
}
