import { z } from 'zod';

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Reads `90s`, `15m`, `26h` or `31d` as seconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const seconds = unitSeconds[unit ?? ''];
  return count === undefined || seconds === undefined || Number(count) === 0
    ? undefined
    : Number(count) * seconds;
}

/** A duration in a configuration file, read as seconds. */
export const durationSchema = z
  .string({ error: 'expected a duration like 90s, 15m, 26h or 31d' })
  .transform((text, context) => {
    const seconds = parseDuration(text);
    if (seconds !== undefined) return seconds;
    context.addIssue(`expected a duration like 90s, 15m, 26h or 31d, got ${text}`);
    return z.NEVER;
  });
