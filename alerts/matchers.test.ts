import { expect, test } from 'vitest';
import { allMatch, parseMatcher, textOfMatcher } from './matchers.ts';

test.each([
  ['instance="db-1"', { name: 'instance', operator: '=', value: 'db-1' }],
  [' instance != db-1 ', { name: 'instance', operator: '!=', value: 'db-1' }],
  ['object=~"a|b"', { name: 'object', operator: '=~', value: 'a|b' }],
  ['object!~"a=b"', { name: 'object', operator: '!~', value: 'a=b' }],
  ['object="a \\"b\\" \\\\ c"', { name: 'object', operator: '=', value: String.raw`a "b" \ c` }],
  ['object=""', { name: 'object', operator: '=', value: '' }],
])('%s is read, and written so that it reads back', (text, matcher) => {
  expect(parseMatcher(text)).toEqual(matcher);
  expect(parseMatcher(textOfMatcher(parseMatcher(text) ?? { name: '', operator: '=', value: '' }))).toEqual(
    matcher,
  );
});

test.each(['', 'instance', '="x"', '1a="x"', 'a="x', 'a="x"y', 'a=~"("', 'a~"x"'])(
  '%j is no matcher',
  (text) => {
    expect(parseMatcher(text)).toBeUndefined();
  },
);

test.each([
  ['a="x"', { a: 'x' }, true],
  ['a="x"', { a: 'xy' }, false],
  ['a=~"x"', { a: 'xy' }, false],
  ['a=~"x.*|z"', { a: 'xy' }, true],
  ['a=~".+"', {}, false],
  ['a=~".*"', {}, true],
  ['a=""', {}, true],
  ['a!="x"', {}, true],
  ['a!="x"', { a: 'x' }, false],
  ['a!~"x|y"', { a: 'y' }, false],
  ['a!~"x|y"', { a: 'yy' }, true],
  ['constructor=""', {}, true],
])('%s of %j is %s', (text, labels, expected) => {
  const matcher = parseMatcher(text);
  expect(matcher === undefined ? undefined : allMatch([matcher], labels)).toBe(expected);
});

test('all of them must hold', () => {
  const matchers = ['a="x"', 'b="y"'].flatMap((text) => parseMatcher(text) ?? []);
  expect(allMatch(matchers, { a: 'x', b: 'y' })).toBe(true);
  expect(allMatch(matchers, { a: 'x', b: 'z' })).toBe(false);
});
