import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { parseQuery } from '../promql.ts';
import { type LintRule, ofExpressions, unless } from './bundle.ts';

/** Functions of Prometheus 2.42 that 3.x still has, as far as the rules need them. */
const functions = new Set(
  `abs absent absent_over_time avg_over_time ceil changes clamp clamp_max clamp_min count_over_time delta deriv exp floor increase
  irate label_join label_replace last_over_time max_over_time min_over_time predict_linear present_over_time quantile_over_time rate
  days_in_month day_of_month day_of_week resets round scalar sgn stddev_over_time sum_over_time time timestamp vector`.split(
    /\s+/,
  ),
);
const aggregations = new Set([
  'avg',
  'count',
  'group',
  'max',
  'min',
  'quantile',
  'stddev',
  'sum',
  'topk',
  'bottomk',
]);

/** What every expression must keep, whatever it is about. */
export const expressionLint: readonly LintRule[] = [
  ofExpressions('PromQL', 'pint promql/syntax', (text) =>
    parseQuery(text).errors.map((error) => `is not PromQL near ${error}`),
  ),
  ofExpressions(
    'nothing that 2.42 or 3.x does not know',
    'Prometheus changelogs: functions and aggregations that came after 2.42 or went since, durations without unit since 3.0',
    (text) => [
      ...all(text, 'FunctionIdentifier').flatMap((name) =>
        unless(functions.has(name), `calls ${name}, which not every Prometheus has`),
      ),
      ...all(text, 'AggregateOp').flatMap((name) =>
        unless(aggregations.has(name), `aggregates by ${name}, which not every Prometheus has`),
      ),
      ...all(text, 'DurationExpr', 'NumberDurationLiteralInDurationContext').flatMap((duration) =>
        unless(/^(\d+(y|w|d|h|m|s|ms))+$/.test(duration), `has the duration ${duration}`),
      ),
      ...all(text, 'QuotedLabelName', 'QuotedLabelMatcher').map((name) => `quotes the name ${name}`),
    ],
  ),
  ofExpressions(
    'no label joined into itself',
    'VictoriaMetrics 1.79 empties the label before it reads it: objects become one, and one in order hides the others',
    (text) =>
      nodes(text, 'FunctionCall')
        .filter((node) => textOf(node.getChild('FunctionIdentifier'), text) === 'label_join')
        .flatMap((node) => {
          const [into, , ...from] = (
            node.getChild('FunctionCallBody')?.getChildren('StringLiteral') ?? []
          ).map((label) => textOf(label, text));
          return unless(into !== undefined && !from.includes(into), `joins ${into} into itself`);
        }),
  ),
  ofExpressions('divisions by what cannot be 0', 'pint promql/nan', (text) =>
    nodes(text, 'BinaryExpr')
      .filter((node) => node.getChild('Div') !== null)
      .flatMap((node) => unless(guarded(node.lastChild, text), `divides by ${textOf(node.lastChild, text)}`)),
  ),
  ofExpressions('no needless regular expression', 'pint promql/regexp', (text) =>
    parseQuery(text).selectors.flatMap(({ matchers }) =>
      matchers
        .filter(({ operator }) => operator.includes('~'))
        .flatMap(({ label, operator, value }) => [
          ...unless(/[.*+?()|[\]{}\\]/.test(value), `matches ${label}${operator}"${value}" without need`),
          ...unless(!/^\^|\$$/.test(value), `anchors ${label}${operator}"${value}", as Prometheus does`),
        ]),
    ),
  ),
];

/** What the condition of an alert must be. */
export const conditionLint: readonly LintRule[] = [
  {
    name: 'a comparison',
    source: 'pint alerts/comparison',
    faults: ({ groups }) =>
      groups
        .flatMap(({ rules }) => rules.flatMap((rule) => ('alert' in rule ? [rule] : [])))
        .flatMap(({ alert, expr }) =>
          unless(
            filters(parser.parse(expr).topNode.firstChild, expr),
            `${alert}: fires whenever there are data`,
          ),
        ),
  },
  {
    name: 'no bool on top',
    source: 'pint alerts/comparison: `bool` returns 0 as well, and 0 fires',
    faults: ({ groups }) =>
      groups
        .flatMap(({ rules }) => rules.flatMap((rule) => ('alert' in rule ? [rule] : [])))
        .flatMap(({ alert, expr }) =>
          unless(
            nodes(expr, 'BoolModifier').every((node) => node.getChild('Bool') === null),
            `${alert}: compares with bool`,
          ),
        ),
  },
  {
    name: 'no topk',
    source: 'pint promql/fragile: whose alert it is would change',
    faults: ({ groups }) =>
      groups
        .flatMap(({ rules }) => rules.flatMap((rule) => ('alert' in rule ? [rule] : [])))
        .flatMap(({ alert, expr }) =>
          unless(
            !all(expr, 'AggregateOp').some((name) => /^(topk|bottomk)$/.test(name)),
            `${alert}: picks some of its series`,
          ),
        ),
  },
];

const comparisons = ['Eql', 'EqlC', 'EqlSingle', 'Neq', 'Lte', 'Lss', 'Gte', 'Gtr'];

/** Whether an expression leaves something out: it compares, subtracts a set, or asks for absence. */
function filters(node: SyntaxNode | null, text: string): boolean {
  if (node === null) return false;
  if (node.name === 'BinaryExpr') {
    const has = (...names: readonly string[]) => names.some((name) => node.getChild(name) !== null);
    if (has(...comparisons)) return true;
    if (has('Unless')) return true;
    // Each side of `or` can fire by itself.
    if (has('Or')) return filters(node.firstChild, text) && filters(node.lastChild, text);
    return filters(node.firstChild, text) || filters(node.lastChild, text);
  }
  if (node.name === 'FunctionCall') {
    if (textOf(node.getChild('FunctionIdentifier'), text).startsWith('absent')) return true;
    return children(node.getChild('FunctionCallBody')).some((child) => filters(child, text));
  }
  if (node.name === 'AggregateExpr')
    return children(node.getChild('FunctionCallBody')).some((child) => filters(child, text));
  // The grammar ties an offset to all that is left of it; Prometheus to its selector.
  if (node.name === 'ParenExpr' || node.name === 'OffsetExpr')
    return children(node).some((child) => filters(child, text));
  return false;
}

/** A number, or what a comparison has cleared of zeros. */
function guarded(node: SyntaxNode | null, text: string): boolean {
  if (node?.name === 'NumberDurationLiteral') return Number(textOf(node, text)) !== 0;
  return node?.name === 'ParenExpr' && filters(node, text);
}

function children(node: SyntaxNode | null): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling) found.push(child);
  return found;
}

function nodes(text: string, ...names: readonly string[]): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  parser.parse(text).iterate({
    enter: ({ node }) => {
      if (names.includes(node.name)) found.push(node);
    },
  });
  return found;
}

function all(text: string, ...names: readonly string[]): readonly string[] {
  return nodes(text, ...names).map((node) => textOf(node, text));
}

function textOf(node: SyntaxNode | null, text: string): string {
  return node === null ? '' : text.slice(node.from, node.to);
}
