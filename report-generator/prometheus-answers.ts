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
/** The answer to a range selector. */
export const matrixAnswer = z.object({
  ...partial,
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: labels, values: z.array(z.tuple([z.number(), z.string()])) })),
  }),
});
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
  if (status !== 200) throw new Error(`${base} answered HTTP ${status}${statusHint(status)}`);
  const incomplete = z.object(partial).safeParse(body);
  if (incomplete.data?.isPartial === true || (incomplete.data?.warnings ?? []).length > 0) {
    const said = incomplete.data?.warnings?.join('; ') ?? 'isPartial';
    throw new Error(
      `Prometheus at ${base} answered only in part (${said}) to ${query}. Bring its stores back, then make the report.`,
    );
  }
  const parsed = answer.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Error(`${base} does not answer like Prometheus. Check the address given with --prometheus.`, {
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hint(error: string): string {
  if (error.includes('too many samples')) return ' Raise --query.max-samples of that server.';
  if (error.includes('timed out')) return ' Raise --query.timeout of that server.';
  return '';
}

function statusHint(status: number): string {
  if (status === 401 || status === 403)
    return ': it asks for a name and password. Write them in the address: http://name:password@host:9090.';
  if (status === 404) return ': no query API there. Check the path in --prometheus.';
  return '. Check the address given with --prometheus and what stands before the server.';
}
