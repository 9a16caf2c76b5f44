/** Yields numbers in [0, 1). */
export type Random = () => number;

/**
 * A generator that depends on its keys alone (FNV-1a to seed, mulberry32 to go on): each thing of the simulated fleet has
 * its own, so that adding a host or a fault leaves every other host as it was.
 */
export function random(...keys: readonly (string | number)[]): Random {
  let state = 0x811c9dc5;
  for (const character of keys.join('\u0000')) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number from `low` to `high`, both included. */
export function between(next: Random, low: number, high: number): number {
  return low + Math.floor(next() * (high - low + 1));
}

/** A hexadecimal text of `digits` digits, such as a serial number. */
export function hexadecimal(next: Random, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join('');
}
