import { describe, expect, test } from 'vitest';
import { type Edit, mistakesWith } from '../tests/edited-policy.ts';

const wrong: readonly (readonly [name: string, edit: Edit, said: readonly string[]])[] = [
  [
    'a customer with a typo',
    ['    customer: kaveri\n', '    customer: kavery\n'],
    [
      '[customer: kavery] services.kaveri-tracking.customer: there is no customer kavery. Did you mean kaveri?',
    ],
  ],
  [
    'a promise without a percent sign',
    ['slo: 99.9%', 'slo: 99.9'],
    ['[slo: 99.9] services.acme-shop.slo: expected a share like 95%, got 99.9.'],
  ],
  [
    'a promise of nothing',
    [
      'slo: 99.5%\n    credits: [{ below: 99.5%, credit: 5000 INR }, { below: 98%, credit: 12000 INR }]',
      'slo: 0%',
    ],
    ['[slo: 0%] services.kaveri-tracking.slo: 0% promises nothing. Write a share like 99.9%.'],
  ],
  [
    'tiers that rise',
    ['- { below: 99%, credit: 25% }', '- { below: 99.95%, credit: 25% }'],
    [
      '[- { below: 99.95%, credit: 25% }] services.acme-shop.credits[1].below: 99.95% is not under 99.9% of the tier before. Write the tiers from the promise downwards.',
    ],
  ],
  [
    'a tier over the promise',
    ['- { below: 99.9%, credit: 10% }', '- { below: 99.99%, credit: 10% }'],
    [
      '[- { below: 99.99%, credit: 10% }] services.acme-shop.credits[0].below: 99.99% is over the 99.9% promised.',
    ],
  ],
  [
    'a worse month that costs the same',
    ['- { below: 95%, credit: 50% }', '- { below: 95%, credit: 25% }'],
    [
      '[- { below: 95%, credit: 25% }] services.acme-shop.credits[2].credit: is not more than that of the tier before. A worse month costs more.',
    ],
  ],
  [
    'tiers of two kinds',
    ['- { below: 95%, credit: 50% }', '- { below: 95%, credit: 450 EUR }'],
    [
      '[- { below: 95%, credit: 450 EUR }] services.acme-shop.credits[2].credit: a share follows an amount or the other way round. Write all tiers of one kind.',
    ],
  ],
  [
    'a credit in a foreign currency',
    ['credit: 12000 INR', 'credit: 12000 EUR'],
    [
      '[credits: [{ below: 99.5%, credit: 5000 INR }, { below: 98%, credit: 12000 EUR }]] services.kaveri-tracking.credits[1].credit: EUR is not the currency of the customer, INR. Write 12000 INR.',
    ],
  ],
  [
    'a share of a fee that is missing',
    ['    fee: 900 EUR\n', ''],
    [
      '[- { below: 99.9%, credit: 10% }] services.acme-shop.credits[0].credit: is a share of a fee that is missing. Add services.acme-shop.fee.',
    ],
  ],
  [
    'a fee in a currency that is none',
    ['fee: 900 EUR', 'fee: 900 EUE'],
    [
      '[fee: 900 EUE] services.acme-shop.fee: EUE is not the currency of the customer, EUR. Did you mean EUR?',
    ],
  ],
  [
    'the same probe twice',
    ['instance: https://track.kaveri.example/health', 'instance: https://shop.acme.example'],
    [
      '[probe: { job: blackbox, instance: https://shop.acme.example }] services.kaveri-tracking.probe: is the probe of acme-shop already.',
    ],
  ],
  [
    'no probe',
    ['    probe: { job: blackbox, instance: https://shop.acme.example }\n', ''],
    ['[acme-shop:] services.acme-shop.probe: missing; expected keys with values.'],
  ],
  [
    'a misspelt key of the probe',
    ['job: blackbox, instance: https://shop', 'jobs: blackbox, instance: https://shop'],
    [
      '[probe: { jobs: blackbox, instance: https://shop.acme.example }] services.acme-shop.probe.job: missing; expected text.',
      '[probe: { jobs: blackbox, instance: https://shop.acme.example }] services.acme-shop.probe.jobs: unknown key. Did you mean job?',
    ],
  ],
  [
    'a speed without a unit',
    ['baseline: 800ms', 'baseline: 800'],
    [
      '[speed: { baseline: 800, slower: 25% }] services.acme-shop.speed.baseline: expected a time like 800ms or 1.5s, got 800.',
    ],
  ],
  [
    'a regression that is a ratio',
    ['slower: 25%', 'slower: 0.25'],
    [
      '[speed: { baseline: 800ms, slower: 0.25 }] services.acme-shop.speed.slower: expected a share like 95%, got 0.25.',
    ],
  ],
  [
    'a name that cannot be a label',
    ['  acme-shop:', '  acme_shop:'],
    ['[acme_shop:] services.acme_shop: expected a label like acme: small letters, digits, hyphens.'],
  ],
];

describe('services: what is wrong is told with its line, its path, the reason and what may have been meant', () => {
  test.each(wrong)('%s', (_, edit, said) => {
    expect(mistakesWith(edit)).toEqual(said);
  });
});
