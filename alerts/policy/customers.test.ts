import { describe, expect, test } from 'vitest';
import { type Edit, mistakesWith } from '../tests/edited-policy.ts';

const wrong: readonly (readonly [name: string, edit: Edit, said: readonly string[]])[] = [
  [
    'a misspelt key',
    ['working_hours:\n      mon-thu', 'workinghours:\n      mon-thu'],
    [
      '[acme:] customers.acme.working_hours: missing; expected keys with values.',
      '[workinghours:] customers.acme.workinghours: unknown key. Did you mean working_hours?',
    ],
  ],
  [
    'a zone with a typo',
    ['Europe/Madrid', 'Europe/Madird'],
    [
      '[zone: Europe/Madird] customers.acme.zone: expected an IANA zone like Europe/Madrid, got "Europe/Madird". Did you mean Europe/Madrid?',
    ],
  ],
  [
    'a currency with a typo',
    ['currency: INR', 'currency: INE'],
    [
      '[currency: INE] customers.kaveri.currency: expected a currency of ISO 4217 like EUR, got "INE". Did you mean INR?',
    ],
  ],
  [
    'a currency by its name',
    ['currency: USD', 'currency: dollar'],
    ['[currency: dollar] customers.birch.currency: expected an ISO 4217 code like EUR, got "dollar".'],
  ],
  [
    'an hour 25',
    ['fri: [09:00-15:00]', 'fri: [09:00-25:00]'],
    ['[fri: [09:00-25:00]] customers.acme.working_hours.fri[0]: there is no 25:00 on a clock.'],
  ],
  [
    'a minute 60',
    ['fri: [09:00-15:00]', 'fri: [08:60-15:00]'],
    ['[fri: [08:60-15:00]] customers.acme.working_hours.fri[0]: there is no 08:60 on a clock.'],
  ],
  [
    'an end before the start',
    ['fri: [09:00-15:00]', 'fri: [22:00-06:00]'],
    [
      '[fri: [22:00-06:00]] customers.acme.working_hours.fri[0]: ends before it begins; hours past midnight belong to the next day.',
    ],
  ],
  [
    'a split day that overlaps',
    ['mon-thu: [09:00-14:00, 16:00-19:00]', 'mon-thu: [09:00-14:00, 13:30-19:00]'],
    ['[mon-thu: [09:00-14:00, 13:30-19:00]] customers.acme.working_hours.mon-thu: the hours overlap.'],
  ],
  [
    'a day named twice',
    ['fri: [09:00-15:00]', 'thu-fri: [09:00-15:00]'],
    ['[thu-fri: [09:00-15:00]] customers.acme.working_hours.thu-fri: thu has hours already.'],
  ],
  [
    'days that run backwards',
    ['fri: [09:00-15:00]', 'sun-fri: [09:00-15:00]'],
    [
      '[sun-fri: [09:00-15:00]] customers.acme.working_hours.sun-fri: the days run backwards; a week begins with mon.',
    ],
  ],
  [
    'a day nobody has',
    ['fri: [09:00-15:00]', 'friday: [09:00-15:00]'],
    [
      '[friday: [09:00-15:00]] customers.acme.working_hours.friday: expected a day or days like mon, mon-fri.',
    ],
  ],
  [
    'one span without a list',
    ['fri: [09:00-15:00]', 'fri: 09:00-15:00'],
    ['[fri: 09:00-15:00] customers.acme.working_hours.fri: expected a list, got "09:00-15:00".'],
  ],
  [
    'a week without days',
    ['working_hours: { mon-sat: [10:00-14:00, 14:30-18:30] }', 'working_hours: {}'],
    ['[working_hours: {}] customers.kaveri.working_hours: expected at least one day.'],
  ],
  [
    'a holiday twice',
    ['{ date: 2026-12-08, name: Immaculate Conception }', '{ date: 2026-12-25, name: Navidad }'],
    [
      '[- { from: 2026-12-24, to: 2027-01-01, name: Christmas }] customers.acme.holidays[2]: 2026-12-25 is a holiday already, Navidad. Remove one.',
    ],
  ],
  [
    'a holiday that ends before it begins',
    ['from: 2026-12-24, to: 2027-01-01', 'from: 2026-12-24, to: 2026-01-01'],
    [
      '[- { from: 2026-12-24, to: 2026-01-01, name: Christmas }] customers.acme.holidays[2]: ends on 2026-01-01, before it begins on 2026-12-24.',
    ],
  ],
  [
    'a holiday of ten years',
    ['from: 2026-12-24, to: 2027-01-01', 'from: 2026-12-24, to: 2037-01-01'],
    [
      '[- { from: 2026-12-24, to: 2037-01-01, name: Christmas }] customers.acme.holidays[2]: lasts more than a year, from 2026-12-24 to 2037-01-01.',
    ],
  ],
  [
    'a day that does not exist',
    ['date: 2026-11-26', 'date: 2026-11-31'],
    [
      '[- { date: 2026-11-31, name: Thanksgiving }] customers.birch.holidays[0].date: expected a day that exists, got "2026-11-31".',
    ],
  ],
  [
    'a holiday without a day',
    ['{ date: 2026-11-26, name: Thanksgiving }', '{ name: Thanksgiving }'],
    ['[- { name: Thanksgiving }] customers.birch.holidays[0]: expected date, or from and to.'],
  ],
  [
    'a holiday with a day and a range',
    ['{ date: 2026-11-26, name: Thanksgiving }', '{ date: 2026-11-26, to: 2026-11-27, name: Thanksgiving }'],
    [
      '[- { date: 2026-11-26, to: 2026-11-27, name: Thanksgiving }] customers.birch.holidays[0]: expected date, or from and to.',
    ],
  ],
  [
    'a fee in a foreign currency',
    ['fee: 2900 USD', 'fee: 2900 EUR'],
    ['[fee: 2900 EUR] customers.birch.fee: EUR is not the currency of the customer, USD. Write 2900 USD.'],
  ],
  [
    'a fee without a currency',
    ['fee: 2900 USD', 'fee: 2900'],
    ['[fee: 2900] customers.birch.fee: expected an amount and a currency like 1200 EUR, got 2900.'],
  ],
  [
    'a framework with a typo',
    ['[cyber_essentials]', '[cyber_essential]'],
    [
      '[frameworks: [cyber_essential]] customers.kaveri.frameworks[0]: cyber_essential is not allowed. Did you mean cyber_essentials?',
    ],
  ],
  [
    'a framework twice',
    ['[iso27001, nis2]', '[iso27001, iso27001]'],
    [
      '[frameworks: [iso27001, iso27001]] customers.acme.frameworks[1]: iso27001 is there already. Remove one.',
    ],
  ],
  [
    'a colour by its name',
    ["colour: '#0b5fa5'", 'colour: blue'],
    [
      '[branding: { logo: logos/acme.png, colour: blue }] customers.acme.branding.colour: expected a colour like #0b5fa5, got "blue".',
    ],
  ],
  [
    'an address without a host',
    ['email: ann@birch.example', 'email: ann'],
    [
      '[contacts: [{ name: Dr. Ann Birch, email: ann, duty: answers for patient data }]] customers.birch.contacts[0].email: expected an address like ana@example.org, got "ann".',
    ],
  ],
  [
    'a customer that cannot be a label',
    ['  birch:\n', '  Birch Dental:\n'],
    ['[Birch Dental:] customers.Birch Dental: expected a label like acme: small letters, digits, hyphens.'],
  ],
];

describe('customers: what is wrong is told with its line, its path, the reason and what may have been meant', () => {
  test.each(wrong)('%s', (_, edit, said) => {
    expect(mistakesWith(edit)).toEqual(said);
  });
});
