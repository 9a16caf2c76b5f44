import type { z } from 'zod';
import {
  matrixAnswer,
  parseAnswer,
  parseRetention,
  parseValue,
  parseVersion,
  vectorAnswer,
} from './prometheus-answers.ts';
import { type Connection, parseAddress } from './prometheus-connection.ts';
import { failureOf, refusalOf } from './prometheus-failure.ts';
import { type Answer, exchangeOver, type Question } from './prometheus-http.ts';
import { type Patience, retrying, usualPatience } from './prometheus-retry.ts';

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

/** A server that may be asked about itself, too. */
export interface PrometheusServer extends Prometheus {
  /** How long it keeps data, in its own words: `15d`, `1y or 50GiB`; undefined where it does not say. */
  readonly retention: () => Promise<string | undefined>;
}

/** How a Prometheus is asked. */
export interface Asking {
  /** Milliseconds for one answer. */
  readonly timeout: number;
  readonly patience: Patience;
}

/** Questions under way at a time: a report must not crowd out the rules. */
const atOnce = 4;
/** Prometheus itself gives up after two minutes (--query.timeout). */
export const usualTimeout = 150_000;

/** @param where a connection, or an address like `http://user:password@127.0.0.1:9090/prefix`. @throws Error when it is no such address. */
export function prometheusAt(
  where: Connection | string,
  { timeout, patience }: Asking = { timeout: usualTimeout, patience: usualPatience },
): PrometheusServer {
  const connection = typeof where === 'string' ? connectionAt(where) : where;
  const { base } = connection;
  const exchange = retrying(exchangeOver(connection, timeout), patience);
  const inTurn = limited(atOnce);
  const asked = new Map<string, Promise<readonly Sample[]>>();
  let broken: Error | undefined;

  /** What could not be reached after some patience is not asked the other hundred questions. */
  async function send(question: Question): Promise<Answer> {
    return inTurn(async () => {
      if (broken !== undefined) throw broken;
      try {
        return await exchange(question);
      } catch (error) {
        broken = failureOf(error, connection, timeout);
        throw broken;
      }
    });
  }

  async function ask<T>(query: string, instant: number, answer: z.ZodType<T>): Promise<T> {
    const form = new URLSearchParams({ query, time: instant.toFixed(3) });
    const found = await send({ path: '/api/v1/query', form });
    const refusal = refusalOf(found, connection);
    if (refusal !== undefined) throw refusal;
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
      const { text, status } = await send({ path: '/api/v1/status/buildinfo' });
      return (status === 200 ? parseVersion(text) : undefined) ?? 'unknown';
    },
    retention: async () => {
      const { text, status } = await send({ path: '/api/v1/status/runtimeinfo' });
      return status === 200 ? parseRetention(text) : undefined;
    },
  };
}

function connectionAt(address: string): Connection {
  const { base, authorization } = parseAddress(address);
  const headers = authorization === undefined ? {} : { authorization };
  return { base, headers, tls: {}, authorized: authorization !== undefined };
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
