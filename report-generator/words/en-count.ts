import { formatsOf } from '../format.ts';
import type { ObjectKind } from './words.ts';

const numbers = 'no one two three four five six seven eight nine ten eleven twelve'.split(' ');

const nouns: Readonly<Record<ObjectKind, readonly [one: string, many: string]>> = {
  host: ['host', 'hosts'],
  package_manager: ['package manager', 'package managers'],
  backup_job: ['backup job', 'backup jobs'],
  antivirus: ['antivirus product', 'antivirus products'],
  disk: ['disk', 'disks'],
  scanner: ['vulnerability scanner', 'vulnerability scanners'],
  volume: ['volume', 'volumes'],
  certificate: ['certificate', 'certificates'],
  licence: ['licence', 'licences'],
  device: ['device', 'devices'],
  file_system: ['file system', 'file systems'],
  service: ['service', 'services'],
  task: ['task', 'tasks'],
  incident: ['incident', 'incidents'],
  backup_run: ['backup run', 'backup runs'],
  requirement: ['requirement', 'requirements'],
};

/** Spelled up to twelve. */
export function spellEn(count: number): string {
  return numbers[count] ?? formatsOf('en').number(count);
}

export function nounEn(count: number, kind: ObjectKind): string {
  return nouns[kind][count === 1 ? 0 : 1];
}

/** "nine hosts" */
export function countEn(count: number, kind: ObjectKind): string {
  return `${spellEn(count)} ${nounEn(count, kind)}`;
}

export function listEn(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** Beside the label of a tile, which says what they are: jobs of backups, products of antivirus. */
export function shortNounEn(count: number, kind: ObjectKind): string {
  return nounEn(count, kind).replace(/^(?:backup|antivirus|vulnerability) /, '');
}
