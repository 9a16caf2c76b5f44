import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAlertmanager, type Alertmanager } from '../../deploy/local/alertmanager.ts';
import { alertmanagerSilences, parseSilences } from './alertmanager.ts';
import { collect } from './collect.ts';
import { parseAcknowledgements } from './file.ts';

/* Silences of a real Alertmanager. */

const directory = mkdtempSync(join(tmpdir(), 'maintenance-silences-'));
const configFile = join(directory, 'alertmanager.yml');
let server: Alertmanager;

beforeAll(async () => {
  writeFileSync(configFile, 'route: { receiver: none }\nreceivers: [{ name: none }]\n');
  server = await startAlertmanager({ directory, configFile, port: 29_093 });
});
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

const amtool = (...args: readonly string[]): string =>
  execFileSync('amtool', [`--alertmanager.url=${server.url}`, 'silence', ...args], {
    encoding: 'utf8',
  }).trim();
const silence = (comment: string, author: string, ...matchers: readonly string[]): string =>
  amtool('add', `--comment=${comment}`, `--author=${author}`, '--duration=2h', ...matchers);

test('silences whose comment begins with ACK are acknowledgements, those that are over as well, and are kept once', async () => {
  const before = Date.now() / 1000 - 1;
  silence(
    'ACK! This alert was acknowledged using karma',
    'Ada Gil',
    'alertname=A',
    'instance=~db-.+',
    'object!=x',
    'role!~p.+',
  );
  silence('Planned work, no ACK', 'Bruno Rey', 'alertname=A');
  amtool('expire', silence('ACK on my way', 'Clara Montes', 'alertname=B'));
  const found = await alertmanagerSilences(`${server.url}/`).read();
  expect(found.map(({ by, source }) => `${by}, ${source}`).toSorted()).toEqual([
    'Ada Gil, alertmanager',
    'Clara Montes, alertmanager',
  ]);
  const first = found.find(({ by }) => by === 'Ada Gil');
  const texts = first?.matchers.map(({ name, operator, value }) => `${name}${operator}${value}`);
  expect(texts?.toSorted()).toEqual(['alertname=A', 'instance=~db-.+', 'object!=x', 'role!~p.+']);
  expect(first?.at).toBeGreaterThan(before);
  expect(first?.at).toBeLessThan(Date.now() / 1000 + 1);

  const file = join(directory, 'taken.yaml');
  const own = '# by telephone\n- at: 2026-10-14T09:20:00Z\n  by: Dana\n  matchers: [instance="db-1"]';
  writeFileSync(file, own);
  expect(await collect(alertmanagerSilences(server.url), file)).toBe(2);
  expect(await collect(alertmanagerSilences(server.url), file)).toBe(0);
  const text = readFileSync(file, 'utf8');
  expect(text.startsWith(`${own}\n- at: `)).toBe(true);
  const kept = parseAcknowledgements(text, file);
  expect(kept.map(({ by }) => by).toSorted()).toEqual(['Ada Gil', 'Clara Montes', 'Dana']);
  expect(kept).toEqual(expect.arrayContaining([...found]));

  silence('ACK again', 'Dana', 'alertname=C');
  expect(await collect(alertmanagerSilences(server.url), file)).toBe(1);
});

test('a file that is no list of acknowledgements is left as it is', async () => {
  const file = join(directory, 'mistaken.yaml');
  for (const text of ['at: x\n', '[]\n']) {
    writeFileSync(file, text);
    await expect(collect(alertmanagerSilences(server.url), file)).rejects.toThrow(file);
    expect(readFileSync(file, 'utf8')).toBe(text);
  }
});

test('nothing, or something else, at the address is refused with what to check', async () => {
  await expect(alertmanagerSilences('http://127.0.0.1:1').read()).rejects.toThrow(
    'Alertmanager at http://127.0.0.1:1 cannot be reached. Check the address and that it runs.',
  );
  await expect(alertmanagerSilences(`${server.url}/nowhere`).read()).rejects.toThrow('answered HTTP 404');
  expect(() => parseSilences('<html>', 'http://a')).toThrow('http://a does not answer like Alertmanager.');
});

test('a name and password are sent, and never said', async () => {
  const seen: (string | undefined)[] = [];
  const proxy = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.statusCode = 401;
    response.end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const asked = alertmanagerSilences(`http://ada:s%40cret@127.0.0.1:${address.port}/am/`).read();
  await expect(asked).rejects.toThrow(`Alertmanager at http://127.0.0.1:${address.port} answered HTTP 401.`);
  expect(seen).toEqual([`Basic ${Buffer.from('ada:s@cret').toString('base64')}`]);
  proxy.close();
  expect(() => alertmanagerSilences('ada:s3cret@host:9093')).toThrow('"…@host:9093" is no address');
});

test('an expression that cannot be read makes no silence wider', () => {
  const matcher = { name: 'a', value: 'x', isRegex: false };
  const silences = [[matcher], [matcher, { name: 'b', value: '(', isRegex: true }], []].map((matchers) => ({
    comment: 'ACK',
    createdBy: 'Ada',
    startsAt: '2026-10-14T09:20:00.000Z',
    matchers,
  }));
  expect(parseSilences(JSON.stringify(silences), 'x')).toEqual([
    {
      at: 1_791_969_600,
      by: 'Ada',
      source: 'alertmanager',
      matchers: [{ name: 'a', operator: '=', value: 'x' }],
    },
  ]);
});
