import { day, days, hour } from './calendar.ts';
import { type Deployments, deployments } from './deployments.ts';
import type { Fault } from './faults.ts';
import type { SimulatedHost } from './fleet.ts';
import { random } from './random.ts';
import { unsupported } from './support.ts';
import { edges, type Span, spanAt, type Track, trackOf } from './track.ts';

export type PatchClass = 'security' | 'standard';

/** One update of one host; times in unix seconds. */
interface Update {
  readonly class: PatchClass;
  /** Whether it takes effect only after a reboot. */
  readonly kernel: boolean;
  readonly available: number;
  /** Infinity when it has not been. */
  readonly installed: number;
}

/** What the package manager would install. */
export interface Pending {
  readonly count: number;
  /** When the oldest of them became available; undefined when there is none. */
  readonly oldest: number | undefined;
}

export interface Patching {
  /** `any` is of both classes. */
  readonly pending: Readonly<Record<PatchClass | 'any', Track<Pending>>>;
  readonly securityUpdates: readonly Update[];
  readonly deployments: Track<Deployments>;
  /** Whether updates install themselves. */
  readonly automated: Track<boolean>;
  /** Since when a reboot is required; undefined when it is not. */
  readonly rebootSince: Track<number | undefined>;
  readonly booted: Track<number>;
}

/** Security updates come every few days and standard ones more often; a host installs what is older than this when its hour comes. */
const settled = 6 * hour;

/** Plays updates and reboots of a host from `start` (with two months of run-up) to `end`. */
export function patching(
  host: SimulatedHost,
  faults: readonly Fault[],
  seed: number,
  start: number,
  end: number,
): Patching {
  const updates = play(host, faults, seed, start - 62 * day, end);
  const boots = reboots(host, faults, seed, updates, start - 62 * day, end);
  const booted = boots.map((from) => ({ from, value: from }));
  const off = faults.filter(({ kind }) => kind === 'automation_off');
  const kernels = updates.filter(({ kernel }) => kernel);
  const since = (instant: number): number | undefined => {
    const boot = boots.findLast((each) => each <= instant) ?? 0;
    return kernels
      .map(({ installed }) => installed)
      .find((installed) => boot < installed && installed <= instant);
  };
  return {
    pending: {
      security: pending(
        updates.filter((update) => update.class === 'security'),
        start,
      ),
      standard: pending(
        updates.filter((update) => update.class === 'standard'),
        start,
      ),
      any: pending(updates, start),
    },
    securityUpdates: updates.filter((update) => update.class === 'security'),
    deployments: deployments(updates, booted, start),
    automated: trackOf(
      [start, host.automated, ...edges(off)].filter((instant) => instant >= start),
      (instant) => instant >= host.automated && spanAt(off, instant) === undefined,
    ),
    rebootSince: trackOf(
      [start, ...boots, ...kernels.map(({ installed }) => installed).filter(isFinite)],
      since,
    ),
    booted,
  };
}

function play(
  host: SimulatedHost,
  faults: readonly Fault[],
  seed: number,
  start: number,
  end: number,
): Update[] {
  const stale = faults.filter(({ kind }) => kind === 'mirror_stale');
  const ended = unsupported(faults);
  const routines = {
    security: securityRoutine(host, seed, start, end),
    standard: standardRoutine(host, seed, start, end),
  };
  return releases(host.os, seed, start, end).flatMap((release): Update[] => {
    const next = random(seed, host.instance, release.available);
    if (next() > (release.kernel ? 0.9 : 0.6) || spanAt(ended, release.available) !== undefined) return [];
    // What is published while the mirror is not renewed, the host learns of when it is.
    const available = spanAt(stale, release.available)?.to ?? release.available;
    const installed = routines[release.class].find(
      (instant) =>
        instant >= available + settled && spanAt(paused(faults, release.class), instant) === undefined,
    );
    return [{ ...release, available, installed: installed ?? Infinity }];
  });
}

