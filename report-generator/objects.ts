import type { Indicator, Snapshot } from './snapshot.ts';
import type { IndicatorId, ObjectKind } from './words/words.ts';

const kinds: Readonly<Record<IndicatorId, ObjectKind>> = {
  host_reporting: 'host',
  patch_security: 'package_manager',
  patch_standard: 'package_manager',
  reboot: 'host',
  os_supported: 'host',
  backup: 'backup_job',
  av_definitions: 'antivirus',
  av_protection: 'antivirus',
  disk_health: 'disk',
  incidents_opened: 'incident',
  time_to_resolve: 'incident',
};

export function isIndicatorId(id: string): id is IndicatorId {
  return id in kinds;
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
  const kind = kinds[knownId(indicator.id)];
  if (kind !== 'package_manager' && kind !== 'antivirus') return kind;
  const having = hosts.filter(({ controls }) => (controls[indicator.id] ?? null) !== null).length;
  return having > 0 && having === indicator.atEnd?.expected ? 'host' : kind;
}
