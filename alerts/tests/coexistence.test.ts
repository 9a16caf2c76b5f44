import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPolicy } from '../policy.ts';
import { days, hours, type Series } from './facts.ts';
import { promtool as promtoolIn, writeRules } from './promtool.ts';

const policy = readPolicy(join(import.meta.dirname, 'policy.yaml'));
let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-coexistence-'));
  writeRules(directory, policy, 'maintenance_backup_');
});
afterAll(() => rmSync(directory, { recursive: true }));

const promtool = (
  series: Series,
  at: number,
  expected: Readonly<Record<string, Readonly<Record<string, number>>>>,
) => promtoolIn(directory, series, at, expected);

const now = 2 * days;
const lasting = (value: number) => `${value}x300`;
const success = 'maintenance_backup_last_success_timestamp_seconds';
const points = 'maintenance_backup_restore_points';
const state = 'object:maintenance_control_compliant:bool{control="backup"}';
const age = 'object:maintenance_control_age_seconds:last{control="backup"}';
const firing = 'ALERTS{alertname="MaintenanceBackupOverdue",alertstate="firing"}';
const alert = (labels: string) =>
  `ALERTS{alertname="MaintenanceBackupOverdue",alertstate="firing",control="backup",customer="acme",severity="critical",sla_class="urgent",${labels}}`;
const target = 'customer="acme",job="velero"';

describe('Velero', () => {
  const velero = (name: string, schedule: string, more = 'instance="10.0.0.1:8085"') =>
    `velero_${name}{${target},${more},schedule="${schedule}"}`;
  const job = (schedule: string, instance = 'kubernetes') =>
    `backup_job="velero/${schedule}",customer="acme",instance="${instance}"`;

  test('a schedule that completes is judged by the age of its last complete backup', () => {
    promtool(
      {
        [velero('backup_attempt_total', 'nightly')]: lasting(3),
        [velero('backup_last_successful_timestamp', 'nightly')]: lasting(now - 3 * hours),
        [velero('schedule_expected_interval_seconds', 'nightly')]: lasting(86_400),
        // After a restart it says 0 though the backup is there.
        [velero('backup_last_status', 'nightly')]: lasting(0),
      },
      now,
      {
        [success]: { [`${success}{${job('nightly')},tool="velero"}`]: now - 3 * hours },
        [points]: {},
        maintenance_backup_expected_interval_seconds: {
          [`maintenance_backup_expected_interval_seconds{${job('nightly')},tool="velero"}`]: 86_400,
        },
        [age]: {
          [`object:maintenance_control_age_seconds:last{control="backup",customer="acme",instance="kubernetes",object="velero/nightly"}`]:
            3 * hours,
        },
        [state]: {
          [`object:maintenance_control_compliant:bool{control="backup",customer="acme",instance="kubernetes",object="velero/nightly"}`]: 1,
        },
        [firing]: {},
      },
    );
  });

  test('one that fails since two days and one that has never completed are overdue', () => {
    promtool(
      {
        [velero('backup_attempt_total', 'nightly')]: lasting(3),
        [velero('backup_last_successful_timestamp', 'nightly')]: lasting(now - 47 * hours),
        [velero('backup_attempt_total', 'new')]: lasting(0),
        [velero('backup_last_status', 'new')]: lasting(1),
        [velero('backup_last_successful_timestamp', '')]: lasting(now - 60),
      },
      now,
      {
        [points]: { [`${points}{${job('new')},tool="velero"}`]: 0 },
        [firing]: {
          [alert('instance="kubernetes",object="velero/nightly"')]: 1,
          [alert('instance="kubernetes",object="velero/new"')]: 1,
        },
      },
    );
  });

  test('clusters are told apart, and a pod that was replaced is no second schedule', () => {
    promtool(
      {
        [velero('backup_last_successful_timestamp', 'nightly', 'cluster="east",instance="10.0.0.1:8085"')]:
          lasting(now - 5 * hours),
        [velero('backup_last_successful_timestamp', 'nightly', 'cluster="east",instance="10.0.0.2:8085"')]:
          lasting(now - 3 * hours),
        [velero('backup_last_successful_timestamp', 'nightly', 'cluster="west",instance="10.0.0.1:8085"')]:
          lasting(now - 4 * hours),
      },
      now,
      {
        [success]: {
          [`${success}{${job('nightly', 'east')},tool="velero"}`]: now - 3 * hours,
          [`${success}{${job('nightly', 'west')},tool="velero"}`]: now - 4 * hours,
        },
      },
    );
  });

  test('what belongs to no customer is not taken', () => {
    promtool({ 'velero_backup_last_successful_timestamp{schedule="nightly"}': lasting(now - hours) }, now, {
      [success]: {},
    });
  });

  test('a Velero that is gone is unknown, and no more in order', () => {
    promtool(
      { [velero('backup_last_successful_timestamp', 'nightly')]: `${now - 3 * hours}x180 stale` },
      now,
      {
        [success]: {},
        [state]: {
          [`object:maintenance_control_compliant:bool{control="backup",customer="acme",instance="kubernetes",object="velero/nightly"}`]: 0,
        },
      },
    );
  });
});

