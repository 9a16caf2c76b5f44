import { z } from 'zod';
import { controlNames, controls as catalogue } from '../controls.ts';
import { match, type MatchNames } from './match.ts';
import type { Mistake } from './mistake.ts';
import { overrideMistakes } from './overrides.ts';
import { duration, severity, share, slaClass, text } from './values.ts';

const override = z.strictObject({ match, limit: duration });

const controlPolicy = z.strictObject({
  limit: duration
    .optional()
    .describe('How old or how long is still in order; for what is judged by age or by the time left.'),
  target: share.describe('The share of objects a month must reach.'),
  severity,
  sla_class: slaClass,
  owner: text.optional().describe('Who answers for it; routes can match it.'),
  overrides: z.array(override).default([]).describe('Other limits; the first whose match fits wins.'),
});

export const controls = z.record(z.enum(controlNames), controlPolicy);
export type Controls = z.infer<typeof controls>;

/** Limits that do not fit the control, overrides that match everything, nothing or what one before them has. */
export function controlMistakes(policy: MatchNames & { readonly controls: Controls }): readonly Mistake[] {
  return catalogue.flatMap(({ name, judges }): readonly Mistake[] => {
    const { limit, overrides } = policy.controls[name];
    const path = ['controls', name] as const;
    if (judges === 'state' || name === 'tasks') {
      const hint =
        name === 'tasks'
          ? 'Each task has a limit of its own: every and grace, under tasks.'
          : `${name} is in order or not at any moment; it has no age to limit.`;
      return [
        ...(limit === undefined ? [] : [{ path: [...path, 'limit'], reason: 'not allowed', hint }]),
        ...(overrides.length === 0 ? [] : [{ path: [...path, 'overrides'], reason: 'not allowed', hint }]),
      ];
    }
    const missing: readonly Mistake[] =
      limit === undefined
        ? [
            {
              path: [...path, 'limit'],
              reason: 'missing',
              hint: `${name} is judged by ${judges === 'age' ? 'age: limit: 72h' : 'the time left: limit: 30d'}.`,
            },
          ]
        : [];
    return [
      ...missing,
      ...overrideMistakes(
        [...path, 'overrides'],
        overrides,
        `Change controls.${name}.limit instead.`,
        policy,
      ),
    ];
  });
}
