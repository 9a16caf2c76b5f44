import type { Policy } from '../../alerts/policy.ts';
import { explain } from '../panels.ts';
import { everyHost, metric } from '../queries.ts';
import { ageColumn, table } from '../table.ts';
import { states } from '../verdicts.ts';
import { ageTrend } from './age-trend.ts';
import { age, hostColumns, worst } from './facts.ts';

export function backups(policy: Policy) {
  const by = 'tool, backup_job';
  return table(
    {
      id: 21,
      title: 'Backups, oldest first',
      width: 12,
      height: 8,
      description: explain(policy, {
        what: 'Each backup job: its newest restore point and whether its repository could be read.',
        formula: 'Now minus the time of the newest restore point; sizes are of that restore point.',
        target: 'The limit of the control backup in "Controls".',
        action:
          'Read the log of the last run. An unreadable repository says nothing about its restore points.',
        controls: ['backup'],
      }),
    },
    {
      readable: everyHost(worst(by, metric('maintenance_backup_repository_readable'))),
      age: age(by, metric('maintenance_backup_last_success_timestamp_seconds')),
      points: worst(by, metric('maintenance_backup_restore_points')),
      size: worst(by, metric('maintenance_backup_size_bytes')),
      added: worst(by, metric('maintenance_backup_added_bytes')),
      duration: worst(by, metric('maintenance_backup_duration_seconds')),
      interval: worst(by, metric('maintenance_backup_expected_interval_seconds')),
    },
    {
      backup_job: { title: 'Job' },
      tool: { title: 'Tool' },
      age: ageColumn('Newest restore point'),
      readable: {
        title: 'Repository',
        states: states({ 0: ['Unreadable', 'unknown'], 1: ['Readable', 'good'] }),
      },
      points: { title: 'Restore points', unit: 'short' },
      size: { title: 'Size', unit: 'bytes' },
      added: { title: 'Added', unit: 'bytes' },
      duration: { title: 'Duration', unit: 's' },
      interval: { title: 'Runs every', unit: 's' },
      ...hostColumns,
    },
    { column: 'Newest restore point', descending: true },
  );
}

export function backupTrend(policy: Policy) {
  return ageTrend(policy, {
    id: 22,
    control: 'backup',
    title: 'Age of the newest restore point',
    height: 8,
  });
}
