import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsePolicy } from '../policy.ts';

/** Without the section. */
const shipped = readFileSync(join(import.meta.dirname, '..', 'policy.yaml'), 'utf8');

test.each([
  ['mail: smtp', 'mail: expected keys with values, got "smtp".'],
  [
    "mail: { server: 'mail.example.org:587', from: alerts@example.org, port: 25 }",
    'mail.port: unknown key. Allowed: server, from, user, password_file, tls.',
  ],
  ['mail: { from: alerts@example.org }', 'mail.server: missing; expected text.'],
  [
    "mail: { server: 'mail.example.org:587' }",
    'mail.from: missing; expected an address like ana@example.org.',
  ],
  [
    'mail: { server: mail.example.org, from: a@example.org }',
    'mail.server: expected a server and its port like mail.example.org:587, got "mail.example.org".',
  ],
  [
    "mail: { server: 'smtp://mail.example.org:25', from: a@example.org }",
    'mail.server: expected a server and its port like mail.example.org:587, got "smtp://mail.example.org:25".',
  ],
  ['mail: { server: 587, from: a@example.org }', 'mail.server: expected text, got 587.'],
  [
    "mail: { server: 'mail.example.org:587', from: alerts }",
    'mail.from: expected an address like ana@example.org, got "alerts".',
  ],
  [
    "mail: { server: 'mail.example.org:587', from: alerts@example.org, password_file: password }",
    'mail.password_file: expected a path that starts with /, got "password".',
  ],
  [
    "mail: { server: 'mail.example.org:587', from: alerts@example.org, password: secret }",
    'mail.password: unknown key. Allowed: server, from, user, password_file, tls.',
  ],
  [
    "mail: { server: 'mail.example.org:587', from: alerts@example.org, tls: maybe }",
    'mail.tls: expected boolean, got "maybe".',
  ],
  [
    "mail: { server: 'mail.example.org:587', from: alerts@example.org, user: 7 }",
    'mail.user: expected text, got 7.',
  ],
])('%s is refused', (section, mistake) => {
  expect(() => parsePolicy(`${shipped}\n${section}\n`)).toThrow(mistake);
});
