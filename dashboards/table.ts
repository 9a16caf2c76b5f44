import * as common from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { Policy } from '../alerts/policy.ts';
import { type PanelText, noThresholds, shared, target } from './panels.ts';
import { noData, wordsFrom } from './verdicts.ts';

export interface Column {
  readonly title: string;
  readonly unit?: string;
  readonly decimals?: number;
  /** Words and colours instead of the number; the cell is painted. */
  readonly states?: ValueMapping[];
  /** Words instead of some numbers. */
  readonly words?: ValueMapping[];
  /** Shown instead of "No data" where the fact does not exist for this row. */
  readonly none?: string;
  readonly link?: { readonly title: string; readonly url: string };
}

/**
 * A table of instant queries joined on their labels. `columns` are in display order; a key is a label or the name of a query;
 * the value of a query without a column is not shown (it brings labels).
 * The first query makes the rows and must not leave out a host that gave no answer (everyHost).
 */
export function table(
  text: PanelText,
  queries: Readonly<Record<string, string>>,
  columns: Readonly<Record<string, Column>>,
  worstFirst: { readonly column: string; readonly descending: boolean },
) {
  const refIds = Object.keys(queries);
  // Grafana's Prometheus data source names the value after the query only when there are several.
  const field = (key: string) => (key in queries ? (refIds.length > 1 ? `Value #${key}` : 'Value') : key);
  const panel = shared(new TableBuilder(), text)
    .thresholds(noThresholds())
    .showHeader(true)
    .cellHeight(common.TableCellHeight.Sm)
    .filterable(true);
  for (const refId of refIds) {
    panel.withTarget(
      target(refId, queries[refId] ?? '')
        .instant()
        .format(PromQueryFormat.Table),
    );
  }
  if (refIds.length > 1) panel.withTransformation({ id: 'merge', options: {} });
  panel.withTransformation({
    id: 'organize',
    options: {
      excludeByName: Object.fromEntries([
        ['Time', true],
        ...refIds.filter((refId) => !(refId in columns)).map((refId) => [field(refId), true]),
      ]),
      indexByName: Object.fromEntries(Object.keys(columns).map((key, index) => [field(key), index])),
      renameByName: {},
    },
  });
  for (const [key, column] of Object.entries(columns)) {
    panel.overrideByName(field(key), columnProperties(column, key in queries));
  }
  const sort = new common.TableSortByFieldStateBuilder()
    .displayName(worstFirst.column)
    .desc(worstFirst.descending);
  return panel.sortBy([sort]);
}

function columnProperties(column: Column, isValue: boolean): DynamicConfigValue[] {
  const properties: DynamicConfigValue[] = [{ id: 'displayName', value: column.title }];
  if (column.unit !== undefined) properties.push({ id: 'unit', value: column.unit });
  if (column.decimals !== undefined) properties.push({ id: 'decimals', value: column.decimals });
  // Only on values: Grafana's test for "not a number" must never meet a label.
  if (isValue) properties.push({ id: 'mappings', value: column.states ?? column.words ?? [noData] });
  if (column.states !== undefined) {
    properties.push({ id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } });
  }
  if (column.none !== undefined) properties.push({ id: 'noValue', value: column.none });
  if (column.link !== undefined) properties.push({ id: 'links', value: [column.link] });
  return properties;
}

/** How old something is: a point in time so far away that it never was reads "Never". */
export function ageColumn(title: string, none?: string): Column {
  return { title, unit: 's', words: wordsFrom(1e11, 'Never'), ...(none !== undefined && { none }) };
}

/** A table cell that leads to the board of the host in its row, with the reader's data source and time range. */
export const hostColumn: Column = {
  title: 'Host',
  link: {
    title: 'Open the host board',
    url: '/d/maintenance-host?${datasource:queryparam}&var-customer=${__data.fields.customer}&var-instance=${__data.fields.instance}&${__url_time_range}',
  },
};

/** A table cell that leads to the runbook of the alert in its row. */
export function alertColumn(policy: Policy): Column {
  const url = `${policy.links.runbooks}/\${__data.fields.alertname}.md`;
  return { title: 'Alert', link: { title: 'Open the runbook', url } };
}
