import { expect, test } from 'vitest';
import { toldIncidents } from './told-incidents.ts';

const step = 300;
const run = { end: 100 * step, interval: step };
const about = (alertname: string, others: Readonly<Record<string, string>> = {}) => ({
  alertname,
  customer: 'acme',
  instance: 'acme-db-1',
  severity: 'warning',
  ...others,
});
/** Spans in steps. */
const alert = (
  labels: Readonly<Record<string, string>>,
  ...spans: readonly (readonly [number, number])[]
) => ({
  labels,
  samples: [],
  episodes: spans.map(([from, to]) => ({ from: from * step, to: to * step })),
});
const reboot = about('MaintenanceRebootOverdue');
const down = about('MaintenanceHostDown');

function told(...alerts: Parameters<typeof toldIncidents>[0]): readonly string[] {
  return toldIncidents(alerts, run).map(
    ({ labels, from, to, fired }) => `${labels['alertname']} ${fired / step}/${from / step}-${to / step}`,
  );
}

test('what another alert explains is told from when that one is over, if it goes on', () => {
  expect(told(alert(reboot, [10, 60]), alert(down, [5, 20]))).toEqual([
    'MaintenanceRebootOverdue 10/20-60',
    'MaintenanceHostDown 5/5-20',
  ]);
  expect(told(alert(reboot, [10, 20]), alert(down, [5, 20]))).toEqual(['MaintenanceHostDown 5/5-20']);
  expect(told(alert(reboot, [10, Infinity]), alert(down, [5, Infinity]))).toEqual([
    'MaintenanceHostDown 5/5-Infinity',
  ]);
});

test('what begins after it, or is of another host, explains nothing', () => {
  expect(told(alert(reboot, [10, 60]), alert(down, [11, 20]))).toContain('MaintenanceRebootOverdue 10/10-60');
  const other = about('MaintenanceHostDown', { instance: 'acme-db-2' });
  expect(told(alert(reboot, [10, 60]), alert(other, [5, 20]))).toContain('MaintenanceRebootOverdue 10/10-60');
});

test('episodes close to each other are one, and information is no incident', () => {
  expect(told(alert(reboot, [10, 20], [23, 30]), alert({ ...down, severity: 'info' }, [50, 60]))).toEqual([
    'MaintenanceRebootOverdue 10/10-30',
  ]);
});

test('an unsupported system explains what its vendor does not update, and not what others do', () => {
  const system = alert(about('MaintenanceOsUnsupported', { object: 'debian' }), [0, 90]);
  const update = (object: string) => alert(about('MaintenancePatchStandardOverdue', { object }), [10, 20]);
  expect(told(system, update('apt'))).toEqual(['MaintenanceOsUnsupported 0/0-90']);
  expect(told(system, update('snap'))).toContain('MaintenancePatchStandardOverdue 10/10-20');
});
