import { clockChanges, offsetAt } from './zone.ts';

/**
 * The years whose changes of clocks the rules know, unix seconds. Fixed, so that the same policy makes the same rules on any
 * day; MaintenanceCalendarEnding asks for a newer release before they are over. Before them, clocks are taken as not changing.
 */
export const knownClocks = {
  from: Date.parse('2026-01-01T00:00Z') / 1000,
  to: Date.parse('2036-01-01T00:00Z') / 1000,
} as const;

/** PromQL: seconds the clocks of a zone are ahead of UTC at `instants`, a scalar or a vector of unix times. */
export function offset(zone: string, instants: string): string {
  const changes = clockChanges(zone, knownClocks.from, knownClocks.to).map(
    ({ at, before, after }) =>
      `${after > before ? '+' : '-'} ${Math.abs(after - before)} * (${instants} >= bool ${at})`,
  );
  return [String(offsetAt(zone, knownClocks.from)), ...changes].join('\n');
}

/** The instant at which the clocks of a zone show a time, which is seconds of that clock counted as if it were UTC. */
export function instantOf(zone: string, wall: number): number {
  // Wrong only within hours of a change of clocks; a second look settles it, but in an hour that is skipped.
  return wall - offsetAt(zone, wall - offsetAt(zone, wall));
}
