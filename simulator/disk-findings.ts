import { type Finding, seen } from './findings.ts';
import { valueAt } from './track.ts';
import { volume } from './volumes.ts';
import { lastSeen, type Life } from './world.ts';

/**
 * A disk is there as long as the exporter names it, also one it may not ask. A vanished disk is known to be gone; a replaced
 * one is forgotten, and missed for a day.
 */
export function diskHealth(life: Life, instant: number): Finding[] {
  return life.disks.flatMap(({ disk, states, named, judged }) => {
    if (lastSeen(named, instant) === undefined) return [];
    const at = lastSeen(judged, instant);
    const state = at === undefined ? undefined : valueAt(states, at);
    const finding = { object: disk.id, known: at === instant };
    return [state === undefined ? finding : { ...finding, state: state === 'healthy' }];
  });
}

/** A disk that was never tested has gone untested for as long as it has run. After a failed test nothing is in order. */
export function diskSelfTest(life: Life, instant: number): Finding[] {
  return life.disks.flatMap(({ disk, tests, named, read, since, powerOn }): Finding[] => {
    if (lastSeen(named, instant) === undefined) return [];
    const at = lastSeen(read, instant);
    if (at === undefined) return [{ object: disk.id, known: false }];
    const { at: ended, success } = valueAt(tests, at) ?? { at: since - powerOn, success: true };
    return [{ object: disk.id, known: at === instant, age: success ? instant - ended : Infinity }];
  });
}

export function volumeHealth(life: Life, instant: number): Finding[] {
  if (life.mirror.length === 0) return [];
  return seen(life, 'md', instant, (at) => [
    { object: `${volume.kind}:${volume.volume}`, state: valueAt(life.mirror, at) === 'whole' },
  ]);
}
