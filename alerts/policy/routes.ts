import { z } from 'zod';
import { controlNames } from '../controls.ts';
import { matchesAll, matchKey, unknownNames } from './match.ts';
import type { Mistake } from './mistake.ts';
import { duration, oneOrMore, oneOrMoreOf, severity, slaClass, text } from './values.ts';

const alertMatch = z.strictObject({
  severity: oneOrMoreOf(severity.options).optional(),
  sla_class: oneOrMoreOf(slaClass.options).optional(),
  customer: oneOrMore,
  control: oneOrMoreOf(controlNames).optional(),
  owner: oneOrMore.describe('The owner of the control.'),
});
export type AlertMatch = z.infer<typeof alertMatch>;

export const routes = z
  .array(
    z.strictObject({
      match: alertMatch.optional(),
      during: z
        .enum(['always', 'working_hours', 'outside_working_hours'])
        .default('always')
        .describe('Working hours are those of the customer; holidays are outside.'),
      receiver: text,
    }),
  )
  .min(1)
  .describe('Who is told; the first that matches wins.');
export type Routes = z.infer<typeof routes>;

export const escalation = z
  .array(
    z.strictObject({
      match: alertMatch.optional(),
      after: duration.describe('How long an alert fires without a silence before they are told, too.'),
      receiver: text,
    }),
  )
  .default([]);
export type Escalation = z.infer<typeof escalation>;

type OwnedControls = Readonly<Record<string, { readonly owner?: string | undefined }>>;

/** The controls a match means: those it names, of the owners it names; undefined where it names neither. */
export function controlsMatched(
  { control, owner }: AlertMatch,
  controls: OwnedControls,
): readonly string[] | undefined {
  if (owner === undefined) return control;
  const owned = Object.keys(controls).filter((name) => [owner].flat().includes(controls[name]?.owner ?? ''));
  return control === undefined ? owned : owned.filter((name) => control.some((wanted) => wanted === name));
}

interface Named {
  readonly receivers: Readonly<Record<string, unknown>>;
  readonly customers: Readonly<Record<string, unknown>>;
  readonly controls: OwnedControls;
}

/** Receivers, customers and owners that are none; routes that hide others, or leave alerts nobody hears of. */
export function routeMistakes(policy: Named & { readonly routes: Routes }): readonly Mistake[] {
  return policy.routes.flatMap(({ match = {}, receiver, during }, index): readonly Mistake[] => {
    const path = ['routes', index] as const;
    const last = index === policy.routes.length - 1;
    const all = matchesAll(match);
    const earlier = policy.routes.findIndex(
      (other) => matchKey(other.match ?? {}) === matchKey(match) && [during, 'always'].includes(other.during),
    );
    return [
      ...namesMistakes(path, match, receiver, policy),
      ...(all && !last && during === 'always'
        ? [
            {
              path,
              reason: 'matches everything, so the routes after it are never used',
              hint: 'Move it to the end.',
            },
          ]
        : []),
      ...(earlier < index && !all
        ? [{ path, reason: `has the match of routes[${earlier}], which comes first`, hint: 'Remove one.' }]
        : []),
      ...(last && !all
        ? [
            {
              path,
              reason: 'the last route has a match, so other alerts reach nobody',
              hint: 'Add a route with only a receiver.',
            },
          ]
        : []),
      ...(last && all && during !== 'always'
        ? [
            {
              path: [...path, 'during'],
              reason: 'the last route must always hear',
              hint: 'Add a route with only a receiver.',
            },
          ]
        : []),
    ];
  });
}

/** Receivers, customers and owners of escalations that are none, and escalations that tell the same people again. */
export function escalationMistakes(policy: Named & { readonly escalation: Escalation }): readonly Mistake[] {
  return policy.escalation.flatMap(({ match = {}, receiver, after }, index): readonly Mistake[] => {
    const path = ['escalation', index] as const;
    const twin = policy.escalation.findIndex(
      (other) => other.receiver === receiver && matchKey(other.match ?? {}) === matchKey(match),
    );
    return [
      ...namesMistakes(path, match, receiver, policy),
      ...(receiver === 'dead_mans_switch'
        ? [{ path: [...path, 'receiver'], reason: 'dead_mans_switch hears the watchdog only' }]
        : []),
      ...(twin < index
        ? [{ path, reason: `tells the same people as escalation[${twin}]`, hint: 'Remove one.' }]
        : []),
      ...(after < 900
        ? [
            {
              path: [...path, 'after'],
              reason: 'is less than 15m',
              hint: 'Nobody has answered by then; use a route.',
            },
          ]
        : []),
    ];
  });
}

function namesMistakes(
  path: readonly PropertyKey[],
  match: AlertMatch,
  receiver: string,
  { receivers, customers, controls }: Named,
): readonly Mistake[] {
  const { customer, owner, control } = match;
  const owners = Object.values(controls).flatMap((one) => one.owner ?? []);
  const nothing = control !== undefined && controlsMatched(match, controls)?.length === 0;
  const known = [owner ?? []].flat().every((name) => owners.includes(name));
  return [
    ...(nothing && known
      ? [{ path: [...path, 'match'], reason: 'the owner has none of these controls, so it matches nothing' }]
      : []),
    ...unknownNames([...path, 'receiver'], receiver, Object.keys(receivers), 'receiver'),
    ...unknownNames([...path, 'match', 'customer'], customer, Object.keys(customers), 'customer'),
    ...unknownNames([...path, 'match', 'owner'], owner, [...new Set(owners)], 'owner'),
  ];
}
