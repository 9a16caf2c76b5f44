import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../deploy/local/process.ts';
import { parseValue } from './prometheus-answers.ts';
import { prometheusAt } from './prometheus.ts';

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
    /too many samples.*Raise --query\.max-samples/,
  ],
  ['a proxy that asks for a password', 401, '<html>', /answered HTTP 401: it asks for a name and password/],
  ['another path', 404, 'not found', /answered HTTP 404: no query API there\. Check the path/],
  ['a broken proxy', 502, '', /answered HTTP 502\. Check/],
  [
    'a page that is no answer',
    200,
    '<html>hello</html>',
    /does not answer like Prometheus\. Check the address/,
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
  await expect(prometheusAt(url).values('up', 1)).rejects.toThrow(message);
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
  await expect(prometheusAt(`http://u:secret@127.0.0.1:${port}`).values('up', 1)).rejects.toThrow(
    `Prometheus at http://127.0.0.1:${port} cannot be reached (ECONNREFUSED). Check --prometheus and that it runs.`,
  );
});

test.each(['127.0.0.1:9090', 'localhost:9090', 'ftp://x', '', 'prometheus'])(
  '%j is refused as an address',
  (address) => {
    expect(() => prometheusAt(address)).toThrow(/is no address of a Prometheus\. Write it like http:/);
  },
);

test('the version is read, and unknown where there is none', async () => {
  const known = await answering(200, { status: 'success', data: { version: '2.42.0', revision: '' } });
  expect(await prometheusAt(known.url).version()).toBe('2.42.0');
  server?.close();
  const none = await answering(404, 'no such page');
  expect(await prometheusAt(none.url).version()).toBe('unknown');
});
