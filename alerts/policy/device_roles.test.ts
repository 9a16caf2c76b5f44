import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsePolicy } from '../policy.ts';

/** Without the section. */
const shipped = readFileSync(join(import.meta.dirname, '..', 'policy.yaml'), 'utf8');

test.each([
  ['device_roles: [workstation]', 'device_roles: expected keys with values, got a list.'],
  ['device_roles: 3', 'device_roles: expected keys with values, got 3.'],
  [
    'device_roles: { endpoints: [workstation] }',
    'device_roles.endpoints: unknown key. Did you mean endpoint?',
  ],
  ['device_roles: { server: [server] }', 'device_roles.server: unknown key. Allowed: endpoint, network.'],
  ['device_roles: { endpoint: workstation }', 'device_roles.endpoint: expected a list, got "workstation".'],
  [
    'device_roles: { endpoint: { workstation: true } }',
    'device_roles.endpoint: expected a list, got keys with values.',
  ],
  ['device_roles: { endpoint: [7] }', 'device_roles.endpoint[0]: expected text, got 7.'],
  ["device_roles: { endpoint: [''] }", 'device_roles.endpoint[0]: expected text.'],
  ['device_roles: { network: [true] }', 'device_roles.network[0]: expected text, got true.'],
  ['device_roles: { network: }', 'device_roles.network: expected a list, got nothing.'],
  [
    'device_roles: { endpoint: [server, pc], network: [switch, pc] }',
    'device_roles.network[1]: pc is an endpoint, too. Leave it in one of the two.',
  ],
])('%s is refused', (section, mistake) => {
  expect(() => parsePolicy(`${shipped}\n${section}\n`)).toThrow(mistake);
});
