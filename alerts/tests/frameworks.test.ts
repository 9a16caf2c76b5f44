import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frameworkRules } from '../framework-records.ts';
import { type FrameworkName, frameworkNames, frameworks } from '../frameworks.ts';
import { evidenceOf } from '../frameworks/framework.ts';
import { personTasks } from '../frameworks/planned.ts';
import { yaml } from '../generate.ts';
import { memoryGroup } from '../memory-records.ts';
import { type Policy, readPolicy } from '../policy.ts';
import { recordRules } from '../record-rules.ts';
import { type FrameworkCase, frameworkCases, shownSeries } from './framework-cases.ts';

/*
 * What the rules of readiness make of controls, evaluated by a real Prometheus: the verdicts, and that a rule that says
 * something else is noticed. Every control and task of the catalogue counts as recorded here.
 */

const shipped = readPolicy(join(import.meta.dirname, 'policy.yaml'));
const [anybody] = Object.values(shipped.customers);

function listing(names: readonly FrameworkName[], labels: readonly string[]): Policy {
  if (anybody === undefined) throw new Error('the policy has no customer');
  const one = { ...anybody, frameworks: [...names] };
  const [task] = Object.values(shipped.tasks);
  if (task === undefined) throw new Error('the policy has no task');
  const tasks = Object.fromEntries(Object.keys(personTasks).map((name) => [name, task]));
  return { ...shipped, tasks, customers: Object.fromEntries(labels.map((label) => [label, one])) };
}

/** Each case has customers of its own, so that one evaluation judges all cases. */
const labelOf = (index: number, customer: string): string => `case-${index}-${customer}`;
const labels = frameworkCases.flatMap(({ verdict }, index) =>
  [...new Set(['acme', ...Object.keys(verdict)])].map((customer) => labelOf(index, customer)),
);

const everything = frameworks.flatMap(({ requirements }) =>
  requirements.flatMap(evidenceOf).map(({ control }) => control),
);
const used = new Set(frameworkCases.map(({ requirement }) => requirement));
const summaries = recordRules(shipped)
  .groups.flatMap(({ rules }) => rules)
  .filter(({ record }) => record.startsWith('customer:'));
const rules = frameworkRules(listing(frameworkNames, labels), everything).filter(
  ({ labels: { requirement } = {} }) => requirement === undefined || used.has(requirement),
);
const written = yaml({ groups: [{ name: 'all', interval: '1m', rules: [...summaries, ...rules] }] });

