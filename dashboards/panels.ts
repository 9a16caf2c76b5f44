import * as common from '@grafana/grafana-foundation-sdk/common';
import {
  type DynamicConfigValue,
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import type { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { type ControlName, controls } from '../alerts/controls.ts';
import type { Policy } from '../alerts/policy.ts';
import { type Color, colors, noData } from './verdicts.ts';

export const datasource = { type: 'prometheus', uid: '${datasource}' };

/** Colours of lines that are no verdict: Okabe and Ito's set, without its green and red. */
export const lineColors = ['#0072B2', '#CC79A7'] as const;

/** The fixed form of a panel's description, with links to the runbooks of its controls and alerts. */
export function explain(
  policy: Policy,
  text: {
    readonly what: string;
    readonly formula: string;
    readonly target: string;
    readonly action: string;
    readonly controls?: readonly ControlName[];
    /** Alerts about the watching itself. */
    readonly alerts?: readonly `Maintenance${string}`[];
  },
): string {
  const judged = controls.filter(({ name }) => text.controls?.includes(name) === true);
  const alerts = [...judged.map(({ alert }) => alert.name), ...(text.alerts ?? [])];
  const runbooks = alerts.map((name) => `[${name}](${policy.links.runbooks}/${name}.md)`).join(', ');
  return [
    `**What:** ${text.what}`,
    `**Formula:** ${text.formula}`,
    `**Target:** ${text.target}`,
    `**What to do:** ${text.action} Runbook: ${runbooks}.`,
  ].join('\n\n');
}

export interface PanelText {
  /** Stable: links to a panel hold it. Unique on the board. */
  readonly id: number;
  readonly title: string;
  readonly description: string;
  /** Columns of 24. */
  readonly width: number;
  readonly height: number;
}

export interface StatValue {
  readonly query: string;
  readonly name: string;
  readonly color: Color;
}

/**
 * One big number with its companions, read now. Queries that judge are exclusive: only the one that holds has a value,
 * so the verdict comes from PromQL and the recorded target, not from a threshold in the board.
 */
export function stat(
  text: PanelText & { readonly unit: string },
  values: Readonly<Record<string, StatValue>>,
) {
  const panel = shared(new StatBuilder(), text)
    .unit(text.unit)
    .decimals(1)
    .mappings([noData])
    .thresholds(noThresholds())
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .textMode(common.BigValueTextMode.ValueAndName)
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .orientation(common.VizOrientation.Vertical);
  for (const [refId, { query, name, color }] of Object.entries(values)) {
    panel.withTarget(target(refId, query).instant().legendFormat(name));
    panel.overrideByQuery(refId, [
      { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: colors[color] } },
    ]);
  }
  return panel;
}

export interface Line {
  readonly query: string;
  readonly legend: string;
  readonly color: string;
  /** Dashes are for targets and limits, dots for coverage. */
  readonly style?: 'dash' | 'dot';
  /** Many series of one query: shades of the colour tell them apart. */
  readonly shades?: boolean;
}

export function trend(
  text: PanelText & { readonly unit: string; readonly max?: number },
  lines: Readonly<Record<string, Line>>,
) {
  const panel = shared(new TimeseriesBuilder(), text)
    .unit(text.unit)
    .min(0)
    .mappings([noData])
    .thresholds(noThresholds())
    .lineWidth(2)
    .fillOpacity(0)
    .showPoints(common.VisibilityMode.Auto)
    .spanNulls(false)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi));
  if (text.max !== undefined) panel.max(text.max);
  for (const [refId, line] of Object.entries(lines)) {
    const mode = line.shades === true ? FieldColorModeId.Shades : FieldColorModeId.Fixed;
    const properties: DynamicConfigValue[] = [{ id: 'color', value: { mode, fixedColor: line.color } }];
    if (line.style !== undefined) {
      const dash = line.style === 'dash' ? [10, 10] : [2, 6];
      properties.push({ id: 'custom.lineStyle', value: { fill: line.style, dash } });
      properties.push({ id: 'custom.lineWidth', value: 1 });
    }
    panel.withTarget(target(refId, line.query).range().legendFormat(line.legend));
    panel.overrideByQuery(refId, properties);
  }
  return panel;
}

export function target(refId: string, query: string): DataqueryBuilder {
  return new DataqueryBuilder().datasource(datasource).refId(refId).expr(query);
}

/** One plain colour: the boards hold no limit of their own. */
export function noThresholds(): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: colors.plain }]);
}

/** What every panel has. */
export function shared<B extends StatBuilder | TimeseriesBuilder | TableBuilder>(
  panel: B,
  text: PanelText,
): B {
  panel
    .id(text.id)
    .title(text.title)
    .description(text.description)
    .datasource(datasource)
    .span(text.width)
    .height(text.height)
    .noValue('No data');
  return panel;
}
