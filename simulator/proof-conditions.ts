import type { Condition } from './conditions.ts';
import { day } from './calendar.ts';
import type { Proof } from './proofs.ts';
import { type Span, starts, type Track, valueAt } from './track.ts';
import { lastSeen, type Life, type World } from './world.ts';

/** The alerts on failed checks and restore tests, as last told within a day. */
export function proofConditions(life: Life, world: World): readonly Condition[] {
  const { customer, instance, role } = life.host;
  const failed = (
    alertname: string,
    labels: { readonly backup_job: string; readonly depth?: string },
    track: Track<Proof>,
  ): readonly Condition[] => {
    const spans = failedSpans(track, life, world);
    if (spans.length === 0) return [];
    const about = { ...labels, object: labels.backup_job, severity: 'critical', sla_class: 'urgent' };
    return [
      { labels: { alertname, customer, instance, role, ...about }, pendingFor: 900, keepFiring: 0, spans },
    ];
  };
  return life.jobs.flatMap(({ job, checks }) => {
    const named = { backup_job: job.name };
    return [
      ...failed('MaintenanceRestoreTestFailed', named, checks.restore),
      ...(['structure', 'data'] as const).flatMap((depth) =>
        failed('MaintenanceBackupCheckFailed', { ...named, depth }, checks[depth]),
      ),
    ];
  });
}

function failedSpans(track: Track<Proof>, { up }: Life, { start, end }: World): readonly Span[] {
  const instants = [start, ...starts(track), ...starts(up).flatMap((from) => [from, from + day])]
    .filter((instant) => instant >= start && instant < end)
    .toSorted((a, b) => a - b);
  const spans: Span[] = [];
  for (const [index, from] of instants.entries()) {
    const to = instants[index + 1] ?? end;
    const at = lastSeen(up, from);
    if (at === undefined || valueAt(track, at)?.success !== false || from === to) continue;
    const last = spans.at(-1);
    if (last?.to === from) spans.splice(-1, 1, { from: last.from, to });
    else spans.push({ from, to });
  }
  return spans;
}
