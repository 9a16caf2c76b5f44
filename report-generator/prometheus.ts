import { matrixAnswer, parseAnswer, parseValue, parseVersion, vectorAnswer } from './prometheus-answers.ts';
import type { z } from 'zod';

/** One series of an answer: its labels and its value at the instant that was asked. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One series with its stored samples: instants in unix seconds, oldest first, and what each holds. */
export interface Samples {
  readonly labels: Readonly<Record<string, string>>;
  readonly instants: readonly number[];
  readonly values: readonly number[];
}

/** What a report asks of Prometheus. Every function fails with an Error that says what to do next. */
export interface Prometheus {
  /** The value of each series at an instant, unix seconds. The same question is asked once. */
  readonly values: (query: string, instant: number) => Promise<readonly Sample[]>;
  /** The stored samples of a range selector like `ALERTS[7d]`, with their own instants. */
  readonly samples: (query: string, instant: number) => Promise<readonly Samples[]>;
  /** `2.42.0`, or unknown where the server has no such page. */
  readonly version: () => Promise<string>;
}

/** Questions under way at a time: a report must not crowd out the rules. */
const atOnce = 4;
/** Prometheus itself gives up after two minutes (--query.timeout). */
const patience = 150_000;

/** @param address like `http://user:password@127.0.0.1:9090/prefix`. @throws Error when it is no such address. */
export function prometheusAt(address: string): Prometheus {
  const { base, headers } = parseAddress(address);
  const inTurn = limited(atOnce);
  const asked = new Map<string, Promise<readonly Sample[]>>();

  async function ask<T>(query: string, instant: number, answer: z.ZodType<T>): Promise<T> {
    const body = new URLSearchParams({ query, time: instant.toFixed(3) });
    const found = await inTurn(() => request(`${base}/api/v1/query`, { method: 'POST', headers, body }));
    return parseAnswer(found.text, found.status, answer, query, base);
  }

  return {
    values: (query, instant) => {
      const key = `${instant.toFixed(3)} ${query}`;
      const known = asked.get(key);
      if (known !== undefined) return known;
      const answer = ask(query, instant, vectorAnswer).then(({ data }) =>
        data.result.map(({ metric, value }) => ({ labels: metric, value: parseValue(value[1]) })),
      );
      asked.set(key, answer);
      return answer;
    },
    samples: async (query, instant) => {
      const { data } = await ask(query, instant, matrixAnswer);
      return data.result.map(({ metric, values }) => ({
        labels: metric,
        instants: values.map(([at]) => at),
        values: values.map(([, text]) => parseValue(text)),
      }));
    },
    version: async () => {
      const { text, status } = await request(`${base}/api/v1/status/buildinfo`, { headers });
      return (status === 200 ? parseVersion(text) : undefined) ?? 'unknown';
    },
  };
}

function parseAddress(address: string): { readonly base: string; readonly headers: Record<string, string> } {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new Error(
      `${JSON.stringify(address)} is no address of a Prometheus. Write it like http://127.0.0.1:9090.`,
    );
  const { username, password } = url;
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const headers = username === '' ? {} : { authorization: `Basic ${credentials.toString('base64')}` };
  return { base: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, headers };
}

async function request(
  url: string,
  options: RequestInit,
): Promise<{ readonly status: number; readonly text: string }> {
  const { origin } = new URL(url);
  try {
    const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(patience) });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      throw new Error(
        `Prometheus at ${origin} did not answer within ${patience / 1000} s. See whether it is overloaded.`,
        {
          cause: error,
        },
      );
    throw new Error(
      `Prometheus at ${origin} cannot be reached (${reasonOf(error)}). Check --prometheus and that it runs.`,
      {
        cause: error,
      },
    );
  }
}

/** Node's fetch says only "fetch failed"; why is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : error.message;
}

/** Lets at most `count` tasks run at a time; the others wait for their turn. */
function limited(count: number): <T>(task: () => Promise<T>) => Promise<T> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
