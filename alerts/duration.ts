const units = { d: 86_400, h: 3600, m: 60, s: 1 } as const;

/** Seconds of `90m`, `26h` or `31d`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const length = Object.entries(units).find(([name]) => name === unit)?.[1];
  return count === undefined || length === undefined ? undefined : Number(count) * length;
}

/** Whole seconds as Prometheus and Alertmanager write them, in the largest unit that fits: `90m`, `26h`, `31d`. */
export function durationText(seconds: number): string {
  const [unit, length] = Object.entries(units).find(([, size]) => seconds % size === 0) ?? ['s', 1];
  return seconds === 0 ? '0s' : `${seconds / length}${unit}`;
}
