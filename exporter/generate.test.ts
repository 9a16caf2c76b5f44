import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { between, withTables } from './generate.ts';

test('the tables of the README are as the code has them; `npm run generate` writes them', () => {
  const readme = readFileSync('exporter/README.md', 'utf8');
  expect(withTables(readme)).toBe(readme);
});

test('a text without its markers is refused, not overwritten', () => {
  expect(() => between('a', 'metrics', 'b')).toThrow('<!-- metrics -->');
  expect(between('x <!-- a --> old <!-- /a --> y', 'a', 'new')).toBe('x <!-- a -->\n\nnew\n\n<!-- /a --> y');
});
