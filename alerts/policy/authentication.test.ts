import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../policy.ts';

const shipped = readFileSync(join(import.meta.dirname, '..', 'policy.yaml'), 'utf8');

/** The shipped policy with another section about authentication. */
function withSection(section: string): string {
  expect(shipped).toMatch(/^authentication:\n(?: .*\n)+/m);
  return shipped.replace(/^authentication:\n(?: .*\n)+/m, section);
}

test('the shipped counts are those that hold without the section', () => {
  const { authentication } = parsePolicy(shipped);
  expect(authentication).toEqual({ failures_30m: 30, times_usual: 5, overrides: [] });
  expect(parsePolicy(withSection('')).authentication).toEqual(authentication);
});

describe('a mistake is refused', () => {
  const overrides = (text: string) => `authentication: { overrides: [${text}] }`;
  test.each([
    [
      'authentication: { failures: 3 }',
      'authentication.failures: unknown key. Allowed: failures_30m, times_usual, overrides.',
    ],
    ['authentication: 30', 'authentication: expected keys with values, got 30.'],
    ['authentication: { failures_30m: 0 }', 'authentication.failures_30m: expected a count like 30, got 0.'],
    [
      'authentication: { failures_30m: 2.5 }',
      'authentication.failures_30m: expected a count like 30, got 2.5.',
    ],
    [
      'authentication: { failures_30m: 30/h }',
      'authentication.failures_30m: expected a count like 30, got "30/h".',
    ],
    [
      'authentication: { times_usual: 500% }',
      'authentication.times_usual: expected a number from 1 on, like 5, got "500%".',
    ],
    [
      'authentication: { times_usual: 0.5 }',
      'authentication.times_usual: expected a number from 1 on, like 5, got 0.5.',
    ],
    [
      overrides('{ match: {}, failures_30m: 9 }'),
      'authentication.overrides[0].match: matches everything. Change authentication.failures_30m instead.',
    ],
    [
      overrides('{ match: { role: sever }, failures_30m: 9 }'),
      'authentication.overrides[0].match.role: there is no role sever. Did you mean server?',
    ],
    [
      overrides('{ match: { object: sshd }, failures_30m: 9 }'),
      'authentication.overrides[0].match.object: unknown key. Allowed: customer, role, instance.',
    ],
    [
      overrides(
        '{ match: { role: server }, failures_30m: 9 }, { match: { role: [server] }, failures_30m: 8 }',
      ),
      'authentication.overrides[1].match: is the match of overrides[0] too, which wins. Remove one.',
    ],
    [
      overrides('{ match: { role: server } }'),
      'authentication.overrides[0].failures_30m: missing; expected a count like 30.',
    ],
  ])('%s', (section, mistake) => {
    expect(() => parsePolicy(withSection(`${section}\n`))).toThrow(mistake);
  });
});
