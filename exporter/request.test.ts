import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { selfSigned } from './fixtures/rest-server.ts';
import { localHost } from './host.ts';
import { request } from './request.ts';

const directory = mkdtempSync(join(tmpdir(), 'request-'));
const servers: { readonly close: () => void }[] = [];
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(directory, { recursive: true });
});

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({
    close: () => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close();
    },
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return address.port;
}
const serve = async (answer: RequestListener) => `http://127.0.0.1:${await listen(createServer(answer))}`;

const own = selfSigned(directory, 'own', 'IP:127.0.0.1,DNS:localhost');
const foreign = selfSigned(directory, 'foreign', 'DNS:elsewhere.example.org');
const seen: IncomingMessage[] = [];
async function serveTls({ cert, key }: { readonly cert: string; readonly key: string }): Promise<string> {
  const server = createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, (asked, answer) => {
    seen.push(asked);
    answer.end('secret place');
  });
  return `https://127.0.0.1:${await listen(server)}`;
}

describe('a question', () => {
  test('carries its method, headers and body, and any status is an answer', async () => {
    const url = await serve(async (asked, answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of asked) chunks.push(Buffer.from(chunk));
      answer.writeHead(418, { 'X-Kind': 'teapot' });
      answer.end(
        `${asked.method} ${asked.url} ${String(asked.headers['x-one'])} ${Buffer.concat(chunks).toString()}`,
      );
    });
    const answer = await request(`${url}/a?b=c`, {
      method: 'POST',
      headers: { 'x-one': '1' },
      body: 'größe',
    });
    expect(answer).toMatchObject({
      status: 418,
      body: 'POST /a?b=c 1 größe',
      headers: { 'x-kind': 'teapot' },
    });
  });

  test('is not sent on where the server points to: credentials stay with who they are meant for', async () => {
    const visits: (string | undefined)[] = [];
    const other = await serve((asked, answer) => {
      visits.push(asked.headers.authorization);
      answer.end();
    });
    const url = await serve((_, answer) => answer.writeHead(302, { location: `${other}/login` }).end());
    const answer = await request(url, { headers: { authorization: 'Basic eDp5' } });
    expect(answer).toMatchObject({ status: 302, headers: { location: `${other}/login` } });
    expect(visits).toEqual([]);
  });

  test('that nobody hears says that nobody answers', async () => {
    const closed = createServer();
    const port = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    await expect(request(`http://127.0.0.1:${port}/x`)).rejects.toMatchObject({ reason: 'not_running' });
    await expect(request(`https://127.0.0.1:${port}/x`)).rejects.toMatchObject({ reason: 'not_running' });
    await expect(request('https://no-such-host.invalid/x')).rejects.toMatchObject({ reason: 'not_running' });
  });

  test('a server that accepts and stays silent is given up, over TLS and before TLS too', async () => {
    const silent = await listen(createTcpServer(() => undefined));
    for (const scheme of ['http', 'https'])
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(
        request(`${scheme}://127.0.0.1:${silent}/x?token=abc`, { timeout: 150 }),
      ).rejects.toMatchObject({
        reason: 'timeout',
        message: expect.stringMatching(/\/x was not answered in 0.15 s/),
      });
  });

  test('an answer that never ends is given up', async () => {
    const url = await serve((_, answer) => answer.writeHead(200).write('{"a":'));
    await expect(request(url, { timeout: 149.7 })).rejects.toMatchObject({ reason: 'timeout' });
  });

  test('is given up with its collector', async () => {
    const controller = new AbortController();
    const url = await serve(() => controller.abort());
    const host = localHost({ stateDirectory: directory, signal: controller.signal });
    await expect(host.request(url)).rejects.toMatchObject({
      reason: 'timeout',
      message: expect.stringContaining('given up with its collector'),
    });
    await expect(host.request(url)).rejects.toMatchObject({ reason: 'timeout' });
    await expect(host.request(url.replace('http', 'https'))).rejects.toMatchObject({ reason: 'timeout' });
  });

  test.each([
    ['of a known length', { 'content-length': '100' }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('an answer %s that is cut off is no answer', async (_, headers) => {
    const url = await serve((asked, answer) => {
      answer.writeHead(200, headers);
      answer.write('[1, 2', () => asked.socket.destroy());
    });
    await expect(request(url)).rejects.toMatchObject({
      reason: 'tool_failed',
      message: expect.stringContaining('cut off'),
    });
  });

  test('a connection that is reset is no answer', async () => {
    const url = await serve((asked) => asked.socket.resetAndDestroy());
    await expect(request(url)).rejects.toMatchObject({
      reason: 'tool_failed',
      message: expect.stringContaining('cut off'),
    });
  });

  test('a flood is stopped at the limit', async () => {
    const url = await serve((_, answer) => answer.end('x'.repeat(100_000)));
    await expect(request(url, { maxBytes: 99_999 })).rejects.toMatchObject({ reason: 'output_too_large' });
    expect((await request(url, { maxBytes: 100_000 })).body).toHaveLength(100_000);
  });

  test('what is no HTTP is no answer', async () => {
    const port = await listen(createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
    await expect(request(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ reason: 'tool_failed' });
    await expect(request(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({ reason: 'tool_failed' });
  });

  test('no message holds what stands behind the question mark, or a header', async () => {
    const url = await serve((asked) => asked.socket.destroy());
    const failed = request(`${url}/x?secret=hush`, { headers: { authorization: 'Bearer hush' } });
    await expect(failed).rejects.toMatchObject({ message: expect.not.stringContaining('hush') });
  });
});

describe('a certificate', () => {
  test('that nobody known signed is not accepted, and nothing is sent', async () => {
    const url = await serveTls(own);
    seen.length = 0;
    await expect(request(url)).rejects.toMatchObject({
      reason: 'certificate_untrusted',
      message: expect.stringMatching(/SELF_SIGNED.*ca_file.*fingerprint/),
    });
    expect(seen).toEqual([]);
  });

  test('is accepted when the file of its signer is named', async () => {
    const answer = await request(await serveTls(own), { caFile: own.cert });
    expect(answer).toMatchObject({ status: 200, body: 'secret place' });
  });

  test('made for another name is not accepted, even when its signer is known', async () => {
    await expect(request(await serveTls(foreign), { caFile: foreign.cert })).rejects.toMatchObject({
      reason: 'certificate_untrusted',
      message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    });
  });

  test('with the pinned fingerprint is accepted, whatever name stands in it and however the pin is written', async () => {
    const url = await serveTls(foreign);
    const written = foreign.fingerprint;
    for (const fingerprint of [written, written.toLowerCase(), written.replaceAll(':', '')])
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await request(url, { fingerprint })).toMatchObject({ status: 200 });
  });

  test('with another fingerprint is not accepted, and no credentials are sent', async () => {
    const url = await serveTls(own);
    seen.length = 0;
    const failed = request(url, { fingerprint: foreign.fingerprint, headers: { authorization: 'x' } });
    await expect(failed).rejects.toMatchObject({
      reason: 'certificate_untrusted',
      message: expect.stringContaining(own.fingerprint.toLowerCase()),
    });
    expect(seen).toEqual([]);
  });

  test('whose signers cannot be read says which file', async () => {
    const url = await serveTls(own);
    await expect(request(url, { caFile: '/no/such.pem' })).rejects.toMatchObject({
      reason: 'source_missing',
      message: expect.stringContaining('/no/such.pem'),
    });
    const noPem = join(directory, 'empty.pem');
    writeFileSync(noPem, 'this is no certificate');
    await expect(request(url, { caFile: noPem })).rejects.toMatchObject({ reason: 'certificate_untrusted' });
  });
});
