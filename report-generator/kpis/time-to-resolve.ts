import { incidentKpi } from './incidents.ts';

/** Mean time from the first firing to the end, over the incidents that ended in the month, with their whole durations. */
export const timeToResolve = incidentKpi('time_to_resolve', 'seconds', ({ resolved, secondsToResolve }) =>
  resolved === 0
    ? { value: null, numerator: null, denominator: null }
    : { value: secondsToResolve / resolved, numerator: secondsToResolve, denominator: resolved },
);
