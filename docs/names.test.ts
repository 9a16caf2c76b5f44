import { globSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generate } from '../alerts/generate.ts';
import { readPolicy } from '../alerts/policy.ts';
import { records } from '../alerts/records.ts';
import { metrics } from '../exporter/metrics.ts';

const known = new Set([...Object.keys(metrics), ...Object.keys(records)]);

/** Not metrics: names of files, units, users and indicators that share the prefix, and the example of the docs. */
const others = new Set(['maintenance_clock_offset_seconds', 'maintenance_on_time']);

/** Everything users install or read. */
const published = [
  ...filesIn('.', /^(README|CHANGELOG)\.md$/),
  ...filesIn('docs', /\.md$/),
  ...filesIn('docs/collectors', /\.md$/),
  ...filesIn('exporter', /\.md$/),
  ...filesIn('simulator', /\.md$/),
  ...filesIn('alerts/generated', /\.yaml$/),
  ...filesIn('alerts/runbooks', /\.md$/),
  ...filesIn('alerts/tests', /\.yaml$/),
  ...filesIn('dashboards/generated', /\.json$/),
];

test('rules, boards, runbooks and docs exist to be checked', () => {
  expect(published.length).toBeGreaterThan(15);
});

test.each(published)('%s names only series that exist', (file) => {
  expect(namesIn(readFileSync(file, 'utf8')).filter((name) => !known.has(name) && !others.has(name))).toEqual(
    [],
  );
});

test('a stray name is found', () => {
  expect(
    namesIn('rate(maintenance_patch_pendings[5m]) / customer:maintenance_control_compliant:ration{a="b"}'),
  ).toEqual(['maintenance_patch_pendings', 'customer:maintenance_control_compliant:ration']);
});

test('every metric of the catalogue is measured by something', () => {
  // The report tells of itself.
  const code = [...globSync('exporter/**/*.ts'), ...globSync('report-generator/*.ts')]
    .filter((file) => file !== 'exporter/metrics.ts' && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  expect(Object.keys(metrics).filter((name) => !code.includes(`'${name}'`))).toEqual([]);
});

test('every recorded series is recorded by a generated rule', () => {
  // The example uses every section of the policy.
  const rules = generate(readPolicy('alerts/examples/three-customers.yaml'))['records.yaml'] ?? '';
  const recorded = new Set([...rules.matchAll(/record: (\S+)/g)].map(([, name]) => name));
  expect(Object.keys(records).filter((name) => !recorded.has(name))).toEqual([]);
});

/** Whole names of metrics (`maintenance_...`) and of records (`level:maintenance_...:operation`). */
function namesIn(text: string): readonly string[] {
  const tokens = text.match(/(?<![\w:.$/-])(?:[a-z]+:)?maintenance[_:][a-z0-9_:]*[a-z0-9](?![\w:*-])/g) ?? [];
  return [...new Set(tokens)].filter((token) => !/^maintenance_[a-z]+$/.test(token) || known.has(token));
}

function filesIn(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(folder)
    .filter((file) => pattern.test(file))
    .toSorted()
    .map((file) => (folder === '.' ? file : `${folder}/${file}`));
}
