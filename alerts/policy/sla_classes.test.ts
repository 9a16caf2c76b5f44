import { describe, expect, test } from 'vitest';
import { type Edit, mistakesWith } from '../tests/edited-policy.ts';

const wrong: readonly (readonly [name: string, edit: Edit, said: readonly string[]])[] = [
  [
    'a class nobody knows',
    ['  standard: { response', '  standart: { response'],
    [
      '[sla_classes:] sla_classes.standard: missing; expected keys with values.',
      '[standart: { response: 8h, resolve: 40h, clock: working_hours, target: 90% }] sla_classes.standart: unknown key. Did you mean standard?',
    ],
  ],
  [
    'no response',
    ['    response: 4h\n', ''],
    ['[urgent:] sla_classes.urgent.response: missing; expected hours or minutes like 4h or 30m.'],
  ],
  [
    'a response without a unit',
    ['response: 4h', 'response: 4'],
    ['[response: 4] sla_classes.urgent.response: expected hours or minutes like 4h or 30m, got 4.'],
  ],
  [
    'a response in words',
    ['response: 4h', 'response: 4 hours'],
    [
      '[response: 4 hours] sla_classes.urgent.response: expected hours or minutes like 4h or 30m, got "4 hours".',
    ],
  ],
  [
    'a clock with a typo',
    ['clock: working_hours', 'clock: work_hours'],
    [
      '[standard: { response: 8h, resolve: 40h, clock: work_hours, target: 90% }] sla_classes.standard.clock: work_hours is not allowed. Did you mean working_hours?',
    ],
  ],
  [
    'days of working time',
    ['response: 8h, resolve: 40h', 'response: 8h, resolve: 5d'],
    [
      '[standard: { response: 8h, resolve: 5d, clock: working_hours, target: 90% }] sla_classes.standard.resolve: expected hours or minutes like 4h or 30m, got "5d".',
    ],
  ],
  [
    'resolved before answered',
    ['resolve: 24h', 'resolve: 2h'],
    ['[resolve: 2h] sla_classes.urgent.resolve: is shorter than response. Write at least 4h.'],
  ],
  [
    'tiers that rise',
    ['- { below: 90%, credit: 5% }', '- { below: 97%, credit: 5% }'],
    [
      '[- { below: 97%, credit: 5% }] sla_classes.urgent.credits[1].below: 97% is not under 95% of the tier before. Write the tiers from the promise downwards.',
    ],
  ],
  [
    'a tier over the target',
    ['- { below: 95%, credit: 2% }', '- { below: 99%, credit: 2% }'],
    ['[- { below: 99%, credit: 2% }] sla_classes.urgent.credits[0].below: 99% is over the 95% promised.'],
  ],
  [
    'a worse month that costs less',
    ['- { below: 90%, credit: 5% }', '- { below: 90%, credit: 1% }'],
    [
      '[- { below: 90%, credit: 1% }] sla_classes.urgent.credits[1].credit: is not more than that of the tier before. A worse month costs more.',
    ],
  ],
  [
    'a credit in money',
    ['- { below: 95%, credit: 2% }\n      - { below: 90%, credit: 5% }', '- { below: 95%, credit: 200 EUR }'],
    [
      '[- { below: 95%, credit: 200 EUR }] sla_classes.urgent.credits[0].credit: expected a share like 5%. A class is for customers of any currency.',
    ],
  ],
  [
    'a response of nothing',
    ['response: 4h', 'response: 0h'],
    ['[response: 0h] sla_classes.urgent.response: expected hours or minutes like 4h or 30m, got "0h".'],
  ],
  [
    'a target over everything',
    ['    target: 95%\n    credits', '    target: 105%\n    credits'],
    ['[target: 105%] sla_classes.urgent.target: expected a share like 95%, got "105%".'],
  ],
];

describe('sla_classes: what is wrong is told with its line, its path, the reason and what may have been meant', () => {
  test.each(wrong)('%s', (_, edit, said) => {
    expect(mistakesWith(edit)).toEqual(said);
  });
});
