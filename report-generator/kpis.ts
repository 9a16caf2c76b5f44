import { controlNames } from '../alerts/controls.ts';
import { availability } from './kpis/availability.ts';
import { backupRuns } from './kpis/backup-runs.ts';
import { complianceReadiness } from './kpis/compliance-readiness.ts';
import { controlKpi } from './kpis/control.ts';
import { incidentsOpened } from './kpis/incidents-opened.ts';
import { maintenanceOnTime } from './kpis/maintenance-on-time.ts';
import { responseInTime, timeToRespond } from './kpis/response.ts';
import { serviceSpeed } from './kpis/service-speed.ts';
import { servicesInSla } from './kpis/services-in-sla.ts';
import { timeToResolve, timeToResolveOf } from './kpis/time-to-resolve.ts';
import { vulnerabilitiesCriticalOpen } from './kpis/vulnerabilities-critical-open.ts';
import type { Kpi } from './kpi.ts';
import { slaClasses } from './responses.ts';

/**
 * Page 1 is the map: a column of tiles for each page that follows, in its order. A column shows the first of these that
 * the report has, so the places stay the same from month to month.
 */
export const columns = [
  {
    section: 'serviceQuality',
    indicators: [
      'services_in_sla',
      'incidents_opened',
      'time_to_resolve_urgent',
      'response_urgent',
      'time_to_resolve',
      'service_speed',
    ],
  },
  {
    section: 'protection',
    indicators: [
      'patch_security',
      'backup_runs',
      'vulnerabilities_critical_open',
      'restore_test',
      'backup',
      'av_protection',
      'disk_health',
    ],
  },
  {
    section: 'governance',
    indicators: [
      'compliance_readiness',
      'maintenance_on_time',
      'host_reporting',
      'os_supported',
      'reboot',
      'patch_standard',
    ],
  },
] as const;

/** They have a place on page 1 also where nobody expects them: that nobody does is worth knowing. */
const alwaysTold: ReadonlySet<string> = new Set([
  'patch_security',
  'backup',
  'av_protection',
  'host_reporting',
]);

export function isAlwaysTold(id: string): boolean {
  return alwaysTold.has(id);
}

/** Every indicator of the report: each control, and what is counted otherwise. */
export const kpis: readonly Kpi[] = [
  ...controlNames.map(controlKpi),
  backupRuns,
  vulnerabilitiesCriticalOpen,
  incidentsOpened,
  timeToResolve,
  maintenanceOnTime,
  complianceReadiness,
  ...slaClasses.flatMap((slaClass) => [
    timeToResolveOf(slaClass),
    timeToRespond(slaClass),
    responseInTime(slaClass),
  ]),
  servicesInSla,
  availability,
  serviceSpeed,
];
