import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metrics } from '../exporter/metrics.ts';
import { alertGroups, alertRules } from './alert-rules.ts';
import { generate } from './generate.ts';
import { readPolicy } from './policy.ts';
import { recordGroups, recordRules } from './record-rules.ts';
import { records } from './records.ts';

const policy = readPolicy(join(import.meta.dirname, 'policy.yaml'));
const groups = [...recordRules(policy).groups, ...alertRules(policy).groups];
const rules = groups.flatMap((group) => group.rules);
const alerts = rules.flatMap((rule) => ('alert' in rule ? [rule] : []));
const files = generate(policy);
/** Alerts that tell nobody of anything wrong. */
const signals: readonly string[] = ['MaintenanceWatchdog', 'MaintenanceWindowActive'];
const runbooks = join(import.meta.dirname, 'runbooks');

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-generate-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('rule files', () => {
  const ruleFiles = Object.keys(files).filter((name) => /^(?:records|alerts|coexistence)\b/.test(name));
  test.each(ruleFiles)('promtool finds nothing wrong in %s', (name) => {
    const options = ['--lint=all', '--lint-fatal'];
    const said = execFileSync('promtool', ['check', 'rules', ...options, join(directory, name)], {
      encoding: 'utf8',
    });
    // A file it cannot understand at all counts as a success with 0 rules.
    expect(said).toMatch(/SUCCESS: [1-9]\d* rules found/);
  });

  test('what is written is what was meant', () => {
    expect(load(files['records.yaml'] ?? '')).toEqual(recordRules(policy));
    expect(load(files['alerts.yaml'] ?? '')).toEqual(alertRules(policy));
  });

  test('the same policy gives the same bytes', () => {
    expect(generate(readPolicy(join(import.meta.dirname, 'policy.yaml')))).toEqual(files);
  });

  test('the groups have their names and nothing Prometheus 2.42 does not know', () => {
    expect(groups.map(({ name }) => name)).toEqual([...recordGroups, ...alertGroups]);
    expect(alertGroups).toContain('maintenance-alerts');
    const known = ['alert', 'annotations', 'expr', 'for', 'keep_firing_for', 'labels', 'record'];
    expect(groups.flatMap((group) => Object.keys(group)).toSorted()).toEqual(
      groups.flatMap(() => ['interval', 'name', 'rules']).toSorted(),
    );
    expect(rules.flatMap((rule) => Object.keys(rule)).filter((key) => !known.includes(key))).toEqual([]);
  });

  test('each group begins with its heartbeat', () => {
    const seldom = ['maintenance-memory', 'maintenance-disks', 'maintenance-authentication'];
    for (const { name, interval, rules: own } of groups) {
      const labels = { rule_group: name };
      const seconds = seldom.includes(name) ? 240 : 60;
      expect(interval).toBe(`${seconds / 60}m`);
      expect(own.slice(0, 2)).toEqual([
        { record: 'maintenance:evaluation_timestamp_seconds', expr: 'time()', labels },
        { record: 'maintenance:evaluation_interval_seconds', expr: `vector(${seconds})`, labels },
      ]);
    }
  });
});

describe.each(alerts)('$alert', (rule) => {
  const { alert, annotations } = rule;
  const signal = signals.includes(alert);

  test('waits long enough to survive a restart of Prometheus', () => {
    expect(rule.for).toBe(signal ? undefined : '15m');
  });

  test('says where, and what to do first', () => {
    const description = annotations['description'] ?? '';
    expect(description).toMatch(/\.$/);
    if (!signal) expect(description).toContain('First step: ');
    if (annotations['dashboard_url']?.includes('maintenance-host') === true)
      expect(description).toMatch(
        /^\{\{ (?:\$labels\.instance|with \$labels\.instance \}\}\{\{ \.) \}\} \(\{\{ \$labels\.customer \}\}\)/,
      );
  });

  test('links to its runbook page and a board', () => {
    expect(annotations['runbook_url']).toBe(`${policy.links.runbooks}/${alert}.md`);
    expect(annotations['dashboard_url']).toMatch(/\/d\/maintenance-(host\?var-customer=|overview$)/);
  });

  test('has a runbook page with every part', () => {
    const page = join(runbooks, `${alert}.md`);
    expect(existsSync(page)).toBe(true);
    const text = readFileSync(page, 'utf8');
    expect(text.split('\n')[0]).toBe(`# ${alert}`);
    expect(text.match(/^## .+$/gm)).toEqual([
      '## Meaning',
      '## Impact',
      '## Diagnosis',
      '## Mitigation',
      '## Who decides',
    ]);
  });
});

describe('names', () => {
  const pages = Object.fromEntries(
    readdirSync(runbooks).map((name) => [name, readFileSync(join(runbooks, name), 'utf8')]),
  );
  const known = new Set<string>([
    ...Object.keys(metrics),
    ...Object.keys(records),
    ...Object.keys(records).flatMap((name) => name.split(':')),
  ]);

  test.each(Object.entries({ ...files, ...pages }))('%s names only what a catalogue knows', (_, text) => {
    const found = text.match(/\b(?:[a-z]+:)?maintenance[_:][a-z0-9_:]*[a-z0-9]/g) ?? [];
    expect(found.filter((name) => !known.has(name))).toEqual([]);
  });

  test('an unknown name would be found', () => {
    expect(known.has('maintenance_patches_pending')).toBe(true);
    expect(known.has('maintenance_patch_pending')).toBe(false);
  });

  test('alerts named in a runbook exist', () => {
    const names = new Set(alerts.map(({ alert }) => alert));
    const found = Object.values(pages).flatMap((text) => text.match(/\bMaintenance[A-Z][A-Za-z]+/g) ?? []);
    expect(found.filter((name) => !names.has(name))).toEqual([]);
  });
});
