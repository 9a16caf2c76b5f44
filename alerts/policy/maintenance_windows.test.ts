import { describe, expect, test } from 'vitest';
import { type Edit, mistakesWith } from '../tests/edited-policy.ts';

const wrong: readonly (readonly [name: string, edit: Edit, said: readonly string[]])[] = [
  [
    'no customer',
    ['match: { customer: acme, role: server }\n    weekly', 'match: { role: server }\n    weekly'],
    [
      '[match: { role: server }] maintenance_windows[0].match.customer: missing; its zone says when the window is.',
    ],
  ],
  [
    'everything',
    ['match: { customer: kaveri }\n    once', 'match: {}\n    once'],
    [
      '[match: {}] maintenance_windows[2].match: matches everything. Name the customer: its zone says when it is.',
    ],
  ],
  [
    'a customer with a typo',
    ['match: { customer: kaveri }\n    once', 'match: { customer: kaveriii }\n    once'],
    [
      '[match: { customer: kaveriii }] maintenance_windows[2].match.customer: there is no customer kaveriii. Did you mean kaveri?',
    ],
  ],
  [
    'a role with a typo',
    [
      'match: { customer: acme, role: server }\n    weekly',
      'match: { customer: acme, role: servr }\n    weekly',
    ],
    [
      '[match: { customer: acme, role: servr }] maintenance_windows[0].match.role: there is no role servr. Did you mean server?',
    ],
  ],
  [
    'a day with a typo',
    ['day: sun, at: 02:00', 'day: snu, at: 02:00'],
    [
      '[weekly: { day: snu, at: 02:00, for: 4h }] maintenance_windows[0].weekly.day: snu is not allowed. Allowed: mon, tue, wed, thu, fri, sat, sun.',
    ],
  ],
  [
    'an hour 24',
    ['at: 02:00', 'at: 24:00'],
    [
      '[weekly: { day: sun, at: 24:00, for: 4h }] maintenance_windows[0].weekly.at: there is no 24:00 on a clock.',
    ],
  ],
  [
    'a time without minutes',
    ['at: 02:00', 'at: 2'],
    [
      '[weekly: { day: sun, at: 2, for: 4h }] maintenance_windows[0].weekly.at: expected a time like 09:00, got 2.',
    ],
  ],
  [
    'a length without a unit',
    ['at: 02:00, for: 4h', 'at: 02:00, for: 4'],
    [
      '[weekly: { day: sun, at: 02:00, for: 4 }] maintenance_windows[0].weekly.for: expected a duration like 90m, 26h or 31d, got 4.',
    ],
  ],
  [
    'a window that never ends',
    ['at: 02:00, for: 4h', 'at: 02:00, for: 7d'],
    [
      '[weekly: { day: sun, at: 02:00, for: 7d }] maintenance_windows[0].weekly.for: never ends: the next one begins before. Write less than 7d.',
    ],
  ],
  [
    'a month with a fifth',
    ['nth: second', 'nth: fifth'],
    [
      '[monthly: { nth: fifth, day: tue, at: 20:00, for: 3h }] maintenance_windows[1].monthly.nth: fifth is not allowed. Allowed: first, second, third, fourth, last.',
    ],
  ],
  [
    'an end before the start',
    ['to: 2026-12-13T18:00', 'to: 2026-12-11T18:00'],
    [
      '[once: { from: 2026-12-12T20:00, to: 2026-12-11T18:00 }] maintenance_windows[2].once.to: is not after from, 2026-12-12T20:00.',
    ],
  ],
  [
    'a year too many',
    ['to: 2026-12-13T18:00', 'to: 2027-12-13T18:00'],
    [
      '[once: { from: 2026-12-12T20:00, to: 2027-12-13T18:00 }] maintenance_windows[2].once.to: is more than 31d after from. Is the year right?',
    ],
  ],
  [
    'a moment that does not exist',
    ['from: 2026-12-12T20:00', 'from: 2026-12-12T25:00'],
    [
      '[once: { from: 2026-12-12T25:00, to: 2026-12-13T18:00 }] maintenance_windows[2].once.from: expected a moment that exists, got "2026-12-12T25:00".',
    ],
  ],
  [
    'a day without a time',
    ['from: 2026-12-12T20:00', 'from: 2026-12-12'],
    [
      '[once: { from: 2026-12-12, to: 2026-12-13T18:00 }] maintenance_windows[2].once.from: expected a moment like 2026-12-12T22:00, got "2026-12-12".',
    ],
  ],
  [
    'two times',
    [
      '    weekly: { day: sun, at: 02:00, for: 4h }',
      '    weekly: { day: sun, at: 02:00, for: 4h }\n    once: { from: 2026-12-12T20:00, to: 2026-12-13T18:00 }',
    ],
    ['[- name: Acme, Sunday servers] maintenance_windows[0]: expected one of weekly, monthly, once.'],
  ],
  [
    'no time',
    ['    weekly: { day: sun, at: 02:00, for: 4h }\n', ''],
    ['[- name: Acme, Sunday servers] maintenance_windows[0]: expected one of weekly, monthly, once.'],
  ],
  [
    'a name twice',
    ['name: Birch, second Tuesday', 'name: Acme, Sunday servers'],
    [
      '[- name: Acme, Sunday servers] maintenance_windows[1].name: is the name of maintenance_windows[0] too.',
    ],
  ],
  [
    'two weekly windows over each other',
    [
      '  - name: Birch, second Tuesday\n    match: { customer: birch }\n    monthly: { nth: second, day: tue, at: 20:00, for: 3h }',
      '  - name: Acme, late\n    match: { role: [server], customer: acme }\n    weekly: { day: sat, at: 23:00, for: 4h }',
    ],
    [
      '[- name: Acme, late] maintenance_windows[1]: overlaps maintenance_windows[0], Acme, Sunday servers. Make one window of both.',
    ],
  ],
  [
    'a weekly and a monthly window over each other',
    [
      '  - name: Birch, second Tuesday\n    match: { customer: birch }\n    monthly: { nth: second, day: tue, at: 20:00, for: 3h }',
      '  - name: Acme, late\n    match: { role: [server], customer: acme }\n    monthly: { nth: last, day: sun, at: 05:00, for: 4h }',
    ],
    [
      '[- name: Acme, late] maintenance_windows[1]: overlaps maintenance_windows[0], Acme, Sunday servers. Make one window of both.',
    ],
  ],
  [
    'a dated window over a monthly one',
    [
      'match: { customer: kaveri }\n    once: { from: 2026-12-12T20:00, to: 2026-12-13T18:00 }',
      'match: { customer: birch }\n    once: { from: 2026-12-08T22:00, to: 2026-12-09T18:00 }',
    ],
    [
      '[- name: Kaveri, move to the new hall] maintenance_windows[2]: overlaps maintenance_windows[1], Birch, second Tuesday. Make one window of both.',
    ],
  ],
];

