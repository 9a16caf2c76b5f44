const day = 86_400;

/** A second from which on the clocks of a zone are another number of seconds ahead of UTC. */
export interface ClockChange {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Seconds the clocks of a zone are ahead of UTC. */
export function offsetAt(zone: string, instant: number): number {
  const known = clocks.get(zone);
  const clock =
    known ??
    new Intl.DateTimeFormat('en', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  if (known === undefined) clocks.set(zone, clock);
  const part = new Map(clock.formatToParts(instant * 1000).map(({ type, value }) => [type, Number(value)]));
  const at = (name: Intl.DateTimeFormatPartTypes): number => part.get(name) ?? 0;
  const shown = Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second'));
  return shown / 1000 - Math.floor(instant);
}

/** The first second in (from, to] with another offset than `before`, which is the offset of `from` and not of `to`. */
export function changeBetween(zone: string, from: number, to: number, before: number): number {
  let [same, other] = [from, to];
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (offsetAt(zone, middle) === before) same = middle;
    else other = middle;
  }
  return other;
}

/** Every change of the clocks of a zone in (from, to], unix seconds, in order; two of them are days apart. */
export function clockChanges(zone: string, from: number, to: number): readonly ClockChange[] {
  const changes: ClockChange[] = [];
  let before = offsetAt(zone, from);
  for (let instant = from; instant < to; instant += day) {
    const next = Math.min(instant + day, to);
    const after = offsetAt(zone, next);
    if (after === before) continue;
    changes.push({ at: changeBetween(zone, instant, next, before), before, after });
    before = after;
  }
  return changes;
}
