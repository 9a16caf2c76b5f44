import { type Episode, silentEvaluations } from './alerting.ts';
import type { Month } from './calendar.ts';
import type { Span } from './track.ts';

/** The incidents of a customer in a month. */
export interface IncidentTruth {
  readonly opened: number;
  readonly resolved: number;
  readonly open_at_end: number;
  /** Of those resolved in the month, whole durations; null when there is none. */
  readonly mean_seconds_to_resolve: number | null;
  /**
   * How many of those resolved ended while nobody looked: in an outage, or before alerts were written again after it. They
   * count as resolved at the first evaluation after they were over; from ALERTS only bounds of that instant are known.
   */
  readonly ended_unseen: number;
}

/** Episodes of one identity that are no further apart are one incident, in seconds. */
const mergedWithin = 900;

/** Merges the episodes of one identity that are close to each other. */
export function merged(episodes: readonly Episode[]): readonly Episode[] {
  const incidents: Episode[] = [];
  for (const episode of episodes) {
    const last = incidents.at(-1);
    if (last !== undefined && episode.from - last.to <= mergedWithin) {
      incidents.splice(-1, 1, { from: last.from, to: episode.to });
    } else incidents.push(episode);
  }
  return incidents;
}

/** Counts incidents; `interval` is that of the alerts, in seconds. */
export function incidentTruth(
  incidents: readonly Episode[],
  { from, to }: Month,
  outages: readonly Span[],
  interval: number,
): IncidentTruth {
  const inside = (instant: number): boolean => from <= instant && instant < to;
  const unseen = (instant: number): boolean =>
    outages.some((outage) => outage.to <= instant && instant < outage.to + silentEvaluations * interval);
  const resolved = incidents.filter((incident) => inside(incident.to));
  const seconds = resolved.reduce((sum, incident) => sum + incident.to - incident.from, 0);
  return {
    opened: incidents.filter((incident) => inside(incident.from)).length,
    resolved: resolved.length,
    open_at_end: incidents.filter((incident) => incident.from < to && incident.to >= to).length,
    mean_seconds_to_resolve: resolved.length === 0 ? null : seconds / resolved.length,
    ended_unseen: resolved.filter((incident) => unseen(incident.to)).length,
  };
}
