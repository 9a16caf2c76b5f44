import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

export interface LabelMatcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

export interface Selector {
  readonly name: string;
  readonly matchers: readonly LabelMatcher[];
  /** The range in brackets, like `7d`; undefined for an instant selector. */
  readonly range: string | undefined;
  /** The function around the selector, nearest first; undefined outside of any. */
  readonly calledBy: string | undefined;
}

export interface Query {
  /** Where the text is not PromQL. */
  readonly errors: readonly string[];
  readonly selectors: readonly Selector[];
  /** Labels named by `by`, `without`, `on`, `ignoring`, `group_left`, `group_right`. */
  readonly groupingLabels: readonly string[];
}

/** Reads the names out of a query. A syntax reader: only Prometheus itself knows about types. */
export function parseQuery(text: string): Query {
  const errors: string[] = [];
  const selectors: Selector[] = [];
  const groupingLabels: string[] = [];
  const textOf = (node: SyntaxNode) => text.slice(node.from, node.to);
  parser.parse(text).iterate({
    enter: ({ node }) => {
      if (node.type.isError) errors.push(text.slice(Math.max(0, node.from - 20), node.to + 20));
      if (node.name === 'GroupingLabels')
        groupingLabels.push(...node.getChildren('LabelName').map((label) => textOf(label)));
      if (node.name === 'VectorSelector') selectors.push(selectorAt(node, textOf));
    },
  });
  return { errors, selectors, groupingLabels };
}

function selectorAt(node: SyntaxNode, textOf: (node: SyntaxNode) => string): Selector {
  const name = node.getChild('Identifier');
  const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  const matrix = node.parent?.name === 'MatrixSelector' ? node.parent : undefined;
  const range =
    matrix?.getChild('DurationExpr') ?? matrix?.getChild('NumberDurationLiteralInDurationContext');
  return {
    name: name === null ? '' : textOf(name),
    matchers: matchers.map((matcher) => {
      const [label = '', operator = '', value = ''] = ['LabelName', 'MatchOp', 'StringLiteral'].map(
        (part) => {
          const child = matcher.getChild(part);
          return child === null ? '' : textOf(child);
        },
      );
      return { label, operator, value: value.slice(1, -1) };
    }),
    range: range === null || range === undefined ? undefined : textOf(range),
    calledBy: callerOf(node, textOf),
  };
}

function callerOf(node: SyntaxNode, textOf: (node: SyntaxNode) => string): string | undefined {
  for (let outer = node.parent; outer !== null; outer = outer.parent) {
    const name = outer.name === 'FunctionCall' ? outer.getChild('FunctionIdentifier') : null;
    if (name !== null) return textOf(name);
  }
  return undefined;
}
