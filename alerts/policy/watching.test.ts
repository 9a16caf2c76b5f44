import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../policy.ts';

const shipped = readFileSync(join(import.meta.dirname, '..', 'policy.yaml'), 'utf8');
const withSection = (section: string): string => `${shipped}\n${section}\n`;
const day = 86_400;

test('what holds without the section, and one value alone', () => {
  const { watching } = parsePolicy(shipped);
  expect(watching).toEqual({
    backup_size: 0.5,
    space_full: 0.97,
    clock_ahead: 300,
    retention: 45 * day,
    report: 35 * day,
    coverage: 0.95,
  });
  expect(parsePolicy(withSection('watching: { space_full: 90%, retention: 400d }')).watching).toEqual({
    ...watching,
    space_full: 0.9,
    retention: 400 * day,
  });
});

describe('a mistake is refused', () => {
  test.each([
    ['watching: 45d', 'watching: expected keys with values, got "45d".'],
    ['watching: { retenion: 45d }', 'watching.retenion: unknown key. Did you mean retention?'],
    ['watching: { retention: 45 }', 'watching.retention: expected a duration like 90m, 26h or 31d, got 45.'],
    [
      'watching: { retention: 2y }',
      'watching.retention: expected a duration like 90m, 26h or 31d, got "2y".',
    ],
    [
      'watching: { retention: 15d }',
      'watching.retention: expected at least 31d: a month must still be there when it is reported, got "15d".',
    ],
    [
      'watching: { report: 7d }',
      'watching.report: expected at least 31d: there is a report a month, got "7d".',
    ],
    [
      'watching: { report: monthly }',
      'watching.report: expected a duration like 90m, 26h or 31d, got "monthly".',
    ],
    [
      'watching: { clock_ahead: 0m }',
      'watching.clock_ahead: expected a duration like 90m, 26h or 31d, got "0m".',
    ],
    [
      'watching: { clock_ahead: 5 min }',
      'watching.clock_ahead: expected a duration like 90m, 26h or 31d, got "5 min".',
    ],
    ['watching: { backup_size: 0.5 }', 'watching.backup_size: expected a share like 95%, got 0.5.'],
    ['watching: { space_full: 120% }', 'watching.space_full: expected a share like 95%, got "120%".'],
    ['watching: { coverage: -5% }', 'watching.coverage: expected a share like 95%, got "-5%".'],
  ])('%s', (section, mistake) => {
    expect(() => parsePolicy(withSection(section))).toThrow(mistake);
  });
});
