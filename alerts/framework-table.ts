import { controlNames } from './controls.ts';
import type { FrameworkName } from './frameworks.ts';
import { type Evidence, evidenceOf, type Framework, type Requirement } from './frameworks/framework.ts';
import { isPersonTask } from './frameworks/planned.ts';
import type { Policy } from './policy.ts';
import { customersOf, notApplicableTo } from './policy/frameworks.ts';

/** Whether what a piece of evidence rests on is recorded; without a policy, tasks are taken to be there. */
function isThere({ control }: Evidence, policy: Pick<Policy, 'tasks'> | undefined): boolean {
  if (isPersonTask(control)) return policy === undefined || policy.tasks[control] !== undefined;
  return controlNames.some((name) => name === control);
}

/** `patch_security within 14d`, `hardening, ssh_root_login only`. */
function evidenceText({ control, object, device, maxAge }: Evidence): string {
  return [
    control,
    ...(maxAge === undefined ? [] : [`within ${maxAge}`]),
    ...(device === undefined ? [] : [`of ${device} devices`]),
    ...(object === undefined ? [] : [`(${object} only)`]),
  ].join(' ');
}

function namesOf(evidence: readonly Evidence[]): string {
  return [...new Set(evidence.map(({ control }) => control))].join(', ');
}

function missingText(missing: readonly Evidence[]): string {
  const tasks = missing.filter(({ control }) => isPersonTask(control));
  const machines = missing.filter(({ control }) => !isPersonTask(control));
  return [
    ...(machines.length === 0 ? [] : [`no control yet: ${namesOf(machines)}`]),
    ...(tasks.length === 0 ? [] : [`no task of the policy: ${namesOf(tasks)}`]),
  ].join('; ');
}

/** One requirement for people. */
interface Row {
  readonly id: string;
  readonly about: string;
  readonly essential: string;
  readonly supporting: string;
  /** What can be said of it today. */
  readonly evidence: string;
}

function rowOf(requirement: Requirement, policy?: Policy): Row {
  const there = (one: Evidence): boolean => isThere(one, policy);
  const { id, about, reach, essential, supporting = [], failsAlone } = requirement;
  const missing = evidenceOf(requirement).filter((one) => !there(one));
  const available =
    missing.length === 0
      ? `there, for ${reach === 'most' ? 'most' : 'a part'} of it`
      : `${essential.every(there) ? 'at best partly' : 'not assessed'}; ${missingText(missing)}`;
  return {
    id,
    about: failsAlone ? `${about} (fails an assessment alone)` : about,
    essential: essential.map(evidenceText).join(', '),
    supporting: supporting.map(evidenceText).join(', '),
    evidence: available,
  };
}

/** How far the evidence can go: with the tasks of a policy, else with every task there is. */
function reachText({ requirements, total, unit }: Framework, policy?: Policy): string {
  const there = (one: Evidence): boolean => isThere(one, policy);
  const whole = requirements.filter((one) => evidenceOf(one).every(there)).length;
  const blind = requirements.filter(({ essential }) => !essential.every(there)).length;
  const scope = requirements.length;
  const tasks = policy === undefined ? ', and each task in the policy' : ' and the tasks of the policy';
  return [
    `With the controls there are${tasks}, evidence can be complete for ${whole} of ${scope} requirements in scope`,
    `and partly for ${scope - whole - blind}; ${blind} cannot be assessed.`,
    `${total - scope} of the ${total} ${unit} are not about maintenance.`,
  ].join(' ');
}

/** What each requirement rests on. */
function frameworkTables(all: readonly Framework[]): string {
  return all
    .flatMap((one) => [
      `### ${one.title}`,
      '',
      reachText(one),
      '',
      '| Requirement | About | Essential | Supporting | Evidence |',
      '| --- | --- | --- | --- | --- |',
      ...one.requirements
        .map((requirement) => rowOf(requirement))
        .map(
          ({ id, about, essential, supporting, evidence }) =>
            `| ${id} | ${about} | ${essential} | ${supporting} | ${evidence} |`,
        ),
      '',
    ])
    .join('\n')
    .trim();
}

/** The same in lines for a terminal, with who lists each framework and to whom a requirement is not applicable. */
export function frameworkLines(
  all: readonly (Framework & { readonly name: FrameworkName })[],
  policy: Policy,
): readonly string[] {
  return all.flatMap((one, index) => {
    const listed = customersOf(policy, one.name);
    const width = Math.max(...one.requirements.map(({ id }) => id.length));
    return [
      ...(index === 0 ? [] : ['']),
      `${one.name}: ${one.title}`,
      listed.length === 0 ? 'No customer lists it: nothing is recorded.' : `Listed by ${listed.join(', ')}.`,
      reachText(one, policy),
      ...one.requirements.flatMap((requirement) => {
        const { id, about, essential, supporting, evidence } = rowOf(requirement, policy);
        const exempt = notApplicableTo(policy, one.name, id);
        const line = (text: string): string => `${' '.repeat(width)}    ${text}`;
        return [
          `  ${id.padEnd(width)}  ${about}`,
          line(`needs ${essential}${supporting === '' ? '' : `; supported by ${supporting}`}`),
          line(evidence),
          ...(exempt.length === 0 ? [] : [line(`not applicable to ${exempt.join(', ')}`)]),
        ];
      }),
    ];
  });
}

/** The page about readiness with its tables as the catalogues have them now. @throws Error when its markers are not there. */
export function withFrameworks(page: string, all: readonly Framework[]): string {
  const [before, , after, ...more] = page.split(/(?<=<!-- frameworks -->)|(?=<!-- \/frameworks -->)/);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error('the markers <!-- frameworks --> and <!-- /frameworks --> are not there once');
  return [before, frameworkTables(all), after].join('\n\n');
}
