import { z } from 'zod';
import { controlNames } from '../controls.ts';
import type { Mistake } from './mistake.ts';
import { text } from './values.ts';

export const roles = z
  .record(text, z.array(z.enum(controlNames)))
  .describe('Which controls a host must have, by its role label; default is for all other hosts.');
export type Roles = z.infer<typeof roles>;

/** No default role, and controls asked for twice. */
export function roleMistakes({ roles: found }: { readonly roles: Roles }): readonly Mistake[] {
  const missing: readonly Mistake[] =
    found['default'] === undefined
      ? [{ path: ['roles', 'default'], reason: 'missing; it says what hosts of any other role must have' }]
      : [];
  const twice = Object.entries(found).flatMap(([role, wanted]) =>
    wanted.flatMap((name, index) =>
      wanted.indexOf(name) === index
        ? []
        : [{ path: ['roles', role, index], reason: `${name} is there already`, hint: 'Remove one.' }],
    ),
  );
  const ofPeople = Object.entries(found).flatMap(([role, wanted]) =>
    wanted.flatMap((name, index) =>
      name === 'tasks'
        ? [
            {
              path: ['roles', role, index],
              reason: 'no host has tasks, customers have',
              hint: 'Write roles in the tasks.',
            },
          ]
        : [],
    ),
  );
  return [...missing, ...twice, ...ofPeople];
}
