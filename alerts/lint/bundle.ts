import type { AlertingRule } from '../rules.ts';

/** A recording rule, of ours or of what another exporter says. */
export interface Recording {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}
export type Rule = Recording | AlertingRule;

export interface Group {
  /** Its file loads without the others, for those who have no use for them. */
  readonly file: string;
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
}

/** What is installed together. */
export interface Bundle {
  readonly groups: readonly Group[];
  /** Alerts that have a page in runbooks/. */
  readonly runbooks: readonly string[];
  /** The uids of the boards. */
  readonly boards: readonly string[];
}

/** One thing that must be so. `faults` says where it is not. */
export interface LintRule {
  readonly name: string;
  /** Who says so. */
  readonly source: string;
  readonly faults: (bundle: Bundle) => readonly string[];
}

export function alertsOf({ groups }: Bundle): readonly AlertingRule[] {
  return groups.flatMap(({ rules }) => rules.flatMap((rule) => ('alert' in rule ? [rule] : [])));
}

/** A rule as people find it. */
export function nameOf(rule: Rule): string {
  return `${'alert' in rule ? rule.alert : rule.record}${JSON.stringify(rule.labels ?? {})}`;
}

/** A lint rule that looks at alerts one by one. */
export function ofAlerts(
  name: string,
  source: string,
  faults: (alert: AlertingRule) => readonly string[],
): LintRule {
  return {
    name,
    source,
    faults: (bundle) =>
      alertsOf(bundle).flatMap((alert) => faults(alert).map((fault) => `${alert.alert}: ${fault}`)),
  };
}

/** A lint rule that looks at every expression by itself. */
export function ofExpressions(
  name: string,
  source: string,
  faults: (expression: string) => readonly string[],
): LintRule {
  return {
    name,
    source,
    faults: ({ groups }) =>
      groups
        .flatMap(({ rules }) => rules)
        .flatMap((rule) => faults(rule.expr).map((fault) => `${nameOf(rule)}: ${fault}`)),
  };
}

/** The fault, unless the rule holds. */
export function unless(holds: boolean, fault: string): readonly string[] {
  return holds ? [] : [fault];
}
