import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { yaml } from '../generate.ts';
import { readPolicy } from '../policy.ts';
import { recordRules } from '../record-rules.ts';
import { scraped, server } from './facts.ts';
import { testRules } from './promtool.ts';

const directory = mkdtempSync(join(tmpdir(), 'maintenance-memory-'));
afterAll(() => rmSync(directory, { recursive: true }));

const policy = readPolicy(join(import.meta.dirname, 'policy.yaml'));
const of = '{control="host_reporting"}';

/** Evaluates these groups over a host that is there, and compares half an hour later. */
function evaluate(names: readonly string[], expected: Readonly<Record<string, number | undefined>>): void {
  const groups = recordRules(policy).groups.filter(({ name }) => names.includes(name));
  expect(groups.map(({ name }) => name)).toEqual(names);
  writeFileSync(join(directory, 'rules.yaml'), yaml({ groups }));
  const values = Object.entries(expected).map(([expression, value]) => [
    `sum(${expression}${of})`,
    value === undefined ? {} : { '{}': value },
  ]);
  testRules(directory, ['rules.yaml'], names, scraped({ on: server }), [
    { at: 1800, expected: Object.fromEntries(values) },
  ]);
}

test('nothing is counted until what is remembered was read: what is silent would be missing', () => {
  const objects = {
    'object:maintenance_control_expected:bool': 1,
    'object:maintenance_control_compliant:bool': 1,
  };
  const counts = [
    'customer:maintenance_control_expected:sum',
    'customer:maintenance_control_known:sum',
    'customer:maintenance_control_compliant:ratio',
    'instance:maintenance_control_compliant:min',
  ] as const;
  const countsAs = (value: number | undefined) => Object.fromEntries(counts.map((name) => [name, value]));
  evaluate(['maintenance-controls'], { ...objects, ...countsAs(undefined) });
  evaluate(['maintenance-memory', 'maintenance-controls'], { ...objects, ...countsAs(1) });
});
