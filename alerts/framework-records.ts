import { type Control, firstOf, host, nested } from './control.ts';
import { controlNames, controls } from './controls.ts';
import { parseDuration } from './duration.ts';
import { type FrameworkName, frameworks } from './frameworks.ts';
import {
  type Evidence,
  evidenceName,
  evidenceOf,
  type Framework,
  type Requirement,
} from './frameworks/framework.ts';
import { isPersonTask } from './frameworks/planned.ts';
import { withMemory } from './memory-records.ts';
import type { Policy } from './policy.ts';
import { customersOf, notApplicableTo, sharesOf } from './policy/frameworks.ts';
import { recorded } from './records.ts';
import type { RecordingRule } from './rules.ts';

type Listed = Framework & { readonly name: FrameworkName; readonly customers: readonly string[] };

const each = 'by (customer, control)';
const compliant = 'object:maintenance_control_compliant:bool';
const known = 'object:maintenance_control_known:bool';
const excepted = 'object:maintenance_control_excepted:bool';
const expectedSum = 'customer:maintenance_evidence_expected:sum';
const knownSum = 'customer:maintenance_evidence_known:sum';
const okSum = 'customer:maintenance_evidence_ok:sum';
const worst = 'customer:maintenance_evidence_share:worst';
const best = 'customer:maintenance_evidence_share:best';
const evidenceVerdict = 'customer:maintenance_evidence_verdict:last';
const verdict = 'customer:maintenance_requirement_verdict:last';
const inScope = 'customer:maintenance_requirements_in_scope:count';

/**
 * Readiness for the frameworks that customers list; nothing where none does. An unknown object is counted as bad, what
 * nothing is expected of is not assessed, and so is what rests on a control that is not there.
 * @param available the controls that are recorded; tasks are those of the policy.
 */
export function frameworkRules(
  policy: Policy,
  available: readonly string[] = controlNames,
): readonly RecordingRule[] {
  const listed = frameworks
    .map((one) => ({ ...one, customers: customersOf(policy, one.name) }))
    .filter(({ customers }) => customers.length > 0);
  if (listed.length === 0) return [];
  return [
    ...listed.flatMap((one) => scopeRules(one, policy)),
    acceptedRule,
    ...listed.flatMap((one) => evidenceRules(one, policy, available)),
    ...verdictRules,
    ...listed.flatMap((one) =>
      one.requirements.flatMap((requirement) => requirementRules(one, requirement, policy)),
    ),
    ...readinessRules,
  ];
}

/** What is judged, and by which shares: series, so that last quarter is judged by last quarter's. */
function scopeRules(one: Listed, policy: Policy): readonly RecordingRule[] {
  const { name, total, customers, requirements } = one;
  const shares = sharesOf(one, policy);
  const framework = { framework: name };
  const out = requirements.flatMap(({ id }) =>
    notApplicableTo(policy, name, id).map((customer) => ({ customer, requirement: id })),
  );
  return [
    { record: 'framework:maintenance_requirements:count', expr: `vector(${total})`, labels: framework },
    { record: 'framework:maintenance_met_share:limit', expr: `vector(${shares.met})`, labels: framework },
    {
      record: 'framework:maintenance_partly_share:limit',
      expr: `vector(${shares.partly})`,
      labels: framework,
    },
    { record: 'framework:maintenance_known_share:limit', expr: `vector(${shares.known})`, labels: framework },
    ...customers.map((customer): RecordingRule => ({
      record: inScope,
      expr: `vector(${requirements.length - out.filter((line) => line.customer === customer).length})`,
      labels: { customer, ...framework },
    })),
    ...out.map(({ customer, requirement }): RecordingRule => ({
      record: 'customer:maintenance_requirement_not_applicable:bool',
      expr: 'vector(1)',
      labels: { customer, ...framework, requirement },
    })),
  ];
}

/** An exception makes nothing known, and one of what is in order counts once. */
function inOrder(
  match: Readonly<Record<string, string | readonly string[]>>,
  honoursExceptions: boolean,
): string {
  const good = `(${recorded(compliant, match)} == 1)`;
  if (!honoursExceptions) return good;
  return firstOf(good, `((${recorded(known, match)} == 1) and (${recorded(excepted, match)} == 1))`);
}

const acceptedRule: RecordingRule = {
  record: 'customer:maintenance_control_accepted:sum',
  expr: firstOf(
    `count ${each} (${nested(inOrder({}, true))})`,
    `${recorded('customer:maintenance_control_expected:sum')} * 0`,
  ),
};

function evidenceRules(one: Listed, policy: Policy, available: readonly string[]): readonly RecordingRule[] {
  const asked = new Map(
    one.requirements
      .flatMap(evidenceOf)
      .filter(({ control }) =>
        isPersonTask(control) ? policy.tasks[control] !== undefined : available.includes(control),
      )
      .map((evidence) => [evidenceName(evidence), evidence] as const),
  );
  return [...asked].flatMap(([evidence, found]) => {
    const labels = { framework: one.name, evidence };
    const counts = evidenceCounts(found, one, policy);
    const none = `${recorded(expectedSum, labels)} * 0`;
    return [
      { record: expectedSum, expr: withMemory(counts.expected), labels },
      { record: knownSum, expr: `${counts.known}\nor on (customer)\n${none}`, labels },
      { record: okSum, expr: `${counts.ok}\nor on (customer)\n${none}`, labels },
    ] as const;
  });
}

