import { expect, test } from 'vitest';
import { readSource } from './source.ts';

const text = `# a comment
customers:
  acme:
    holidays: [{ name: One }, { name: Two }]
    contacts:
      - name: Ana
      -
        name: Ben

  birch: {}
`;

test.each([
  [2, []],
  [2, ['customers']],
  [3, ['customers', 'acme']],
  [4, ['customers', 'acme', 'holidays', 1, 'name']],
  [6, ['customers', 'acme', 'contacts', 0, 'name']],
  [8, ['customers', 'acme', 'contacts', 1]],
  [3, ['customers', 'acme', 'zone']],
  [5, ['customers', 'acme', 'contacts', 7, 'name']],
  [10, ['customers', 'birch', 'holidays', 0]],
  [2, ['routes', 0]],
])('line %i has %j', (line, path) => {
  expect(readSource(text).lineOf(path)).toBe(line);
});

test.each([
  ['nothing', '', [{ path: [], reason: 'is empty', line: 1 }]],
  ['comments only', '# one\n# two\n', [{ path: [], reason: 'is empty', line: 1 }]],
  ['a key twice', 'a: 1\nb: 2\na: 3\n', [{ path: [], reason: 'the key is there twice', line: 3 }]],
  ['a tab', 'a:\n\tb: 1\n', [{ path: [], reason: 'Tabs are not allowed as indentation', line: 2 }]],
])('%s is no policy', (_, source, mistakes) => {
  expect(readSource(source).mistakes).toEqual(mistakes);
  expect(readSource(source).document).toBeUndefined();
});

test('a date stays a text, a merge key is followed, a name of Object is a name', () => {
  expect(readSource('a: &base { day: 2026-12-25 }\nb: { <<: *base, more: 09:00-14:00 }\n').document).toEqual({
    a: { day: '2026-12-25' },
    b: { day: '2026-12-25', more: '09:00-14:00' },
  });
  expect(readSource('constructor: 1\n').document).toEqual({ constructor: 1 });
});

test('aliases that grow without end are refused', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (const name of 'bcdefgh') {
    const before = String.fromCodePoint((name.codePointAt(0) ?? 0) - 1);
    bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`);
  }
  expect(readSource(bomb.join('\n')).mistakes).toEqual([
    { path: [], reason: 'Excessive alias count indicates a resource exhaustion attack', line: 1 },
  ]);
});
