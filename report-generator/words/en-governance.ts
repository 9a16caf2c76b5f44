import { formatsOf } from '../format.ts';
import { capital } from './capital.ts';
import { countEn, listEn, spellEn } from './en-count.ts';
import { governanceAnnexEn } from './en-governance-annex.ts';
import type { GovernanceWords } from './governance-words.ts';

const format = formatsOf('en');
const { number } = format;

function ofEn(part: number, all: number): string {
  if (part === all) return all === 1 ? 'The only' : `All ${spellEn(all)}`;
  if (all > 12) return `${number(part)} of ${number(all)}`;
  return part === 0 ? `None of ${spellEn(all)}` : `${capital(spellEn(part))} of ${spellEn(all)}`;
}

const s = (count: number): string => (count === 1 ? '' : 's');

export const governanceEn: GovernanceWords = {
  finding: {
    plan: (good, all, isOver) =>
      isOver
        ? `${ofEn(good, all)} 90-day target${s(all)} reached`
        : `${ofEn(good, all)} 90-day target${s(all)} reached or on track`,
    tasks: (onTime, planned) => `${ofEn(onTime, planned)} planned task${s(planned)} done on time`,
    readiness: (met, inScope) => `${number(met)} of ${number(inScope)} requirements shown as met`,
    changes: (changes) => `${capital(spellEn(changes))} change${s(changes)} on record`,
    nothing: 'Nothing was planned, and no change was seen',
    unknown: 'What was done is not known',
  },
  lede: {
    readiness: ({ met, in_scope }, share, before, monthBefore) => {
      const change =
        before === null
          ? ''
          : met === before
            ? `, as many as in ${format.month(monthBefore)}`
            : `, ${spellEn(Math.abs(met - before))} ${met > before ? 'more' : 'fewer'} than in ${format.month(monthBefore)}`;
      return `${number(met)} of ${number(in_scope)} requirements in scope are shown as met (${share})${change}.`;
    },
    notAssessed: 'Readiness could not be assessed at the end of the month.',
    tasks: ({ on_time, planned, late, missed, unconfirmed, running }) => {
      if (planned === 0) return running === 0 ? 'No task was due.' : 'No task was due whose time is over.';
      const rest = [
        [late, 'late'],
        [missed, 'missed'],
        [unconfirmed, 'without confirmation'],
      ] as const;
      const others = rest.flatMap(([count, word]) => (count === 0 ? [] : [`${spellEn(count)} ${word}`]));
      return `${number(on_time)} of ${number(planned)} planned task${s(planned)} ${planned === 1 ? 'was' : 'were'} confirmed on time${others.length === 0 ? '' : `; ${listEn(others)}`}.`;
    },
    noTasks: 'The policy plans no tasks of people.',
    plan: (behind) =>
      behind.length === 0
        ? 'Nothing is behind the plan.'
        : `Behind the plan: ${listEn(behind.slice(0, 3))}${behind.length > 3 ? ` and ${spellEn(behind.length - 3)} more` : ''}.`,
  },
  readiness: {
    title: 'Compliance readiness',
    heads: {
      framework: 'Framework',
      strip: 'Requirements in scope',
      met: 'Met',
      partly: 'Partly',
      notMet: 'Not met',
      notAssessed: 'Not assessed',
      share: 'Readiness',
      change: 'Change',
    },
    all: 'All',
    note: (scopes) =>
      `In scope is what maintenance has evidence for: ${listEn(scopes)}. Partly met and not assessed count as not met. It is evidence for an audit, not its result.`,
    scope: (inScope, total, framework) => `${number(inScope)} of ${number(total)} parts of ${framework}`,
    names: { iso27001: 'ISO 27001', nis2: 'NIS2', cyber_essentials: 'Cyber Essentials' },
  },
  plan: {
    title: '90-day plan',
    heads: {
      indicator: 'Indicator',
      baseline: 'Baseline',
      day30: 'Day 30',
      day60: 'Day 60',
      day90: 'Day 90',
      from: 'baseline',
      to: 'day 90',
      now: 'Now',
      status: 'Status',
    },
    aside: (baseline, lastDay) =>
      `${baseline === undefined ? '' : `baseline ${baseline}, `}day 90 is ${lastDay}`,
    days: (from, to) => `${from} to ${to}`,
    none: 'none',
    status: {
      reached: 'Reached',
      on_track: 'On track',
      under_way: 'Under way',
      behind: 'Behind',
      unknown: 'Unknown',
      none: 'No data',
    },
    action: (name, value, target) => `Bring ${name} from ${value} to ${target}.`,
  },
  calendar: {
    title: 'Maintenance calendar',
    weekdays: ['M', 'T', 'W', 'T', 'F', 'S', 'S'],
    onTime: 'On time',
    key: {
      on_time: 'done on time',
      late: 'done late',
      missed: 'missed',
      unconfirmed: 'not confirmed',
      running: 'still in time',
    },
    total: (onTime, planned) => `${number(onTime)} / ${number(planned)}`,
    none: 'The policy plans no tasks of people, so there is no calendar.',
    noneDue: 'No task of people was due this month.',
    alt: (rows) => `${rows.join('; ')}.`,
    action: (title, day, outcome) =>
      outcome === 'unconfirmed'
        ? `Find out whether “${title}” of ${day} was done, and confirm it.`
        : `Do “${title}”, missed on ${day}, and confirm it.`,
  },
  owned: (owner, day) => `**${owner === '' ? '' : `${owner}, `}${day}.**`,
  changes: {
    title: 'Changes that matter',
    none: 'No change was seen.',
    notKnown: 'Changes are not known: nothing was recorded.',
    more: (count) => `${number(count)} more in annex G.`,
    hosts: (count) => countEn(count, 'host'),
    say: {
      target_changed: ({ name, from, to }) => `Target of “${name}”: from ${from} to ${to}`,
      limit_changed: ({ name, from, to }) => `Limit of “${name}”: from ${from} to ${to}`,
      host_removed: ({ hosts }) => `No longer watched: ${hosts}`,
      host_added: ({ hosts }) => `Added: ${hosts}`,
      system_changed: ({ hosts, from, to }) => `${from} to ${to} on ${hosts}`,
      agent_changed: ({ hosts, from, to }) => `Exporter ${from} to ${to} on ${hosts}`,
      kernel_changed: ({ hosts, from, to }) => `Kernel ${from} to ${to} on ${hosts}`,
      updates_installed: ({ hosts, runs, failed }) =>
        `Updates on ${hosts}, ${number(runs)} run${s(runs)}${failed === 0 ? '' : `, ${number(failed)} not whole`}`,
    },
    heads: { day: 'Day', what: 'What changed', where: 'Hosts' },
    lede: 'What the recorded series show as changed, by local day: targets and limits of the policy, hosts, operating systems, kernels, exporters, and runs of package managers. Who asked for a change is not in the series.',
  },
  ahead: {
    title: (month) => `Planned in ${format.month(month)}`,
    none: 'Nothing is planned, and nothing is known to end.',
    window: (name, from, to, more) =>
      `${name}, ${from} to ${to}${more === 0 ? '' : `, and ${spellEn(more)} more`}`,
    task: (title, owner, more) => `${title} (${owner})${more === 0 ? '' : `, and ${spellEn(more)} more`}`,
    deadline: {
      certificate: (what) => `Certificate of ${what} ends`,
      restore_test: (what) => `Proof that ${what} can be restored ends`,
      os_supported: (what) => `Support of ${what} ends`,
      licence: (what) => `Licence of ${what} ends`,
      warranty: (what) => `Warranty of ${what} ends`,
    },
    exception: (name, covers) => `Exception ends: ${name}, ${covers}`,
    objects: (first, more) => (more === 0 ? first : `${first} and ${spellEn(more)} more`),
  },
  duties: {
    title: 'Who does what',
    heads: { what: 'Work', who: 'Who', note: 'Border' },
    shared: 'Both',
  },
  ...governanceAnnexEn,
};