describe('maintenance_windows: what is wrong is told with its line, its path, the reason and what may have been meant', () => {
  test.each(wrong)('%s', (_, edit, said) => {
    expect(mistakesWith(edit)).toEqual(said);
  });
});

describe('maintenance_windows: what shares no moment is allowed', () => {
  const sunday = '    weekly: { day: sun, at: 02:00, for: 4h }\n';

  test.each([
    [
      'one begins when the other ends',
      'match: { customer: acme, role: server }',
      'weekly: { day: sun, at: 06:00, for: 1h }',
    ],
    [
      'one ends when the other begins',
      'match: { customer: acme, role: server }',
      'weekly: { day: sat, at: 22:00, for: 4h }',
    ],
    [
      'the same time for other hosts',
      'match: { customer: acme, role: workstation }',
      'weekly: { day: sun, at: 02:00, for: 4h }',
    ],
    [
      'once, between two Sundays',
      'match: { customer: acme, role: server }',
      'once: { from: 2026-12-13T06:00, to: 2026-12-20T02:00 }',
    ],
  ])('%s', (_, match, times) => {
    expect(mistakesWith([sunday, `${sunday}  - name: Other\n    ${match}\n    ${times}\n`])).toEqual([]);
  });

  test('the first and the third of a month', () => {
    const second = '    monthly: { nth: second, day: tue, at: 20:00, for: 3h }\n';
    const third = second.replace('second', 'third');
    expect(
      mistakesWith([second, `${second}  - name: Other\n    match: { customer: birch }\n${third}`]),
    ).toEqual([]);
  });
});
