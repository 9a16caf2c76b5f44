import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { Agent, createServer, get, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSync } from 'bcryptjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { followConnections } from './connections.ts';
import { look, lookAgain } from './file-change.ts';
import { createGate } from './gate.ts';
import { createRateLimiter, parseGoDuration } from './rate-limit.ts';
import { parseListenAddress } from './listen-address.ts';
import { listen, type Listening, type ListenOptions } from './serve.ts';

const users = (password: string) => `basic_auth_users: {dave: ${hashSync(password, 4)}}\n`;

let directory: string;
let file: string;
let logged: string[];
let reloads: boolean[];
let served: string[];
let open: Listening[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'serve-'));
  file = join(directory, 'web.yml');
  [logged, reloads, served, open] = [[], [], [], []];
});
afterEach(async () => {
  await Promise.all(open.map((listening) => listening.close()));
  rmSync(directory, { recursive: true });
});

const write =
  (level: string) =>
  (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
    void logged.push(`${level} ${message} ${JSON.stringify(fields)}`.replaceAll(directory, 'DIR'));
const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };

const hello: RequestListener = (request, response) => {
  served.push(String(request.url));
  response.end('hello');
};

async function start(
  yaml: string | undefined,
  more: Partial<ListenOptions> = {},
  app = hello,
): Promise<string> {
  if (yaml !== undefined) writeFileSync(file, yaml);
  const listening = await listen(app, {
    addresses: ['127.0.0.1:0'],
    webConfigFile: yaml === undefined ? undefined : file,
    log,
    onReload: (successful) => reloads.push(successful),
    ...more,
  });
  open.push(listening);
  return listening.urls[0] ?? '';
}

interface Reply {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(url: string, auth?: string, agent?: Agent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    get(url, { agent: agent ?? false, ...(auth === undefined ? {} : { auth }) }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      response.on('error', reject);
    }).on('error', reject);
  });
}
const statusOf = async (url: string, auth?: string) => (await ask(url, auth)).status;

