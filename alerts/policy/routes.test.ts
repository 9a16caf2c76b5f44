import { describe, expect, test } from 'vitest';
import { type Edit, mistakesWith } from '../tests/edited-policy.ts';

const wrong: readonly (readonly [name: string, edit: Edit, said: readonly string[]])[] = [
  [
    'a receiver with a typo',
    ['receiver: acme_desk', 'receiver: acme_dsk'],
    ['[receiver: acme_dsk] routes[0].receiver: there is no receiver acme_dsk. Did you mean acme_desk?'],
  ],
  [
    'a customer with a typo',
    ['match: { customer: acme, severity: critical }', 'match: { customer: acmee, severity: critical }'],
    [
      '[- match: { customer: acmee, severity: critical }] routes[0].match.customer: there is no customer acmee. Did you mean acme?',
    ],
  ],
  [
    'a severity with a typo',
    ['match: { customer: acme, severity: critical }', 'match: { customer: acme, severity: critcal }'],
    [
      '[- match: { customer: acme, severity: critcal }] routes[0].match.severity: critcal is not allowed. Did you mean critical?',
    ],
  ],
  [
    'a list with a typo',
    [
      'match: { customer: acme, severity: critical }',
      'match: { customer: acme, severity: [critical, warnings] }',
    ],
    [
      '[- match: { customer: acme, severity: [critical, warnings] }] routes[0].match.severity[1]: warnings is not allowed. Did you mean warning?',
    ],
  ],
  [
    'an owner nobody is',
    ['match: { owner: backups }', 'match: { owner: backup }'],
    ['[- match: { owner: backup }] routes[2].match.owner: there is no owner backup. Did you mean backups?'],
  ],
  [
    'an owner without the control',
    ['match: { owner: backups }', 'match: { owner: backups, control: reboot }'],
    [
      '[- match: { owner: backups, control: reboot }] routes[2].match: the owner has none of these controls, so it matches nothing.',
    ],
  ],
  [
    'a label alerts do not have',
    ['match: { owner: backups }', 'match: { team: backups }'],
    [
      '[- match: { team: backups }] routes[2].match.team: unknown key. Allowed: severity, sla_class, customer, control, owner.',
    ],
  ],
  [
    'hours that are none',
    ['during: working_hours', 'during: office_hours'],
    [
      '[during: office_hours] routes[0].during: office_hours is not allowed. Allowed: always, working_hours, outside_working_hours.',
    ],
  ],
  [
    'a route that hides the others',
    ['  - match: { owner: backups }\n    receiver: backups', '  - receiver: backups'],
    [
      '[- receiver: backups] routes[2]: matches everything, so the routes after it are never used. Move it to the end.',
    ],
  ],
  [
    'the same match again',
    [
      '  - match: { owner: backups }\n    receiver: backups',
      '  - match: { severity: critical }\n    receiver: backups',
    ],
    [
      '[- match: { severity: critical }] routes[2]: has the match of routes[1], which comes first. Remove one.',
    ],
  ],
  [
    'a last route with a match',
    ['    receiver: backups\n  - receiver: operators', '    receiver: backups'],
    [
      '[- match: { owner: backups }] routes[2]: the last route has a match, so other alerts reach nobody. Add a route with only a receiver.',
    ],
  ],
  [
    'a last route with hours',
    ['  - receiver: operators', '  - during: working_hours\n    receiver: operators'],
    [
      '[- during: working_hours] routes[3].during: the last route must always hear. Add a route with only a receiver.',
    ],
  ],
  [
    'no route',
    ['routes:\n', 'routes: []\ntarget:\n'],
    ['[routes: []] routes: expected at least one.', '[target:] target: unknown key. Did you mean targets?'],
  ],
  [
    'a route without a receiver',
    ['  - match: { owner: backups }\n    receiver: backups', '  - match: { owner: backups }'],
    ['[- match: { owner: backups }] routes[2].receiver: missing; expected text.'],
  ],
];

describe('routes: what is wrong is told with its line, its path, the reason and what may have been meant', () => {
  test.each(wrong)('%s', (_, edit, said) => {
    expect(mistakesWith(edit)).toEqual(said);
  });
});
