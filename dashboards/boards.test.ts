import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, test } from 'vitest';
import { readPolicy } from '../alerts/policy.ts';
import { boardJson } from './generate.ts';
import { boards } from './index.ts';
import { lint, panelsOf } from './lint.ts';
import { lintQuery } from './lint-query.ts';
import { metric, record } from './queries.ts';

const policy = readPolicy('alerts/policy.yaml');
const uids = boards.map(({ uid }) => uid);

describe.each(boards)('board $uid', (board) => {
  test('is committed as it is generated', () => {
    expect(readFileSync(`dashboards/generated/${board.uid}.json`, 'utf8')).toBe(boardJson(board, policy));
  });

  test('keeps the rules of boards', () => {
    expect(lint(board.build(policy), uids)).toEqual([]);
  });

  test('links only runbooks of alerts that exist', () => {
    const names = [...boardJson(board, policy).matchAll(/\/(Maintenance\w+)\.md/g)].map(([, name]) => name);
    const alerts = readFileSync('alerts/generated/alerts.yaml', 'utf8');
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !alerts.includes(`alert: ${name}\n`))).toEqual([]);
    expect(names.filter((name) => !existsSync(`alerts/runbooks/${name}.md`))).toEqual([]);
  });
});

test('no generated board is left over', () => {
  expect(readdirSync('dashboards/generated').toSorted()).toEqual(uids.map((uid) => `${uid}.json`).toSorted());
});

test('the overview fits on a leadership page: 12 panels at most', () => {
  expect(panelsOf(boardOf('maintenance-overview')).panels.length).toBeLessThanOrEqual(12);
});

test('boards open on 90 days for leadership and 30 days for operators', () => {
  expect(uids.map((uid) => [uid, boardOf(uid).time?.from])).toEqual([
    ['maintenance-overview', 'now-90d'],
    ['maintenance-host', 'now-30d'],
  ]);
});

describe('the rules catch', () => {
  const cases: readonly (readonly [string, (board: Dashboard, panel: Panel) => void, RegExp])[] = [
    ['an editable board', (board) => void (board.editable = true), /is editable/],
    ['no links between boards', (board) => void (board.links = []), /has no links/],
    [
      'a missing variable',
      (board) => void board.templating.list?.pop(),
      /has the variables datasource,customer$/,
    ],
    [
      'a variable of one value',
      (board) => board.templating.list?.forEach((variable) => (variable.multi = false)),
      /takes one value/,
    ],
    ['a panel without id', (_, panel) => void delete panel.id, /has no id/],
    ['two panels with one id', (_, panel) => void (panel.id = 2), /ids are not unique/],
    ['overlapping panels', (_, panel) => void (panel.gridPos = { x: 0, y: 2, w: 24, h: 8 }), /overlaps/],
    ['a panel without title', (_, panel) => void (panel.title = ''), /has no title/],
    [
      'a description without a target',
      (_, panel) => void (panel.description = '**What:** x'),
      /lacks \*\*Target/,
    ],
    [
      'a fixed data source',
      (_, panel) => void (panel.datasource = { uid: 'prometheus' }),
      /data source variable/,
    ],
    [
      'a panel that is blank without data',
      (_, panel) => void delete panel.fieldConfig?.defaults.noValue,
      /No data/,
    ],
    ['a panel without unit', (_, panel) => void delete panel.fieldConfig?.defaults.unit, /has no unit/],
    ['a panel without query', (_, panel) => void (panel.targets = []), /has no query/],
    [
      'a limit in the board',
      (_, panel) => panel.fieldConfig?.defaults.thresholds?.steps.push({ value: 0.95, color: 'green' }),
      /has the limit 0.95/,
    ],
    [
      'green without data',
      (_, panel) =>
        panel.fieldConfig?.defaults.thresholds?.steps.splice(0, 1, { value: null, color: 'green' }),
      /is green without data/,
    ],
    [
      'no word for a missing value',
      (_, panel) => void delete panel.fieldConfig?.defaults.mappings,
      /no word/,
    ],
  ];
  test.each(cases)('%s', (_, damage, fault) => {
    const board = boardOf('maintenance-overview');
    const [first] = panelsOf(board).panels;
    if (first === undefined) throw new Error('the board has no panel');
    damage(board, first);
    expect(lint(board, uids)).toContainEqual(expect.stringMatching(fault));
  });

  test('a table column without unit', () => {
    const board = boardOf('maintenance-host');
    const table = panelsOf(board).panels.find(({ type }) => type === 'table');
    table?.fieldConfig?.overrides.forEach((override) => (override.properties = []));
    expect(lint(board, uids)).toContainEqual(expect.stringMatching(/Value #age has no unit/));
  });

  const picked = 'customer=~"$customer",instance=~"$instance"';
  test.each([
    [`sum by (customer) (up{${picked}}`, /is not PromQL/],
    [`maintenance_patches_pendin{${picked}}`, /which nobody records/],
    [`node_uname_info{${picked}}`, /which nobody records/],
    [`maintenance_patches_pending{clas="security",${picked}}`, /has no label clas/],
    [`maintenance_patches_pending{class="secure",${picked}}`, /never has class="secure"/],
    [
      'customer:maintenance_control_known:sum{control="bakup",customer=~"$customer"}',
      /never has control="bakup"/,
    ],
    [`sum by (costumer) (up{${picked}})`, /groups by the unknown label costumer/],
    ['up{customer=~"$customer"}', /not narrowed by instance/],
    ['up{customer="$customers",instance=~"$instance"}', /not narrowed by customer/],
    [`maintenance_collector_timeouts_total{${picked}}`, /counter read without rate/],
    [`rate(maintenance_collector_timeouts_total{${picked}}[5m])`, /rates over a fixed range/],
  ])('%s', (query, fault) => {
    expect(lintQuery(query)).toContainEqual(expect.stringMatching(fault));
  });
});

test('a name that is not in the catalogues does not compile', () => {
  // @ts-expect-error no such metric
  expect(metric('maintenance_patches_pendin')).toContain('$customer');
  // @ts-expect-error no such label
  expect(metric('maintenance_patches_pending', { clas: 'security' })).toContain('clas');
  // @ts-expect-error no such control
  expect(record('customer:maintenance_control_known:sum', { control: 'bakup' })).toContain('bakup');
});

test('a selector is narrowed by the labels its series carries', () => {
  const both = 'customer=~"$customer",instance=~"$instance"';
  expect(metric('maintenance_host_cpus')).toBe(`maintenance_host_cpus{${both}}`);
  expect(metric('maintenance_patches_pending', { class: 'security' })).toBe(
    `maintenance_patches_pending{class="security",${both}}`,
  );
  expect(record('customer:maintenance_control_known:sum')).toBe(
    'customer:maintenance_control_known:sum{customer=~"$customer"}',
  );
  expect(record('maintenance:control_target:ratio', { control: 'backup' })).toBe(
    'maintenance:control_target:ratio{control="backup"}',
  );
});

function boardOf(uid: string): Dashboard {
  const board = boards.find((candidate) => candidate.uid === uid);
  if (board === undefined) throw new Error(`no board ${uid}`);
  return board.build(policy);
}
