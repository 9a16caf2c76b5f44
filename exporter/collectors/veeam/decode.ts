import { z } from 'zod';
import { CollectorError, type HttpAnswer, type Problem } from '../../collector.ts';
import { readJson } from '../backup/rest.ts';

/**
 * A document with all its keys in lower case: version 12 of Enterprise Manager writes `JobName`, version 13 `jobName`, and both
 * `UID` and `uid`.
 */
export function lowerKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.toLowerCase(), lowerKeys(inner)]),
  );
}

/**
 * The document in an answer, keys in lower case.
 * @throws CollectorError as `readJson`, and unexpected_output when it is not as the schema says.
 */
export function decode<T>(answer: HttpAnswer, what: string, schema: z.ZodType<T>): T {
  const read = schema.safeParse(lowerKeys(readJson(answer, what)));
  if (read.success) return read.data;
  throw new CollectorError(
    'unexpected_output',
    `${what} was answered with JSON that is not as documented; check that the address is the one of this API`,
    { cause: read.error },
  );
}

/** Those of a list that are as documented, and the others as they are. */
export function sorted<T>(
  list: readonly unknown[],
  schema: z.ZodType<T>,
): { readonly read: readonly T[]; readonly strange: readonly unknown[] } {
  const results = list.map((entry) => schema.safeParse(entry));
  return {
    read: results.flatMap((result) => (result.success ? [result.data] : [])),
    strange: list.filter((_, at) => results[at]?.success === false),
  };
}

/** A text in something that is not as documented, where it is at least that far. */
export function textIn(value: unknown, key: string): string | undefined {
  return z.object({ [key]: z.string() }).safeParse(value).data?.[key];
}

/** The problem of what could not be understood, by the names of the jobs as far as they have any. */
export function strangers(
  lost: readonly (string | undefined)[],
  all: number,
  what: string,
): readonly Problem[] {
  if (lost.length === 0) return [];
  const names = [...new Set(lost.map((name) => name ?? 'one without a name'))].slice(0, 5).join(', ');
  const message = `${lost.length} of ${all} ${what} are not as documented; what became of these jobs (${names}) is unknown`;
  return [{ reason: 'unexpected_output', message }];
}
