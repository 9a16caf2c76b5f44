import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { policyJsonSchema } from './policy-schema.ts';
import { readSource } from './policy/source.ts';
import { type Edit, edited } from './tests/edited-policy.ts';

const file = 'alerts/generated/policy.schema.json';
// The schema as an editor reads it: from the file, with nothing of the code that made it.
const written = z.fromJSONSchema(JSON.parse(readFileSync(file, 'utf8')));

function refused(source: string): readonly string[] {
  const result = written.safeParse(readSource(source).document);
  return result.success ? [] : result.error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`);
}

test('what is committed is what the code makes', () => {
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(policyJsonSchema());
});

test.each(['alerts/policy.yaml', 'alerts/examples/three-customers.yaml', 'alerts/tests/policy.yaml'])(
  '%s fits it',
  (path) => {
    expect(refused(readFileSync(path, 'utf8'))).toEqual([]);
  },
);

describe('a mistake an editor can see', () => {
  test.each<[string, Edit, string]>([
    ['a misspelt key', ['        limit: 14d', '        limt: 14d'], 'controls.patch_security.overrides.1'],
    ['a misspelt section', ['responsibilities:', 'responsibilites:'], ''],
    [
      'a duration without a unit',
      ['        limit: 14d', '        limit: 14'],
      'controls.patch_security.overrides.1.limit',
    ],
    [
      'a duration in weeks',
      ['        limit: 14d', '        limit: 2w'],
      'controls.patch_security.overrides.1.limit',
    ],
    ['a share that is a ratio', ['slo: 99.9%', 'slo: 0.999'], 'services.acme-shop.slo'],
    [
      'a control that is none',
      ['appliance: [host_reporting]', 'appliance: [host_reportin]'],
      'roles.appliance.0',
    ],
    ['hours that are none', ['fri: [09:00-15:00]', 'fri: [9-15]'], 'customers.acme.working_hours.fri.0'],
    ['a day that is none', ['fri: [09:00-15:00]', 'friday: [09:00-15:00]'], 'customers.acme.working_hours'],
    ['no owner of an exception', ['    owner: Javier Gil\n', ''], 'exceptions.0.owner'],
    [
      'a category that is none',
      ['category: adaptive', 'category: adaptative'],
      'tasks.licence_review.category',
    ],
  ])('%s', (_, edit, path) => {
    expect(refused(edited(edit)).map((line) => line.split(':')[0])).toContainEqual(
      expect.stringMatching(new RegExp(`^${path.replaceAll('.', String.raw`\.`)}`)),
    );
  });
});

test('people read what a key means and how a value is written', () => {
  const schema = JSON.stringify(policyJsonSchema());
  for (const words of ['The share of objects a month must reach.', 'One number and one unit: 90m, 26h, 31d.'])
    expect(schema).toContain(words);
});

test('docs/policy.md explains every key', () => {
  const docs = readFileSync('docs/policy.md', 'utf8');
  const told = new Set(
    [...docs.matchAll(/`([^`\n]+)`/g), ...docs.matchAll(/^## (.+)$/gm)].flatMap(
      ([, words = '']) => words.match(/\w+/g) ?? [],
    ),
  );
  const keys = [...new Set(keysOf(policyJsonSchema()))];
  expect(keys).toEqual(expect.arrayContaining(['limit', 'url_file', 'day_30', 'interface_crc_errors']));
  expect(keys.filter((key) => !told.has(key))).toEqual([]);
});

/** Every key an object of the schema may have. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties: unknown = Reflect.get(schema, 'properties');
  const own = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  return [...own, ...Object.values(schema).flatMap(keysOf)];
}
