import { execFileSync } from 'node:child_process';
import { assert, constantFrom, nat, option, property, sample, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareVersions, evrOf, parseNevra } from './rpm.ts';

/** What rpm itself says of many pairs, in one process. rpm.vercmp compares epoch, version and release. */
function askRpm(pairs: readonly (readonly [string, string])[]): readonly number[] {
  const calls = pairs.map(([a, b]) => `print(rpm.vercmp("${a}", "${b}"), "\\n")`);
  const chunks = Array.from({ length: Math.ceil(calls.length / 500) }, (_, at) =>
    calls.slice(at * 500, at * 500 + 500),
  );
  return chunks.flatMap((chunk) => {
    const output = execFileSync('rpm', ['--eval', `%{lua:${chunk.join(' ')}}`], { encoding: 'utf8' });
    return output.split('\n').flatMap((line) => (line.trim() === '' ? [] : [Number(line)]));
  });
}

/** Beside ordinary versions: the cases on which rpm's own tests and bug reports insist. */
const awkward = [
  '1.0',
  '2.0.1',
  '2.0.1a',
  '5.5p1',
  '5.5p10',
  '10xyz',
  '10.1xyz',
  'xyz10',
  'xyz.4',
  '8',
  '6.0.rc1',
  '6.0',
  '10b2',
  '10a1',
  '1.0aa',
  '1.0a',
  '10.0001',
  '10.1',
  '10.0039',
  '20101121',
  '2_0',
  '2.0',
  'a+',
  'a_',
  '_',
  '+',
  '1.0~rc1',
  '1.0~rc1~git123',
  '1.0^',
  '1.0^git1',
  '1.0^git1~pre',
  '1.0~rc1^git1',
  '1.0^git1.2',
  '1.0.1^git1',
  '1b.fc17',
  '1.fc17',
  '1g.fc17',
  '1:0.1',
  '0:1.0',
  '00:1.0',
  ':1.0',
  '01:1.0',
  '1.0-1',
  '1.0-1.el9',
  '1.0-1.el9_3',
  '1.0-10.el9',
  '1.0-1~1',
  '1.0-1^1',
  '3.0.7-25.el9_3',
  '1:3.0.7-27.el9',
  '5.14.0-427.el9',
  '5.14.0-427.13.1.el9_4',
  '18446744073709551617-1',
  '18446744073709551616-1',
  '8.2.2637-21.el9',
  '4.18.0-553.el8_10',
  '1.module+el8.9.0+2',
];

describe('rpm versions', () => {
  test.each([
    ['1.0~rc1', '1.0', -1],
    ['1.0^git1', '1.0', 1],
    ['1.0^git1', '1.0.1', -1],
    ['6.0.rc1', '6.0', 1],
    ['10.0001', '10.1', 0],
    ['2_0', '2.0', 0],
    ['1:0.1-1', '2.0-1', 1],
    ['0:2.0-1', '2.0-1', 0],
    ['3.0.7-25.el9_3', '3.0.7-27.el9', -1],
    ['5.14.0-427.13.1.el9_4', '5.14.0-427.el9', 1],
    ['18446744073709551616', '18446744073709551617', -1],
  ])('%s against %s is %i', (a, b, expected) => {
    expect(Math.sign(compareVersions(a, b))).toBe(expected);
  });

  test('every pair of awkward versions is ordered as rpm orders it', () => {
    const pairs = awkward.flatMap((a) => awkward.map((b) => [a, b] as const));
    expect(pairs.map(([a, b]) => [a, b, Math.sign(compareVersions(a, b))])).toEqual(
      askRpm(pairs).map((answer, at) => [...(pairs[at] ?? []), answer]),
    );
  });

  test('random versions are ordered as rpm orders them', () => {
    const piece = string({
      unit: constantFrom('0', '0', '1', '9', 'a', 'Z', '.', '+', '~', '^', '_'),
      maxLength: 5,
    });
    const version = tuple(option(nat(3)), nat(12), piece, option(tuple(constantFrom('0', '1'), piece))).map(
      ([epoch, first, rest, release]) =>
        `${epoch === null ? '' : `${epoch}:`}${first}${rest}${release === null ? '' : `-${release.join('')}`}`,
    );
    const pairs = sample(tuple(version, version), { numRuns: 1500, seed: 7 });
    expect(pairs.map(([a, b]) => [a, b, Math.sign(compareVersions(a, b))])).toEqual(
      askRpm(pairs).map((answer, at) => [...(pairs[at] ?? []), answer]),
    );
  });

  test('the order is antisymmetric and a version equals itself', () => {
    const anything = string({ unit: constantFrom('0', '9', 'a', 'Z', '.', '+', '~', '^', ':', '-') });
    assert(
      property(anything, anything, (a, b) => {
        expect(compareVersions(a, a)).toBe(0);
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
      }),
    );
  });
});

describe('the name of a package file', () => {
  test.each([
    ['kernel-core-5.14.0-427.el9.noarch', 'kernel-core', '5.14.0-427.el9', 'noarch'],
    ['bind-libs-32:9.11.4-26.P2.el7_9.x86_64', 'bind-libs', '32:9.11.4-26.P2.el7_9', 'x86_64'],
    ['32:bind-libs-9.11.4-26.P2.el7_9.x86_64', 'bind-libs', '32:9.11.4-26.P2.el7_9', 'x86_64'],
    ['vim-minimal-2:8.2.2637-21.el9.i686.rpm', 'vim-minimal', '2:8.2.2637-21.el9', 'i686'],
    ['libstdc++-0:11.4.1-3.el9.x86_64', 'libstdc++', '11.4.1-3.el9', 'x86_64'],
    ['compat-libs-2-1.0~rc1^git5-3.fc41.src', 'compat-libs-2', '1.0~rc1^git5-3.fc41', 'src'],
  ])('%s is taken apart', (text, name, evr, arch) => {
    expect(parseNevra(text)).toEqual({ name, evr, arch });
  });

  test.each([
    '',
    'kernel',
    'kernel-5.14.0',
    'Obsoleting Packages',
    '1.2-3.noarch',
    'a-1-2',
    'a b-1-2.x86_64',
  ])('is not %j', (text) => expect(parseNevra(text)).toBeUndefined());

  test('an absent epoch and one of 0 are the same version', () => {
    expect([undefined, '', '0', '(none)', '1'].map((epoch) => evrOf(epoch, '1.0', '2'))).toEqual([
      '1.0-2',
      '1.0-2',
      '1.0-2',
      '1.0-2',
      '1:1.0-2',
    ]);
  });
});
