import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { collectors } from './collectors/index.ts';
import { between, pageOf, withCollector, withTables } from './generate.ts';

test('the tables of the README are as the code has them; `npm run generate` writes them', () => {
  const readme = readFileSync('exporter/README.md', 'utf8');
  expect(withTables(readme)).toBe(readme);
});

test('a text without its markers is refused, not overwritten', () => {
  expect(() => between('a', 'metrics', 'b')).toThrow('<!-- metrics -->');
  expect(between('x <!-- a --> old <!-- /a --> y', 'a', 'new')).toBe('x <!-- a -->\n\nnew\n\n<!-- /a --> y');
});

describe.each(collectors.map((collector) => [collector.name, collector] as const))(
  'docs/collectors/%s.md',
  (name, collector) => {
    const page = readFileSync(pageOf(collector), 'utf8');

    test('is as the code has it; `npm run generate` writes it', () => {
      expect(withCollector(page, collector)).toBe(page);
    });

    test('says what it reads, what it cannot know and what to do', () => {
      expect(page.startsWith(`# ${name}\n`)).toBe(true);
      for (const heading of ['## What it reads', '## What it cannot know', '## When something is wrong'])
        expect(page).toContain(`\n${heading}\n`);
    });

    test('describes every setting', () => {
      expect(page.match(/^\| `[^|]*\| [^|]*\|  \|$/gm) ?? []).toEqual([]);
    });
  },
);
