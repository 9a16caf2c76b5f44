import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluationOrder } from '../evaluation-order.ts';
import { coexistenceGroups, coexistenceRules } from '../coexistence.ts';
import { generate, yaml } from '../generate.ts';
import type { Policy } from '../policy.ts';
import { type Series, step } from './facts.ts';

/**
 * Writes the generated rules into a directory.
 * @param records beginning of the mapped facts that count; promtool reads every rule anew at every evaluation, so that others only cost.
 */
export function writeRules(directory: string, policy: Policy, records: string): void {
  for (const [name, text] of Object.entries(generate(policy))) writeFileSync(join(directory, name), text);
  for (const [name, file] of Object.entries(coexistenceRules(policy))) {
    const groups = file.groups.map((group) => ({
      ...group,
      rules: group.rules.filter(({ record }) => record.startsWith(records)),
    }));
    writeFileSync(join(directory, name), yaml({ groups }));
  }
}

/**
 * Evaluates the rules of other exporters, controls and alerts over series, and compares what expressions give at one instant.
 * @param directory where the generated rules are.
 * @param at seconds.
 * @param expected series and values by expression.
 * @throws Error that says what came instead.
 */
export function promtool(
  directory: string,
  series: Series,
  at: number,
  expected: Readonly<Record<string, Readonly<Record<string, number>>>>,
): void {
  const files = ['coexistence-*.yaml', 'records.yaml', 'alerts.yaml'];
  testRules(directory, files, [...coexistenceGroups, ...evaluationOrder], series, [{ at, expected }]);
}

/** What expressions give at one instant, in seconds: series and values by expression. */
export interface Moment {
  readonly at: number;
  readonly expected: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Evaluates the groups of rule files in an order, and compares at some moments. @throws Error that says what came instead. */
export function testRules(
  directory: string,
  files: readonly string[],
  groups: readonly string[],
  series: Series,
  moments: readonly Moment[],
): void {
  const file = join(directory, 'test.yaml');
  const promql_expr_test = moments.flatMap(({ at, expected }) =>
    Object.entries(expected).map(([expr, samples]) => ({
      expr,
      eval_time: `${at}s`,
      exp_samples: Object.entries(samples).map(([labels, value]) => ({ labels, value })),
    })),
  );
  const unit = {
    interval: `${step}s`,
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test,
  };
  writeFileSync(
    file,
    yaml({
      rule_files: files,
      evaluation_interval: `${step}s`,
      group_eval_order: groups,
      tests: [unit],
    }),
  );
  try {
    execFileSync('promtool', ['test', 'rules', file], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    throw new Error(`promtool: ${said}`, { cause: error });
  }
}
