/** How often requests are answered: a bucket of `burst` tokens that gains one per `interval`. */
export interface RateLimit {
  /** Seconds until one more request is allowed. */
  readonly interval: number;
  /** Requests allowed at once. */
  readonly burst: number;
}

/**
 * Makes a limiter, full at the start.
 * @param now seconds of any steady clock.
 * @returns whether one more request is allowed now.
 */
export function createRateLimiter({ interval, burst }: RateLimit, now: () => number): () => boolean {
  let tokens = burst;
  let last = now();
  return () => {
    const time = now();
    tokens = Math.min(burst, tokens + Math.max(0, time - last) / interval);
    last = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** Go's time.Duration in seconds: `1s`, `500ms`, `1h30m`, `0`. Undefined for anything else and below zero. */
export function parseGoDuration(value: string): number | undefined {
  if (value === '0') return 0;
  if (!/^(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/.test(value)) return undefined;
  const units: Readonly<Record<string, number>> = {
    ns: 1e-9,
    us: 1e-6,
    µs: 1e-6,
    ms: 1e-3,
    s: 1,
    m: 60,
    h: 3600,
  };
  return [...value.matchAll(/([\d.]+)(\D+)/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? Number.NaN),
    0,
  );
}