/** PromQL per customer: what must show the evidence, what does, and what is as the framework wants it. */
function evidenceCounts(
  { control, object, device, maxAge }: Evidence,
  { customers, honoursExceptions }: Listed,
  policy: Policy,
): { readonly expected: string; readonly known: string; readonly ok: string } {
  const whole = { customer: customers, control };
  const task = isPersonTask(control);
  const part = {
    ...whole,
    ...(task ? { control: 'tasks', object: control } : {}),
    ...(object === undefined ? {} : { object }),
    ...(device === undefined ? {} : { role: policy.device_roles[device] }),
  };
  const all = object === undefined && device === undefined && !task;
  const ofAll = {
    expected: recorded('customer:maintenance_control_expected:sum', whole),
    known: recorded('customer:maintenance_control_known:sum', whole),
  };
  const ofPart = {
    expected: `sum ${each} (${recorded('object:maintenance_control_expected:bool', part)})`,
    known: `sum ${each} (${recorded(known, part)})`,
  };
  const counts = all ? ofAll : ofPart;
  if (maxAge !== undefined) return agedCounts(control, part, maxAge, counts.expected);
  if (!all) return { ...counts, ok: `count ${each} (${nested(inOrder(part, honoursExceptions))})` };
  const sum = `customer:maintenance_control_${honoursExceptions ? 'accepted' : 'compliant'}:sum` as const;
  return { ...counts, ok: recorded(sum, whole) };
}

/**
 * Against an age of the framework's own. What is only known to be at least so old, like an update without a release date,
 * is unknown unless its object was known within that time and before its clock started: then it was not there yet.
 * Every six hours are looked at.
 */
function agedCounts(
  control: Evidence['control'],
  part: Readonly<Record<string, string | readonly string[]>>,
  maxAge: NonNullable<Evidence['maxAge']>,
  expected: string,
): { readonly expected: string; readonly known: string; readonly ok: string } {
  const isKnown = `(${recorded(known, part)} == 1)`;
  const age = recorded('object:maintenance_control_age_seconds:last', part);
  const young = `(${age} <= ${parseDuration(maxAge)})`;
  const atLeast = controls.map((one): Control => one).find(({ name }) => name === control);
  if (atLeast?.judges !== 'age' || atLeast.atLeast === undefined)
    return {
      expected,
      known: `sum ${each} (${recorded(known, part)})`,
      ok: `count ${each} (${isKnown} and ${young})`,
    };
  const before = `(min_over_time(timestamp${isKnown}[${maxAge}:6h]) < time() - ${age})`;
  const unsure = `(${nested(`${young}\nand on (${host}, object)\n${atLeast.atLeast}\nunless\n${before}`)})`;
  return {
    expected,
    known: `count ${each} (${nested(`${isKnown}\nunless\n${unsure}`)})`,
    ok: `count ${each} (${nested(`${isKnown} and ${young}\nunless\n${unsure}`)})`,
  };
}

function reaches(share: string, operator: '>=' | '<', limit: 'met' | 'partly' | 'known'): string {
  return `${share} ${operator} on (framework) group_left () ${recorded(`framework:maintenance_${limit}_share:limit`)}`;
}

/** Enough is known for the rest to be judged, although some is unknown. */
const knownEnough = reaches(`${knownSum} / (${expectedSum} > 0)`, '>=', 'known');

/**
 * The same for all evidence. Shares come from whole counts: 19 / 20 is the very number 0.95 that a limit is, while
 * differences of shares would miss it. Not met in the first place: however good what is unknown may be.
 */
const verdictRules: readonly RecordingRule[] = [
  { record: worst, expr: `${okSum} / (${expectedSum} > 0)` },
  { record: best, expr: `(${okSum} + ${expectedSum} - ${knownSum}) / (${expectedSum} > 0)` },
  {
    record: evidenceVerdict,
    expr: firstOf(
      `(${reaches(worst, '>=', 'met')}) * 0 + 1`,
      `(${reaches(best, '<', 'partly')}) * 0`,
      `(${reaches(worst, '>=', 'partly')}) * 0 + 0.5 and (${knownEnough})`,
      `${worst} * 0 and (${knownEnough})`,
    ),
  },
];

/** Not met by one essential failure; else a verdict only when all that is essential has one. */
function requirementRules(
  { name, customers }: Listed,
  requirement: Requirement,
  policy: Policy,
): readonly RecordingRule[] {
  const { id, essential, supporting = [] } = requirement;
  const exempt = notApplicableTo(policy, name, id);
  const concerned = customers.filter((customer) => !exempt.includes(customer));
  if (concerned.length === 0) return [];
  const of = (evidence: readonly Evidence[]): string =>
    recorded(evidenceVerdict, {
      framework: name,
      evidence: evidence.map(evidenceName),
      customer: concerned,
    });
  const least = `min by (customer) (${of(essential)})`;
  const complete = `(count by (customer) (${of(essential)}) == ${essential.length})`;
  const judged =
    supporting.length === 0
      ? least
      : `(${nested(
          firstOf(
            `${least} and (count by (customer) (${of(supporting)} == 1) == ${supporting.length})`,
            `clamp_max(${least}, 0.5)`,
          ),
        )})`;
  return [
    {
      record: verdict,
      expr: firstOf(`min by (customer) (${of(essential)} == 0)`, `${judged}\nand\n${complete}`),
      labels: { framework: name, requirement: id },
    },
  ];
}

const readinessRules: readonly RecordingRule[] = [
  { record: 'customer:maintenance_framework_met:ratio', expr: shareOfScope(`${verdict} == 1`) },
  { record: 'customer:maintenance_framework_assessed:ratio', expr: shareOfScope(verdict) },
];

function shareOfScope(requirements: string): string {
  const counted = firstOf(`count by (customer, framework) (${requirements})`, `${inScope} * 0`);
  return `(${nested(counted)})\n/\n(${inScope} > 0)`;
}
