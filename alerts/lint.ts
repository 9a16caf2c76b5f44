import { alertLint } from './lint/alerts.ts';
import type { LintRule } from './lint/bundle.ts';
import { conditionLint, expressionLint } from './lint/expressions.ts';
import { groupLint } from './lint/groups.ts';
import { nameLint } from './lint/names.ts';
import { templateLint } from './lint/templates.ts';

/**
 * What pint, mixtool and promtool say of rules, as far as it can be told without a server, and our own: none of the tools is
 * in Debian. What mutes what is checked in inhibitions.test.ts.
 */
export const lintRules: readonly LintRule[] = [
  ...alertLint,
  ...templateLint,
  ...conditionLint,
  ...expressionLint,
  ...groupLint,
  ...nameLint,
];