describe('listen', () => {
  test('answers on every address, IPv6 too, and says where', async () => {
    await start(undefined, { addresses: ['127.0.0.1:0', '[::1]:0', ':0'] });
    const urls = open[0]?.urls ?? [];
    expect(urls.map((url) => url.replace(/\d+$/, 'PORT'))).toEqual([
      'http://127.0.0.1:PORT',
      'http://[::1]:PORT',
      'http://[::]:PORT',
    ]);
    expect(await Promise.all(urls.map((url) => statusOf(`${url}/metrics`)))).toEqual([200, 200, 200]);
    expect(await statusOf(urls[2]?.replace('[::]', '127.0.0.1') ?? '')).toBe(200);
  });

  test('listens nowhere when one address is taken, and says which', async () => {
    const taken = new URL(await start(undefined)).host;
    const free = new URL(await start(undefined)).host;
    await open[1]?.close();
    await expect(listen(hello, { addresses: [free, taken], log })).rejects.toThrow(
      `cannot listen on ${taken}: another process listens there; stop it or choose another port with --web.listen-address`,
    );
    await expect(statusOf(`http://${free}`)).rejects.toThrow('ECONNREFUSED');
  });

  test('does not start on a broken web configuration', async () => {
    await expect(start('basic_auth_users: {dave: secret}')).rejects.toThrow(
      /^web configuration .*web\.yml: basic_auth_users\.dave: not a bcrypt hash/,
    );
    await expect(listen(hello, { addresses: [], log })).rejects.toThrow('no listen address');
  });

  test.each([
    ['127.0.0.1:10847', { host: '127.0.0.1', port: 10847 }],
    [':10847', { host: undefined, port: 10847 }],
    ['[::1]:10847', { host: '::1', port: 10847 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
  ])('reads the address %s', (text, address) => {
    expect(parseListenAddress(text)).toEqual(address);
  });

  test.each([
    [
      '10847',
      'listen address "10847": expected host:port; write it like 127.0.0.1:10847, or :10847 for every address',
    ],
    ['::1:10847', 'listen address "::1:10847": expected host:port; write it like [::1]:10847'],
    [
      '[localhost]:1',
      'listen address "[localhost]:1": "localhost" is no IPv6 address; brackets are for IPv6 only',
    ],
    ['a:70000', 'listen address "a:70000": ports end at 65535; write it like 127.0.0.1:10847'],
    [
      'http://a:1',
      'listen address "http://a:1": expected host:port; write it like 127.0.0.1:10847, or :10847 for every address',
    ],
    ['', 'listen address "": expected host:port; write it like 127.0.0.1:10847, or :10847 for every address'],
  ])('refuses the address %o', (text, message) => {
    expect(() => parseListenAddress(text)).toThrow(new Error(message));
  });
});

describe('users', () => {
  test('are asked for on every path, before anything is served', async () => {
    const url = await start(users('dave123'));
    for (const path of ['/', '/metrics', '/-/healthy', '/nowhere', '//'])
      expect(await ask(url + path)).toMatchObject({
        status: 401,
        body: 'Unauthorized\n',
        headers: { 'www-authenticate': 'Basic' },
      });
    expect(served).toEqual([]);
    expect(await statusOf(`${url}/metrics`, 'dave:dave123')).toBe(200);
    expect(await statusOf(`${url}/metrics`, 'dave:dave12')).toBe(401);
    expect(await statusOf(`${url}/metrics`, 'carol:dave123')).toBe(401);
    expect(await statusOf(`${url}/metrics`, 'dave:')).toBe(401);
    expect(served).toEqual(['/metrics']);
  });

  test('who are known are answered while another password is still being checked', async () => {
    const { promise: checked, resolve: release } = Promise.withResolvers<void>();
    const compare = async (password: string) => {
      if (password === 'slow') await checked;
      return true;
    };
    const config = {
      tls: undefined,
      headers: new Map(),
      users: new Map([['dave', '']]),
      rateLimit: undefined,
    };
    const server = createServer(createGate(hello, { config: () => config, compare, log, now: () => 0 }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = server.address();
    const url = `http://127.0.0.1:${typeof at === 'object' ? at?.port : ''}`;
    const slow = ask(url, 'dave:slow');
    expect(await statusOf(url, 'dave:quick')).toBe(200);
    expect(await statusOf(url, 'dave:quick')).toBe(200);
    expect(await Promise.race([slow, Promise.resolve('still waiting')])).toBe('still waiting');
    release();
    expect(await slow).toMatchObject({ status: 200 });
    server.close();
  });

  test('are not let in by an application that throws', async () => {
    const url = await start(users('dave123'), {}, () => {
      throw new Error('broken');
    });
    expect(await ask(url, 'dave:dave123')).toMatchObject({ status: 500, body: 'Internal Server Error\n' });
    expect(logged).toEqual(['error request failed {"error":"broken"}']);
  });
});

describe('headers and rate limit', () => {
  test('headers are on every answer, also on a refusal', async () => {
    const url = await start(
      `${users('x')}http_server_config: {headers: {X-Frame-Options: deny, X-XSS-Protection: 0}}`,
    );
    const wanted = { 'x-frame-options': 'deny', 'x-xss-protection': '0' };
    expect(await ask(url)).toMatchObject({ status: 401, headers: wanted });
    expect(await ask(url, 'dave:x')).toMatchObject({ status: 200, headers: wanted });
  });

  test('the limit counts before users are asked for, over all addresses together', async () => {
    await start(`${users('x')}rate_limit: {interval: 1h, burst: 2}`, {
      addresses: ['127.0.0.1:0', '[::1]:0'],
    });
    const [one = '', other = ''] = open[0]?.urls ?? [];
    expect(await statusOf(one)).toBe(401);
    expect(await statusOf(other, 'dave:x')).toBe(200);
    expect(await ask(one, 'dave:x')).toMatchObject({ status: 429, body: 'Too Many Requests\n' });
    expect(await statusOf(other)).toBe(429);
    writeFileSync(file, users('x'));
    expect(await statusOf(one, 'dave:x')).toBe(200);
  });

  test('a token comes back per interval, never more than the burst', () => {
    let now = 100;
    const allow = createRateLimiter({ interval: 2, burst: 3 }, () => now);
    const allowed = () => Array.from({ length: 5 }, allow).filter(Boolean).length;
    expect(allowed()).toBe(3);
    now += 1.9;
    expect(allowed()).toBe(0);
    now += 0.2;
    expect(allowed()).toBe(1);
    now += 3600;
    expect(allowed()).toBe(3);
  });

  test.each([
    ['1s', 1],
    ['500ms', 0.5],
    ['1h30m', 5400],
    ['1.5m', 90],
    ['250µs', 0.000_25],
    ['0', 0],
    ['0s', 0],
    ['1', undefined],
    ['-1s', undefined],
    ['1d', undefined],
    ['', undefined],
    ['s', undefined],
  ])('the duration %o is %o seconds', (text, seconds) => {
    expect(parseGoDuration(text)).toBe(seconds);
  });
});

describe('a changed file', () => {
  test('is used for the next request', async () => {
    const url = await start('');
    expect(await statusOf(url)).toBe(200);
    writeFileSync(file, users('first'));
    expect(await statusOf(url)).toBe(401);
    expect(await statusOf(url, 'dave:first')).toBe(200);
    for (const password of ['2', '3', '4', '5', '6']) {
      // The same size each time, and within one tick of the file system's clock.
      writeFileSync(file, users(password));
      expect([await statusOf(url, `dave:${password}`), await statusOf(url, 'dave:first')]).toEqual([
        200, 401,
      ]);
    }
    expect(reloads).toEqual(Array(7).fill(true));
  });

  test.each([
    [
      'broken',
      'basic_auth_users: {',
      'line 1, column 20: unexpected end of the stream within a flow collection',
    ],
    [
      'emptied',
      '',
      'basic_auth_users: gone; users stay required until a restart, restart to serve without them',
    ],
    [
      'without users',
      'http_server_config: {http2: true}',
      'basic_auth_users: gone; users stay required until a restart, restart to serve without them',
    ],
    [
      'with a plain password',
      'basic_auth_users: {dave: open}',
      `basic_auth_users.dave: not a bcrypt hash; make one with: htpasswd -nBC 10 "" | tr -d ':\\n'`,
    ],
    ['gone', undefined, 'no such file; check the path given to --web.config.file'],
  ])(
    'that is %s changes nothing, is logged once and told, until it is right again',
    async (_, yaml, reason) => {
      const url = await start(users('x'));
      if (yaml === undefined) rmSync(file);
      else writeFileSync(file, yaml);
      for (let n = 0; n < 3; n += 1)
        expect([
          await statusOf(url, 'dave:x'),
          await statusOf(url),
          await statusOf(url, 'dave:open'),
        ]).toEqual([200, 401, 401]);
      if (yaml !== undefined) utimesSync(file, 1, 1);
      expect(await statusOf(url)).toBe(401);
      expect(reloads).toEqual([true, false]);
      const error = `web configuration DIR/web.yml: ${reason}`;
      expect(logged).toEqual([
        `error web configuration not usable; the last good one stays in use ${JSON.stringify({ error })}`,
      ]);
      writeFileSync(file, users('y'));
      expect([await statusOf(url, 'dave:y'), await statusOf(url, 'dave:x')]).toEqual([200, 401]);
      expect(reloads).toEqual([true, false, true]);
    },
  );

  test('is compared by content while its times could still hide a second write', () => {
    writeFileSync(file, 'one');
    const now = Date.now();
    const fresh = look([file], now);
    const old = look([file], now + 60_000);
    expect([fresh.settled, old.settled]).toEqual([false, true]);
    const read = 'of an earlier content with the same times';
    expect(lookAgain({ ...fresh, contents: read }, now).contents).toBe(fresh.contents);
    expect(lookAgain({ ...old, contents: read }, now + 60_000).contents).toBe(read);
  });

  test('cannot switch TLS on', async () => {
    const url = await start('');
    writeFileSync(file, 'tls_server_config: {cert_file: a, key_file: b}');
    expect(await statusOf(url)).toBe(200);
    expect(reloads).toEqual([true, false]);
  });

  test('is read at once by reload, which fails when it is not valid', async () => {
    const url = await start(users('x'));
    await open[0]?.reload();
    writeFileSync(file, 'nonsense: 1');
    await expect(open[0]?.reload()).rejects.toThrow('web.yml: nonsense: unknown key; did you mean');
    expect(await statusOf(url, 'dave:x')).toBe(200);
    expect(reloads).toEqual([true, true, false]);
  });
});

describe('close', () => {
  test('lets a request in progress finish, and ends idle connections', async () => {
    const slowRequest = Promise.withResolvers<() => void>();
    const url = await start(undefined, {}, (request, response) => {
      if (request.url === '/slow') slowRequest.resolve(() => response.end('done'));
      else response.end('quick');
    });
    const agent = new Agent({ keepAlive: true });
    expect(await ask(`${url}/quick`, undefined, agent)).toMatchObject({ body: 'quick' });
    const silent = connect(Number(new URL(url).port), '127.0.0.1');
    const silentEnded = new Promise((resolve) => silent.on('close', resolve));
    await new Promise((resolve) => silent.on('connect', resolve));
    const slow = ask(`${url}/slow`);
    const finish = await slowRequest.promise;
    const closed = open.pop()?.close();
    await silentEnded;
    await expect(ask(`${url}/quick`, undefined, agent)).rejects.toThrow('ECONNREFUSED');
    finish();
    expect(await slow).toMatchObject({ status: 200, body: 'done' });
    await closed;
    agent.destroy();
  });

  test('ends a kept connection as soon as its answer is out', async () => {
    const request = Promise.withResolvers<() => void>();
    const server = createServer((_, response) => request.resolve(() => response.end('done')));
    server.keepAliveTimeout = 0;
    const close = followConnections(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = server.address();
    const agent = new Agent({ keepAlive: true });
    const answer = ask(`http://127.0.0.1:${typeof at === 'object' ? at?.port : ''}`, undefined, agent);
    const finish = await request.promise;
    const closed = close(600_000);
    finish();
    expect(await answer).toMatchObject({ body: 'done' });
    await closed;
    agent.destroy();
  });

  test('cuts off a request that does not end', async () => {
    const started = Promise.withResolvers<void>();
    const url = await start(undefined, { grace: 10 }, () => started.resolve());
    const refused = expect(ask(url)).rejects.toThrow('socket hang up');
    await started.promise;
    await open.pop()?.close();
    await refused;
  });
});
