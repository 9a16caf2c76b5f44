import type { Policy } from '../alerts/policy.ts';
import { exitCodes, type Outcome } from './outcome.ts';
import { type MailServer, mailOf, mailServer, mailText, send } from './mail.ts';
import type { Snapshot } from './snapshot.ts';

/** How reports are sent. */
export interface Delivery {
  readonly server: MailServer;
  readonly from: string;
  readonly policy: Policy;
  /** Shows the mail instead of sending it. */
  readonly dryRun: boolean;
}

export interface DeliveryOptions {
  readonly send: boolean;
  readonly dryRun: boolean;
  /** `smtps://user:password@mail.example.org` */
  readonly smtp?: string;
  readonly from?: string;
}

/** @returns undefined when nothing is to be sent. @throws Error when it is not said how, before anything is made. */
export async function readDelivery(
  { send: wanted, dryRun, smtp, from }: DeliveryOptions,
  policy: Policy,
): Promise<Delivery | undefined> {
  if (!wanted && !dryRun) return undefined;
  const sender = from ?? policy.mail?.from;
  if (sender === undefined) throw new Error('who sends the mail? Add --from, or mail.from to the policy.');
  return { server: await mailServer(smtp, policy), from: sender, policy, dryRun };
}

/** Sends a report that was written to whom the policy names. Never fails: what was written stays. */
export async function deliver(outcome: Outcome, snapshot: Snapshot, delivery: Delivery): Promise<Outcome> {
  const { id } = snapshot.customer;
  const { customers } = delivery.policy;
  const to = Object.hasOwn(customers, id) ? (customers[id]?.report?.to ?? []) : [];
  const file = outcome.files.find((path) => path.endsWith('report.pdf'));
  if (to.length === 0 || file === undefined)
    return {
      ...outcome,
      notes: [...outcome.notes, `nobody is sent the report. Add customers.${id}.report.to to the policy.`],
    };
  const mail = mailOf(snapshot, { from: delivery.from, to, file });
  if (delivery.dryRun) return { ...outcome, said: [mailText(mail)] };
  try {
    await send(mail, delivery.server);
    return { ...outcome, said: [`Sent to ${to.join(', ')}`] };
  } catch (error) {
    const unsent = error instanceof Error ? error.message : String(error);
    return { ...outcome, exitCode: exitCodes.refused, unsent };
  }
}
