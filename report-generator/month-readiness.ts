import { type FrameworkName, frameworks as catalogue } from '../alerts/frameworks.ts';
import {
  type Evidence,
  evidenceName,
  type Framework,
  type Requirement,
} from '../alerts/frameworks/framework.ts';
import { isPersonTask } from '../alerts/frameworks/planned.ts';
import { recorded } from '../alerts/records.ts';
import { concerns } from './concerns.ts';
import type { FrameworkReadiness, Readiness, RequirementVerdict } from './facts/readiness.ts';
import type { Measuring } from './kpi.ts';
import { type LastEvaluation, recordedThen } from './last-evaluation.ts';
import { askedAt } from './month-query.ts';
import type { Period } from './period.ts';
import type { Sample } from './prometheus.ts';

type Asking = Pick<Measuring, 'prometheus' | 'policy' | 'customer'>;

/** What was recorded of the frameworks at one instant. */
interface Found {
  readonly verdicts: readonly Sample[];
  readonly expected: readonly Sample[];
  readonly known: readonly Sample[];
  readonly ok: readonly Sample[];
  readonly ages: readonly Sample[];
}

const nothing: Found = { verdicts: [], expected: [], known: [], ok: [], ages: [] };

/**
 * Readiness as it was recorded at the last evaluation of a month; undefined where the customer lists no framework. Where no
 * evaluation speaks for the end, nothing is assessed.
 */
export async function monthReadiness(
  asking: Asking,
  period: Period,
  last: LastEvaluation | undefined,
): Promise<Readiness | undefined> {
  const { policy, customer } = asking;
  const listed = policy.customers[customer]?.frameworks ?? [];
  if (listed.length === 0) return undefined;
  const queries = last === undefined ? [] : questions(customer, last);
  const found = last?.speaksForEnd === true ? await ask(asking, queries, period) : nothing;
  return {
    frameworks: catalogue
      .filter(({ name }) => listed.includes(name))
      .map((one): FrameworkReadiness => ({
        name: one.name,
        title: one.title,
        total: one.total,
        before: null,
        requirements: one.requirements.map((requirement) => requirementOf(one, requirement, found, asking)),
      })),
    queries: [...queries],
  };
}

function questions(customer: string, last: LastEvaluation): readonly string[] {
  const of = { customer };
  return [
    recordedThen(recorded('customer:maintenance_requirement_verdict:last', of), last),
    ...(['expected', 'known', 'ok'] as const).map((part) =>
      recordedThen(recorded(`customer:maintenance_evidence_${part}:sum`, of), last),
    ),
    `max by (control, object) (${recordedThen(recorded('object:maintenance_control_age_seconds:last', of), last)})`,
  ];
}

async function ask({ prometheus }: Asking, queries: readonly string[], period: Period): Promise<Found> {
  const [verdicts = [], expected = [], known = [], ok = [], ages = []] = await Promise.all(
    queries.map((query) => prometheus.values(query, askedAt(period))),
  );
  return { verdicts, expected, known, ok, ages };
}

function requirementOf(
  { name }: Framework & { readonly name: FrameworkName },
  { id, about, essential, supporting = [] }: Requirement,
  found: Found,
  { policy, customer }: Asking,
): FrameworkReadiness['requirements'][number] {
  const exempt = policy.frameworks[name]?.not_applicable.find(
    ({ requirement, customers }) => requirement === id && concerns(customers, customer),
  );
  const evidence = (one: Evidence, isEssential: boolean) => {
    const labels = { framework: name, evidence: evidenceName(one) };
    return {
      name: labels.evidence,
      essential: isEssential,
      expected: valueOf(found.expected, labels) ?? null,
      known: valueOf(found.known, labels) ?? null,
      ok: valueOf(found.ok, labels) ?? null,
      age: ageOf(found.ages, one),
    };
  };
  return {
    id,
    about,
    verdict:
      exempt === undefined
        ? verdictOf(valueOf(found.verdicts, { framework: name, requirement: id }))
        : 'not_applicable',
    reason: exempt === undefined ? '' : `${exempt.reason} ${exempt.owner}, ${exempt.since}`,
    evidence: [
      ...essential.map((one) => evidence(one, true)),
      ...supporting.map((one) => evidence(one, false)),
    ],
  };
}

function verdictOf(value: number | undefined): RequirementVerdict {
  if (value === 1) return 'met';
  if (value === 0.5) return 'partly';
  return value === 0 ? 'not_met' : 'not_assessed';
}

/** @throws Error when two series say it. */
function valueOf(samples: readonly Sample[], labels: Readonly<Record<string, string>>): number | undefined {
  const [only, more] = samples.filter((one) =>
    Object.entries(labels).every(([label, value]) => one.labels[label] === value),
  );
  if (more !== undefined)
    throw new Error(
      `More than one series tells of ${JSON.stringify(labels)}. Ask one Prometheus, or a querier that removes duplicates.`,
    );
  return only?.value;
}

function ageOf(ages: readonly Sample[], { control, object }: Evidence): number | null {
  const wanted = isPersonTask(control)
    ? { control: 'tasks', object: control }
    : { control, ...(object === undefined ? {} : { object }) };
  const own = ages.filter(({ labels }) =>
    Object.entries(wanted).every(([label, value]) => labels[label] === value),
  );
  const oldest = Math.max(...own.map(({ value }) => value));
  return Number.isFinite(oldest) ? oldest : null;
}
