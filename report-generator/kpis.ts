import { controlNames } from '../alerts/controls.ts';
import { controlKpi } from './kpis/control.ts';
import { incidentsOpened } from './kpis/incidents-opened.ts';
import { timeToResolve } from './kpis/time-to-resolve.ts';
import type { Kpi } from './kpi.ts';

/** The indicators with a tile on page 1, by the column they stand in. The others are in the tables and in the score. */
export const columns = [
  { section: 'updates', indicators: ['patch_security', 'patch_standard', 'reboot', 'os_supported'] },
  { section: 'protection', indicators: ['backup', 'av_definitions', 'av_protection', 'disk_health'] },
  { section: 'operation', indicators: ['host_reporting', 'incidents_opened', 'time_to_resolve'] },
] as const;

const headline: ReadonlySet<string> = new Set(columns.flatMap(({ indicators }) => indicators));

export function isHeadline(id: string): boolean {
  return headline.has(id);
}

/** Every indicator of the report: each control, and what is counted from incidents. */
export const kpis: readonly Kpi[] = [...controlNames.map(controlKpi), incidentsOpened, timeToResolve];
