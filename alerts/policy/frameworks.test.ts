import { expect, test } from 'vitest';
import { parsePolicy } from '../policy.ts';
import { type Edit, edited, mistakesWith } from '../tests/edited-policy.ts';
import { customersOf, notApplicableTo } from './frameworks.ts';

const line = `      - requirement: A.8.20
        customers: acme`;

test.each<[string, Edit, readonly string[]]>([
  [
    'a framework that is none',
    ['  iso27001:\n    met', '  iso2701:\n    met'],
    ['[iso2701:] frameworks.iso2701: unknown key. Did you mean iso27001?'],
  ],
  [
    'a requirement that is none',
    [line, line.replace('A.8.20', 'A.8.202')],
    [
      '[- requirement: A.8.202] frameworks.iso27001.not_applicable[0].requirement: there is no requirement A.8.202 in scope of iso27001. Did you mean A.8.20?',
    ],
  ],
  [
    'a customer that is none',
    [line, line.replace('acme', 'acne')],
    [
      '[customers: acne] frameworks.iso27001.not_applicable[0].customers: there is no customer acne. Did you mean acme?',
    ],
  ],
  [
    'a customer that does not list the framework',
    [line, line.replace('acme', 'birch')],
    [
      '[customers: birch] frameworks.iso27001.not_applicable[0].customers: birch does not list iso27001. Add it to customers.birch.frameworks, or remove the line.',
    ],
  ],
  [
    'the same twice',
    [line, `      - { requirement: A.8.20, reason: None., owner: Elena Ruiz, since: 2026-09-01 }\n${line}`],
    [
      '[- requirement: A.8.20] frameworks.iso27001.not_applicable[1]: says the same of acme as not_applicable[0]. Remove one.',
    ],
  ],
  [
    'no reason',
    ['        reason: The network is run by the landlord of the factory, under a contract of its own.\n', ''],
    ['[- requirement: A.8.20] frameworks.iso27001.not_applicable[0].reason: missing; expected text.'],
  ],
  [
    'no owner',
    ['        owner: Elena Ruiz\n', ''],
    ['[- requirement: A.8.20] frameworks.iso27001.not_applicable[0].owner: missing; expected text.'],
  ],
  [
    'no date',
    ['        since: 2026-09-30\n', ''],
    [
      '[- requirement: A.8.20] frameworks.iso27001.not_applicable[0].since: missing; expected a date like 2026-12-25.',
    ],
  ],
  [
    'decided in the future',
    ['since: 2026-09-30', 'since: 2027-09-30'],
    [
      '[since: 2027-09-30] frameworks.iso27001.not_applicable[0].since: is in the future. Write the day it was decided.',
    ],
  ],
  [
    'partly is more than met',
    ['    met: 98%', '    met: 90%\n    partly: 95%'],
    ['[partly: 95%] frameworks.iso27001.partly: partly is more than met. Swap them.'],
  ],
  [
    'met is next to nothing',
    ['    met: 98%', '    met: 0%'],
    [
      '[met: 0%] frameworks.iso27001.met: is less than half of what is expected. Write 95%, or more than half.',
    ],
  ],
  [
    'a scheme of all or nothing made softer',
    ['  iso27001:\n    met', '  cyber_essentials: { met: 95% }\n  iso27001:\n    met'],
    [
      '[cyber_essentials: { met: 95% }] frameworks.cyber_essentials.met: not allowed; this framework is all or nothing. Remove it.',
    ],
  ],
])('%s', (_, edit, said) => {
  expect(mistakesWith(edit)).toEqual(said);
});

test('who lists a framework, and to whom a requirement is not applicable', () => {
  const policy = parsePolicy(
    edited(['    fee: 2900 USD', '    fee: 2900 USD\n    frameworks: [iso27001]']),
    Date.parse('2026-11-15') / 1000,
  );
  expect(customersOf(policy, 'iso27001')).toEqual(['acme', 'birch']);
  expect(notApplicableTo(policy, 'iso27001', 'A.8.20')).toEqual(['acme']);
  expect(notApplicableTo(policy, 'iso27001', 'A.8.24')).toEqual([]);
});
