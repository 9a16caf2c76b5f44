import { describe, expect, test } from 'vitest';
import { type Edit, mistakesWith } from '../tests/edited-policy.ts';

const wrong: readonly (readonly [name: string, edit: Edit, said: readonly string[]])[] = [
  [
    'no default',
    ['  default: [host_reporting, patch_security, patch_standard, reboot, os_supported]\n', ''],
    ['[roles:] roles.default: missing; it says what hosts of any other role must have.'],
  ],
  [
    'a control with a typo',
    ['appliance: [host_reporting]', 'appliance: [host_reportin]'],
    [
      '[appliance: [host_reportin]] roles.appliance[0]: host_reportin is not allowed. Did you mean host_reporting?',
    ],
  ],
  [
    'a control twice',
    ['appliance: [host_reporting]', 'appliance: [host_reporting, host_reporting]'],
    [
      '[appliance: [host_reporting, host_reporting]] roles.appliance[1]: host_reporting is there already. Remove one.',
    ],
  ],
  [
    'one control without a list',
    ['appliance: [host_reporting]', 'appliance: host_reporting'],
    ['[appliance: host_reporting] roles.appliance: expected a list, got "host_reporting".'],
  ],
  [
    'nothing',
    ['appliance: [host_reporting]', 'appliance:'],
    ['[appliance:] roles.appliance: expected a list, got nothing.'],
  ],
  [
    'the controls in one text',
    ['appliance: [host_reporting]', 'appliance: host_reporting, reboot'],
    ['[appliance: host_reporting, reboot] roles.appliance: expected a list, got "host_reporting, reboot".'],
  ],
  [
    'the controls as keys',
    ['appliance: [host_reporting]', 'appliance: { host_reporting: true }'],
    ['[appliance: { host_reporting: true }] roles.appliance: expected a list, got keys with values.'],
  ],
  [
    'a role twice',
    ['  appliance: [host_reporting]', '  server: [host_reporting]'],
    ['[server: [host_reporting]] the file: the key is there twice.'],
  ],
  [
    'a default with a capital letter',
    ['  default: [host_reporting', '  Default: [host_reporting'],
    ['[roles:] roles.default: missing; it says what hosts of any other role must have.'],
  ],
  [
    'a control by its words',
    ['appliance: [host_reporting]', 'appliance: [host reporting]'],
    [
      '[appliance: [host reporting]] roles.appliance[0]: host reporting is not allowed. Did you mean host_reporting?',
    ],
  ],
  [
    'the section misspelt',
    ['roles:\n  default', 'role:\n  default'],
    [
      '[provider: Faro Managed IT] roles: missing; expected keys with values.',
      '[role:] role: unknown key. Did you mean roles?',
    ],
  ],
];

describe('roles: what is wrong is told with its line, its path, the reason and what may have been meant', () => {
  test.each(wrong)('%s', (_, edit, said) => {
    expect(mistakesWith(edit)).toEqual(said);
  });
});
