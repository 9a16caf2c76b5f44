import { createServer, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../deploy/local/process.ts';
import { parseValue } from './prometheus-answers.ts';
import { readConnection } from './prometheus-connection.ts';
import { prometheusAt } from './prometheus.ts';
import type { Patience } from './prometheus-retry.ts';

interface Asked {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly body: URLSearchParams;
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** A server that answers everything alike, and notes what it was asked and how much of it at a time. */
async function answering(status: number, answer: unknown) {
  const asked: Asked[] = [];
  const load = { now: 0, most: 0 };
  const port = await freePort(0);
  server = createServer((request, response) => {
    load.now += 1;
    load.most = Math.max(load.most, load.now);
    void text(request).then((body) => {
      const { method, url: path, headers } = request;
      asked.push({ method, path, authorization: headers.authorization, body: new URLSearchParams(body) });
      setImmediate(() => {
        load.now -= 1;
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
      });
    });
  });
  await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, asked, load };
}

/** Asks again without waiting, and notes how long it would have waited. */
function patient({ random = 1, timeout = 10_000 } = {}) {
  const pauses: number[] = [];
  const pause = (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds);
    return Promise.resolve();
  };
  const patience: Patience = { attempts: 4, pause, random: () => random };
  return { pauses, asking: { timeout, patience } };
}
const atOnce = () => patient().asking;

const vector = (...values: readonly string[]) => ({
  status: 'success',
  data: {
    resultType: 'vector',
    result: values.map((value) => ({ metric: { control: 'backup' }, value: [1793487599.999, value] })),
  },
});

test('a question is posted with its instant to the millisecond', async () => {
  const { url, asked } = await answering(200, vector('7'));
  const found = await prometheusAt(`${url}/prefix/`).values('sum(up)', 1793487600 - 0.001);
  expect(found).toEqual([{ labels: { control: 'backup' }, value: 7 }]);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ method: 'POST', path: '/prefix/api/v1/query', authorization: undefined });
  expect(Object.fromEntries(asked[0]?.body ?? [])).toEqual({ query: 'sum(up)', time: '1793487599.999' });
});

test('the same question is asked once, at another instant again', async () => {
  const { url, asked } = await answering(200, vector('7'));
  const prometheus = prometheusAt(url);
  await Promise.all([prometheus.values('up', 1), prometheus.values('up', 1), prometheus.values('up', 2)]);
  expect(asked).toHaveLength(2);
});

test('at most four questions are under way at a time', async () => {
  const { url, asked, load } = await answering(200, vector('7'));
  const prometheus = prometheusAt(url);
  await Promise.all(Array.from({ length: 30 }, (_, index) => prometheus.values('up', index)));
  expect(asked).toHaveLength(30);
  expect(load.most).toBeGreaterThan(1);
  expect(load.most).toBeLessThanOrEqual(4);
});

