import { createServer } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPolicy } from '../alerts/policy.ts';
import { type MailSink, startMailSink } from '../alerts/tests/mail-sink.ts';
import { freePort } from '../deploy/local/process.ts';
import { deliver, readDelivery } from './delivery.ts';
import { mailOf, mailServer } from './mail.ts';
import type { Outcome } from './outcome.ts';
import type { Snapshot } from './snapshot.ts';
import { october } from './tests/october.ts';

const shipped = readPolicy('alerts/policy.yaml');
const acme = shipped.customers['acme'];
if (acme === undefined) throw new Error('the shipped policy has a customer acme');
const to = ['it@acme.example', 'boss@acme.example'];
const policy = {
  ...shipped,
  customers: { ...shipped.customers, acme: { ...acme, report: { to } } },
};

const snapshot: Snapshot = {
  ...october,
  customer: { ...october.customer, language: 'es' },
};

let directory: string;
let sink: MailSink;
let written: Outcome;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-mail-'));
  sink = await startMailSink();
  const file = join(directory, 'report.pdf');
  writeFileSync(file, '%PDF-1.7 drawn');
  written = { customer: 'acme', exitCode: 0, files: [file], gaps: [], notes: [], monthStart: 1 };
});
afterEach(() => {
  sink.close();
  rmSync(directory, { recursive: true });
});

const deliveryOf = async (smtp: string, dryRun = false) => {
  const delivery = await readDelivery({ send: true, dryRun, smtp, from: 'reports@faro.example' }, policy);
  if (delivery === undefined) throw new Error('nothing is to be sent');
  return delivery;
};

test('the report reaches whom the policy names, with the finding in the language of the customer', async () => {
  const outcome = await deliver(written, snapshot, await deliveryOf(`smtp+plain://${sink.address}`));
  expect(outcome).toEqual({ ...written, said: ['Sent to it@acme.example, boss@acme.example'] });
  expect(sink.received()).toHaveLength(1);
  expect(sink.received()[0]?.to).toEqual(to);
  expect(sink.received()[0]?.subject).toMatch(/Acme Manufacturing: .*octubre/);
});

test('the mail says what page 1 says, without its marks', () => {
  const { text, fileName } = mailOf(snapshot, { from: 'a@b.example', to, file: 'report.pdf' });
  expect(fileName).toBe('acme-2026-10.pdf');
  expect(text).not.toContain('**');
  expect(text).toContain('Adjuntamos el informe.');
  expect(text.trimEnd().endsWith('Faro Managed IT')).toBe(true);
});

test('a dry run shows the mail and sends nothing', async () => {
  const outcome = await deliver(written, snapshot, await deliveryOf(`smtp+plain://${sink.address}`, true));
  expect(outcome.said?.[0]).toMatch(
    /^From: reports@faro\.example\nTo: it@acme\.example, boss@acme\.example\nSubject: Acme Manufacturing: .*\nAttached: acme-2026-10\.pdf \(/,
  );
  expect(sink.received()).toEqual([]);
});

test('a server that is not there, or has no TLS, leaves the report written and ends with 3', async () => {
  const port = await freePort(0);
  const away = await deliver(written, snapshot, await deliveryOf(`smtp+plain://127.0.0.1:${port}`));
  expect(away.exitCode).toBe(3);
  expect(away.unsent).toMatch(/127\.0\.0\.1:\d+ did not take the mail \(.*ECONNREFUSED/);
  expect(away.files).toEqual(written.files);
  const said: string[] = [];
  const withoutTls = createServer((socket) => {
    socket.write('220 bare\r\n');
    socket.on('data', (part) => {
      said.push(String(part));
      socket.write(String(part).startsWith('EHLO') ? '250 bare\r\n' : '502 not here\r\n');
    });
  });
  await new Promise<void>((resolve) => withoutTls.listen(port, '127.0.0.1', resolve));
  const bare = await deliver(written, snapshot, await deliveryOf(`smtp://report:s3cret@127.0.0.1:${port}`));
  withoutTls.close();
  expect(bare.exitCode).toBe(3);
  expect(bare.unsent).toMatch(/did not take the mail \(502 not here\)/);
  expect(bare.unsent).not.toContain('s3cret');
  // Neither the login nor the mail went over the wire in clear.
  expect(said.join('')).not.toMatch(/AUTH|MAIL FROM/);
  expect(sink.received()).toEqual([]);
});

test('a customer nobody is named for is told, and is no failure', async () => {
  const delivery = { ...(await deliveryOf(`smtp+plain://${sink.address}`)), policy: shipped };
  const outcome = await deliver(written, snapshot, delivery);
  expect(outcome.exitCode).toBe(0);
  expect(outcome.notes).toEqual(['nobody is sent the report. Add customers.acme.report.to to the policy.']);
});

test('the mail server of the policy is that of Alertmanager, with its password from a file', async () => {
  const password_file = join(directory, 'password');
  writeFileSync(password_file, 's3cret\n');
  const mail = { server: 'mail.example.org:587', from: 'a@b.example', user: 'u', password_file, tls: true };
  expect(await mailServer(undefined, { ...policy, mail })).toEqual({
    host: 'mail.example.org',
    port: 587,
    secure: false,
    plain: false,
    login: { user: 'u', pass: 's3cret' },
  });
  expect(await mailServer('smtps://u:p%40@mail.example.org', policy)).toEqual({
    host: 'mail.example.org',
    port: 465,
    secure: true,
    plain: false,
    login: { user: 'u', pass: 'p@' },
  });
});

test.each([
  ['no server', undefined, /there is no mail server\. Add --smtp/],
  [
    'an address that is none',
    'http://u:s3cret@mail',
    /the address of the mail server is none\. Write smtps:/,
  ],
])('%s is refused before anything is made, and no password is told', async (_, smtp, message) => {
  const asked = readDelivery(
    { send: true, dryRun: false, from: 'a@b.example', ...(smtp === undefined ? {} : { smtp }) },
    policy,
  );
  await expect(asked).rejects.toThrow(message);
  await expect(asked).rejects.not.toThrow(/s3cret/);
});
