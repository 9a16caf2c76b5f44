import { formatsOf } from '../format.ts';
import { capital } from './capital.ts';
import { countEn, nounEn, shortNounEn, spellEn } from './en-count.ts';
import { incidentsEn } from './en-incidents.ts';
import { governanceEn } from './en-governance.ts';
import { indicatorsEn } from './en-indicators.ts';
import { risksEn } from './en-risks.ts';
import { narrativeEn } from './en-narrative.ts';
import { servicesEn } from './en-services.ts';
import type { AnnexLetter, Words } from './words.ts';
import { protectionAnnexEn } from './en-protection-annex.ts';
import { diskFindingsEn, protectionEn } from './en-protection.ts';

const format = formatsOf('en');
const { number } = format;

/** The annexes where there is little room. */
const annexShortEn: Readonly<Record<AnnexLetter, string>> = {
  A: 'Updates',
  B: 'Backups',
  C: 'Disks',
  D: 'Antivirus',
  E: 'SLA ledger',
  F: 'Incidents',
  G: 'Changes',
  H: 'Controls',
  I: 'Hosts',
  J: 'Exceptions',
  K: 'Method',
  L: 'Trends',
};

export const en: Words = {
  language: 'en',
  format,
  title: (month, zone) => `Maintenance report, ${format.monthYear(month)} · ${zone}`,
  subject: (customer, month) => `How the estate of ${customer} was maintained in ${format.monthYear(month)}`,
  running: (month) => `Maintenance report, ${format.monthYear(month)}`,
  preparedBy: (provider) => `Prepared by ${provider}`,
  page: (page, of) => `Page ${page} of ${of}`,
  footer: (instant, reporting) =>
    `Data up to ${instant}${reporting === undefined ? '' : ` · ${number(reporting.hosts)} of ${number(reporting.of)} ${nounEn(reporting.of, 'host')} reported at the end`}`,
  verdict: {
    met: 'Met',
    risk: 'At risk',
    missed: 'Missed',
    running: 'Running',
    unknown: 'Unknown',
    none: 'No data',
    plain: 'No target',
  },
  indicators: indicatorsEn,
  services: servicesEn,
  count: countEn,
  tile: {
    noData: 'No data',
    none: 'None',
    target: (target, better) => `Target ${better === 'low' ? 'at most ' : ''}${target}`,
    noTarget: 'No target',
    atEnd: (compliant, expected, kind) =>
      `${number(compliant)} of ${number(expected)} ${shortNounEn(expected, kind)} at month end`,
    ofAll: (part, all, kind) => `${number(part)} of ${number(all)} ${shortNounEn(all, kind)}`,
    meanOf: (incidents) => `over ${number(incidents)} ${nounEn(incidents, 'incident')} resolved`,
    known: (objects) => `${objects} known`,
    watched: (time) => `${time} of the month watched`,
    knownAndWatched: (objects, time) => `${objects} known, ${time} of month watched`,
    points: (change) => `${change} points`,
    change: {
      better: (amount, before) => `${amount}, better than ${format.monthShort(before)}`,
      worse: (amount, before) => `${amount}, worse than ${format.monthShort(before)}`,
      same: (_amount, before) => `as in ${format.monthShort(before)}`,
      other: (amount, before) => `${amount} against ${format.monthShort(before)}`,
    },
    noEarlier: 'no earlier value',
    notBefore: (before) => `no value for ${format.monthShort(before)}`,
  },
  reason: {
    no_evaluations: 'No rule was evaluated',
    no_series: 'Nothing was recorded',
    no_acknowledgements: 'No answer is known',
    nothing_expected: 'Not expected of any host',
    nothing_happened: 'No incident was resolved',
  },
  score: {
    heading: (indicators) =>
      `${capital(spellEn(indicators))} ${indicators === 1 ? 'indicator' : 'indicators'}`,
    rows: {
      met: (count) => `${number(count)} met`,
      risk: (count) => `${number(count)} met, at risk`,
      missed: (count) => `${number(count)} missed`,
      running: (count) => `${number(count)} running`,
      unknown: (count) => `${number(count)} unknown`,
      none: (count) => `${number(count)} without data`,
      plain: (count) => `${number(count)} without target`,
    },
  },
  sections: {
    summary: 'Summary',
    serviceQuality: 'Service quality',
    governance: 'Governance',
    updates: 'Updates',
    protection: 'Protection',
    operation: 'Operation',
    figures: 'How each figure is obtained',
    gaps: 'Where data is missing',
    evaluations: 'How the rules were evaluated',
    repeat: 'How to repeat this report',
    continued: (section) => `${section}, continued`,
  },
  annexList: 'Annexes for auditors',
  annexOnPage: (letter, page) => `${letter} ${annexShortEn[letter]}, ${page}`,
  onPage: (page) => `page ${page}`,
  annex: (letter) => `Annex ${letter}`,
  annexes: {
    A: 'Updates by host',
    B: 'Backups and restore tests',
    C: 'Disks and volumes',
    D: 'Endpoint protection',
    E: 'SLA ledger',
    F: 'Incident register',
    G: 'Change log',
    H: 'Control matrix',
    I: 'Hosts at month end, worst first',
    J: 'Exceptions and accepted risks',
    K: 'Method and data quality',
    L: 'Thirteen months',
  },
  captions: {
    sparklines: 'Lines: last 13 months; dashed: target; hatched: not measured.',
    trends: 'Each chart has a scale of its own. Dashed: target; hatched: not measured, or not watched.',
    noHosts: 'No host was known at month end, so none is listed.',
  },
  hostTable: {
    others: 'Other controls',
    host: 'Host',
    role: 'Role',
    noRole: '–',
    key: { met: 'in order', missed: 'not in order', unknown: 'unknown' },
    notExpected: 'not expected',
  },
  method: {
    lede: 'Each figure comes from stored queries, evaluated as of the end of the month. What was expected and not known counts as not in order. A target counts as met when it is reached with everything unknown counted against it and at least 80% was known.',
    heads: {
      indicator: 'Indicator',
      counts: 'What is counted',
      value: 'Value',
      target: 'Target',
      verdict: 'Verdict',
      known: 'Known',
      watched: 'Watched',
      queries: 'Queries',
    },
    evaluationHeads: {
      group: 'Rule group',
      interval: 'Interval',
      evaluations: 'Evaluations',
      watched: 'Watched',
    },
    evaluations: (evaluations, expected) => `${number(evaluations)} of ${number(expected)}`,
    facts: {
      period: 'Period',
      zone: 'Time zone',
      evaluated: 'Evaluated at',
      prometheus: 'Prometheus',
      policy: 'Policy',
      snapshot: 'Snapshot',
    },
    period: (from, to) => `${from} to ${to}`,
    repeat: 'The same snapshot always gives the same file, byte for byte.',
    noGaps: 'Everything expected was known, and the whole month was watched.',
  },
  gap: {
    no_evaluations: 'No data: no rule was evaluated in the month.',
    no_series: 'No data: the rules were evaluated and recorded nothing of it.',
    no_acknowledgements:
      'No data: there were incidents and nobody is known to have taken one, which is no proof that nobody did.',
    objects: (known) => `${known} of what was expected was known; the rest counts as not in order.`,
    time: (watched) => `${watched} of the month was watched; the rest is not part of the value.`,
    enough: 'Under 80% was known, so it cannot count as met.',
  },
  alt: {
    sparkline: (label, first, last, gaps) =>
      `${label}, last 13 months: from ${first} to ${last}${gaps === 0 ? '' : `, ${spellEn(gaps)} ${gaps === 1 ? 'month' : 'months'} without data`}.`,
    noSparkline: (label) => `${label}: no data in the last 13 months.`,
    trend: (label, points, target) => {
      const values = points.map(
        ({ month, value }) => `${format.monthYear(month)} ${value ?? 'not measured'}`,
      );
      return `${label}${target === undefined ? '' : `, target ${target}`}. ${values.join('; ')}.`;
    },
    coverage: (known) => `${known} known`,
    score: (rows) => `${capital(rows.join(', '))}.`,
  },
  narrative: narrativeEn,
  risks: risksEn,
  protection: protectionEn,
  diskFindings: diskFindingsEn,
  incidents: incidentsEn,
  protectionAnnex: protectionAnnexEn,
  governance: governanceEn,
};
