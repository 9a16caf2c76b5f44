import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';

const patience = 30_000;

const answer = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: z.tuple([z.number(), z.string()]).optional(),
        values: z.array(z.tuple([z.number(), z.string()])).optional(),
      }),
    ),
  }),
});

/** Series with their samples: unix seconds and values. */
export type Answer = readonly {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [number, number])[];
}[];

/** A Prometheus that runs for a test. */
export interface TestPrometheus {
  /** What an expression gives now, or at every `step` in [from, to], unix seconds. */
  readonly query: (expression: string) => Promise<Answer>;
  readonly range: (expression: string, from: number, to: number, step: number) => Promise<Answer>;
  /** Asks it to end; resolves when it is gone. */
  readonly stop: () => Promise<void>;
}

/** Starts Prometheus with prometheus.yml and data/ of a directory. @throws Error when it does not answer. */
export async function startPrometheus(directory: string): Promise<TestPrometheus> {
  const port = await freePort();
  const flags = [
    `--config.file=prometheus.yml`,
    '--storage.tsdb.path=data',
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const server = spawn('prometheus', flags, { cwd: directory, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${url}/-/ready`)).ok);
  const ask = async (path: string, parameters: Readonly<Record<string, string>>): Promise<Answer> => {
    const reply = await fetch(`${url}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    });
    if (!reply.ok) throw new Error(`Prometheus: ${await reply.text()}`);
    return answer.parse(await reply.json()).data.result.map(({ metric, value, values }) => ({
      labels: metric,
      samples: (values ?? (value === undefined ? [] : [value])).map(([at, text]) => [at, Number(text)]),
    }));
  };
  return {
    query: (query) => ask('query', { query }),
    range: (query, from, to, step) =>
      ask('query_range', { query, start: String(from), end: String(to), step: String(step) }),
    stop: async () => {
      server.kill('SIGTERM');
      await ended;
    },
  };
}

/** Puts samples into data/ of a directory before Prometheus starts; `lines` of OpenMetrics, in any order of series. */
export function store(directory: string, lines: readonly string[]): void {
  const file = join(directory, 'history.om');
  writeFileSync(file, `${lines.join('\n')}\n# EOF\n`);
  const options = ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=744h'];
  execFileSync('promtool', [...options, file, join(directory, 'data')], { stdio: 'pipe' });
}

/** Asks until it is so; a refusal counts as not yet. @throws Error after 30 seconds. */
export async function until(check: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + patience; Date.now() < deadline;) {
    // oxlint-disable-next-line no-await-in-loop -- each question waits for the answer before
    if (await check().catch(() => false)) return;
    // oxlint-disable-next-line no-await-in-loop -- see above
    await setTimeout(50);
  }
  throw new Error('it did not become so within 30 seconds');
}

async function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = createServer().listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
  });
  return await promise;
}
