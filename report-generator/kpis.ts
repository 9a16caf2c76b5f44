import { controlKpi } from './kpis/control.ts';
import { incidentsOpened } from './kpis/incidents-opened.ts';
import { timeToResolve } from './kpis/time-to-resolve.ts';
import type { Kpi } from './kpi.ts';

/** Every indicator of the report, in the order people see them. */
export const kpis: readonly Kpi[] = [
  controlKpi('patch_security'),
  controlKpi('patch_standard'),
  controlKpi('reboot'),
  controlKpi('os_supported'),
  controlKpi('backup'),
  controlKpi('av_definitions'),
  controlKpi('av_protection'),
  controlKpi('disk_health'),
  controlKpi('host_reporting'),
  incidentsOpened,
  timeToResolve,
];
