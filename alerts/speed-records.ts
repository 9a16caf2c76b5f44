import { vectorOfProbe } from './probes.ts';
import type { Policy } from './policy.ts';
import { recorded, type RecordName } from './records.ts';
import type { RecordingRule } from './rules.ts';

const day = 86_400;
/** Of the seven days of a week, so many must be known: what two slow days say is chance. */
export const daysOfWeek = 5;

const answer = recorded('object:maintenance_service_answer_seconds:now');
const daily = recorded('object:maintenance_service_answer_seconds:p95day');

/**
 * How fast services answer, of those whose policy says how fast they were when accepted. One second less than a day and a
 * week, so that a sample on the edge counts once.
 */
export function speedRules({ services, evaluation_interval, watching }: Policy): readonly RecordingRule[] {
  const measured = Object.entries(services).flatMap(([object, service]) => ownRules(object, service));
  const enough = Math.round((watching.coverage * day) / evaluation_interval);
  return [
    ...measured,
    {
      record: 'object:maintenance_service_answer_seconds:p95day',
      // Percentiles of an hour or two of a day are no percentile of the day.
      expr: `quantile_over_time(0.95, ${answer}[${day - 1}s])\nand\n(count_over_time(${answer}[${day - 1}s]) >= ${enough})`,
    },
    {
      record: 'object:maintenance_service_answer_seconds:p95week',
      expr: `avg_over_time(${daily}[${7 * day - 1}s:1d])\nand\n(count_over_time(${daily}[${7 * day - 1}s:1d]) >= ${daysOfWeek})`,
    },
  ];
}

function ownRules(
  object: string,
  { customer, probe, speed }: Policy['services'][string],
): readonly RecordingRule[] {
  if (speed === undefined) return [];
  const labels = { customer, instance: probe.instance, object };
  const rule = (record: RecordName, expr: string): RecordingRule => ({ record, expr, labels });
  return [
    // How long a failure takes says nothing of the speed; of several places the slowest counts.
    rule(
      'object:maintenance_service_answer_seconds:now',
      `max(${vectorOfProbe('probe_duration_seconds', probe)} and ${vectorOfProbe('probe_success', probe)} == 1)`,
    ),
    rule('object:maintenance_service_answer_baseline:seconds', `vector(${speed.baseline})`),
    rule(
      'object:maintenance_service_answer_limit:seconds',
      `vector(${Number((speed.baseline * (1 + speed.slower)).toPrecision(12))})`,
    ),
  ];
}