test('a name and password in the address become basic authentication and never show in a message', async () => {
  const { host, asked } = await answering(200, {
    status: 'error',
    errorType: 'bad_data',
    error: 'no such thing',
  });
  const answer = prometheusAt(`http://report%40faro:s%3Ecret@${host}`).values('up', 1);
  await expect(answer).rejects.toThrow(/cannot answer up: no such thing/);
  await expect(answer).rejects.not.toThrow(/cret/);
  expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from('report@faro:s>cret').toString('base64')}`);
});

test('stored samples come with their own instants', async () => {
  const { url } = await answering(200, {
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [
        {
          metric: { alertname: 'A' },
          values: [
            [1.5, '1'],
            [2.5, '+Inf'],
          ],
        },
      ],
    },
  });
  expect(await prometheusAt(url).samples('ALERTS[1d]', 3)).toEqual([
    { labels: { alertname: 'A' }, instants: [1.5, 2.5], values: [1, Infinity] },
  ]);
});

test.each([
  ['1e+06', 1_000_000],
  ['+Inf', Infinity],
  ['-Inf', -Infinity],
  ['NaN', Number.NaN],
])('a value written %s is read', (written, value) => {
  expect(parseValue(written)).toBe(value);
});

test.each([
  [
    'warnings',
    200,
    { ...vector('7'), warnings: ['store-2 unavailable'] },
    /only in part \(store-2 unavailable\) to up\. Bring/,
  ],
  ['isPartial', 200, { ...vector('7'), isPartial: true }, /only in part \(isPartial\) to up/],
  [
    'an error',
    422,
    {
      status: 'error',
      errorType: 'execution',
      error: 'query processing would load too many samples into memory',
    },
    /too many samples.*--query\.max-samples/,
  ],
  ['a proxy that asks for a password', 401, '<html>', /answered HTTP 401: it asks who we are\. Add --user/],
  ['a proxy that forbids', 403, '<html>', /answered HTTP 403: it asks who we are\. Add --user/],
  ['a tenant that is missing', 401, 'no org id', /HTTP 401: it wants a tenant\. Add --header 'X-Scope-OrgID/],
  ['another path', 404, 'not found', /answered HTTP 404: no query API there\. Check the path/],
  ['another page', 302, '', /answered HTTP 302: it is elsewhere\. Write that in --prometheus/],
  ['TLS where there is none', 400, 'Client sent an HTTP request to an HTTPS server.', /speaks TLS only/],
  ['a broken proxy', 502, '', /answered HTTP 502: it is overloaded or broken/],
  ['too many questions', 429, 'slow down', /HTTP 429: it has too many questions/],
  ['an odd answer', 418, '', /answered HTTP 418\. Check --prometheus/],
  [
    'a page that is no answer',
    200,
    '<html>hello</html>',
    /answers with a web page, not like Prometheus\. Check the address/,
  ],
  [
    'an answer cut off',
    200,
    '{"status":"success","data":{"resultType":"vect',
    /does not answer like Prometheus/,
  ],
  [
    'another kind of answer',
    200,
    { status: 'success', data: { resultType: 'scalar', result: [1, '1'] } },
    /does not answer like/,
  ],
  [
    'a sample without a value',
    200,
    { status: 'success', data: { resultType: 'vector', result: [{ metric: {} }] } },
    /does not answer like/,
  ],
])('%s is an error that says so', async (_, status, answer, message) => {
  const { url } = await answering(status, answer);
  await expect(prometheusAt(url, atOnce()).values('up', 1)).rejects.toThrow(message);
});

test('notes about a query that miss nothing are no error', async () => {
  const { url } = await answering(200, {
    ...vector('7'),
    warnings: [],
    infos: ['metric might not be a counter'],
  });
  expect(await prometheusAt(url).values('up', 1)).toHaveLength(1);
});

test('a server that is not there is named with what to check', async () => {
  const port = await freePort(0);
  const { asking, pauses } = patient();
  await expect(prometheusAt(`http://u:secret@127.0.0.1:${port}`, asking).values('up', 1)).rejects.toThrow(
    `Prometheus at http://127.0.0.1:${port} cannot be reached (ECONNREFUSED): check --prometheus and that it runs.`,
  );
  expect(pauses).toHaveLength(3);
});

test.each(['127.0.0.1:9090', 'localhost:9090', 'ftp://x', '', 'prometheus'])(
  '%j is refused as an address',
  (address) => {
    expect(() => prometheusAt(address)).toThrow(/is no address of a Prometheus\. Write it like http:/);
  },
);

