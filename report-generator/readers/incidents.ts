import { monthFrom } from '../format.ts';
import { clocksOf } from '../clocks.ts';
import type { IncidentFacts } from '../facts/incidents.ts';
import { type Kind, kindOf } from '../incident-kinds.ts';
import { judge } from '../judge.ts';
import type { Measuring, MonthFacts } from '../kpi.ts';
import { watchedTime } from '../kpis/watched-time.ts';
import { parseNotes } from '../notes.ts';
import {
  type AnsweredIncident,
  attainmentOf,
  decidedIn,
  resolvedIn,
  slaClasses,
  tallyOf,
} from '../responses.ts';

/**
 * The register of the month, and how its incidents were answered.
 * @throws Error when the notes name an incident the month does not have.
 */
export async function readIncidentFacts(measuring: Measuring): Promise<IncidentFacts | undefined> {
  const { month, policy, inputs, customer } = measuring;
  const watched = await watchedTime(month, measuring);
  if (watched === 0) return undefined;
  const list = month.answers.map((one, index) => entryOf(one, index + 1, month));
  checkNotes(inputs.notes, list);
  const zone = policy.customers[customer]?.zone ?? 'UTC';
  const opened = openedIn(month);
  const targets = new Set(slaClasses.map((name) => policy.sla_classes[name].target));
  const [common = null] = targets.size === 1 ? targets : [];
  return {
    list,
    watched,
    categories: categoriesOf(opened),
    categoriesBefore: await before(measuring),
    works: worksOf(opened),
    classes: slaClasses.map((slaClass) => {
      const { response, clock, target } = policy.sla_classes[slaClass];
      const own = month.answers.filter((incident) => incident.slaClass === slaClass);
      return {
        slaClass,
        response,
        clock,
        medianToResolve: median(resolvedIn(own, slaClass, month.period)),
        ...judged(own, month, target, watched),
      };
    }),
    all: judged(month.answers, month, common, watched),
    acknowledgements: inputs.acknowledgements?.length ?? null,
    clocks: [...clocksOf(zone, list[0]?.from ?? month.period.start, lastInstant(list, month))],
  };
}

type Entry = IncidentFacts['list'][number];

function entryOf(incident: AnsweredIncident, index: number, { period }: MonthFacts): Entry {
  const { labels, from, to, earliest, flaps = 0, slaClass = null, response, ruleGroup } = incident;
  const { alertname = '', severity, sla_class: _, control, customer: __, ...others } = labels;
  // What is over after the month is open at its end.
  const over = to !== undefined && to < period.end ? to : null;
  return {
    number: `INC-${index}`,
    alertname,
    severity: severity === 'critical' ? 'critical' : 'warning',
    slaClass,
    control: control ?? null,
    ...kindOf(control, ruleGroup),
    // Servers list labels in orders of their own.
    labels: Object.fromEntries(Object.entries(others).toSorted(([one], [other]) => (one < other ? -1 : 1))),
    from,
    to: over,
    earliest: over === null ? null : (earliest ?? null),
    flaps,
    response:
      response === undefined
        ? null
        : {
            verdict: response.verdict,
            basis: response.basis,
            deadline: response.deadline,
            counts: response.verdict === 'running' || decidedIn([incident], period).length > 0,
            answer: response.answer,
          },
  };
}

function judged(
  incidents: readonly AnsweredIncident[],
  { period }: MonthFacts,
  target: number | null,
  watched: number,
): IncidentFacts['all'] {
  const tally = tallyOf(incidents, period);
  const attainment = attainmentOf(tally);
  const { answered, resolvedFirst, breached, unknown } = tally;
  const known = answered + resolvedFirst + breached;
  const verdict = judge({
    value: attainment.worst,
    reason: attainment.worst === null ? 'nothing_happened' : null,
    target,
    better: 'high',
    coverage: { objects: known + unknown === 0 ? null : known / (known + unknown), time: watched },
  });
  return {
    ...tally,
    ...attainment,
    target,
    verdict: verdict === 'risk' || verdict === 'running' ? 'unknown' : verdict,
  };
}

/** Deadlines may lie in the next month. */
function lastInstant(list: readonly Entry[], { period }: MonthFacts): number {
  return Math.max(period.end, ...list.map(({ response }) => response?.deadline ?? 0));
}

function openedIn({ answers, period: { start, end } }: MonthFacts): readonly Kind[] {
  return answers.flatMap(({ from, labels, ruleGroup }) =>
    from >= start && from < end ? [kindOf(labels['control'], ruleGroup)] : [],
  );
}

/** Of the month before: from Prometheus, or from its own report. */
async function before(measuring: Measuring): Promise<IncidentFacts['categories'] | null> {
  const name = monthFrom(measuring.month.period.month, -1);
  const found = measuring.months.find(({ period }) => period.month === name);
  if (found !== undefined && (await watchedTime(found, measuring)) > 0) return categoriesOf(openedIn(found));
  return measuring.archived.find(({ month }) => month === name)?.facts.incidents?.categories ?? null;
}

function categoriesOf(kinds: readonly Kind[]): IncidentFacts['categories'] {
  const of = (name: Kind['category']): number => kinds.filter(({ category }) => category === name).length;
  return {
    updates: of('updates'),
    backups: of('backups'),
    disks: of('disks'),
    services: of('services'),
    protection: of('protection'),
    access: of('access'),
  };
}

function worksOf(kinds: readonly Kind[]): IncidentFacts['works'] {
  const of = (name: Kind['work']): number => kinds.filter(({ work }) => work === name).length;
  return {
    corrective: of('corrective'),
    preventive: of('preventive'),
    adaptive: of('adaptive'),
    perfective: of('perfective'),
  };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted.length % 2 === 1 ? upper : (sorted[middle - 1] ?? upper);
  return (lower + upper) / 2;
}

function checkNotes(notes: string | undefined, list: readonly Entry[]): void {
  if (notes === undefined) return;
  const numbers = new Set(list.map(({ number }) => number));
  const strange = parseNotes(notes).incidents.filter(({ number }) => !numbers.has(number));
  if (strange.length === 0) return;
  const known = list.length === 0 ? 'the month has no incident' : `the month has INC-1 to INC-${list.length}`;
  throw new Error(
    `The notes name ${strange.map(({ number }) => number).join(', ')}, and ${known}. See annex F for the numbers.`,
  );
}
