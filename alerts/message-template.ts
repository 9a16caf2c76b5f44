import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clockTemplates } from './message-clocks.ts';
import type { Policy } from './policy.ts';

/** The file of the messages, beside alertmanager.yaml, which names it. */
export const messageFile = 'maintenance.tmpl';

const layout = join(import.meta.dirname, 'templates', 'messages.tmpl');

/** The texts of mails and chats, for Alertmanager 0.25 and newer. @throws Error when the layout cannot be read. */
export function messageTemplate(policy: Policy): string {
  return `${readFileSync(layout, 'utf8')}\n${clockTemplates(policy)}`;
}
