import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Prometheus } from '../deploy/local/prometheus.ts';
import { startHistory } from '../deploy/local/stack.ts';
import { scenarios } from '../simulator/scenarios/list.ts';
import type { Scenario } from '../simulator/scenarios/scenario.ts';
import type { MonthTruth } from '../simulator/truth.ts';
import { parseAcknowledgements } from './acknowledgements/file.ts';
import { measure, trendMonths } from './measure.ts';
import { monthPeriod, monthsUpTo } from './period.ts';
import { prometheusAt } from './prometheus.ts';
import type { Snapshot } from './snapshot.ts';
import { cellOf } from './tests/scenario-cells.ts';
import { loadScenarios, scenarioPolicy, stepSeconds, writeScenarios } from './tests/scenario-history.ts';

/*
 * Every indicator in every scenario: equal to the truth, a range that contains it with the reason, or no value for the right
 * reason. All scenarios share one real Prometheus, each as a customer of its own.
 */

const text = `${readFileSync('alerts/policy.yaml', 'utf8')}
tasks:
  alert_review: { title: Alerts of the week, category: perfective, every: week, on: mon, owner: operations }
  access_review: { title: Access, category: preventive, every: month, owner: security, grace: 5d }
  backup_review: { title: Backup plan, category: preventive, every: month, on: 15, owner: backups }
`;
const replicas = scenario('quiet', 'replicas');
/** Those of the second server, where somebody asks both at once. */
const fromSecond = (line: string): readonly string[] =>
  line.startsWith('customer:') && line.includes('customer="replicas"')
    ? [line.replace('{', '{replica="b",')]
    : [];
const policy = scenarioPolicy([...scenarios, replicas], text);
const directory = mkdtempSync(join(tmpdir(), 'maintenance-scenarios-'));
let server: Prometheus;
let truths: ReadonlyMap<string, MonthTruth>;
let acknowledged: ReadonlyMap<string, string>;

beforeAll(async () => {
  const data = join(directory, 'data');
  mkdirSync(data);
  const written = await writeScenarios([...scenarios, replicas], policy, directory, { also: fromSecond });
  ({ truths, acknowledged } = written);
  await loadScenarios(written.paths, data);
  server = await startHistory(directory, stepSeconds);
}, 900_000);
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

const table: string[] = [];

let template: Snapshot | undefined;

/** Empty reports of the year before: only the month itself is asked for. */
function yearBefore(month: string): readonly Snapshot[] {
  const years = monthsUpTo(month, trendMonths).slice(0, -1);
  return years.flatMap((each) =>
    template === undefined ? [] : [{ ...template, month: each, indicators: [], hosts: [], facts: {} }],
  );
}

async function measured(url: string, name: string, month: string): Promise<Snapshot> {
  const acknowledgements = parseAcknowledgements(acknowledged.get(name) ?? '', 'acknowledgements.yaml');
  const inputs = { acknowledgements };
  const subject = { policy, policyText: text, customer: name, month, inputs, archived: yearBefore(month) };
  const snapshot = await measure(subject, prometheusAt(url));
  template ??= snapshot;
  return snapshot;
}

/** Adds to the table. @returns what is not true. */
function held(name: string, snapshot: Snapshot, truth: MonthTruth): readonly string[] {
  return snapshot.indicators.flatMap((found) => {
    const cell = cellOf(found, truth, snapshot);
    table.push(`${name.padEnd(30)} ${found.id.padEnd(24)} ${cell?.text ?? 'not compared'}`);
    if (cell === undefined) return [`${found.id}: no truth`];
    return cell.lies.map((lie) => `${found.id}: ${lie}`);
  });
}

test.each(scenarios)('$name: the report tells the truth, $about', async ({ name, month }) => {
  const truth = truths.get(name);
  if (truth === undefined) throw new Error(`no truth of ${name}`);
  expect(held(name, await measured(server.url, name, month), truth)).toEqual([]);
});

test('what two servers recorded is refused', async () => {
  table.push(`${replicas.name.padEnd(30)} ${'every indicator'.padEnd(24)} refused (two servers recorded it)`);
  await expect(measured(server.url, replicas.name, replicas.month)).rejects.toThrow(
    /more than one series.*Ask one Prometheus/,
  );
});

test('a Prometheus that kept half of the month tells of that half', async () => {
  const whole = scenario('everything');
  const { start, end } = monthPeriod(whole.month, whole.zone);
  const folder = join(directory, 'forgetful');
  mkdirSync(join(folder, 'data'), { recursive: true });
  const kept = { from: (start + end) / 2, to: end + 86_400 };
  const { paths } = await writeScenarios([whole], policy, folder, { kept });
  await loadScenarios(paths, join(folder, 'data'));
  const forgetful = await startHistory(folder, stepSeconds);
  try {
    const snapshot = await measured(forgetful.url, whole.name, whole.month);
    const before = { ...whole, outages: [[-3, 3 + (kept.from - start) / 86_400]] as const };
    const { truths: known } = await writeScenarios([before], policy, folder);
    const truth = known.get(whole.name);
    if (truth === undefined) throw new Error('no truth');
    const lies = held('everything, half kept', snapshot, truth);
    // What fired when the memory begins is dated back, and belongs to the month in which it began.
    expect(
      lies.filter((lie) => !/^(?:incidents_opened|time_to_re|response_|maintenance_on_time)/.test(lie)),
    ).toEqual([]);
    const controls = snapshot.indicators.filter((one) => one.atEnd !== null);
    expect(controls.length).toBeGreaterThan(15);
    for (const { id, coverage, verdict } of controls) {
      expect(verdict, id).toBeOneOf(['unknown', 'missed']);
      expect(coverage.time, id).toBeCloseTo(0.5, 1);
    }
  } finally {
    await forgetful.stop();
  }
});

test('the table has every scenario and nothing else', () => {
  console.log(table.join('\n'));
  expect(new Set(table.map((row) => row.split(' ')[0])).size).toBe(scenarios.length + 2);
  expect(table.filter((row) => row.endsWith('not compared'))).toEqual([]);
});

function scenario(name: string, as = name): Scenario {
  const found = scenarios.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return { ...found, name: as };
}
