import { describe, expect, test } from 'vitest';
import { type Edit, mistakesWith } from '../tests/edited-policy.ts';

const wrong: readonly (readonly [name: string, edit: Edit, said: readonly string[]])[] = [
  [
    'every day that never comes',
    ['every: 184d', 'every: 0d'],
    [
      '[every: 0d] tasks.restore_drill.every: expected week, month, quarter, year or days like 92d, got "0d".',
    ],
  ],
  [
    'hours',
    ['every: 184d', 'every: 90h'],
    [
      '[every: 90h] tasks.restore_drill.every: expected week, month, quarter, year or days like 92d, got "90h".',
    ],
  ],
  [
    'a word that is no cadence',
    ['every: quarter', 'every: semester'],
    [
      '[every: semester] tasks.access_review.every: expected week, month, quarter, year or days like 92d, got "semester".',
    ],
  ],
  [
    'the 31st of every quarter',
    ['on: 15', 'on: 31'],
    ['[on: 31] tasks.access_review.on: not every month has a day 31. Write last.'],
  ],
  [
    'the 0th',
    ['on: 15', 'on: 0'],
    ['[on: 0] tasks.access_review.on: 0 is no day of a month. Write 1 to 28, or last.'],
  ],
  [
    'a weekday of a quarter',
    ['on: 15', 'on: mon'],
    ['[on: mon] tasks.access_review.on: mon is no day of a month. Write 1 to 28, or last.'],
  ],
  [
    'a day of a week',
    ['on: mon', 'on: 3'],
    ['[on: 3] tasks.alert_review.on: 3 is no day of a week. Allowed: mon, tue, wed, thu, fri, sat, sun.'],
  ],
  [
    'the 29th of February',
    ['on: 03-15', 'on: 02-29'],
    ['[on: 02-29] tasks.licence_review.on: not every year has a 02-29. Write 02-28.'],
  ],
  [
    'the 31st of April',
    ['on: 03-15', 'on: 04-31'],
    ['[on: 04-31] tasks.licence_review.on: 04-31 is no day of a year. Write month and day: 03-15.'],
  ],
  [
    'a day for days',
    ['every: 184d', 'every: 184d\n    on: 1'],
    [
      '[on: 1] tasks.restore_drill.on: days are counted from the last time. Remove on, or write every: month.',
    ],
  ],
  [
    'more than a working life',
    ['every: 184d', 'every: 4000d'],
    ['[every: 4000d] tasks.restore_drill.every: is more than three years. Write at most 1098d.'],
  ],
  [
    'half a day',
    ['on: 15', 'on: 1.5'],
    ['[on: 1.5] tasks.access_review.on: expected a day like fri, 15, last or 03-15, got 1.5.'],
  ],
  [
    'a category that does not exist',
    ['category: adaptive', 'category: adaptative'],
    [
      '[category: adaptative] tasks.licence_review.category: adaptative is not allowed. Did you mean adaptive?',
    ],
  ],
  [
    'a customer with a typo',
    ['customers: [acme, birch]', 'customers: [acme, burch]'],
    [
      '[customers: [acme, burch]] tasks.restore_drill.customers: there is no customer burch. Did you mean birch?',
    ],
  ],
  [
    'a role with a typo',
    ['roles: server', 'roles: servers'],
    ['[roles: servers] tasks.restore_drill.roles: there is no role servers. Did you mean server?'],
  ],
  [
    'nobody',
    ['    owner: security\n', ''],
    ['[access_review:] tasks.access_review.owner: missing; expected text.'],
  ],
  [
    'a step twice',
    [
      '      - Shared passwords are changed.',
      '      - Every privileged account belongs to somebody who still needs it.',
    ],
    [
      '[- Every privileged account belongs to somebody who still needs it.] tasks.access_review.checklist[1]: is there already. Remove one.',
    ],
  ],
  [
    'a name with spaces',
    ['  restore_drill:', '  Restore drill:'],
    [
      '[Restore drill:] tasks.Restore drill: expected a name like access_review: small letters, digits, underscores.',
    ],
  ],
  [
    'a misspelt key',
    ['every: 184d', 'evry: 184d'],
    [
      '[restore_drill:] tasks.restore_drill.every: missing; expected week, month, quarter, year or days like 92d.',
      '[evry: 184d] tasks.restore_drill.evry: unknown key. Did you mean every?',
    ],
  ],
];

describe('tasks: what is wrong is told with its line, its path, the reason and what may have been meant', () => {
  test.each(wrong)('%s', (_, edit, said) => {
    expect(mistakesWith(edit)).toEqual(said);
  });
});
