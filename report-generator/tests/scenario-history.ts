import { join } from 'node:path';
import { parsePolicy, type Policy } from '../../alerts/policy.ts';
import { loadFile } from '../../deploy/local/history.ts';
import { writeOpenMetrics } from '../../simulator/openmetrics.ts';
import { playedPolicy } from '../../simulator/played.ts';
import { endOf, type Scenario, startOf } from '../../simulator/scenarios/scenario.ts';
import { bySpan, together } from '../../simulator/scenarios/together.ts';
import { simulate } from '../../simulator/simulate.ts';
import type { Span } from '../../simulator/track.ts';
import type { MonthTruth } from '../../simulator/truth.ts';

/** Coarse, so that all scenarios fit into a minute or two of a processor. */
export const stepSeconds = 21_600;
const alertsStepSeconds = 300;

/** Of facts the report reads these; the rest of what hosts say would only be loaded. */
const factsRead = [
  'up',
  'maintenance_tasks_',
  'maintenance_task_',
  'maintenance_vulnerabilities_open',
  'maintenance_backup_expected_interval_',
  'maintenance_backup_last_success_',
  'maintenance_backup_restore_points',
  'maintenance_backup_runs_total',
];

/** The text has its own tasks; the first customer of the text is what those of the scenarios are like. */
export function scenarioPolicy(scenarios: readonly Scenario[], text: string): Policy {
  const policy = playedPolicy(parsePolicy(text));
  const [first] = Object.values(policy.customers);
  if (first === undefined) throw new Error('the policy has no customer');
  const customers = scenarios.map(
    ({ name, about, zone }) => [name, { ...first, name: about, zone }] as const,
  );
  return { ...policy, customers: Object.fromEntries(customers), services: {} };
}

interface Written {
  readonly paths: readonly string[];
  /** By scenario. */
  readonly truths: ReadonlyMap<string, MonthTruth>;
  /** By scenario, a file of acknowledgements. */
  readonly acknowledged: ReadonlyMap<string, string>;
}

/** Lines to write beside one. */
export type Also = (line: string) => readonly string[];

/**
 * Writes what Prometheus would have stored of each scenario, as OpenMetrics, a file for all with the same span.
 * `kept` is what is written of it; everything unless told.
 */
export async function writeScenarios(
  scenarios: readonly Scenario[],
  policy: Policy,
  directory: string,
  { kept, also = () => [] }: { readonly kept?: Span; readonly also?: Also } = {},
): Promise<Written> {
  const paths: string[] = [];
  const truths = new Map<string, MonthTruth>();
  const acknowledged = new Map<string, string>();
  for (const group of bySpan(scenarios)) {
    const [first] = group;
    if (first === undefined) continue;
    const names = group.map(({ name }) => name);
    const customers = Object.entries(policy.customers).filter(([name]) => names.includes(name));
    const { truth, lines, acknowledgements } = simulate({
      seed: 1,
      end: endOf(first),
      stepSeconds,
      alertsStepSeconds,
      policy: { ...policy, customers: Object.fromEntries(customers) },
      story: together(group),
    });
    const path = join(directory, `${first.name}.om`);
    await writeOpenMetrics(path, needed(lines(kept ?? { from: startOf(first), to: endOf(first) }), also));
    paths.push(path);
    for (const { name, month } of group) {
      const found = truth.customers[name]?.months[month];
      if (found === undefined) throw new Error(`the truth has no ${month} of ${name}`);
      truths.set(name, found);
      acknowledged.set(name, acknowledgements);
    }
  }
  return { paths, truths, acknowledged };
}

export async function loadScenarios(paths: readonly string[], data: string): Promise<void> {
  for (const path of paths) await loadFile(path, data);
}

/** Recorded series and alerts are told from facts by their colons and capitals. */
function* needed(lines: Iterable<string>, also: Also): Generator<string> {
  for (const line of lines) {
    if (line.startsWith('object:') && !/control="(?:tasks|backup)"/.test(line)) continue;
    if (!/^(?:[a-z]+:|ALERTS)/.test(line) && !factsRead.some((name) => line.startsWith(name))) continue;
    yield line;
    yield* also(line);
  }
}
