import { controls } from './controls.ts';
import type { Policy } from './policy.ts';
import { type Mistake, suggestion } from './policy-mistakes.ts';

type Names = string | readonly string[] | undefined;

/** What a schema cannot see: names that point nowhere, and settings that do not fit the control. */
export function referenceMistakes(policy: Policy): readonly Mistake[] {
  return [...roleMistakes(policy), ...controlMistakes(policy), ...routeMistakes(policy)];
}

function roleMistakes({ roles }: Policy): Mistake[] {
  return roles['default'] === undefined
    ? [{ path: ['roles', 'default'], reason: 'missing; it says what hosts of any other role must have' }]
    : [];
}

function controlMistakes(policy: Policy): Mistake[] {
  return controls.flatMap(({ name, judges }) => {
    const { limit, overrides } = policy.controls[name];
    const path = ['controls', name] as const;
    if (judges === 'state') {
      const hint = `${name} is in order or not at any moment; it has no age to limit.`;
      const refused: readonly Mistake[] = [
        ...(limit === undefined ? [] : [{ path: [...path, 'limit'], reason: 'not allowed', hint }]),
        ...(overrides.length === 0 ? [] : [{ path: [...path, 'overrides'], reason: 'not allowed', hint }]),
      ];
      return refused;
    }
    const missing: readonly Mistake[] =
      limit === undefined
        ? [{ path: [...path, 'limit'], reason: 'missing', hint: `${name} is judged by age: limit: 72h.` }]
        : [];
    return [...missing, ...overrides.flatMap((rule, index) => overrideMistakes(rule, index, name, policy))];
  });
}

function overrideMistakes(
  { match }: Policy['controls'][keyof Policy['controls']]['overrides'][number],
  index: number,
  control: string,
  { customers, roles }: Policy,
): Mistake[] {
  const path = ['controls', control, 'overrides', index, 'match'] as const;
  const labels = Object.values(match).filter((value) => value !== undefined);
  if (labels.length === 0)
    return [{ path, reason: 'matches everything', hint: `Change controls.${control}.limit instead.` }];
  const named = Object.keys(roles).filter((role) => role !== 'default');
  return [
    ...unknownNames([...path, 'customer'], match.customer, Object.keys(customers), 'customer'),
    ...unknownNames([...path, 'role'], match.role, named, 'role'),
  ];
}

function routeMistakes({ routes, receivers, customers }: Policy): Mistake[] {
  const names = Object.keys(receivers);
  const watchdog: readonly Mistake[] = names.includes('dead_mans_switch')
    ? []
    : [{ path: ['receivers', 'dead_mans_switch'], reason: 'missing; the watchdog needs somebody outside' }];
  const each = routes.flatMap(({ match, receiver }, index): Mistake[] => {
    const path = ['routes', index] as const;
    const last = index === routes.length - 1;
    const all = Object.values(match ?? {}).every((value) => value === undefined);
    return [
      ...unknownNames([...path, 'receiver'], receiver, names, 'receiver'),
      ...unknownNames([...path, 'match', 'customer'], match?.customer, Object.keys(customers), 'customer'),
      ...(all && !last
        ? [
            {
              path,
              reason: 'matches everything, so the routes after it are never used',
              hint: 'Move it to the end.',
            },
          ]
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
    ];
  });
  return [...watchdog, ...each];
}

function unknownNames(
  path: readonly PropertyKey[],
  names: Names,
  allowed: readonly string[],
  kind: string,
): Mistake[] {
  return [names ?? []]
    .flat()
    .filter((name) => !allowed.includes(name))
    .map((name) => ({ path, reason: `there is no ${kind} ${name}`, hint: suggestion(name, allowed) }));
}
