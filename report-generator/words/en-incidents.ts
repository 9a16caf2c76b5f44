import { formatsOf } from '../format.ts';
import { capital } from './capital.ts';
import { alertsEn } from './en-alerts.ts';
import { countEn, listEn, spellEn } from './en-count.ts';
import type { IncidentWords } from './incident-words.ts';

const format = formatsOf('en');
const { number } = format;

export const incidentsEn: IncidentWords = {
  finding: (opened, breached, unknown) => {
    if (opened + breached + unknown === 0) return 'No incident was opened';
    const late = breached > 0 ? `${spellEn(breached)} answered too late` : 'none known to be answered late';
    if (unknown > 0 && breached === 0)
      return `${capital(countEn(opened, 'incident'))}, not every answer known`;
    return `${capital(countEn(opened, 'incident'))}, ${late}`;
  },
  categories: {
    heading: (compared) => (compared ? 'By category, against last month' : 'By category'),
    names: {
      updates: 'Updates and restarts',
      backups: 'Backups and restores',
      disks: 'Disks and volumes',
      services: 'Services and network',
      protection: 'Endpoint protection',
      access: 'Access and compliance',
    },
    works: (works, compared) => {
      const named = (['corrective', 'preventive', 'adaptive', 'perfective'] as const).flatMap((work) =>
        works[work] === 0 ? [] : [`${number(works[work])} ${work}`],
      );
      const sentence = named.length === 0 ? '' : `By type of work: ${listEn(named)}.`;
      return [sentence, compared ? 'Ring: last month.' : ''].filter((text) => text !== '').join(' ');
    },
  },
  times: {
    heading: 'Time to resolve and to respond',
    panels: {
      resolve: { urgent: 'Urgent, to resolve', standard: 'Standard, to resolve' },
      respond: (known, of) =>
        `Urgent, to respond${known < of ? ` (known for ${number(known)} of ${number(of)})` : ''}`,
    },
    urgent: ({ mean, median, target, change, before }) => {
      const compared =
        change === undefined
          ? ''
          : change.to === 'same'
            ? `, as in ${format.month(before)}`
            : `, ${change.by} ${change.to} than in ${format.month(before)}`;
      const middle = median === undefined ? '' : ` (median ${median})`;
      return `Urgent incidents took ${mean} on average to resolve${middle}${compared}${target === undefined ? '' : `; target ${target}`}.`;
    },
    none: 'No urgent incident was resolved.',
    notMeasured: 'not measured',
    target: (target) => `target ${target}`,
  },
  response: {
    heading: 'Response inside the SLA',
    aside: (promises) =>
      promises
        .map(({ slaClass, within, inHours }) => `${slaClass} ${within}${inHours ? ' of working time' : ''}`)
        .join(', '),
    none: 'No incident had to be answered.',
    waiting: (running) =>
      `${capital(countEn(running, 'incident'))} ${running === 1 ? 'waits' : 'wait'} for an answer, before the deadline.`,
    all: 'Every incident was answered, or over, before its deadline.',
    measured: ({ measured = '', breached, target }) =>
      `**${measured}** of the incidents were answered, or over, before the deadline${target === undefined ? '' : `; target ${target}`}. ${capital(spellEn(breached))} ${breached === 1 ? 'was' : 'were'} answered too late.`,
    range: ({ worst, best, target, unknown, decided }) =>
      `**Between ${worst} and ${best}** of the incidents were answered in time${target === undefined ? '' : `; target ${target}`}. Of ${countEn(decided, 'incident')}, ${spellEn(unknown)} ${unknown === 1 ? 'carries' : 'carry'} no acknowledgement: the lower figure counts ${unknown === 1 ? 'it' : 'them'} as breached, the upper as met.`,
    notGiven: ({ worst, best, unknown }) =>
      `No acknowledgements were given for this report, so nobody can tell who answered: **between ${worst} and ${best}** of the incidents were answered in time. ${capital(countEn(unknown, 'incident'))} ${unknown === 1 ? 'is' : 'are'} unknown.`,
    heads: {
      class: 'Class',
      strip: (target) => `Share of incidents${target === undefined ? '' : `; bar: target ${target}`}`,
      answered: 'Answered in time',
      resolvedFirst: 'Resolved in time',
      unknown: 'Unknown',
      breached: 'Breached',
      running: 'Running',
      verdict: 'Verdict',
    },
    classes: { urgent: 'Urgent', standard: 'Standard', all: 'All' },
  },
  register: {
    lede: 'An incident is one continuous episode of one critical or warning alert that no other alert explains; gaps of up to 15 minutes are part of it. “Resolved” means over before the deadline without an acknowledgement. Causes and corrections were written by people. Times are local.',
    counts: (opened, carried, open) =>
      `${capital(countEn(opened, 'incident'))} opened, ${noneOr(carried)} carried over, ${noneOr(open)} open at the end.`,
    heads: {
      number: 'Number',
      opened: 'Opened',
      lasted: 'Duration',
      class: 'Class',
      what: 'What happened',
      where: 'Where',
      cause: 'Cause and correction',
      response: 'Response',
    },
    open: 'open',
    between: (least, most) => `${least} to ${most}`,
    flaps: (times) => `came back ${times === 1 ? 'once' : `${number(times)} times`}`,
    noClass: '–',
    response: {
      met: 'Met',
      resolved_first: 'Resolved',
      breached: 'Breached',
      running: 'Running',
      unknown: 'Unknown',
    },
    alerts: alertsEn,
  },
  ledger: {
    heading: 'Responses',
    lede: 'Incidents whose response was decided in the month, or runs at its end. The clock starts when the alert fires; “used” is on the clock of the class. Who answered is as they wrote it.',
    heads: {
      number: 'Number',
      class: 'Class',
      opened: 'Opened',
      deadline: 'Deadline',
      answered: 'Answered',
      by: 'By',
      used: 'Used',
      verdict: 'Response',
    },
    noDeadline: 'none',
  },
};

function noneOr(count: number): string {
  return count === 0 ? 'none' : spellEn(count);
}