/** A server that answers with each of these in turn, and with the last one ever after. */
async function answeringInTurn(...answers: readonly ((response: ServerResponse) => void)[]) {
  const port = await freePort(0);
  let asked = 0;
  server = createServer((request, response) => {
    request.resume();
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    answer?.(response);
  });
  await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${port}`, count: () => asked };
}
const status =
  (code: number, headers: Readonly<Record<string, string>> = {}, body = '') =>
  (response: ServerResponse): void =>
    void response.writeHead(code, headers).end(body);
const fine = status(200, {}, JSON.stringify(vector('7')));
const cut = (response: ServerResponse): void => void response.socket?.destroy();
const half = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"status"', () => response.socket?.destroy());
};

test('what may go well the next time is asked again, each time later', async () => {
  const { url, count } = await answeringInTurn(status(503), cut, half, fine);
  const { asking, pauses } = patient();
  expect(await prometheusAt(url, asking).values('up', 1)).toEqual([
    { labels: { control: 'backup' }, value: 7 },
  ]);
  expect(count()).toBe(4);
  expect(pauses).toEqual([500, 1000, 2000]);
});

test('pauses differ between reports, and are as long as the server asks', async () => {
  const { url } = await answeringInTurn(status(429, { 'retry-after': '7' }), status(500), fine);
  const { asking, pauses } = patient({ random: 0 });
  await prometheusAt(url, asking).values('up', 1);
  expect(pauses).toEqual([7000, 500]);
});

test('four times and no more; the questions that wait are not asked then', async () => {
  const { url, count } = await answeringInTurn(cut);
  const prometheus = prometheusAt(url, atOnce());
  const all = await Promise.allSettled(
    Array.from({ length: 30 }, (_, index) => prometheus.values('up', index)),
  );
  expect(new Set(all.map(({ status: outcome }) => outcome))).toEqual(new Set(['rejected']));
  // Four under way at a time, four times each.
  expect(count()).toBe(16);
});

test.each([
  ['a query that took too long', 503, 'timeout'],
  ['a query that is wrong', 500, 'bad_data'],
])('%s is not asked again', async (_, code, errorType) => {
  const body = JSON.stringify({
    status: 'error',
    errorType,
    error: 'query timed out in expression evaluation',
  });
  const { url, count } = await answeringInTurn(status(code, {}, body));
  await expect(prometheusAt(url, atOnce()).values('up', 1)).rejects.toThrow(/Raise --query\.timeout/);
  expect(count()).toBe(1);
});

test('a server that does not answer in time is named once', async () => {
  const { url, count } = await answeringInTurn(() => {});
  await expect(prometheusAt(url, patient({ timeout: 50 }).asking).values('up', 1)).rejects.toThrow(
    /did not answer within 0\.05 s\. See whether it is overloaded, or wait longer with --timeout\./,
  );
  expect(count()).toBe(1);
});

test('the customers of a run share their connections, whatever tenant they are', async () => {
  const { url } = await answering(200, vector('7'));
  let connections = 0;
  server?.on('connection', () => (connections += 1));
  const connection = await readConnection({ prometheus: url });
  for (const tenant of ['a', 'b', 'c', 'd']) {
    const headers = { 'x-scope-orgid': tenant };
    // oxlint-disable-next-line no-await-in-loop -- one customer after the other
    await prometheusAt({ ...connection, headers }).values('up', 1);
  }
  expect(connections).toBe(1);
});

test('an answer that is packed is unpacked', async () => {
  const packed = gzipSync(JSON.stringify(vector('7')));
  const { url } = await answeringInTurn((response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
  );
  expect(await prometheusAt(url).values('up', 1)).toHaveLength(1);
});

test('the retention is read, and unknown where the page is missing', async () => {
  const known = await answering(200, { status: 'success', data: { storageRetention: '15d' } });
  expect(await prometheusAt(known.url).retention()).toBe('15d');
  server?.close();
  const none = await answering(404, 'no such page');
  expect(await prometheusAt(none.url).retention()).toBe(undefined);
});

test('the version is read, and unknown where there is none', async () => {
  const known = await answering(200, { status: 'success', data: { version: '2.42.0', revision: '' } });
  expect(await prometheusAt(known.url).version()).toBe('2.42.0');
  server?.close();
  const none = await answering(404, 'no such page');
  expect(await prometheusAt(none.url).version()).toBe('unknown');
});
