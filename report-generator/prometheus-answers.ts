import { z } from 'zod';

const labels = z.record(z.string(), z.string());
const failure = z.object({ status: z.literal('error'), errorType: z.string().optional(), error: z.string() });
const partial = {
  status: z.literal('success'),
  // Thanos and Mimir say what they left out here, VictoriaMetrics with isPartial.
  warnings: z.array(z.string()).nullish(),
  isPartial: z.boolean().nullish(),
};
/** The answer to an instant query. */
export const vectorAnswer = z.object({
  ...partial,
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: labels, value: z.tuple([z.number(), z.string()]) })),
  }),
});
type Point = readonly [instant: number, value: string];

function isPoint(one: unknown): one is Point {
  return Array.isArray(one) && one.length === 2 && typeof one[0] === 'number' && typeof one[1] === 'string';
}

/** An answer has hundreds of thousands of them: they are looked at where they are, not made anew one by one. */
const points = z.custom<readonly Point[]>((value) => Array.isArray(value) && value.every(isPoint));

/** The answer to a range selector. */
export const matrixAnswer = z.object({
  ...partial,
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: labels, values: points })),
  }),
});
const retentionAnswer = z.object({ data: z.object({ storageRetention: z.string().min(1) }) });
const versionAnswer = z.object({ data: z.object({ version: z.string().min(1) }) });

/**
 * The answer of the query API.
 * @throws Error when it failed, is of another kind than asked for, or says itself that something is missing: a part must
 * never pass for the whole.
 */
export function parseAnswer<T>(
  text: string,
  status: number,
  answer: z.ZodType<T>,
  query: string,
  base: string,
): T {
  const body = parseJson(text);
  const failed = failure.safeParse(body);
  if (failed.success)
    throw new Error(
      `Prometheus at ${base} cannot answer ${query}: ${failed.data.error}.${hint(failed.data.error)}`,
    );
  if (status !== 200)
    throw new Error(
      `${base} answered HTTP ${status}${status >= 500 ? ': it is overloaded or broken, its log says why.' : '. Check --prometheus and what stands before the server.'}`,
    );
  const incomplete = z.object(partial).safeParse(body);
  if (incomplete.data?.isPartial === true || (incomplete.data?.warnings ?? []).length > 0) {
    const said = incomplete.data?.warnings?.join('; ') ?? 'isPartial';
    throw new Error(
      `Prometheus at ${base} answered only in part (${said}) to ${query}. Bring its stores back, then make the report.`,
    );
  }
  const parsed = answer.safeParse(body);
  if (parsed.success) return parsed.data;
  const what = /^\s*</.test(text)
    ? 'answers with a web page, not like Prometheus'
    : 'does not answer like Prometheus';
  throw new Error(`${base} ${what}. Check the address given with --prometheus.`, {
    cause: parsed.error,
  });
}

/** A sample value as Prometheus writes it. */
export function parseValue(text: string): number {
  if (/^[+-]?Inf$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}

/** The version on the build information page; undefined when it is another page. */
export function parseVersion(text: string): string | undefined {
  return versionAnswer.safeParse(parseJson(text)).data?.data.version;
}

/** The retention on the runtime information page of Prometheus; other servers have no such page. */
export function parseRetention(text: string): string | undefined {
  return retentionAnswer.safeParse(parseJson(text)).data?.data.storageRetention;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hint(error: string): string {
  if (/too many samples|search\.max|max-query|limit/.test(error))
    return ' Raise the limit of that server: --query.max-samples of Prometheus.';
  if (error.includes('timed out')) return ' Raise --query.timeout of that server.';
  return '';
}
