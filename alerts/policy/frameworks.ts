import { z } from 'zod';
import { type FrameworkName, frameworkNames, frameworks as catalogue } from '../frameworks.ts';
import type { Framework } from '../frameworks/framework.ts';
import { unknownNames } from './match.ts';
import { type Mistake, suggestion } from './mistake.ts';
import { date, oneOrMore, share, text } from './values.ts';

const notApplicable = z.strictObject({
  requirement: text.describe('Its id: A.8.24.'),
  customers: oneOrMore.describe('For whom; all that list the framework where it is not said.'),
  reason: text.describe('Why it is not for them.'),
  owner: text.describe('Who decided it.'),
  since: date.describe('The day it was decided.'),
});

const framework = z.strictObject({
  met: share.optional().describe('The share of what is expected that must be in order.'),
  partly: share.optional().describe('The share from where on it is partly.'),
  known: share.optional().describe('The share that must be known for partly and not met.'),
  not_applicable: z.array(notApplicable).default([]),
});

export const frameworks = z
  .partialRecord(z.enum(frameworkNames), framework)
  .default({})
  .describe('How readiness is judged, for the frameworks that customers list.');
export type Frameworks = z.infer<typeof frameworks>;

/** Which roles are devices that some requirements are about apart from others. */
export const deviceRoles = z
  .strictObject({
    endpoint: z
      .array(text)
      .default(['endpoint', 'workstation', 'laptop', 'desktop'])
      .describe('What people work at.'),
    network: z
      .array(text)
      .default(['network', 'firewall', 'router', 'switch'])
      .describe('What makes the network.'),
  })
  .prefault({});

/** Roles that are both: what is asked of one kind of device would be asked of the other. */
export function deviceRoleMistakes(policy: {
  readonly device_roles: z.infer<typeof deviceRoles>;
}): readonly Mistake[] {
  const { endpoint, network } = policy.device_roles;
  return network.flatMap((role, index): readonly Mistake[] =>
    endpoint.includes(role)
      ? [
          {
            path: ['device_roles', 'network', index],
            reason: `${role} is an endpoint, too`,
            hint: 'Leave it in one of the two.',
          },
        ]
      : [],
  );
}

/** The shares a framework is judged by: those of the policy, else its own. */
export function sharesOf(
  { name, shares }: Framework & { readonly name: FrameworkName },
  policy: { readonly frameworks: Frameworks },
): { readonly met: number; readonly partly: number; readonly known: number } {
  const { met = shares.met, partly = shares.partly, known = shares.known } = policy.frameworks[name] ?? {};
  return { met, partly, known };
}

/** Less in order than this is met in nobody's eyes. */
const leastMet = 0.5;

interface Read {
  readonly customers: Readonly<Record<string, { readonly frameworks: readonly FrameworkName[] }>>;
  readonly frameworks: Frameworks;
}

/** The customers that list a framework. */
export function customersOf({ customers }: Pick<Read, 'customers'>, name: FrameworkName): readonly string[] {
  return Object.entries(customers).flatMap(([customer, one]) =>
    one.frameworks.includes(name) ? [customer] : [],
  );
}

/** The customers a requirement is not applicable to. */
export function notApplicableTo(policy: Read, name: FrameworkName, requirement: string): readonly string[] {
  const lines = policy.frameworks[name]?.not_applicable ?? [];
  return lines
    .filter((line) => line.requirement === requirement)
    .flatMap(({ customers }) => (customers === undefined ? customersOf(policy, name) : [customers].flat()));
}

/** Shares that do not fit each other or the framework; requirements and customers that are none. `now` in unix seconds. */
export function frameworkMistakes(policy: Read, now: number): readonly Mistake[] {
  return catalogue.flatMap((one): readonly Mistake[] => {
    const found = policy.frameworks[one.name];
    return found === undefined
      ? []
      : [...shareMistakes(one, policy), ...applicabilityMistakes(one, found.not_applicable, policy, now)];
  });
}

function shareMistakes(one: Framework & { readonly name: FrameworkName }, policy: Read): readonly Mistake[] {
  const given = policy.frameworks[one.name];
  if (given === undefined) return [];
  if (one.shares.fixed)
    return (['met', 'partly', 'known'] as const)
      .filter((key) => given[key] !== undefined)
      .map((key) => ({
        path: ['frameworks', one.name, key],
        reason: 'not allowed; this framework is all or nothing',
        hint: 'Remove it.',
      }));
  const { met, partly } = sharesOf(one, policy);
  const key = given.partly === undefined ? 'met' : 'partly';
  if (met < leastMet)
    return [
      {
        path: ['frameworks', one.name, 'met'],
        reason: 'is less than half of what is expected',
        hint: 'Write 95%, or more than half.',
      },
    ];
  return partly > met
    ? [{ path: ['frameworks', one.name, key], reason: 'partly is more than met', hint: 'Swap them.' }]
    : [];
}

function applicabilityMistakes(
  { name, requirements }: Framework & { readonly name: FrameworkName },
  lines: NonNullable<Frameworks[FrameworkName]>['not_applicable'],
  policy: Read,
  now: number,
): readonly Mistake[] {
  const listed = customersOf(policy, name);
  const ids = requirements.map(({ id }) => id);
  const taken = new Map<string, number>();
  return lines.flatMap(({ requirement, customers, since }, index): readonly Mistake[] => {
    const path = ['frameworks', name, 'not_applicable', index] as const;
    const theirs = customers === undefined ? listed : [customers].flat();
    const unknown = unknownNames(
      [...path, 'customers'],
      customers,
      Object.keys(policy.customers),
      'customer',
    );
    const twice = theirs.find((customer) => taken.has(`${requirement} ${customer}`));
    const earlier = taken.get(`${requirement} ${twice}`);
    for (const customer of theirs) taken.set(`${requirement} ${customer}`, index);
    return [
      ...(ids.includes(requirement)
        ? []
        : [
            {
              path: [...path, 'requirement'],
              reason: `there is no requirement ${requirement} in scope of ${name}`,
              hint: suggestion(requirement, ids),
            },
          ]),
      ...unknown,
      ...theirs
        .filter((customer) => unknown.length === 0 && !listed.includes(customer))
        .map((customer) => ({
          path: [...path, 'customers'],
          reason: `${customer} does not list ${name}`,
          hint: `Add it to customers.${customer}.frameworks, or remove the line.`,
        })),
      ...(earlier === undefined
        ? []
        : [{ path, reason: `says the same of ${twice} as not_applicable[${earlier}]`, hint: 'Remove one.' }]),
      // A day ahead is allowed: the policy may be checked in another zone.
      ...(Date.parse(since) / 1000 > now + 86_400
        ? [{ path: [...path, 'since'], reason: 'is in the future', hint: 'Write the day it was decided.' }]
        : []),
    ];
  });
}
