import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHistory } from '../deploy/local/stack.ts';
import { startVictoria } from '../deploy/local/victoria.ts';
import { scenarios } from '../simulator/scenarios/list.ts';
import { measure } from './measure.ts';
import { prometheusAt } from './prometheus.ts';
import { snapshotText } from './snapshot.ts';
import { loadScenarios, scenarioPolicy, stepSeconds, writeScenarios } from './tests/scenario-history.ts';

/*
 * The same samples in Prometheus and in VictoriaMetrics: the same snapshot. What differs is named in docs/compatibility.md.
 */

const text = `${readFileSync('alerts/policy.yaml', 'utf8')}
tasks:
  alert_review: { title: Alerts of the week, category: perfective, every: week, on: mon, owner: operations }
`;
const names = ['everything', 'churn', 'onboarded', 'limit-shortened', 'night-down', 'lord-howe-october'];
const compared = scenarios.filter(({ name }) => names.includes(name));
const policy = scenarioPolicy(compared, text);
const directory = mkdtempSync(join(tmpdir(), 'maintenance-report-victoria-'));
const endings: (() => Promise<void>)[] = [];
const urls = { prometheus: '', victoria: '' };

beforeAll(async () => {
  const data = join(directory, 'data');
  mkdirSync(data);
  const { paths } = await writeScenarios(compared, policy, directory);
  const victoria = await startVictoria(directory, [`-search.maxLookback=${stepSeconds + 60}s`]);
  endings.push(victoria.stop);
  for (const path of paths) await victoria.load(path);
  await loadScenarios(paths, data);
  const prometheus = await startHistory(directory, stepSeconds);
  endings.push(prometheus.stop);
  Object.assign(urls, { prometheus: prometheus.url, victoria: victoria.url });
}, 600_000);
afterAll(async () => {
  await Promise.all(endings.map((end) => end()));
  rmSync(directory, { recursive: true });
});

test.each(compared)('$name is the same in both', async ({ name, month }) => {
  const subject = { policy, policyText: text, customer: name, month };
  const ours = await measure(subject, prometheusAt(urls.prometheus));
  const theirs = await measure(subject, prometheusAt(urls.victoria));
  expect(ours.indicators.filter(({ value }) => value !== null).length).toBeGreaterThan(20);
  expect({ ...theirs, prometheus: ours.prometheus }).toEqual(ours);
  expect(snapshotText({ ...theirs, prometheus: ours.prometheus })).toBe(snapshotText(ours));
});
