import { formatsOf } from '../format.ts';
import { capital } from './capital.ts';
import { countEn, listEn, spellEn } from './en-count.ts';
import type { Miss, NarrativeWords, Score } from './words.ts';

const format = formatsOf('en');
const was = (count: number): string => (count === 1 ? 'was' : 'were');
const targets = (count: number): string => (count === 1 ? 'target' : 'targets');

function countText({ met, measured, notMeasured }: Score): string {
  return `${met} of ${measured} ${targets(measured)} met${missing(notMeasured)}`;
}

function missing(notMeasured: number): string {
  return notMeasured === 0 ? '' : `, ${notMeasured} not measured`;
}

function missText({ name, value, target }: Miss): string {
  return `${name} (${value}, target ${target})`;
}

/** "In October, six of eight measured targets were met" */
function targetsMet({ month, met: reached, measured }: Score): string {
  const lead = `**In ${format.month(month)}**`;
  if (measured === 1)
    return `${lead} the one measured target was ${reached === 1 ? '' : 'not shown to be '}met`;
  if (reached === 0) return `${lead} none of ${spellEn(measured)} measured targets was shown to be met`;
  if (reached === measured) return `${lead} all ${spellEn(measured)} measured targets were met`;
  return `${lead} ${spellEn(reached)} of ${spellEn(measured)} measured targets ${was(reached)} met`;
}

export const narrativeEn: NarrativeWords = {
  headline: {
    nothing: ({ month }) => `Nothing was measured in ${format.month(month)}`,
    noTarget: ({ month }) => `No target was measured in ${format.month(month)}`,
    all: ({ measured, notMeasured }) =>
      measured === 1
        ? `The one measured target was met${missing(notMeasured)}`
        : `All ${measured} measured targets met${missing(notMeasured)}`,
    none: ({ measured, unknown, notMeasured }) => {
      if (measured === 1)
        return `One target measured, ${unknown === 0 ? 'not reached' : 'not shown to be met'}${missing(notMeasured)}`;
      const what = unknown === 0 ? 'reached' : 'shown to be met';
      return `None of ${spellEn(measured)} targets ${what}${missing(notMeasured)}`;
    },
    first: (score) => `First report: ${countText(score)}`,
    alone: (score) => `${format.month(score.month)}: ${countText(score)}`,
    better: (score) => `Better than ${format.month(score.before)}: ${countText(score)}`,
    worse: (score) => `Worse than ${format.month(score.before)}: ${countText(score)}`,
    same: (score) => `As in ${format.month(score.before)}: ${countText(score)}`,
  },
  past: {
    nothing: ({ month }) =>
      `**In ${format.month(month)}** nothing was measured, so this report cannot say how the estate was maintained. Earlier values are not carried forward.`,
    noTarget: ({ month }) => `**In ${format.month(month)}** no target was measured.`,
    first: (score) => `${targetsMet(score)}; there is no earlier month to compare with.`,
    alone: (score) =>
      `${targetsMet(score)}; too little of ${format.month(score.before)} was measured to compare with.`,
    compared: (score, { targets: compared, met: now, metBefore }) => {
      const before = format.month(score.before);
      if (compared !== score.measured)
        return `${targetsMet(score)}. Of the ${spellEn(compared)} also measured in ${before}, ${spellEn(now).replace(/^no$/, 'none')} ${was(now)} met now and ${spellEn(metBefore).replace(/^no$/, 'none')} then.`;
      const change = now - metBefore;
      if (change === 0) return `${targetsMet(score)}, as many as in ${before}.`;
      return `${targetsMet(score)}, ${spellEn(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'} than in ${before}.`;
    },
    unjudged: ({ unknown, notMeasured }) =>
      [
        unknown === 0 ? [] : [`For ${spellEn(unknown)} ${targets(unknown)} too much is unknown to tell.`],
        notMeasured === 0
          ? []
          : [`${capital(spellEn(notMeasured))} ${targets(notMeasured)} ${was(notMeasured)} not measured.`],
      ]
        .flat()
        .join(' '),
    improved: (name, change, value) => `The largest improvement is in ${name}: ${change}, to ${value}.`,
    missed: (misses, more) => {
      if (misses.length === 1 && more === 0) return `Missed: ${misses.map(missText).join('')}.`;
      const rest = more === 0 ? '' : `, and ${spellEn(more)} more`;
      return more === 0
        ? `Missed: ${listEn(misses.map(missText))}.`
        : `Missed: ${misses.map(missText).join(', ')}${rest}.`;
    },
    noneMissed: 'No target was missed.',
    incidents: (score, opened, before, watched) => {
      if (!watched)
        return opened === 0
          ? 'No incident was seen, but part of the month was not watched.'
          : `At least ${countEn(opened, 'incident')} ${was(opened)} opened; part of the month was not watched.`;
      const what =
        opened === 0 ? 'No incidents were' : `${capital(countEn(opened, 'incident'))} ${was(opened)}`;
      if (before === null) return `${what} opened.`;
      const month = format.month(score.before);
      if (opened === before) return `${what} opened, as in ${month}.`;
      return `${what} opened, ${spellEn(Math.abs(opened - before))} ${opened < before ? 'fewer' : 'more'} than in ${month}.`;
    },
    incidentsUnknown: 'Incidents were not measured.',
  },
  ahead: {
    lead: (month) => `**In ${format.month(month)}:**`,
    open: (items, more) =>
      more === 0
        ? `the month begins with ${listEn(items)}.`
        : `the month begins with ${items.join(', ')}, and ${spellEn(more)} more in the tables that follow.`,
    nothingOpen: 'of what was known at month end, nothing was out of order.',
    nothingOpenKnown: 'nothing was out of order at month end, and everything expected was known.',
    endUnknown: 'what is open is not known, because nothing was measured at month end.',
    silent: (hosts) => `${capital(countEn(hosts, 'host'))} did not report at month end.`,
    partly: (hosts, names) =>
      `${capital(countEn(hosts, 'host'))} reported, but not everything (${listEn(names)}).`,
    unknown: (objects) =>
      objects === 1
        ? 'The state of one expected object was not known and counts as not in order.'
        : `The states of ${spellEn(objects)} expected objects were not known and count as not in order.`,
  },
};
