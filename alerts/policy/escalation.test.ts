import { describe, expect, test } from 'vitest';
import { type Edit, mistakesWith } from '../tests/edited-policy.ts';

const wrong: readonly (readonly [name: string, edit: Edit, said: readonly string[]])[] = [
  [
    'a receiver with a typo',
    ['    after: 2h\n    receiver: manager', '    after: 2h\n    receiver: manger'],
    ['[receiver: manger] escalation[0].receiver: there is no receiver manger. Did you mean manager?'],
  ],
  [
    'no time',
    ['    after: 2h\n', ''],
    [
      '[- match: { severity: critical }] escalation[0].after: missing; expected a duration like 90m, 26h or 31d.',
    ],
  ],
  [
    'a time without a unit',
    ['after: 2h', 'after: 2'],
    ['[after: 2] escalation[0].after: expected a duration like 90m, 26h or 31d, got 2.'],
  ],
  [
    'at once',
    ['after: 2h', 'after: 5m'],
    ['[after: 5m] escalation[0].after: is less than 15m. Nobody has answered by then; use a route.'],
  ],
  [
    'the watchdog',
    ['    after: 2h\n    receiver: manager', '    after: 2h\n    receiver: dead_mans_switch'],
    ['[receiver: dead_mans_switch] escalation[0].receiver: dead_mans_switch hears the watchdog only.'],
  ],
  [
    'the same people twice',
    [
      '    after: 2h\n    receiver: manager',
      '    after: 2h\n    receiver: manager\n  - { match: { severity: [critical] }, after: 8h, receiver: manager }',
    ],
    [
      '[- { match: { severity: [critical] }, after: 8h, receiver: manager }] escalation[1]: tells the same people as escalation[0]. Remove one.',
    ],
  ],
  [
    'an unknown label',
    ['- match: { severity: critical }\n    after', '- match: { severty: critical }\n    after'],
    ['[- match: { severty: critical }] escalation[0].match.severty: unknown key. Did you mean severity?'],
  ],
  [
    'a customer with a typo',
    ['- match: { severity: critical }\n    after', '- match: { customer: kaveri1 }\n    after'],
    [
      '[- match: { customer: kaveri1 }] escalation[0].match.customer: there is no customer kaveri1. Did you mean kaveri?',
    ],
  ],
  [
    'an owner nobody is',
    ['- match: { severity: critical }\n    after', '- match: { owner: backup }\n    after'],
    [
      '[- match: { owner: backup }] escalation[0].match.owner: there is no owner backup. Did you mean backups?',
    ],
  ],
  [
    'a control with a typo',
    ['- match: { severity: critical }\n    after', '- match: { control: backups }\n    after'],
    [
      '[- match: { control: backups }] escalation[0].match.control: backups is not allowed. Did you mean backup?',
    ],
  ],
  [
    'hours',
    ['after: 2h', 'during: working_hours\n    after: 2h'],
    ['[during: working_hours] escalation[0].during: unknown key. Allowed: match, after, receiver.'],
  ],
];

describe('escalation: what is wrong is told with its line, its path, the reason and what may have been meant', () => {
  test.each(wrong)('%s', (_, edit, said) => {
    expect(mistakesWith(edit)).toEqual(said);
  });
});
