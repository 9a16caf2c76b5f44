import { day } from './calendar.ts';
import type { Fault } from './faults.ts';
import { type Disk, replacement, type SimulatedHost } from './fleet.ts';
import { between, random } from './random.ts';
import { type SelfTest, selfTests } from './self-tests.ts';
import { type Track, trackOf, valueAt } from './track.ts';

/** `replaced` disks are forgotten: the operator told the exporter. `vanished` ones were seen before and are gone. */
export type DiskState = 'healthy' | 'failing' | 'vanished' | 'replaced';

export interface DiskLife {
  readonly disk: Disk;
  readonly states: Track<DiskState>;
  readonly tests: Track<SelfTest>;
  /** Seconds it had been powered on when it was new to this host. */
  readonly powerOn: number;
  /** When it was put in, unix seconds. */
  readonly since: number;
}

/** Plays the disks of a host from `start` on. A failing disk is replaced by a new one of the same kind. */
export function disks(
  host: SimulatedHost,
  faults: readonly Fault[],
  seed: number,
  start: number,
  end: number,
): readonly DiskLife[] {
  return host.disks.flatMap((disk, index): DiskLife[] => {
    const own = faults.filter((fault) => 'disk' in fault && fault.disk === index);
    const next = random(seed, disk.id, 'age');
    const states: { from: number; value: DiskState }[] = [{ from: start, value: 'healthy' }];
    const fresh: DiskLife[] = [];
    const failing = own.filter(({ kind }) => kind === 'disk_failing' || kind === 'self_test_failing');
    const range = { faults, start, end };
    for (const { kind, from, to } of own) {
      if (kind === 'disk_vanished') states.push({ from, value: 'vanished' }, { from: to, value: 'healthy' });
      if (kind !== 'disk_failing') continue;
      states.push({ from, value: 'failing' }, { from: to, value: 'replaced' });
      const spare = replacement(disk, seed);
      fresh.push({
        disk: spare,
        states: [{ from: to, value: 'healthy' }],
        tests: selfTests(host, { ...range, failing: [], start: to + 15 * day }),
        powerOn: 0,
        since: to,
      });
    }
    const tests = selfTests(host, { ...range, failing });
    return [{ disk, states, tests, powerOn: between(next, 4000, 30_000) * 3600, since: start }, ...fresh];
  });
}

/** When something that is told at times is told of this disk: since it was put in, while it is in one of these states. */
export function shown(
  { states, since }: DiskLife,
  told: Track<boolean>,
  wanted: readonly DiskState[],
): Track<boolean> {
  const changes = [since, ...told.map(({ from }) => from), ...states.map(({ from }) => from)];
  return trackOf(
    changes.filter((instant) => instant >= since),
    (instant) => {
      const state = valueAt(states, instant);
      return valueAt(told, instant) === true && state !== undefined && wanted.includes(state);
    },
  );
}
