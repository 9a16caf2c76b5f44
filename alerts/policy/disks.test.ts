import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../policy.ts';

const shipped = readFileSync(join(import.meta.dirname, '..', 'policy.yaml'), 'utf8');

/** The shipped policy with another section about disks. */
function withDisks(section: string): string {
  expect(shipped).toMatch(/^disks:\n(?: .*\n)+/m);
  return shipped.replace(/^disks:\n(?: .*\n)+/m, section);
}

test('the shipped limits are those that hold without the section', () => {
  const { disks } = parsePolicy(shipped);
  expect(disks).toEqual({
    wear: 0.9,
    annual_failure_ratio: 0.2,
    temperature: 60,
    unrecovered_errors: 0,
    grown_defects: 16,
    growth_30d: {
      reallocated_sectors: 0,
      pending_sectors: 0,
      uncorrectable_errors: 0,
      media_errors: 0,
      interface_crc_errors: 10,
    },
  });
  expect(parsePolicy(withDisks('')).disks).toEqual(disks);
});

test('one limit can be set alone', () => {
  const { disks } = parsePolicy(withDisks('disks: { wear: 75%, growth_30d: { media_errors: 3 } }\n'));
  expect(disks).toMatchObject({ wear: 0.75, temperature: 60 });
  expect(disks.growth_30d).toMatchObject({ media_errors: 3, interface_crc_errors: 10 });
});

describe('a mistake is refused', () => {
  test.each([
    ['disks: { weer: 90% }', 'disks.weer: unknown key. Did you mean wear?'],
    ['disks: { wear: 90 }', 'disks.wear: expected a share like 95%, got 90.'],
    ['disks: { temperature: 60C }', 'disks.temperature: expected degrees Celsius like 60, got "60C".'],
    ['disks: { temperature: 333 }', 'disks.temperature: expected degrees Celsius from 20 to 120, got 333.'],
    ['disks: 60', 'disks: expected keys with values, got 60.'],
    [
      'disks: { annual_failure_ratio: 0.2 }',
      'disks.annual_failure_ratio: expected a share like 95%, got 0.2.',
    ],
    [
      'disks: { unrecovered_errors: none }',
      'disks.unrecovered_errors: expected a count like 0 or 16, got "none".',
    ],
    ['disks: { growth_30d: 4 }', 'disks.growth_30d: expected keys with values, got 4.'],
    [
      'disks: { growth_30d: { media_errors: 0.5 } }',
      'disks.growth_30d.media_errors: expected a count like 0 or 16, got 0.5.',
    ],
    ['disks: { grown_defects: -1 }', 'disks.grown_defects: expected a count like 0 or 16, got -1.'],
    [
      'disks: { growth_30d: { crc_errors: 1 } }',
      'disks.growth_30d.crc_errors: unknown key. Allowed: reallocated_sectors, pending_sectors, uncorrectable_errors, media_errors, interface_crc_errors.',
    ],
  ])('%s', (section, mistake) => {
    expect(() => parsePolicy(withDisks(`${section}\n`))).toThrow(mistake);
  });
});