/** When nobody and nothing installs updates of a class. */
function paused(faults: readonly Fault[], patchClass: PatchClass): readonly Span[] {
  return faults.filter(
    (fault) =>
      fault.kind === 'automation_off' ||
      (fault.kind === 'patching_paused' && fault.classes.includes(patchClass)),
  );
}

/** What the distribution published: the same for every host that runs it. */
function releases(os: string, seed: number, start: number, end: number): Omit<Update, 'installed'>[] {
  return (['security', 'standard'] as const).flatMap((patchClass) => {
    const next = random(seed, os, patchClass);
    const published = [];
    // Work hours of the archive: quarter hours, one to five days apart.
    for (let available = start; available < end; available += 900 * Math.ceil((1 + 4 * next()) * 96)) {
      const kernel = patchClass === 'security' && next() < 0.16;
      published.push({ class: patchClass, kernel, available: Math.ceil(available / 900) * 900 });
    }
    return published;
  });
}

/** Every night once automated; before, on Thursday evenings, one in four forgotten. */
function securityRoutine(host: SimulatedHost, seed: number, start: number, end: number): readonly number[] {
  const next = random(seed, host.instance, 'security routine');
  const manual = [...days(host.zone, start, Math.min(host.automated, end), 20)]
    .filter(({ weekday }) => weekday === 4 && next() > 0.25)
    .map(({ instant }) => instant);
  const nightly = [...days(host.zone, Math.max(host.automated, start), end, 4)].map(({ instant }) => instant);
  return [...manual, ...nightly];
}

/** A monthly round in the third week; weekly once automated. */
function standardRoutine(host: SimulatedHost, seed: number, start: number, end: number): readonly number[] {
  const next = random(seed, host.instance, 'standard routine');
  const round = 14 + Math.floor(next() * 7);
  return [...days(host.zone, start, end, 21)]
    .filter(({ instant, weekday, date }) => (instant < host.automated ? date === round : weekday === 3))
    .map(({ instant }) => instant);
}

/** Servers reboot in windows twice a week, workstations on most evenings; by hand, on Sundays only. Nobody reboots without need; an upgrade ends with one. */
function reboots(
  host: SimulatedHost,
  faults: readonly Fault[],
  seed: number,
  updates: readonly Update[],
  start: number,
  end: number,
): readonly number[] {
  const next = random(seed, host.instance, 'reboots');
  const postponed = faults.filter((fault) => fault.kind === 'reboot_postponed');
  const upgrades = unsupported(faults).map(({ to }) => to);
  const done = [start - 86_400 * 20];
  for (const { instant, weekday } of days(host.zone, start, end, host.role === 'server' ? 5 : 18, 30)) {
    const before = done.at(-1) ?? 0;
    done.push(...upgrades.filter((upgrade) => before < upgrade && upgrade <= instant));
    const last = done.at(-1) ?? 0;
    const needed = updates.some(
      ({ kernel, installed }) => kernel && last < installed && installed <= instant,
    );
    const window = host.role === 'workstation' ? next() < 0.65 : weekday === 0 || weekday === 3;
    if (
      needed &&
      (instant < host.automated ? weekday === 0 : window) &&
      spanAt(postponed, instant) === undefined
    ) {
      done.push(instant);
    }
  }
  return done;
}

function pending(updates: readonly Update[], start: number): Track<Pending> {
  const own = updates.toSorted((a, b) => a.available - b.available);
  const changes = own.map(({ available, installed }) => ({ from: available, to: installed }));
  return trackOf(
    [start, ...edges(changes).filter((instant) => instant > start && Number.isFinite(instant))],
    (instant) => {
      const now = own.filter(({ available, installed }) => available <= instant && instant < installed);
      return { count: now.length, oldest: now[0]?.available };
    },
    (a, b) => a.count === b.count && a.oldest === b.oldest,
  );
}
