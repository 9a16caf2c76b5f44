import { alertGroup } from '../alerts/alert-rules.ts';
import { type Domain, domains } from '../alerts/control.ts';
import type { ControlName } from '../alerts/policy.ts';
import type { IncidentFacts } from './facts/incidents.ts';

/** What part of the estate an incident is about. */
export type Category = IncidentFacts['list'][number]['category'];

/** Types of maintenance as ISO/IEC/IEEE 14764 tells them apart. */
export type WorkType = IncidentFacts['list'][number]['work'];

export interface Kind {
  readonly category: Category;
  readonly work: WorkType;
}

const kind = (category: Category, work: WorkType): Kind => ({ category, work });

/**
 * corrective: something does not work and is put right. preventive: it works, and is kept from failing: updates, restarts,
 * tests, checks, certificates before they end. adaptive: the world around it changed: its vendor stopped, its data grew.
 * perfective: it works and is to work better: a service below its promise, updates that install themselves.
 */
const byControl: Readonly<Record<ControlName, Kind>> = {
  host_reporting: kind('services', 'corrective'),
  patch_security: kind('updates', 'preventive'),
  patch_standard: kind('updates', 'preventive'),
  patch_firmware: kind('updates', 'preventive'),
  patch_slip: kind('updates', 'preventive'),
  patch_metadata: kind('updates', 'corrective'),
  patch_automation: kind('updates', 'perfective'),
  patch_deployment: kind('updates', 'preventive'),
  reboot: kind('updates', 'preventive'),
  os_supported: kind('updates', 'adaptive'),
  vulnerability_critical: kind('access', 'preventive'),
  vulnerability_high: kind('access', 'preventive'),
  vulnerability_scan: kind('access', 'preventive'),
  backup: kind('backups', 'corrective'),
  backup_check: kind('backups', 'preventive'),
  backup_check_data: kind('backups', 'preventive'),
  restore_test: kind('backups', 'preventive'),
  av_definitions: kind('protection', 'corrective'),
  av_protection: kind('protection', 'corrective'),
  disk_health: kind('disks', 'corrective'),
  disk_self_test: kind('disks', 'preventive'),
  volume_health: kind('disks', 'corrective'),
  capacity: kind('disks', 'adaptive'),
  service_slo: kind('services', 'perfective'),
  tasks: kind('access', 'preventive'),
  certificate: kind('access', 'preventive'),
  licence: kind('access', 'preventive'),
  warranty: kind('access', 'preventive'),
};

/** Alerts that no control has. A disk that still works is looked after before it fails; all else is out of order. */
const byDomain: Readonly<Record<Domain, Kind>> = {
  watching: kind('services', 'corrective'),
  updates: kind('updates', 'corrective'),
  backups: kind('backups', 'corrective'),
  protection: kind('protection', 'corrective'),
  storage: kind('disks', 'preventive'),
  services: kind('services', 'corrective'),
  agreements: kind('access', 'preventive'),
};

const controlKinds: ReadonlyMap<string, Kind> = new Map(Object.entries(byControl));
const groupKinds: ReadonlyMap<string, Kind> = new Map(
  domains.map((domain) => [alertGroup(domain), byDomain[domain]]),
);

/** @param control the label of the alert. @param ruleGroup of the alert; undefined for alerts of others. */
export function kindOf(control: string | undefined, ruleGroup: string | undefined): Kind {
  return controlKinds.get(control ?? '') ?? groupKinds.get(ruleGroup ?? '') ?? kind('services', 'corrective');
}
