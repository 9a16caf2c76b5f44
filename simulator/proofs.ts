import type { BackupState } from './backups.ts';
import { day, days, hour } from './calendar.ts';
import type { Fault } from './faults.ts';
import type { BackupJob, SimulatedHost } from './fleet.ts';
import { between, random } from './random.ts';
import { spanAt, starts, type Track, trackOf, valueAt } from './track.ts';

/** The newest check of one depth, or the newest restore test, of a backup job. */
export interface Proof {
  /** When it ended, unix seconds. */
  readonly at: number;
  readonly success: boolean;
}

/** A restore of a part of the backup. */
export interface RestoreTest extends Proof {
  /** Seconds. */
  readonly duration: number;
  readonly bytes: number;
}

/** What proves that a backup is worth something: `structure` and `data` are depths of a check. No step before the first. */
export interface Proofs {
  readonly structure: Track<Proof>;
  readonly data: Track<Proof>;
  readonly restore: Track<RestoreTest>;
}

interface Play {
  readonly host: SimulatedHost;
  readonly job: BackupJob;
  readonly states: Track<BackupState>;
  readonly faults: readonly Fault[];
  readonly seed: number;
  readonly start: number;
  readonly end: number;
}

/** Plays the checks and restore tests of a job; there are none while it has no restore point. */
export function proofs(play: Play): Proofs {
  return { structure: checks('structure', play), data: checks('data', play), restore: restoreTests(play) };
}

/** Of both depths: a check that reads the data back looks at the structure, too, and damage that one of them found stands. */
export function anyCheck({ structure, data }: Proofs): Track<Proof> {
  return trackOf([...starts(structure), ...starts(data)], (instant) => {
    const found = [structure, data].flatMap((track) => valueAt(track, instant) ?? []);
    return {
      at: Math.max(...found.map(({ at }) => at)),
      success: found.every(({ success }) => success),
    };
  });
}

/** The structure after each run; all data every second Sunday. */
function checks(
  depth: 'structure' | 'data',
  { host, job, states, faults, seed, start, end }: Play,
): Track<Proof> {
  const next = random(seed, host.instance, job.name, depth);
  const own = faults.filter(
    (fault) => 'depths' in fault && fault.job === job.name && fault.depths.includes(depth),
  );
  const stopped = own.filter(({ kind }) => kind === 'checks_stopped');
  const failing = own.filter(({ kind }) => kind === 'checks_failing');
  const isDay = ({ instant, weekday }: { readonly instant: number; readonly weekday: number }): boolean =>
    depth === 'structure'
      ? job.weekday === undefined || weekday === job.weekday
      : weekday === 0 && Math.floor(instant / (7 * day)) % 2 === 0;
  const begin = Math.max(start - 15 * day, job.since);
  return [...days(host.zone, begin, end, depth === 'structure' ? 8 : 11)]
    .filter(isDay)
    .map(({ instant }) => instant + between(next, 0, 600))
    .filter((at) => at < end && hasRestorePoint(states, at) && spanAt(stopped, at) === undefined)
    .map((at) => ({ from: at, value: { at, success: spanAt(failing, at) === undefined } }));
}

/** Somebody restores a part of the backup about three times a year; what failed is done again a week later. */
function restoreTests({ host, job, states, faults, seed, start, end }: Play): Track<RestoreTest> {
  const next = random(seed, host.instance, job.name, 'restore test');
  const own = faults.filter((fault) => 'job' in fault && fault.job === job.name);
  const put = own.filter(({ kind }) => kind === 'restore_tests_put_off');
  const failing = own.filter(({ kind }) => kind === 'restore_tests_failing');
  const begin = Math.floor(Math.max(start - 120 * day, job.since) / day) * day;
  const size = random(seed, host.instance, job.name, 'restored');
  const tests: { from: number; value: RestoreTest }[] = [];
  for (let at = begin + between(next, 20, 110) * day + 11 * hour; at < end;) {
    if (!hasRestorePoint(states, at) || spanAt(put, at) !== undefined) {
      at += 7 * day;
      continue;
    }
    const success = spanAt(failing, at) === undefined;
    const bytes = between(size, 2, 90) * 1_000_000_000;
    tests.push({ from: at, value: { at, success, bytes, duration: Math.round(bytes / 60_000_000) } });
    at += success ? between(next, 100, 160) * day : 7 * day;
  }
  return tests;
}

/** Before the run-up of the history there was one. */
function hasRestorePoint(states: Track<BackupState>, instant: number): boolean {
  return valueAt(states, instant)?.restorePoints !== 0;
}
