import type { Kpi } from '../kpi.ts';
import { incidentTrend, unwatched } from './incident-trend.ts';

/** Incidents that began in the month: critical and warning alerts, those within 15 minutes of each other as one. */
export const incidentsOpened: Kpi = {
  id: 'incidents_opened',
  unit: 'count',
  better: 'low',
  measure: ({ month, months }) => {
    const { time } = month.groups['maintenance-alerts'];
    const value = time > 0 ? month.incidents.opened : null;
    return Promise.resolve({
      ...unwatched(month),
      value,
      numerator: value,
      trend: incidentTrend(months, ({ opened }) => opened),
    });
  },
};
