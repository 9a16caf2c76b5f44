import { firstOf } from '../control.ts';
import { type MappingRule, owned, perJob } from './mapped.ts';

/** Pods are called after their cluster, with a number behind it. */
const job = { from: ['namespace', 'pod'], fits: '(.+);(.+)-[0-9]+', name: 'cloudnative_pg/$1/$2' };
const labels = { tool: 'cloudnative_pg' };

/**
 * Every pod of a cluster says the same. Where the Barman Cloud plugin makes the backups, its own metrics tell, and those of the
 * operator stay where they were (https://cloudnative-pg.io/plugin-barman-cloud/docs/observability): the newer of both counts.
 */
function told(name: string): string {
  return perJob(`{__name__=~"cnpg_collector_${name}|barman_cloud_cloudnative_pg_io_${name}",${owned}}`, job);
}

/** 0 when there is none, and not the time of the first second of 1970. */
const available = told('last_available_backup_timestamp');
const failed = told('last_failed_backup_timestamp');

/** Clusters of CloudNativePG, whose base backups count; pkg/management/postgres/webserver/metricserver/pg_collector.go. */
export const cloudNativePg: readonly MappingRule[] = [
  { record: 'maintenance_backup_last_success_timestamp_seconds', expr: `${available} > 0`, labels },
  { record: 'maintenance_backup_restore_points', expr: `${available} == 0`, labels },
  {
    record: 'maintenance_backup_last_run_timestamp_seconds',
    expr: firstOf(`(${available} >= ${failed} > 0)`, `(${failed} > 0)`),
    labels,
  },
  {
    record: 'maintenance_backup_last_run_success',
    expr: `(${available} >= bool ${failed})\nand\n(${firstOf(`(${available} > 0)`, `(${failed} > 0)`)})`,
    labels,
  },
];
