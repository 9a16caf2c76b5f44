import { z } from 'zod';
import type { Mistake } from './mistake.ts';
import { text } from './values.ts';

const address = z.email('expected an address like ana@example.org');
const absolute = z.string().startsWith('/', 'expected a path that starts with /');

/** How Alertmanager sends mail; passwords stay in files of its own. */
export const mail = z
  .strictObject({
    server: z.string().regex(/^[^\s:]+:\d+$/, 'expected a server and its port like mail.example.org:587'),
    from: address,
    user: text.optional(),
    password_file: absolute.optional(),
    tls: z
      .boolean()
      .default(true)
      .describe('false only for a server on the same machine or network that has no STARTTLS.'),
  })
  .optional();

/** What Alertmanager 0.25 can send to. Teams is told through the webhook of a relay: msteams_configs came later. */
const receiver = z.strictObject({
  webhook: z.url().optional().describe("Receives Alertmanager's JSON."),
  email: z
    .union([address, z.array(address).min(1)])
    .transform((value) => [value].flat())
    .optional(),
  slack: z
    .strictObject({
      url_file: absolute.describe('The file with the address of the hook, which is a secret.'),
      channel: text,
    })
    .optional(),
});

export const receivers = z.record(text, receiver);
export type Receivers = z.infer<typeof receivers>;

/** Nobody for the watchdog, receivers that reach nobody, mail without a server. */
export function receiverMistakes(policy: {
  readonly receivers: Receivers;
  readonly mail?: z.infer<typeof mail>;
}): readonly Mistake[] {
  const watchdog: readonly Mistake[] =
    policy.receivers['dead_mans_switch'] === undefined
      ? [{ path: ['receivers', 'dead_mans_switch'], reason: 'missing; the watchdog needs somebody outside' }]
      : [];
  const each = Object.entries(policy.receivers).flatMap(
    ([name, { webhook, email, slack }]): readonly Mistake[] => {
      const path = ['receivers', name] as const;
      if (name === 'nobody')
        return [{ path, reason: 'is the receiver of what nobody is told', hint: 'Choose another name.' }];
      if (webhook === undefined && email === undefined && slack === undefined)
        return [{ path, reason: 'reaches nobody', hint: 'Write webhook, email or slack.' }];
      return email !== undefined && policy.mail === undefined
        ? [
            {
              path: [...path, 'email'],
              reason: 'there is no mail server',
              hint: 'Add mail: { server: mail.example.org:587, from: alerts@example.org }.',
            },
          ]
        : [];
    },
  );
  const login: readonly Mistake[] =
    policy.mail !== undefined &&
    (policy.mail.user === undefined) !== (policy.mail.password_file === undefined)
      ? [{ path: ['mail'], reason: 'user and password_file go together' }]
      : [];
  return [...login, ...watchdog, ...each];
}
