import { describe, expect, test } from 'vitest';
import { type Edit, mistakesWith } from '../tests/edited-policy.ts';

const wrong: readonly (readonly [name: string, edit: Edit, said: readonly string[]])[] = [
  [
    'nobody for the watchdog',
    ['  dead_mans_switch:\n', '  watchdog:\n'],
    ['[receivers:] receivers.dead_mans_switch: missing; the watchdog needs somebody outside.'],
  ],
  [
    'nobody at all',
    ['  manager:\n    email: manager@example.org', '  manager: {}'],
    ['[manager: {}] receivers.manager: reaches nobody. Write webhook, email or slack.'],
  ],
  [
    'the name of nobody',
    ['  manager:\n    email: manager@example.org', '  nobody:\n    email: manager@example.org'],
    [
      '[nobody:] receivers.nobody: is the receiver of what nobody is told. Choose another name.',
      '[receiver: manager] escalation[0].receiver: there is no receiver manager. Allowed: operators, on_call, backups, acme_desk, nobody, dead_mans_switch.',
    ],
  ],
  [
    'an address that is none',
    ['webhook: http://127.0.0.1:9095/operators', 'webhook: localhost'],
    [
      '[webhook: localhost] receivers.operators.webhook: expected an address like https://example.org/path, got "localhost".',
    ],
  ],
  [
    'a mail address that is none',
    ['email: manager@example.org', 'email: manager'],
    ['[email: manager] receivers.manager.email: expected an address like ana@example.org, got "manager".'],
  ],
  [
    'one of several that is none',
    ['email: [backups@example.org, storage@example.org]', 'email: [backups@example.org, storage]'],
    [
      '[email: [backups@example.org, storage]] receivers.backups.email[1]: expected an address like ana@example.org, got "storage".',
    ],
  ],
  [
    'mail without a server',
    [
      "mail:\n  {\n    server: 'mail.example.org:587',\n    from: alerts@example.org,\n    user: alerts,\n    password_file: /etc/alertmanager/mail-password,\n  }\n",
      '',
    ],
    [
      '[email: [backups@example.org, storage@example.org]] receivers.backups.email: there is no mail server. Add mail: { server: mail.example.org:587, from: alerts@example.org }.',
      '[email: desk@acme.example] receivers.acme_desk.email: there is no mail server. Add mail: { server: mail.example.org:587, from: alerts@example.org }.',
      '[email: manager@example.org] receivers.manager.email: there is no mail server. Add mail: { server: mail.example.org:587, from: alerts@example.org }.',
    ],
  ],
  [
    'a server without a port',
    ["server: 'mail.example.org:587'", 'server: mail.example.org'],
    [
      '[server: mail.example.org,] mail.server: expected a server and its port like mail.example.org:587, got "mail.example.org".',
    ],
  ],
  [
    'a user without a password',
    ['    password_file: /etc/alertmanager/mail-password,\n', ''],
    ['[mail:] mail: user and password_file go together.'],
  ],
  [
    'a password in the policy',
    ['password_file: /etc/alertmanager/mail-password', 'password: secret'],
    ['[password: secret,] mail.password: unknown key. Allowed: server, from, user, password_file, tls.'],
  ],
  [
    'a file by a relative path',
    ['url_file: /etc/alertmanager/slack-url', 'url_file: slack-url'],
    [
      '[slack: { url_file: slack-url, channel: \'#on-call\' }] receivers.on_call.slack.url_file: expected a path that starts with /, got "slack-url".',
    ],
  ],
  [
    'Slack without a channel',
    [", channel: '#on-call'", ''],
    [
      '[slack: { url_file: /etc/alertmanager/slack-url }] receivers.on_call.slack.channel: missing; expected text.',
    ],
  ],
  [
    'a kind Alertmanager 0.25 does not know',
    ['  manager:\n    email: manager@example.org', '  manager:\n    teams: https://example.org'],
    ['[teams: https://example.org] receivers.manager.teams: unknown key. Allowed: webhook, email, slack.'],
  ],
];

describe('mail and receivers: what is wrong is told with its line, its path, the reason and what may have been meant', () => {
  test.each(wrong)('%s', (_, edit, said) => {
    expect(mistakesWith(edit)).toEqual(said);
  });
});
