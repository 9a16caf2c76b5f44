import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { labelText, line, writeOpenMetrics } from './openmetrics.ts';

test('quotes, backslashes and line ends in labels are escaped', () => {
  expect(labelText({ a: 'x', b: 'say "C:\\"\n' })).toBe(String.raw`a="x",b="say \"C:\\\"\n"`);
});

test('infinities are written as OpenMetrics wants them', () => {
  expect(line('age', 'a="x"', Infinity, 1_700_000_000)).toBe('age{a="x"} +Inf 1700000000\n');
  expect(line('age', 'a="x"', -Infinity, 1_700_000_000)).toBe('age{a="x"} -Inf 1700000000\n');
});

test('a file ends with the end mark, also when it holds more than a megabyte', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'openmetrics-'));
  try {
    const path = join(directory, 'x.om');
    const lines = Array.from({ length: 60_000 }, (_, index) => line('up', 'instance="host"', 1, index));
    expect(await writeOpenMetrics(path, lines)).toBe(60_000);
    expect(readFileSync(path, 'utf8')).toBe(`${lines.join('')}# EOF\n`);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
