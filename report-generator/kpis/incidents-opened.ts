import { incidentKpi } from './incidents.ts';

/** Incidents that began in the month: critical and warning alerts, those within 15 minutes of each other as one. */
export const incidentsOpened = incidentKpi({
  id: 'incidents_opened',
  unit: 'count',
  better: 'low',
  countOf: ({ incidents: { opened } }) => ({ value: opened, numerator: opened, denominator: null }),
});
