import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { closest } from 'fastest-levenshtein';
import type { KnownDisk, KnownDisks } from '../collectors/smartctl/known.ts';
import { isRetired, retiredDocument, retiredName } from '../collectors/smartctl/retired.ts';
import { appendEvidence, type Evidence } from '../evidence.ts';
import { locked } from '../lock.ts';
import { stateIn } from '../state.ts';
import { readDisks } from './memory.ts';

/** What is asked of `disks retire`. */
export interface Retire {
  /** Serial number or id (the `disk` label). */
  readonly name: string;
  readonly by: string;
  readonly why: string | undefined;
  /** Whether a disk that may still be there is retired. */
  readonly althoughPresent: boolean;
  readonly stateDirectory: string;
  /** Unix seconds. */
  readonly now: number;
}

interface Named {
  readonly id: string;
  readonly disk: KnownDisk;
}

/**
 * Takes a disk out of service: it is no longer missed. A disk that comes back later is in service again.
 * @returns what was done, and what was wrong with the memory.
 * @throws Error that says what to do instead, when the name is no disk or several, or the disk may still be there.
 */
export async function retireDisk(
  asked: Retire,
): Promise<{ readonly done: string; readonly warnings: readonly string[] }> {
  const { by, why, stateDirectory, now } = asked;
  const { known } = await readDisks(stateDirectory);
  const { id, disk } = findDisk(known, asked.name, stateDirectory);
  refuseIfPresent(disk, asked);
  const state = stateIn(stateDirectory);
  await mkdir(stateDirectory, { recursive: true, mode: 0o750 });
  const warnings = await locked(join(stateDirectory, `${retiredName}.lock`), async () => {
    const before = await readDisks(stateDirectory);
    const earlier = before.retired.get(id);
    if (earlier !== undefined && isRetired(earlier, disk))
      throw new Error(
        `${id} was retired already, ${isoTime(earlier.at)} by ${earlier.by}; nothing was changed`,
      );
    const retirement = { at: now, by, ...(why === undefined ? {} : { why }) };
    await state.write(retiredName, retiredDocument(new Map([...before.retired, [id, retirement]])));
    try {
      await appendEvidence(stateDirectory, [evidenceOf({ id, disk }, asked)], now);
    } catch (error) {
      // Without a record there is no retirement.
      await state.write(retiredName, retiredDocument(before.retired));
      throw error;
    }
    return before.warnings;
  });
  return {
    done: `retired ${described({ id, disk })}. It is missed no longer from the next run of the exporter on; a disk that comes back is in service again.`,
    warnings,
  };
}

function refuseIfPresent({ state, device }: KnownDisk, { althoughPresent, name }: Retire): void {
  if (state === 'gone' || althoughPresent) return;
  const seen =
    state === undefined || state === 'unknown'
      ? 'the last run of the exporter could not tell whether this disk is there'
      : `this disk is there, as ${device}`;
  throw new Error(
    `${seen}; take it out first, or retire it all the same: maintenance-exporter disks retire ${name} --although-present`,
  );
}

function findDisk(known: KnownDisks, name: string, directory: string): Named {
  const wanted = name.trim().toLowerCase();
  const all = [...known].map(([id, disk]) => ({ id, disk }));
  const byId = all.filter(({ id }) =>
    [id, id.replace(/^naa\./, '')].some((one) => one.toLowerCase() === wanted.replace(/^0x/, '')),
  );
  const found = byId.length > 0 ? byId : all.filter(({ disk }) => disk.serial.toLowerCase() === wanted);
  const [first, second] = found;
  if (first === undefined) {
    if (all.length === 0)
      throw new Error(
        `no disk is known in ${directory}; --config.file or --state.directory names another state directory`,
      );
    const names = all.flatMap(({ id, disk }) => [id, disk.serial]).filter((one) => one !== '');
    throw new Error(
      `no disk ${name} is known; did you mean ${closest(name, names)}? \`maintenance-exporter disks\` lists them all`,
    );
  }
  if (second !== undefined)
    throw new Error(
      `${name} is the serial number of ${found.length} disks; name one by its id:\n${found.map((one) => `  ${described(one)}`).join('\n')}`,
    );
  return first;
}

function described({ id, disk: { model, serial, device } }: Named): string {
  const parts = [model, serial === '' || serial === id ? '' : `serial ${serial}`, `last ${device}`];
  return `${id} (${parts.filter((part) => part !== '').join(', ')})`;
}

function evidenceOf({ id, disk }: Named, { by, why, now, althoughPresent }: Retire): Evidence {
  const { model, serial, device, last_seen: lastSeen, state } = disk;
  return {
    kind: 'disk_retired',
    id: `disk_retired:${id}:${now}`,
    at: isoTime(now),
    outcome: 'retired',
    actor: by,
    tool: 'smartctl',
    source: 'maintenance-exporter disks retire',
    details: {
      disk: id,
      model,
      serial,
      device,
      ...(lastSeen === undefined ? {} : { last_seen: isoTime(lastSeen) }),
      ...(althoughPresent ? { state: state ?? 'unknown' } : {}),
      ...(why === undefined ? {} : { why }),
    },
  };
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
