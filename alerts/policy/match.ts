import { z } from 'zod';
import { type Mistake, suggestion } from './mistake.ts';
import { oneOrMore } from './values.ts';

/** Which objects something is about: all that is given must be equal, a list means any of them. */
export const match = z.strictObject({
  customer: oneOrMore,
  role: oneOrMore,
  instance: oneOrMore,
  object: oneOrMore,
});
export type Match = z.infer<typeof match>;

type Names = string | readonly string[] | undefined;

/** The names a match may use. */
export interface MatchNames {
  readonly customers: Readonly<Record<string, unknown>>;
  readonly roles: Readonly<Record<string, unknown>>;
}

/** Names of customers and roles that are none. Instances and objects are known to Prometheus only. */
export function matchMistakes(
  path: readonly PropertyKey[],
  { customer, role }: Pick<Match, 'customer' | 'role'>,
  { customers, roles }: MatchNames,
): readonly Mistake[] {
  const named = Object.keys(roles).filter((name) => name !== 'default');
  return [
    ...unknownNames([...path, 'customer'], customer, Object.keys(customers), 'customer'),
    ...unknownNames([...path, 'role'], role, named, 'role'),
  ];
}

/** Whether nothing is given: such a match fits everything. */
export function matchesAll(found: Readonly<Record<string, unknown>>): boolean {
  return Object.values(found).every((value) => value === undefined);
}

/** The same text for matches that mean the same. */
export function matchKey(found: Readonly<Record<string, Names>>): string {
  const given = Object.entries(found).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value].flat().toSorted()] as const],
  );
  return JSON.stringify(given.toSorted(([one], [other]) => one.localeCompare(other)));
}

/** The names that are not allowed, each with the nearest that is. */
export function unknownNames(
  path: readonly PropertyKey[],
  names: Names,
  allowed: readonly string[],
  kind: string,
): readonly Mistake[] {
  return [names ?? []]
    .flat()
    .filter((name) => !allowed.includes(name))
    .map((name) => ({ path, reason: `there is no ${kind} ${name}`, hint: suggestion(name, allowed) }));
}
