import type { ControlName, Policy } from '../alerts/policy.ts';
import type { DiskLife } from './disks.ts';
import type { CollectorName } from './faults.ts';
import { type PlayedControl, playedControls } from './played.ts';
import type { PatchClass } from './patches.ts';
import { isSupported } from './support.ts';
import { stepAt, type Track, trackOf, valueAt } from './track.ts';
import { volume } from './volumes.ts';
import { lastSeen, type Life } from './world.ts';

/** What a control says of one object at one instant, from what happened (never from a metric). */
export interface Verdict {
  readonly control: PlayedControl;
  /** Empty where the host itself is judged, or where the host should have the control and shows nothing. */
  readonly object: string;
  readonly known: boolean;
  readonly compliant: boolean;
  /** Whether it was out of order when it was last known, within a day: a silent exporter resolves nothing. */
  readonly overdue: boolean;
  /** Seconds, as last known within a day: 0 when nothing is open, Infinity when what must happen never did. */
  readonly age: number | undefined;
  /** Seconds; undefined for controls that are a state. */
  readonly limit: number | undefined;
}

interface Finding {
  readonly object: string;
  readonly known: boolean;
  /** Of controls judged by age. */
  readonly age?: number | undefined;
  /** Of controls judged by a state: whether it is in order. */
  readonly state?: boolean;
}

/** Every verdict on a host; none before it joined. */
export function verdicts(life: Life, instant: number, policy: Policy): readonly Verdict[] {
  return playedControls.flatMap((control) => verdictsOf(control, life, instant, policy));
}

/** The verdicts of one control on a host; none before it joined. */
export function verdictsOf(
  control: PlayedControl,
  life: Life,
  instant: number,
  policy: Policy,
): readonly Verdict[] {
  if (stepAt(life.up, instant) === undefined) return [];
  const expected = policy.roles[life.host.role] ?? policy.roles['default'] ?? [];
  const found = findings[control](life, instant);
  if (found.length === 0 && expected.includes(control)) found.push(nothing);
  return found.map(({ object, known, age, state }) => {
    const limit = limitOf(policy, control, life, object);
    const late = age !== undefined && limit !== undefined && age > limit;
    const overdue = late || state === false;
    return { control, object, known, compliant: known && !overdue, overdue, age, limit };
  });
}

/** The host should have it and shows nothing. */
const nothing: Finding = { object: '', known: false };

const findings: Readonly<Record<PlayedControl, (life: Life, instant: number) => Finding[]>> = {
  host_reporting: hostReporting,
  patch_security: (life, instant) => patches(life, 'security', instant),
  patch_standard: (life, instant) => patches(life, 'standard', instant),
  reboot,
  os_supported: osSupported,
  backup,
  av_definitions: avDefinitions,
  av_protection: avProtection,
  disk_health: diskHealth,
  volume_health: volumeHealth,
};

function hostReporting(life: Life, instant: number): Finding[] {
  return [{ object: '', known: true, state: valueAt(life.up, instant) === true }];
}

/** Nothing pending is unknown on a system past its support, what is pending is not. */
function patches(life: Life, patchClass: PatchClass, instant: number): Finding[] {
  if (lastSeen(life.exposed.apt, instant) === undefined) return [];
  const at = lastSeen(life.pendingTold[patchClass], instant);
  if (at === undefined) return [{ object: 'apt', known: false }];
  const oldest = valueAt(life.patching.pending[patchClass], at)?.oldest;
  return [{ object: 'apt', known: at === instant, age: oldest === undefined ? 0 : instant - oldest }];
}

function reboot(life: Life, instant: number): Finding[] {
  return seen(life, 'reboot', instant, (at) => {
    const since = valueAt(life.patching.rebootSince, at);
    return [{ object: '', age: since === undefined ? 0 : instant - since }];
  });
}

function osSupported(life: Life, instant: number): Finding[] {
  return seen(life, 'os_support', instant, (at) => [
    { object: life.host.os, state: isSupported(life.release, at) },
  ]);
}

/** A job is there as long as the exporter names it; its restore points only while the repository can be read. */
function backup(life: Life, instant: number): Finding[] {
  const named = lastSeen(life.up, instant);
  if (named === undefined) return [];
  const read = lastSeen(life.exposed.restic, instant);
  return life.jobs
    .filter(({ job }) => job.since <= named)
    .map(({ job, states }) => {
      const state = read === undefined ? undefined : valueAt(states, read);
      const age = state && instant - (state.lastSuccess ?? -Infinity);
      return { object: job.name, known: read === instant, age };
    });
}

/** Those the agent works with; of one that does not run, those on disk. */
function avDefinitions(life: Life, instant: number): Finding[] {
  return seen(life, 'clamav', instant, (at) => {
    const state = valueAt(life.antivirus, at);
    return [{ object: 'clamav', age: state && instant - (state.running ? state.loaded : state.onDisk) }];
  });
}

function avProtection(life: Life, instant: number): Finding[] {
  return seen(life, 'clamav', instant, (at) => [
    { object: 'clamav', state: valueAt(life.antivirus, at)?.running === true },
  ]);
}

/**
 * A disk is there as long as the exporter names it, also one it may not ask. A vanished disk is known to be gone; a replaced
 * one is forgotten, and missed for a day.
 */
function diskHealth(life: Life, instant: number): Finding[] {
  return life.disks.flatMap((disk) => {
    if (lastSeen(shown(disk, life.up), instant) === undefined) return [];
    const at = lastSeen(shown(disk, life.exposed.smartctl), instant);
    const state = at === undefined ? undefined : valueAt(disk.states, at);
    const finding = { object: disk.disk.id, known: at === instant };
    return [state === undefined ? finding : { ...finding, state: state === 'healthy' }];
  });
}

function volumeHealth(life: Life, instant: number): Finding[] {
  if (life.mirror.length === 0) return [];
  return seen(life, 'md', instant, (at) => [
    { object: `${volume.kind}:${volume.volume}`, state: valueAt(life.mirror, at) === 'whole' },
  ]);
}

/** When something that is told at times is told of this disk: since it was put in, until it is forgotten. */
function shown({ states, since }: DiskLife, told: Track<boolean>): Track<boolean> {
  const changes = [since, ...told.map(({ from }) => from), ...states.map(({ from }) => from)];
  return trackOf(
    changes.filter((instant) => instant >= since),
    (instant) => valueAt(told, instant) === true && valueAt(states, instant) !== 'replaced',
  );
}

/** What a collector shows, or showed last within a day. */
function seen(
  life: Life,
  collector: CollectorName,
  instant: number,
  read: (at: number) => readonly Omit<Finding, 'known'>[],
): Finding[] {
  const at = lastSeen(life.exposed[collector], instant);
  return at === undefined ? [] : read(at).map((finding) => ({ ...finding, known: at === instant }));
}

/** The limit of the first override that fits, else the default. */
function limitOf(policy: Policy, control: ControlName, { host }: Life, object: string): number | undefined {
  const { limit, overrides } = policy.controls[control];
  const { customer, role, instance } = host;
  const own: Readonly<Record<string, string>> = { customer, role, instance, object };
  const fits = overrides.find(({ match }) =>
    Object.entries(match).every(([label, wanted]) => [wanted].flat().includes(own[label] ?? '')),
  );
  return fits?.limit ?? limit;
}
