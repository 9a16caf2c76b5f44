import type { ExporterFacts } from './exposition.ts';
import { type Sample, sample } from './metrics.ts';
import type { CollectorStatus } from './scheduler.ts';

/** What the exporter says of its collectors and itself. A collector that has not run yet has no verdict. */
export function self(
  statuses: readonly CollectorStatus[],
  duplicates: ReadonlyMap<string, number>,
  facts: ExporterFacts,
): readonly Sample[] {
  return [
    ...statuses.flatMap((status) => [
      ...verdict(status),
      sample('maintenance_collector_timeouts_total', { collector: nameOf(status) }, status.timeouts),
      sample('maintenance_collector_interval_seconds', { collector: nameOf(status) }, status.interval),
      sample(
        'maintenance_collector_duplicate_series',
        { collector: nameOf(status) },
        duplicates.get(nameOf(status)) ?? 0,
      ),
    ]),
    sample('maintenance_exporter_build_info', { version: facts.version, node_version: facts.nodeVersion }, 1),
    sample('maintenance_exporter_config_last_reload_successful', {}, facts.reloadSuccessful ? 1 : 0),
    sample('maintenance_exporter_config_last_reload_success_timestamp_seconds', {}, facts.reloaded),
  ];
}

function verdict(status: CollectorStatus): readonly Sample[] {
  const { last, lastSuccess } = status;
  const collector = nameOf(status);
  if (last === undefined) return [];
  const reasons = [...new Set(last.problems.map((problem) => problem.reason))];
  return [
    sample('maintenance_collector_success', { collector }, last.problems.length === 0 ? 1 : 0),
    ...reasons.map((reason) => sample('maintenance_collector_error_info', { collector, reason }, 1)),
    sample('maintenance_collector_duration_seconds', { collector }, last.duration),
    sample('maintenance_collector_last_run_timestamp_seconds', { collector }, last.ended),
    ...(lastSuccess === undefined
      ? []
      : [sample('maintenance_collector_last_success_timestamp_seconds', { collector }, lastSuccess)]),
  ];
}

const nameOf = (status: CollectorStatus): string => status.job.collector.name;
