import { parseDuration } from '../duration.ts';
import { parseQuery } from '../promql.ts';
import { type LintRule, nameOf, unless } from './bundle.ts';

/** What groups owe Prometheus. */
export const groupLint: readonly LintRule[] = [
  {
    name: 'short names of groups, each once',
    source: 'mixtool, pkg/mixer/lint.go; promtool check rules',
    faults: ({ groups }) =>
      groups.flatMap(({ name }) => [
        ...unless(name.length <= 40, `${name}: has more than 40 characters`),
        ...unless(groups.filter((other) => other.name === name).length === 1, `${name}: is there twice`),
      ]),
  },
  {
    name: 'an interval of at most five minutes',
    source: 'pint group/interval: the look-back is 5m',
    faults: ({ groups }) =>
      groups.flatMap(({ name, interval }) =>
        unless((parseDuration(interval) ?? Infinity) <= 300, `${name}: is evaluated every ${interval}`),
      ),
  },
  {
    name: 'no key that 2.42 does not know',
    source: 'promtool 2.42 check rules: group labels (3.0) and query_offset (2.53) are refused',
    faults: ({ groups }) =>
      groups.flatMap((group) => [
        ...unknownKeys(group, ['file', 'name', 'interval', 'rules']).map(
          (key) => `${group.name}: has ${key}`,
        ),
        ...group.rules.flatMap((rule) =>
          unknownKeys(
            rule,
            'alert' in rule
              ? ['alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations']
              : ['record', 'expr', 'labels'],
          ).map((key) => `${nameOf(rule)}: has ${key}`),
        ),
      ]),
  },
  {
    name: 'no two rules that write the same series',
    source: 'pint rule/duplicate; promtool duplicate-rules',
    faults: ({ groups }) => {
      const names = groups.flatMap(({ rules }) => rules.map(nameOf));
      return names
        .filter((name, index) => names.indexOf(name) !== index)
        .map((name) => `${name}: is there twice`);
    },
  },
  {
    name: 'records that depend on each other in one group, in their order',
    source:
      'pint rule/dependency; Prometheus evaluates groups independently. Alerts wait 15m and windows remember: both may be a minute behind',
    faults: ({ groups }) => {
      const recordedIn = new Map(
        groups
          .flatMap((group) =>
            group.rules.flatMap((rule) =>
              'record' in rule && rule.record.includes(':') ? [[rule.record, group.name]] : [],
            ),
          )
          .map(([record = '', group = '']) => [record, group] as const),
      );
      return groups.flatMap(({ name: group, rules }) =>
        rules.flatMap((rule, index) => {
          if ('alert' in rule) return [];
          const before = new Set(
            rules.slice(0, index).flatMap((one) => ('record' in one ? [one.record] : [])),
          );
          return parseQuery(rule.expr)
            .selectors.filter(
              ({ name, range }) => range === undefined && recordedIn.has(name) && !before.has(name),
            )
            .map(
              ({ name }) =>
                `${nameOf(rule)}: reads ${name} of ${recordedIn.get(name) === group ? 'a minute ago' : recordedIn.get(name)}`,
            );
        }),
      );
    },
  },
];

function unknownKeys(value: object, known: readonly string[]): readonly string[] {
  return Object.keys(value).filter((key) => !known.includes(key));
}
