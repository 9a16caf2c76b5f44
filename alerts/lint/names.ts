import { metrics } from '../../exporter/metrics.ts';
import { parseQuery, type Selector } from '../promql.ts';
import { records } from '../records.ts';
import { type Group, type LintRule, nameOf, type Rule, unless } from './bundle.ts';

const target = ['customer', 'instance', 'role', 'job'];
/** Labels that mapped facts and other exporters add. */
const mapped = ['exporter'];

/** Targets of blackbox_exporter, as alerts/generated/blackbox-targets.yaml labels them. */
const probe = [...target, 'object'];

/** What Prometheus itself says, and blackbox_exporter. */
const foreign: Readonly<Record<string, readonly string[]>> = {
  up: target,
  probe_success: probe,
  probe_duration_seconds: probe,
  probe_ssl_earliest_cert_expiry: probe,
  prometheus_rule_evaluation_failures_total: ['rule_group', 'instance', 'job'],
  prometheus_tsdb_retention_limit_seconds: ['instance', 'job'],
};

/** How the metrics begin that a file for another exporter reads. */
const sources: Readonly<Record<string, RegExp>> = {
  'coexistence-velero.yaml': /^velero_/,
  'coexistence-cloudnative_pg.yaml': /^(cnpg_collector_|barman_cloud_)/,
  'coexistence-smartctl_exporter.yaml': /^smartctl_/,
  'coexistence-nvme_metrics.yaml': /^(nvme_|node_textfile_mtime_seconds$)/,
  'coexistence-smartmon.yaml': /^(smartmon_|node_textfile_mtime_seconds$)/,
  'coexistence-storcli.yaml': /^(megaraid_|node_textfile_mtime_seconds$)/,
  'coexistence-node_exporter.yaml': /^node_/,
};

const alertLabels = ['alertname', 'severity', 'sla_class'];

const known = new Map<string, readonly string[]>([
  ...Object.entries(metrics).map(([name, { labels }]) => [name, [...labels, ...target, ...mapped]] as const),
  ...Object.entries(records).map(([name, { labels }]) => [name, labels] as const),
  ...Object.entries(foreign),
  // What Prometheus writes of every alert.
  ['ALERTS', [...alertLabels, 'alertstate']],
  ['ALERTS_FOR_STATE', alertLabels],
]);

/** A record is `level:metric:operation`; what Prometheus says of itself has no operation. */
const recordName = /^(alert|object|instance|customer|framework|disk|maintenance):[a-z0-9_]+:[a-z0-9]+$/;
const heartbeat = /^maintenance:evaluation_(timestamp|interval)_seconds$/;

/** Names that must be in a catalogue. */
export const nameLint: readonly LintRule[] = [
  ofSelectors('metrics that exist', 'pint promql/series, offline', ({ name, matchers }, { file }) => {
    if (known.has(name)) return [];
    const source = sources[file];
    const asked = name === '' ? (matchers.find(({ label }) => label === '__name__')?.value ?? '') : name;
    return unless(
      source?.test(asked) === true,
      `reads ${name === '' ? `{__name__="${asked}"}` : name}, which nobody exports`,
    );
  }),
  ofSelectors('labels that exist', 'pint promql/impossible, offline', ({ name, matchers }) =>
    matchers.flatMap(({ label }) =>
      unless(known.get(name)?.includes(label) ?? true, `reads ${label} of ${name}, which has none`),
    ),
  ),
  {
    name: 'records named level:metric:operation',
    source: 'prometheus/docs, docs/practices/rules.md; pint rule/name',
    faults: ({ groups }) =>
      recordsOf(groups).flatMap(({ record }) =>
        unless(
          recordName.test(record) || heartbeat.test(record) || Object.hasOwn(metrics, record),
          `${record}: is no name of a record`,
        ),
      ),
  },
  {
    name: 'records of the catalogue, all of them',
    source: 'ours: alerts/records.ts is what boards and report may read',
    faults: ({ groups }) => {
      const written = new Set(recordsOf(groups).map(({ record }) => record));
      return [
        ...[...written].flatMap((record) =>
          unless(
            Object.hasOwn(records, record) || Object.hasOwn(metrics, record),
            `${record}: is in no catalogue`,
          ),
        ),
        ...Object.keys(records).flatMap((record) =>
          unless(written.has(record), `${record}: is never recorded`),
        ),
      ];
    },
  },
  {
    name: 'records with the labels of the catalogue',
    source: 'ours: a label is part of the name',
    faults: ({ groups }) =>
      recordsOf(groups).flatMap((rule) =>
        Object.keys(rule.labels ?? {}).flatMap((label) =>
          unless(known.get(rule.record)?.includes(label) ?? false, `${nameOf(rule)}: has the label ${label}`),
        ),
      ),
  },
];

function recordsOf(groups: readonly Group[]) {
  return groups.flatMap(({ rules }) => rules.flatMap((rule) => ('record' in rule ? [rule] : [])));
}

function ofSelectors(
  name: string,
  source: string,
  faults: (selector: Selector, group: Group, rule: Rule) => readonly string[],
): LintRule {
  return {
    name,
    source,
    faults: ({ groups }) =>
      groups.flatMap((group) =>
        group.rules.flatMap((rule) =>
          parseQuery(rule.expr).selectors.flatMap((selector) =>
            faults(selector, group, rule).map((fault) => `${nameOf(rule)}: ${fault}`),
          ),
        ),
      ),
  };
}
