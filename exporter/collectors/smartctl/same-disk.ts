import type { DiskAnswer } from './disks.ts';
import type { Identity } from './identity.ts';
import type { KnownDisks } from './known.ts';

/**
 * The id an answer's disk goes by: the one it is known under, by WWN or by serial number and model; else its WWN, told by
 * this or another way to it; else its serial number. So a disk keeps its name behind a controller that hides the WWN.
 */
export function idOf(
  { identity }: DiskAnswer,
  answers: readonly DiskAnswer[],
  known: KnownDisks,
): string | undefined {
  const { id } = identity;
  if (id === undefined || known.has(id)) return id;
  const remembered = [...known].find(([name, disk]) => isSameBySerial(identity, { ...disk, id: name }));
  if (remembered !== undefined) return remembered[0];
  if (isWwn(id)) return id;
  const told = answers.find((other) => isWwn(other.identity.id) && isSameBySerial(identity, other.identity));
  return told?.identity.id ?? id;
}

function isWwn(id: string | undefined): boolean {
  return id?.startsWith('naa.') === true;
}

type Names = Pick<Identity, 'id' | 'serial' | 'model'>;

/** Two WWNs are two disks (or the two halves of one with two actuators), whatever else they say. */
function isSameBySerial(one: Names, other: Names): boolean {
  if (isWwn(one.id) && isWwn(other.id) && one.id !== other.id) return false;
  return one.serial.length >= 4 && one.serial === other.serial && isSameModel(one.model, other.model);
}

/** SCSI cuts the model after 16 characters, and puts the vendor, "ATA" for SATA disks, before it. */
function isSameModel(one: string, other: string): boolean {
  const [a, b] = [one, other].map((model) =>
    model
      .toLowerCase()
      .replace(/^ata\s/, '')
      .replaceAll(/[^a-z0-9]/g, ''),
  );
  return a !== undefined && b !== undefined && a !== '' && b !== '' && (a.includes(b) || b.includes(a));
}

/** Hours may pass between two answers, but never this many seconds of operation. */
const powerOnTolerance = 2 * 3600;

/**
 * Whether two answers under one id can come from one disk. A WWN is cloned now and then, a serial number is only unique
 * per model, and cheap disks share one: two ways to one disk tell the same time of operation.
 */
export function canBeOne(one: DiskAnswer, other: DiskAnswer): boolean {
  const [a, b] = [one.identity, other.identity];
  if (!agreeOnSerial(a.serial, b.serial)) return false;
  if (isWwn(a.id) && isWwn(b.id)) return true;
  if (a.model !== '' && b.model !== '' && !isSameModel(a.model, b.model)) return false;
  if (one.state !== 'readable' || other.state !== 'readable') return true;
  const [first, second] = [one.facts.poweredOn, other.facts.poweredOn];
  return first === undefined || second === undefined || Math.abs(first - second) <= powerOnTolerance;
}

/** SCSI adds characters to the serial number printed on a SAS disk, or leaves them out. */
function agreeOnSerial(one: string, other: string): boolean {
  const [short = '', long = ''] = [one, other].toSorted((a, b) => a.length - b.length);
  return short === '' || short === long || (short.length >= 8 && long.startsWith(short));
}