describe('CloudNativePG', () => {
  const cnpg = (name: string, pod: string, plugin = false) =>
    `${plugin ? 'barman_cloud_cloudnative_pg_io' : 'cnpg_collector'}_${name}{customer="acme",instance="10.0.0.${pod.at(-1)}:9187",namespace="shop",pod="${pod}"}`;
  const job = (cluster: string) =>
    `backup_job="cloudnative_pg/shop/${cluster}",customer="acme",instance="kubernetes",tool="cloudnative_pg"`;
  const run = 'maintenance_backup_last_run_success';
  const ran = 'maintenance_backup_last_run_timestamp_seconds';

  test('all pods of a cluster are one job; 0 is no date', () => {
    promtool(
      {
        [cnpg('last_available_backup_timestamp', 'orders-db-1')]: lasting(now - 3 * hours),
        [cnpg('last_available_backup_timestamp', 'orders-db-2')]: lasting(now - 3 * hours),
        [cnpg('last_failed_backup_timestamp', 'orders-db-1')]: lasting(0),
        [cnpg('last_available_backup_timestamp', 'new-1')]: lasting(0),
        [cnpg('last_failed_backup_timestamp', 'new-1')]: lasting(0),
      },
      now,
      {
        [success]: { [`${success}{${job('orders-db')}}`]: now - 3 * hours },
        [points]: { [`${points}{${job('new')}}`]: 0 },
        [run]: { [`${run}{${job('orders-db')}}`]: 1 },
        [ran]: { [`${ran}{${job('orders-db')}}`]: now - 3 * hours },
        [firing]: { [alert('instance="kubernetes",object="cloudnative_pg/shop/new"')]: 1 },
      },
    );
  });

  test('a failure after the last backup is the last run', () => {
    promtool(
      {
        [cnpg('last_available_backup_timestamp', 'db-1')]: lasting(now - 27 * hours),
        [cnpg('last_failed_backup_timestamp', 'db-1')]: lasting(now - 3 * hours),
      },
      now,
      {
        [run]: { [`${run}{${job('db')}}`]: 0 },
        [ran]: { [`${ran}{${job('db')}}`]: now - 3 * hours },
        [firing]: { [alert('instance="kubernetes",object="cloudnative_pg/shop/db"')]: 1 },
      },
    );
  });

  test('with the Barman Cloud plugin its metrics tell, whatever the operator still says', () => {
    promtool(
      {
        [cnpg('last_available_backup_timestamp', 'db-1')]: lasting(0),
        [cnpg('last_failed_backup_timestamp', 'db-1')]: lasting(0),
        [cnpg('last_available_backup_timestamp', 'db-1', true)]: lasting(now - 3 * hours),
        [cnpg('last_failed_backup_timestamp', 'db-1', true)]: lasting(now - 30 * hours),
      },
      now,
      {
        [success]: { [`${success}{${job('db')}}`]: now - 3 * hours },
        [points]: {},
        [run]: { [`${run}{${job('db')}}`]: 1 },
        [firing]: {},
      },
    );
  });
});

test('the tests notice when a rule says something else', () => {
  expect(() => promtool({}, 0, { 'vector(1)': { '{}': 2 } })).toThrow('got');
});