const directory = mkdtempSync(join(tmpdir(), 'maintenance-frameworks-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Series of everything the requirement rests on; what the case does not name is in order. */
function seriesOf({ framework, requirement, shown }: FrameworkCase, index: number): readonly object[] {
  const found = frameworks
    .find(({ name }) => name === framework)
    ?.requirements.find(({ id }) => id === requirement);
  const rest = (found === undefined ? [] : evidenceOf(found))
    .filter(({ control }) => shown[control] === undefined)
    .map(({ control, object, device }) => [control, [{ object, role: device }]] as const);
  return [...Object.entries(shown), ...rest].flatMap(([control, objects]) =>
    Object.entries(shownSeries(control, objects, (customer) => labelOf(index, customer))).map(
      ([series, values]) => ({ series, values }),
    ),
  );
}

const verdict = 'customer:maintenance_requirement_verdict:last';

function expectations(
  { framework, requirement, verdict: verdicts, ratios }: FrameworkCase,
  index: number,
): readonly object[] {
  const asked = { [verdict]: verdicts, ...ratios };
  return Object.entries(asked).map(([name, samples]) => {
    const about = `framework="${framework}"${name === verdict ? `,requirement="${requirement}"` : ''}`;
    return {
      expr: `${name}{customer=~"${labelOf(index, '.*')}",${about}}`,
      eval_time: '1m',
      exp_samples: Object.entries(samples).map(([customer, value]) => ({
        labels: `${name}{customer="${labelOf(index, customer)}",${about}}`,
        value,
      })),
    };
  });
}

/** Nothing is counted before the memory was read. */
const memoryRead = {
  series: `maintenance:evaluation_timestamp_seconds{rule_group="${memoryGroup}"}`,
  values: '0x120',
};

/** What promtool says of the rules in a text and the cases. */
function said(text: string, cases: readonly FrameworkCase[]): string {
  writeFileSync(join(directory, 'rules.yaml'), text);
  const unit = {
    interval: '1m',
    input_series: [memoryRead, ...cases.flatMap(seriesOf)],
    promql_expr_test: cases.flatMap(expectations),
  };
  const file = join(directory, 'test.yaml');
  writeFileSync(file, yaml({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests: [unit] }));
  const { stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
  expect(stdout + stderr).toMatch(/SUCCESS|FAILED/);
  return stdout + stderr;
}

let told = '';
beforeAll(() => {
  told = said(written, frameworkCases);
});

describe('verdicts', () => {
  test.each(frameworkCases.map(({ fact }, index) => [fact, index] as const))('%s', (_, index) => {
    expect(told.split('expr:').filter((part) => part.includes(labelOf(index, '.*')))).toEqual([]);
  });

  test('nothing else is wrong', () => {
    expect(told).toMatch(/^\s*SUCCESS/m);
    expect(told).not.toContain('FAILED');
  });
});

/** Each is a mistake somebody could make, and gives verdicts that are too good or too bad. */
const mutations: readonly (readonly [mistake: string, from: string | RegExp, to: string])[] = [
  [
    'shares of what is known',
    'evidence_ok:sum / (customer:maintenance_evidence_expected:sum',
    'evidence_ok:sum / (customer:maintenance_evidence_known:sum',
  ],
  [
    'more than the share of met is wanted',
    'share:worst >= on (framework) group_left () framework:maintenance_met',
    'share:worst > on (framework) group_left () framework:maintenance_met',
  ],
  ['the share of partly is not enough for partly', 'share:best < on', 'share:best <= on'],
  ['the worst case decides what fails', 'share:best < on', 'share:worst < on'],
  [
    'what is unknown is judged all the same',
    '(customer:maintenance_evidence_known:sum / (customer:maintenance_evidence_expected:sum > 0) >= on (framework) group_left () framework:maintenance_known_share:limit)',
    'customer:maintenance_evidence_share:worst',
  ],
  ['partly as hard as met', /maintenance_partly_share:limit\n/g, 'maintenance_met_share:limit\n'],
  [
    'the limit of the policy in place of the age',
    /object:maintenance_control_age_seconds:last(\{[^}]*patch_security"\}) <= 1209600/,
    'object:maintenance_control_compliant:bool$1 == 1',
  ],
  ['a day more', '<= 1209600', '<= 1296000'],
  [
    'exceptions for all frameworks',
    /customer:maintenance_control_compliant:sum\{/g,
    'customer:maintenance_control_accepted:sum{',
  ],
  [
    'exceptions for none',
    /customer:maintenance_control_accepted:sum\{/g,
    'customer:maintenance_control_compliant:sum{',
  ],
  [
    'an exception makes known',
    '((object:maintenance_control_known:bool == 1) and (object:maintenance_control_excepted:bool == 1))',
    '(object:maintenance_control_excepted:bool == 1)',
  ],
  [
    'an exception counts beside what is in order',
    /^ *\(object:maintenance_control_compliant:bool == 1\)\n *or\n(.*)$/m,
    '            label_replace(object:maintenance_control_compliant:bool == 1, "part", "one", "", "")\n            or\n$1',
  ],
  ['the whole control in place of an object', /,object="ssh_root_login"/g, ''],
  ['the whole control in place of a kind of device', /,role=~"network[^"]*"/g, ''],
  ['some essential parts are enough', /\) == (\d+)\)$/gm, ') > 0)'],
  ['supporting parts do not matter', /, 0\.5\)$/gm, ', 1)'],
  [
    'a failure does not outweigh what is not assessed',
    /min by \(customer\) \((.*) == 0\)$/gm,
    'min by (customer) ($1 == 7)',
  ],
  ['an age that is at least so much is taken for the age', /basis="first_seen"/g, 'basis="none"'],
  ['without a release date nothing is known', /< time\(\) - object/g, '< 0 * object'],
  ['one customer for all', /customer=~"case[^"]*"/g, 'customer=~"case-0-acme"'],
  [
    'shares of what is assessed',
    /\(customer:maintenance_requirements_in_scope:count > 0\)/g,
    'count by (customer, framework) (customer:maintenance_requirement_verdict:last)',
  ],
];

describe('a rule that says something else is noticed', () => {
  test.each(mutations)('%s', (_, from, to) => {
    const text = written.replaceAll(
      typeof from === 'string' ? from : new RegExp(from, 'g' + from.flags.replace('g', '')),
      to,
    );
    expect(text).not.toBe(written);
    expect(said(text, frameworkCases)).toContain('FAILED');
  });
});

test('no customer lists a framework: no rules', () => {
  expect(frameworkRules(listing([], labels))).toEqual([]);
});
