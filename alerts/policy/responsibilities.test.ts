import { describe, expect, test } from 'vitest';
import { type Edit, mistakesWith } from '../tests/edited-policy.ts';

const wrong: readonly (readonly [name: string, edit: Edit, said: readonly string[]])[] = [
  [
    'somebody else',
    ['    who: customer\n', '    who: vendor\n'],
    ['[who: vendor] responsibilities[2].who: vendor is not allowed. Allowed: provider, customer, shared.'],
  ],
  [
    'nobody',
    ['    who: customer\n', ''],
    [
      '[- what: Line-of-business applications] responsibilities[2].who: missing; expected one of the names allowed here. Allowed: provider, customer, shared.',
    ],
  ],
  [
    'a typo',
    ['    who: customer\n', '    who: custmer\n'],
    ['[who: custmer] responsibilities[2].who: custmer is not allowed. Did you mean customer?'],
  ],
  [
    'shared without a border',
    ['    note: The provider asks for a time, the contact of the customer says which.\n', ''],
    [
      '[- what: Reboots of servers] responsibilities[1].note: missing; shared work needs a border. Write who does which part.',
    ],
  ],
  [
    'a customer with a typo',
    ['customers: [acme, kaveri]', 'customers: [acme, kavri]'],
    [
      '[customers: [acme, kavri]] responsibilities[2].customers: there is no customer kavri. Did you mean kaveri?',
    ],
  ],
  [
    'a control with a typo',
    ['controls: reboot', 'controls: reboots'],
    ['[controls: reboots] responsibilities[1].controls: reboots is not allowed. Did you mean reboot?'],
  ],
  [
    'controls with a typo',
    ['controls: [patch_security, patch_standard]', 'controls: [patch_security, patch_standrd]'],
    [
      '[controls: [patch_security, patch_standrd]] responsibilities[0].controls[1]: patch_standrd is not allowed. Did you mean patch_standard?',
    ],
  ],
  [
    'the same twice',
    ['- what: Line-of-business applications', '- what: Reboots of servers'],
    [
      '[- what: Reboots of servers] responsibilities[2].what: is said in responsibilities[1] already. Remove one.',
    ],
  ],
  [
    'nothing',
    ['- what: Line-of-business applications', '- what: ""'],
    ['[- what: ""] responsibilities[2].what: expected text.'],
  ],
  [
    'a misspelt key',
    ['    note: The', '    notes: The'],
    [
      '[notes: The provider asks for a time, the contact of the customer says which.] responsibilities[1].notes: unknown key. Did you mean note?',
    ],
  ],
  [
    'keys instead of a list',
    ['responsibilities:\n', 'responsibilities: {}\ntarget:\n'],
    [
      '[responsibilities: {}] responsibilities: expected a list, got keys with values.',
      '[target:] target: unknown key. Did you mean targets?',
    ],
  ],
];

describe('responsibilities: what is wrong is told with its line, its path, the reason and what may have been meant', () => {
  test.each(wrong)('%s', (_, edit, said) => {
    expect(mistakesWith(edit)).toEqual(said);
  });
});
