import {
  type Dashboard,
  DashboardCursorSync,
  type Panel,
  type RowPanel,
  type VariableModel,
  VariableRefresh,
  VariableType,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { lintQuery, lintSyntax, unless } from './lint-query.ts';

/**
 * What is wrong with a board: the rules of Grafana's dashboard-linter 0.2 restated, and our own. Two of its rules are left
 * out on purpose: a `job` variable (there is one scrape job) and `instance` in every selector (sums over a customer have none).
 */
export function lint(board: Dashboard, uids: readonly string[]): readonly string[] {
  const { all, panels } = panelsOf(board);
  return [
    ...lintBoard(board),
    ...lintVariables(board.templating?.list ?? []),
    ...lintLayout(all),
    ...panels.flatMap((panel) =>
      [
        ...lintPanel(panel),
        ...lintColors(panel),
        ...lintLinks(panel, uids),
        ...queriesOf(panel).flatMap((query) => lintQuery(query)),
      ].map((fault) => `${panel.title ?? `panel ${panel.id}`}: ${fault}`),
    ),
  ];
}

/** Everything on the grid (rows included), and the panels that show data. */
export function panelsOf(board: Dashboard): { all: (Panel | RowPanel)[]; panels: Panel[] } {
  const all = (board.panels ?? []).flatMap((panel) =>
    'panels' in panel ? [panel, ...panel.panels] : [panel],
  );
  return { all, panels: all.filter((panel): panel is Panel => !('panels' in panel)) };
}

/** The PromQL of a panel. */
export function queriesOf(panel: Panel): readonly string[] {
  return (panel.targets ?? []).map((target) =>
    'expr' in target && typeof target.expr === 'string' ? target.expr : '',
  );
}

function lintBoard(board: Dashboard): readonly string[] {
  return [
    ...unless(board.editable === false, 'is editable'),
    ...unless((board.tags ?? []).includes('maintenance-posture'), 'has no tag'),
    ...unless(board.uid !== undefined && /^[a-z-]{8,40}$/.test(board.uid), `has no fixed uid: ${board.uid}`),
    ...unless(board.graphTooltip === DashboardCursorSync.Crosshair, 'has no shared crosshair'),
    ...unless(
      (board.links ?? []).some((link) => link.asDropdown && link.includeVars && link.keepTime),
      'has no links to the other boards',
    ),
  ];
}

function lintVariables(variables: readonly VariableModel[]): readonly string[] {
  const names = variables.map(({ name }) => name);
  return [
    ...unless(names.join() === 'datasource,customer,instance', `has the variables ${names.join()}`),
    ...variables.flatMap((variable) => {
      if (variable.type === VariableType.Datasource)
        return unless(
          variable.label === 'Data source',
          `variable ${variable.name} is labelled ${variable.label}`,
        );
      const { name, query } = variable;
      const [, selector = ''] =
        /^label_values\((.+), \w+\)$/.exec(typeof query === 'string' ? query : '') ?? [];
      return [
        ...unless(variable.type === VariableType.Query, `variable ${name} is no query`),
        ...unless(
          variable.multi === true && variable.includeAll === true,
          `variable ${name} takes one value`,
        ),
        ...unless(variable.allValue === '.+', `variable ${name}: All is ${variable.allValue}`),
        ...unless(
          variable.refresh === VariableRefresh.OnTimeRangeChanged,
          `variable ${name} is not refreshed with the time range`,
        ),
        ...unless(variable.label?.toLowerCase() === name, `variable ${name} is labelled ${variable.label}`),
        ...unless(variable.datasource?.uid === '${datasource}', `variable ${name} ignores the data source`),
        ...lintSyntax(selector),
      ];
    }),
  ];
}

function lintLayout(panels: readonly (Panel | RowPanel)[]): readonly string[] {
  const ids = panels.map(({ id }) => id);
  const overlaps = panels.flatMap((a, index) =>
    panels.slice(index + 1).flatMap((b) => {
      if (a.gridPos === undefined || b.gridPos === undefined) return ['a panel has no place'];
      const beside = a.gridPos.x + a.gridPos.w <= b.gridPos.x || b.gridPos.x + b.gridPos.w <= a.gridPos.x;
      const below = a.gridPos.y + a.gridPos.h <= b.gridPos.y || b.gridPos.y + b.gridPos.h <= a.gridPos.y;
      return unless(beside || below, `"${a.title}" overlaps "${b.title}"`);
    }),
  );
  return [
    ...ids.flatMap((id) => unless(id !== undefined && id > 0, 'a panel has no id')),
    ...unless(new Set(ids).size === ids.length, `panel ids are not unique: ${ids.join()}`),
    ...panels.flatMap(({ gridPos, title }) =>
      unless(gridPos !== undefined && gridPos.x + gridPos.w <= 24, `"${title}" is off the grid`),
    ),
    ...overlaps,
  ];
}

function lintPanel(panel: Panel): readonly string[] {
  const { description = '', fieldConfig, targets = [] } = panel;
  const sections = ['What', 'Formula', 'Target', 'What to do'].map((part) => `**${part}:** `);
  const refIds = targets.map((target) => ('refId' in target ? String(target.refId) : ''));
  return [
    ...unless(panel.title !== undefined && panel.title !== '', 'has no title'),
    ...sections.flatMap((part) => unless(description.includes(part), `description lacks ${part}`)),
    ...unless(/Runbook: \[Maintenance/.test(description), 'description links no runbook'),
    ...unless(panel.datasource?.uid === '${datasource}', 'does not use the data source variable'),
    ...unless(fieldConfig?.defaults.noValue === 'No data', 'does not say No data'),
    ...unless(targets.length > 0, 'has no query'),
    ...unless(new Set(refIds).size === refIds.length, 'two queries share a name'),
    ...unitless(panel, refIds).map((field) => `${field} has no unit`),
  ];
}

/** Value columns (or the panel) with neither a unit nor words for their values. */
function unitless(panel: Panel, refIds: readonly string[]): readonly string[] {
  if (panel.type !== 'table') return panel.fieldConfig?.defaults.unit === undefined ? ['the panel'] : [];
  const hidden = JSON.stringify(panel.transformations ?? []);
  return refIds
    .map((refId) => (refIds.length > 1 ? `Value #${refId}` : 'Value'))
    .filter((field) => !hidden.includes(`"${field}":true`))
    .filter((field) => {
      const properties = (panel.fieldConfig?.overrides ?? [])
        .filter(({ matcher }) => matcher.options === field)
        .flatMap((override) => override.properties.map(({ id }) => id));
      return !properties.includes('unit') && !properties.includes('custom.cellOptions');
    });
}

/** A limit belongs to the policy, and nothing unknown may be green: only a word for an exact value may have a colour of praise. */
function lintColors(panel: Panel): readonly string[] {
  const steps = panel.fieldConfig?.defaults.thresholds?.steps ?? [];
  const mappings = [
    ...(panel.fieldConfig?.defaults.mappings ?? []),
    ...(panel.fieldConfig?.overrides ?? []).flatMap(({ properties }): unknown[] =>
      properties.flatMap(({ id, value }) => (id === 'mappings' && Array.isArray(value) ? value : [])),
    ),
  ].map((mapping) => JSON.stringify(mapping));
  return [
    ...steps.flatMap(({ value, color }) => [
      ...unless(value === null, `has the limit ${value} in the board`),
      ...unless(color === 'text', `is ${color} without data`),
    ]),
    ...mappings.flatMap((mapping) =>
      unless(mapping.includes('"type":"value"') || !mapping.includes('green'), `praises ${mapping}`),
    ),
    ...unless(
      mappings.some((mapping) => mapping.includes('null+nan')),
      'has no word for a missing value',
    ),
  ];
}

function lintLinks(panel: Panel, uids: readonly string[]): readonly string[] {
  const targets = [...JSON.stringify(panel).matchAll(/"\/d\/([\w-]+)/g)].map(([, uid = '']) => uid);
  return targets.flatMap((uid) => unless(uids.includes(uid), `links to the unknown board ${uid}`));
}
