import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectHonest } from '../../fixtures/smartctl/honesty.ts';
import {
  collectReport,
  facts,
  fullAtaReport,
  fullNvmeReport,
  fullSasReport,
  hasShared,
  shared,
} from '../../fixtures/smartctl/reports.ts';

/** Places in a report, as paths; array elements by their index. */
function places(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    ...(path.length === 0 ? [] : [path]),
    ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key])),
  ];
}

const absent = Symbol('absent');

function replaceAt(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    const changed = name === key ? replaceAt(inner, rest, by) : inner;
    return changed === absent ? [] : [[name, changed]];
  });
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

const damage = fc.record({
  place: fc.nat(),
  by: fc.constantFrom<unknown>(
    absent,
    null,
    '',
    'text',
    '17 apples',
    'x'.repeat(5000),
    true,
    false,
    [],
    [1, 2, 3],
    {},
    { value: 1 },
    -1,
    0.5,
    255,
    2 ** 60,
    1e300,
    Number.MAX_VALUE,
    Infinity,
  ),
});

describe('a damaged report', () => {
  const reports: readonly unknown[] = [
    fullAtaReport,
    fullNvmeReport,
    fullSasReport,
    ...(hasShared ? someShared() : []),
  ];

  test('never fails the run and never invents a number', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...reports),
        fc.array(damage, { minLength: 1, maxLength: 6 }),
        async (whole, damages) => {
          let report = whole;
          for (const { place, by } of damages) {
            const all = places(report);
            report = replaceAt(report, all[place % Math.max(1, all.length)] ?? [], by);
          }
          // Numbers beyond a double come out of JSON.parse as Infinity, as they would from smartctl's text.
          const text = JSON.stringify(report, (_, value: unknown) =>
            value === Infinity ? 'HUGE' : value,
          ).replaceAll('"HUGE"', '1e999');
          expectHonest(await collectReport(text), JSON.parse(text));
        },
      ),
      // The same thousand each time; SEED looks elsewhere.
      { numRuns: 1000, seed: Number(process.env['SEED'] ?? 1) },
    );
  });

  test('cut at any byte is read whole or not at all', async () => {
    const text = JSON.stringify(fullNvmeReport);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), async (length) => {
        const { samples, problems } = await collectReport(text.slice(0, length));
        expect(facts(samples)).toEqual({ present: 1, readable: 0 });
        expect(problems.map(({ reason }) => reason)).toEqual(['unexpected_output']);
      }),
    );
  });
});

function someShared(): readonly unknown[] {
  return [
    'smart-fail2.json',
    'smart-raid.json',
    'smart-scsi2.json',
    'smart-megaraid0.json',
    'smart-nvme2.json',
  ].map((name) =>
    JSON.parse(readFileSync(`${shared}AnalogJ+scrutiny/webapp/backend/pkg/models/testdata/${name}`, 'utf8')),
  );
}
