import { describe, expect, test } from 'vitest';
import { type Edit, mistakesWith } from '../tests/edited-policy.ts';

const wrong: readonly (readonly [name: string, edit: Edit, said: readonly string[]])[] = [
  [
    'a limit without a unit',
    ['  reboot: { limit: 72h', '  reboot: { limit: 72'],
    [
      '[reboot: { limit: 72, target: 95%, severity: warning, sla_class: standard, owner: patching }] controls.reboot.limit: expected a duration like 90m, 26h or 31d, got 72.',
    ],
  ],
  [
    'a limit in weeks',
    ['  reboot: { limit: 72h', '  reboot: { limit: 2w'],
    [
      '[reboot: { limit: 2w, target: 95%, severity: warning, sla_class: standard, owner: patching }] controls.reboot.limit: expected a duration like 90m, 26h or 31d, got "2w".',
    ],
  ],
  [
    'a limit of nothing',
    ['  reboot: { limit: 72h', '  reboot: { limit: 0h'],
    [
      '[reboot: { limit: 0h, target: 95%, severity: warning, sla_class: standard, owner: patching }] controls.reboot.limit: expected a duration like 90m, 26h or 31d, got "0h".',
    ],
  ],
  [
    'no limit for an age',
    ['  reboot: { limit: 72h, ', '  reboot: { '],
    [
      '[reboot: { target: 95%, severity: warning, sla_class: standard, owner: patching }] controls.reboot.limit: missing. reboot is judged by age: limit: 72h.',
    ],
  ],
  [
    'a limit for a state',
    ['  disk_health: { ', '  disk_health: { limit: 1d, '],
    [
      '[disk_health: { limit: 1d, target: 99%, severity: critical, sla_class: urgent }] controls.disk_health.limit: not allowed. disk_health is in order or not at any moment; it has no age to limit.',
    ],
  ],
  [
    'a misspelt key',
    ['  reboot: { limit', '  reboot: { limits'],
    [
      '[reboot: { limits: 72h, target: 95%, severity: warning, sla_class: standard, owner: patching }] controls.reboot.limits: unknown key. Did you mean limit?',
    ],
  ],
  [
    'a severity that does not exist',
    ['disk_health: { target: 99%, severity: critical', 'disk_health: { target: 99%, severity: high'],
    [
      '[disk_health: { target: 99%, severity: high, sla_class: urgent }] controls.disk_health.severity: high is not allowed. Allowed: critical, warning, info.',
    ],
  ],
  [
    'a class that does not exist',
    [
      'disk_health: { target: 99%, severity: critical, sla_class: urgent',
      'disk_health: { target: 99%, severity: critical, sla_class: urgnt',
    ],
    [
      '[disk_health: { target: 99%, severity: critical, sla_class: urgnt }] controls.disk_health.sla_class: urgnt is not allowed. Did you mean urgent?',
    ],
  ],
  [
    'a control nobody knows',
    ['  disk_health:', '  disk_helth:'],
    [
      '[controls:] controls.disk_health: missing; expected keys with values.',
      '[disk_helth: { target: 99%, severity: critical, sla_class: urgent }] controls.disk_helth: unknown key. Did you mean disk_health?',
    ],
  ],
  [
    'an override by an unknown label',
    ['match: { object: weekly-archive }', 'match: { job: weekly-archive }'],
    [
      '[- match: { job: weekly-archive }] controls.backup.overrides[0].match.job: unknown key. Allowed: customer, role, instance, object.',
    ],
  ],
  [
    'an override that matches everything',
    ['match: { object: weekly-archive }', 'match: {}'],
    [
      '[- match: {}] controls.backup.overrides[0].match: matches everything. Change controls.backup.limit instead.',
    ],
  ],
  [
    'an override of a role with a typo',
    ['match: { customer: acme, role: workstation }', 'match: { customer: acme, role: workstaton }'],
    [
      '[- match: { customer: acme, role: workstaton }] controls.patch_security.overrides[0].match.role: there is no role workstaton. Did you mean workstation?',
    ],
  ],
  [
    'an override of a customer with a typo',
    ['match: { customer: acme, role: workstation }', 'match: { customer: acne, role: workstation }'],
    [
      '[- match: { customer: acne, role: workstation }] controls.patch_security.overrides[0].match.customer: there is no customer acne. Did you mean acme?',
    ],
  ],
  [
    'an override that never wins',
    ['match: { instance: [press-1, press-2] }', 'match: { role: [workstation], customer: acme }'],
    [
      '[- match: { role: [workstation], customer: acme }] controls.patch_security.overrides[1].match: is the match of overrides[0] too, which wins. Remove one.',
    ],
  ],
  [
    'an override without a limit',
    [
      '      - match: { object: weekly-archive }\n        limit: 8d',
      '      - match: { object: weekly-archive }',
    ],
    [
      '[- match: { object: weekly-archive }] controls.backup.overrides[0].limit: missing; expected a duration like 90m, 26h or 31d.',
    ],
  ],
  [
    'an override of a state',
    ['  disk_health: { ', '  disk_health: { overrides: [{ match: { role: server }, limit: 1d }], '],
    [
      '[disk_health: { overrides: [{ match: { role: server }, limit: 1d }], target: 99%, severity: critical, sla_class: urgent }] controls.disk_health.overrides: not allowed. disk_health is in order or not at any moment; it has no age to limit.',
    ],
  ],
];

describe('controls: what is wrong is told with its line, its path, the reason and what may have been meant', () => {
  test.each(wrong)('%s', (_, edit, said) => {
    expect(mistakesWith(edit)).toEqual(said);
  });
});
