import type { SlaClass } from '../responses.ts';

/** Indicators counted from incidents. */
export type IncidentIndicatorId =
  | 'incidents_opened'
  | 'time_to_resolve'
  | `time_to_resolve_${SlaClass}`
  | `time_to_respond_${SlaClass}`
  | `response_${SlaClass}`;
