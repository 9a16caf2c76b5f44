import { describe, expect, test } from 'vitest';
import { type Edit, mistakesWith, warningsOn } from '../tests/edited-policy.ts';

const wrong: readonly (readonly [name: string, edit: Edit, said: readonly string[]])[] = [
  [
    'no end',
    ['    expires: 2027-03-31\n', ''],
    ['[- control: patch_security] exceptions[0].expires: missing; expected a date like 2026-12-25.'],
  ],
  [
    'an end in words',
    ['expires: 2027-03-31', 'expires: next spring'],
    ['[expires: next spring] exceptions[0].expires: expected a date like 2026-12-25, got "next spring".'],
  ],
  [
    'an end that does not exist',
    ['expires: 2027-03-31', 'expires: 2027-02-29'],
    ['[expires: 2027-02-29] exceptions[0].expires: expected a day that exists, got "2027-02-29".'],
  ],
  [
    'an end before the start',
    ['expires: 2027-03-31', 'expires: 2026-09-30'],
    ['[expires: 2026-09-30] exceptions[0].expires: is before from, 2026-10-01.'],
  ],
  [
    'longer than a year',
    ['expires: 2027-03-31', 'expires: 2028-03-31'],
    [
      '[expires: 2028-03-31] exceptions[0].expires: is more than a year away. Decide again within a year, or change the limit.',
    ],
  ],
  [
    'longer than a year from now',
    ['    from: 2026-10-01\n    expires: 2027-03-31', '    expires: 2028-03-31'],
    [
      '[expires: 2028-03-31] exceptions[0].expires: is more than a year away. Decide again within a year, or change the limit.',
    ],
  ],
  [
    'no owner',
    ['    owner: Javier Gil\n', ''],
    ['[- control: patch_security] exceptions[0].owner: missing; expected text.'],
  ],
  [
    'no reason',
    ['    reason: The X-ray station is replaced in spring; it has no way to the internet.\n', ''],
    ['[- control: os_supported] exceptions[1].reason: missing; expected text.'],
  ],
  [
    'a control with a typo',
    ['- control: os_supported', '- control: os_suported'],
    [
      '[- control: os_suported] exceptions[1].control: os_suported is not allowed. Did you mean os_supported?',
    ],
  ],
  [
    'everything',
    ['match: { customer: birch, instance: [xray-1] }', 'match: {}'],
    ['[match: {}] exceptions[1].match: matches everything. Take os_supported out of the roles instead.'],
  ],
  [
    'a customer with a typo',
    ['match: { customer: birch, instance: [xray-1] }', 'match: { customer: brich, instance: [xray-1] }'],
    [
      '[match: { customer: brich, instance: [xray-1] }] exceptions[1].match.customer: there is no customer brich. Did you mean birch?',
    ],
  ],
  [
    'an unknown label',
    ['match: { customer: birch, instance: [xray-1] }', 'match: { customer: birch, host: xray-1 }'],
    [
      '[match: { customer: birch, host: xray-1 }] exceptions[1].match.host: unknown key. Allowed: customer, role, instance, object.',
    ],
  ],
  [
    'the same twice',
    [
      '- control: os_supported\n    match: { customer: birch, instance: [xray-1] }',
      '- control: patch_security\n    match: { instance: [press-2], customer: acme }',
    ],
    [
      '[- control: patch_security] exceptions[1]: excepts the same as exceptions[0] at the same time. Remove one.',
    ],
  ],
  [
    'a misspelt key',
    ['expires: 2027-03-31', 'expire: 2027-03-31'],
    [
      '[- control: patch_security] exceptions[0].expires: missing; expected a date like 2026-12-25.',
      '[expire: 2027-03-31] exceptions[0].expire: unknown key. Did you mean expires?',
    ],
  ],
];

describe('exceptions: what is wrong is told with its line, its path, the reason and what may have been meant', () => {
  test.each(wrong)('%s', (_, edit, said) => {
    expect(mistakesWith(edit)).toEqual(said);
  });
});

describe('exceptions: one that is over is a warning, so that the rules can still be made', () => {
  test('none while they last', () => {
    expect(warningsOn('2027-02-28T22:00Z')).toEqual([]);
  });

  test('a month before', () => {
    expect(warningsOn('2027-03-02T12:00Z')).toEqual([
      '[expires: 2027-03-31] exceptions[0].expires: ends in 30 days; patch_security counts again after 2027-03-31. Ask Javier Gil what comes then.',
    ]);
  });

  test('on its last day, and the day after', () => {
    expect(warningsOn('2027-03-31T12:00Z')[0]).toBe(
      '[expires: 2027-03-31] exceptions[0].expires: ends in 1 day; patch_security counts again after 2027-03-31. Ask Javier Gil what comes then.',
    );
    expect(warningsOn('2027-04-01T12:00Z')[0]).toBe(
      '[expires: 2027-03-31] exceptions[0].expires: over since 2027-03-31; patch_security counts again. Remove it, or ask Javier Gil to decide anew.',
    );
  });

  test('one granted again after it ended is not the same', () => {
    const again: Edit = [
      '    expires: 2027-04-30',
      '    expires: 2027-04-30\n  - control: os_supported\n    match: { customer: birch, instance: xray-1 }\n    owner: Dr. Ann Birch\n    reason: The vendor is late.\n    from: 2027-05-01\n    expires: 2027-08-31',
    ];
    expect(mistakesWith(again)).toEqual([]);
    expect(mistakesWith([again[0], again[1].replace('2027-05-01', '2027-04-30')])).toEqual([
      '[- control: os_supported] exceptions[2]: excepts the same as exceptions[1] at the same time. Remove one.',
    ]);
  });
});
