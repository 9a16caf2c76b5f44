import { controls } from '../alerts/controls.ts';
import { slaClasses } from './responses.ts';
import type { Indicator, Snapshot } from './snapshot.ts';
import type { IndicatorId, ObjectKind } from './words/words.ts';

const kinds: ReadonlyMap<string, ObjectKind> = new Map(
  controls.map(({ name, objects }) => [name, objects] as const),
);
/** What the indicators count that are no controls. */
const counted: ReadonlyMap<string, ObjectKind> = new Map<string, ObjectKind>([
  ['backup_runs', 'backup_run'],
  ['vulnerabilities_critical_open', 'host'],
  ['incidents_opened', 'incident'],
  ['time_to_resolve', 'incident'],
  ...slaClasses.flatMap((slaClass): readonly (readonly [string, ObjectKind])[] => [
    [`time_to_resolve_${slaClass}`, 'incident'],
    [`time_to_respond_${slaClass}`, 'incident'],
    [`response_${slaClass}`, 'incident'],
  ]),
  ['maintenance_on_time', 'task'],
  ['compliance_readiness', 'requirement'],
  ['services_in_sla', 'service'],
  ['availability', 'service'],
  ['service_speed', 'service'],
]);

export function isIndicatorId(id: string): id is IndicatorId {
  return kinds.has(id) || counted.has(id);
}

/** Whether it is a control of the policy, which has objects at the end of a month. */
export function isControl(id: string): boolean {
  return kinds.has(id);
}

/** @throws Error when the snapshot has an indicator this version does not know. */
export function knownId(id: string): IndicatorId {
  if (isIndicatorId(id)) return id;
  throw new Error(
    `This version has no words for the indicator ${id}. Draw the snapshot with the version that wrote it.`,
  );
}

/**
 * What the objects of an indicator are called. Package managers and antivirus are called hosts where every host has
 * exactly one, which is what a reader counts.
 */
export function objectKind(
  indicator: Pick<Indicator, 'id' | 'atEnd'>,
  { hosts }: Pick<Snapshot, 'hosts'>,
): ObjectKind {
  const kind = kinds.get(knownId(indicator.id)) ?? counted.get(indicator.id) ?? 'incident';
  if (kind !== 'package_manager' && kind !== 'antivirus') return kind;
  const having = hosts.filter((host) => (host.controls[indicator.id] ?? null) !== null).length;
  return having > 0 && having === indicator.atEnd?.expected ? 'host' : kind;
}
