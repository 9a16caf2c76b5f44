import { durationText } from './duration.ts';
import type { ControlName, Policy } from './policy.ts';
import { applies } from './policy/applies.ts';
import { type AlertMatch, controlsMatched } from './policy/routes.ts';

/** Whose hours count for a route. */
export type Phase = Exclude<Policy['routes'][number]['during'], 'always'>;
export const phases: readonly Phase[] = ['working_hours', 'outside_working_hours'];

/** Whoever may be told, in the order of the routes; the last one has no condition. */
export interface Told {
  readonly receiver: string;
  /** What must be so for it, like "customer is acme"; none where nothing is open. */
  readonly conditions: readonly string[];
}

/** Who hears of an alert about a control; a customer that is not given is not known. */
export function toldBy(
  policy: Policy,
  control: ControlName,
  customer: string | undefined,
  phase: Phase,
): readonly Told[] {
  const told: Told[] = [];
  for (const { match = {}, during, receiver } of policy.routes) {
    if (during !== 'always' && during !== phase) continue;
    const fits = fitsAlert(match, policy, control, customer);
    if (fits === 'no') continue;
    told.push({ receiver, conditions: fits === 'yes' ? [] : fits });
    if (fits === 'yes') break;
  }
  return told;
}

/** Who hears of an alert that nobody silenced, and after how long: `manager after 2h`. */
export function toldLater(
  policy: Policy,
  control: ControlName,
  customer: string | undefined,
): readonly string[] {
  return policy.escalation.flatMap(({ match = {}, after, receiver }) => {
    const fits = fitsAlert(match, policy, control, customer);
    if (fits === 'no') return [];
    return [`${receiver} after ${durationText(after)}${fits === 'yes' ? '' : ` if ${fits.join(' and ')}`}`];
  });
}

function fitsAlert(
  match: AlertMatch,
  policy: Policy,
  control: ControlName,
  customer: string | undefined,
): ReturnType<typeof applies> {
  const { owner: _, ...labels } = match;
  const { severity, sla_class } = policy.controls[control];
  return applies(
    { ...labels, control: controlsMatched(match, policy.controls) },
    { severity, sla_class, control, customer },
  );
}

/** `acme_desk if customer is acme, else on_call` */
export function toldText(told: readonly Told[]): string {
  return told
    .map(({ receiver, conditions }) =>
      conditions.length === 0 ? receiver : `${receiver} if ${conditions.join(' and ')}`,
    )
    .join(', else ');
}
