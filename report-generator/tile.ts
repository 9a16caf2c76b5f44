import { comparable, hasEarlier, valueBefore } from './comparison.ts';
import { monthFrom } from './format.ts';
import { knownId, objectKind } from './objects.ts';
import type { Indicator, Snapshot, Verdict } from './snapshot.ts';
import { differenceText, goalText, shownDifference, valueText } from './value.ts';
import type { Change, Words } from './words/words.ts';

/** What a tile says; pictures are added where it is drawn. */
export interface TileText {
  readonly label: string;
  readonly value: string;
  /** There is no value. */
  readonly muted: boolean;
  readonly verdict: Verdict;
  /** The verdict, or why there is none. */
  readonly verdictWord: string;
  readonly change?: string;
  /** The last one tells the coverage where `coverage` is set. */
  readonly lines: readonly string[];
  /** Set only where something is not known: shares 0 to 1, `known` their product. */
  readonly coverage?: { readonly objects: number | null; readonly time: number; readonly known: number };
}

/** Characters of a note that fit into the width of a tile. */
const longestLine = 48;

/** @throws Error when this version has no words for the indicator. */
export function tileOf(indicator: Indicator, snapshot: Snapshot, words: Words): TileText {
  const { value, verdict, reason, coverage } = indicator;
  const { label } = words.indicators[knownId(indicator.id)];
  const target = targetText(indicator, words);
  if (value === null) return { label, muted: true, verdict, ...withoutValue(indicator, words) };
  const known = coverageOf(coverage);
  const basis = basisText(indicator, snapshot, words);
  // The verdict of an indicator without a target is that it has none: once is enough.
  const parts = [verdict === 'plain' ? '' : target, basis].filter((part) => part !== '');
  return {
    label,
    value: valueText(indicator, value, words),
    muted: false,
    verdict,
    verdictWord: reason === null ? words.verdict[verdict] : reasonText(indicator, reason, words),
    change: changeText(indicator, value, snapshot, words),
    lines: [...joined(parts), ...coverageLine(coverage, words)],
    ...(known === undefined ? {} : { coverage: known }),
  };
}

type Without = Pick<TileText, 'value' | 'verdictWord' | 'lines' | 'coverage'>;

function withoutValue(indicator: Indicator, words: Words): Without {
  const { reason, verdict, coverage, target } = indicator;
  const why = reason === null ? words.verdict.none : reasonText(indicator, reason, words);
  if (reason === 'nothing_expected') return { value: '–', verdictWord: why, lines: [] };
  if (reason === 'nothing_happened') {
    const known = coverageOf(coverage);
    return {
      value: words.tile.none,
      verdictWord: verdict === 'plain' ? why : words.verdict[verdict],
      lines: [...(verdict === 'plain' ? [] : [why]), ...coverageLine(coverage, words)],
      ...(known === undefined ? {} : { coverage: known }),
    };
  }
  return {
    value: words.tile.noData,
    verdictWord: why,
    lines: target === null ? [] : [targetText(indicator, words)],
  };
}

/** Why there is no value; that nothing happened is said of what could have. */
function reasonText({ id }: Indicator, reason: NonNullable<Indicator['reason']>, words: Words): string {
  const { nothing = words.reason.nothing_happened } = words.indicators[knownId(id)];
  return reason === 'nothing_happened' ? nothing : words.reason[reason];
}

/** On one line where it fits, else a line each. */
function joined(parts: readonly string[]): readonly string[] {
  const line = parts.join(' · ');
  if (line === '') return [];
  return line.length > longestLine ? parts : [line];
}

/** The target as people say it: "Target 95%", "No target". */
function targetText(indicator: Indicator, words: Words): string {
  const goal = goalText(indicator, words);
  return goal === undefined ? words.tile.noTarget : words.tile.target(goal, indicator.better);
}

function basisText(indicator: Indicator, snapshot: Snapshot, { tile }: Words): string {
  const { atEnd, unit, numerator, denominator } = indicator;
  if (atEnd !== null) return tile.atEnd(atEnd.compliant, atEnd.expected, objectKind(indicator, snapshot));
  if (unit === 'ratio' && numerator !== null && denominator !== null)
    return tile.ofAll(numerator, denominator, objectKind(indicator, snapshot));
  return unit === 'seconds' && denominator !== null ? tile.meanOf(denominator) : '';
}

/** Signed, and in words whether that is good where the months can be compared. */
function changeText(indicator: Indicator, value: number, { month }: Snapshot, words: Words): string {
  const { tile } = words;
  const monthBefore = monthFrom(month, -1);
  const before = valueBefore(indicator);
  if (before === undefined) return hasEarlier(indicator) ? tile.notBefore(monthBefore) : tile.noEarlier;
  const difference = value - before.value;
  const change = comparable(indicator, before) ? changeOf(indicator, difference) : 'other';
  return tile.change[change](differenceText(indicator, difference, words), monthBefore);
}

function changeOf(indicator: Indicator, difference: number): Change {
  const shown = shownDifference(indicator, difference);
  if (shown === 0) return 'same';
  return shown > 0 === (indicator.better === 'high') ? 'better' : 'worse';
}

function coverageOf({ objects, time }: Indicator['coverage']): TileText['coverage'] {
  const known = (objects ?? 1) * time;
  return known < 1 ? { objects, time, known } : undefined;
}

function coverageLine({ objects, time }: Indicator['coverage'], { tile, format }: Words): readonly string[] {
  const share = objects ?? 1;
  if (share * time >= 1) return [];
  if (share >= 1) return [tile.watched(format.pctKnown(time))];
  if (time >= 1) return [tile.known(format.pctKnown(share))];
  return [tile.knownAndWatched(format.pctKnown(share), format.pctKnown(time))];
}
