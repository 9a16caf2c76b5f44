import { execFileSync, spawnSync } from 'node:child_process';
import { assert, constantFrom, nat, option, property, sample, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareVersions } from './debian.ts';

const dpkgIsHere = spawnSync('dpkg', ['--version']).status === 0;

/** What dpkg itself says of many pairs, in one process. */
function askDpkg(pairs: readonly (readonly [string, string])[]): readonly number[] {
  const script =
    'while read -r a b; do if dpkg --compare-versions "$a" lt "$b"; then echo -1; elif dpkg --compare-versions "$a" gt "$b"; then echo 1; else echo 0; fi; done';
  const input = pairs.map((pair) => pair.join(' ')).join('\n');
  const output = execFileSync('sh', ['-c', script], { input: `${input}\n`, encoding: 'utf8' });
  return output.trim().split('\n').map(Number);
}

const awkward = [
  '1.0',
  '1.0-0',
  '1.0-1',
  '1.0-10',
  '1.0-9',
  '1.0~rc1',
  '1.0~rc1-1',
  '1.0~~',
  '1.0~',
  '1.0+dfsg',
  '1.0a',
  '1.0.1',
  '1.00',
  '01.0',
  '1:0.9',
  '0:1.0',
  '10:0.1',
  '2.36-9+deb12u14',
  '2.36-9+deb12u7',
  '3.0.22-1~deb12u2',
  '3.0.22-1',
  '255.4-1ubuntu8.19',
  '255.4-1ubuntu8.9',
  '1:2.66-4+deb12u3+b1',
  '20250419~deb12u2',
  '20230311+deb12u1',
  '6.1.0-9',
  '6.1.0-26',
  '6.12.48+deb13',
  '1.2-3-4',
  '1.2-3',
  '5.2.15-2+b13',
  '5.2.15-2+b8',
  '2.9.14+dfsg-1.3~deb12u1',
  '1.0.0Z',
  '1.0.0z',
  '18446744073709551617',
  '18446744073709551616',
];

describe('Debian versions', () => {
  test.each([
    ['2.36-9+deb12u7', '2.36-9+deb12u14', -1],
    ['1.0~rc1', '1.0', -1],
    ['1:0.1', '2.0', 1],
    ['1.0', '1.0-0', 0],
    ['1.0a', '1.0+', -1],
    ['18446744073709551616', '18446744073709551617', -1],
  ])('%s against %s is %i', (a, b, expected) => {
    expect(Math.sign(compareVersions(a, b))).toBe(expected);
  });

  test.skipIf(!dpkgIsHere)('every pair of awkward versions is ordered as dpkg orders it (needs dpkg)', () => {
    const pairs = awkward.flatMap((a, at) => awkward.slice(at).map((b) => [a, b] as const));
    expect(pairs.map(([a, b]) => Math.sign(compareVersions(a, b)))).toEqual(askDpkg(pairs));
  });

  test.skipIf(!dpkgIsHere)('random versions are ordered as dpkg orders them (needs dpkg)', () => {
    const piece = string({ unit: constantFrom('0', '0', '1', '9', 'a', 'Z', '.', '+', '~'), maxLength: 5 });
    const version = tuple(option(nat(3)), nat(12), piece, option(tuple(constantFrom('0', '1'), piece))).map(
      ([epoch, first, rest, revision]) =>
        `${epoch === null ? '' : `${epoch}:`}${first}${rest}${revision === null ? '' : `-${revision.join('')}`}`,
    );
    const pairs = sample(tuple(version, version), { numRuns: 800, seed: 7 });
    expect(pairs.map(([a, b]) => [a, b, Math.sign(compareVersions(a, b))])).toEqual(
      askDpkg(pairs).map((answer, at) => [...(pairs[at] ?? []), answer]),
    );
  });

  test('the order is antisymmetric and a version equals itself', () => {
    const anything = string({ unit: constantFrom('0', '9', 'a', 'Z', '.', '+', '~', ':', '-') });
    assert(
      property(anything, anything, (a, b) => {
        expect(compareVersions(a, a)).toBe(0);
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
      }),
    );
  });
});
