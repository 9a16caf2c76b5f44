import { expect, test } from 'vitest';
import { mutedBy, toldPart } from './inhibited.ts';

const round = 60;
const spans = (...all: readonly (readonly [number, number | undefined])[]) =>
  all.map(([from, to]) => ({ from, to }));

test.each([
  ['nothing mutes it', spans(), 100],
  ['the other was over before', spans([0, 100]), 100],
  ['the other began a round later', spans([160, 300]), 100],
  ['the other began in the same round', spans([159, 300]), 300],
  ['the other goes on for a while', spans([0, 300]), 300],
  ['two after each other', spans([300, 350], [0, 300]), 350],
  ['two with a round between them', spans([0, 300], [360, 400]), 300],
])('an alert is told from %s', (_, muting, from) => {
  expect(toldPart({ from: 100, to: 500, flaps: 2 }, muting, round)).toEqual({ from, to: 500, flaps: 2 });
});

test.each([
  ['to its end', spans([0, 500])],
  ['for good', spans([50, undefined])],
  ['by one after the other', spans([0, 300], [300, 600])],
])('an alert that is muted %s is no incident', (_, muting) => {
  expect(toldPart({ from: 100, to: 500 }, muting, round)).toBeUndefined();
  const open = muting.some(({ to }) => to === undefined);
  expect(toldPart({ from: 100, to: undefined }, muting, round) === undefined).toBe(open);
});

const labels = { customer: 'acme', instance: 'db-1', severity: 'warning' };
const source = (alertname: string, others: Readonly<Record<string, string>> = {}) => ({
  labels: { ...labels, alertname, severity: 'warning', ...others },
  episodes: spans([0, 10]),
});

test.each([
  ['MaintenanceRebootOverdue', 'warning', source('MaintenanceHostDown'), true],
  ['MaintenanceRebootOverdue', 'warning', source('MaintenanceHostDown', { instance: 'db-2' }), false],
  ['MaintenanceRebootOverdue', 'warning', source('MaintenanceBackupOverdue'), false],
  // Backups are overdue whether or not their host answers.
  ['MaintenanceBackupOverdue', 'critical', source('MaintenanceHostDown'), false],
  ['MaintenanceDiskFailing', 'critical', source('MaintenanceHostDown'), true],
  // A window mutes what is no emergency.
  ['MaintenanceDiskFailing', 'critical', source('MaintenanceWindowActive'), false],
  ['MaintenanceRebootOverdue', 'warning', source('MaintenanceWindowActive'), true],
  // The loss of all hosts is nobody's own.
  [
    'MaintenanceHostDown',
    'warning',
    { labels: { alertname: 'MaintenanceExporterAbsent' }, episodes: spans([0, 10]) },
    true,
  ],
])('%s (%s) and what mutes it', (alertname, severity, other, muted) => {
  const found = mutedBy({ ...labels, alertname, severity }, [other]);
  expect(found).toEqual(muted ? other.episodes : []);
});
