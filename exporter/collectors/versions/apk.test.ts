import { assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareVersions, satisfies } from './apk.ts';

/** Written from apk-package(5) and src/version.c of apk-tools 3; Debian has no apk to ask. */
describe('versions of apk', () => {
  test.each([
    ['1.28.4-r0', '1.28.4-r1', -1],
    ['1.2-r9', '1.2-r10', -1],
    ['1.2', '1.2-r0', -1],
    ['1.2', '1.2.0', -1],
    ['1.9', '1.10', -1],
    ['10', '9', 1],
    ['1.2', '1.2a', -1],
    ['1.2a', '1.2b', -1],
    ['1.2z', '1.2.1', -1],
    ['1.0_alpha', '1.0_beta', -1],
    ['1.0_beta', '1.0_pre', -1],
    ['1.0_pre', '1.0_rc', -1],
    ['1.0_rc', '1.0', -1],
    ['1.0_rc1', '1.0_rc2', -1],
    ['1.0_rc9', '1.0_rc10', -1],
    ['1.0_rc', '1.0_rc1', -1],
    ['1.0', '1.0_cvs', -1],
    ['1.0_cvs', '1.0_svn', -1],
    ['1.0_svn', '1.0_git', -1],
    ['1.0_git', '1.0_hg', -1],
    ['1.0_hg', '1.0_p', -1],
    ['1.0_p1', '1.0_p2', -1],
    ['1.0_git20240101', '1.0_git20250101', -1],
    ['1.0_rc1', '1.0-r0', -1],
    ['1.0_p1', '1.0-r5', 1],
    ['1.0.1', '1.0-r5', 1],
    // A number with a leading zero is compared as text, except the first.
    ['1.01', '1.1', -1],
    ['1.001', '1.01', -1],
    ['01.1', '1.1', 0],
    ['1.1~abc', '1.1~abd', -1],
    ['1.2-r0', '1.2-r0', 0],
    ['99999999999999999998', '99999999999999999999', -1],
    ['junk', '0', -1],
    ['1.0-1', '1.0', -1],
    ['1.0_zip', '1.0', -1],
  ])('%s against %s is %i', (a, b, expected) => {
    expect(Math.sign(compareVersions(a, b))).toBe(expected);
    expect(Math.sign(compareVersions(b, a)) + expected).toBe(0);
  });

  test('the order is antisymmetric and a version equals itself', () => {
    const anything = string({ unit: constantFrom('0', '1', '9', 'a', '.', '_', 'rc', '_p', '~', '-r', '-') });
    assert(
      property(anything, anything, (a, b) => {
        expect(compareVersions(a, a)).toBe(0);
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
      }),
    );
  });

  test.each([
    ['1.2-r0', '=', '1.2-r0', true],
    ['1.2-r1', '=', '1.2-r0', false],
    ['1.9', '<', '2', true],
    ['2', '<', '2', false],
    ['2', '<=', '2', true],
    ['2.1', '>', '2', true],
    ['2', '>=', '2', true],
    ['1.2.3-r4', '~', '1.2', true],
    ['1.2.3-r4', '~=', '1.2', true],
    ['1.3', '~', '1.2', false],
    ['1.20', '~', '1.2', false],
  ])('%s meets %s%s: %s', (version, operator, wanted, expected) =>
    expect(satisfies(version, operator, wanted)).toBe(expected),
  );
});
