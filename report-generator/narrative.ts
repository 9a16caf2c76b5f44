import { comparable, comparisonOf, hasEarlier, scoreOf, valueBefore } from './comparison.ts';
import { monthFrom } from './format.ts';
import { isControl, knownId, objectKind } from './objects.ts';
import type { Snapshot } from './snapshot.ts';
import { differenceText, goalText, valueText } from './value.ts';
import type { Comparison, Score, Words } from './words/words.ts';

/** What the summary says. Marked **strong** runs; no markup else. */
export interface Narrative {
  /** The finding, at most 60 characters. */
  readonly headline: string;
  readonly past: string;
  readonly ahead: string;
}

const mostMisses = 2;
const mostOpen = 4;

/** The summary in words: pure, the same snapshot says the same. */
export function narrate(snapshot: Snapshot, words: Words): Narrative {
  const score = scoreOf(snapshot);
  const comparison = comparisonOf(snapshot);
  return {
    headline: headline(snapshot, score, comparison, words),
    past: past(snapshot, score, comparison, words),
    ahead: ahead(snapshot, words),
  };
}

function isNothingMeasured({ indicators }: Snapshot): boolean {
  return indicators.every(({ value, reason }) => value === null && reason !== 'nothing_happened');
}

function isFirst({ indicators }: Snapshot): boolean {
  return !indicators.some(hasEarlier);
}

function headline(
  snapshot: Snapshot,
  score: Score,
  { targets, met, metBefore }: Comparison,
  { narrative: { headline: say } }: Words,
): string {
  if (isNothingMeasured(snapshot)) return say.nothing(score);
  if (score.measured === 0) return say.noTarget(score);
  if (score.met === score.measured) return say.all(score);
  if (score.met === 0) return say.none(score);
  if (isFirst(snapshot)) return say.first(score);
  if (targets === 0) return say.alone(score);
  if (met === metBefore) return say.same(score);
  return met > metBefore ? say.better(score) : say.worse(score);
}

function past(snapshot: Snapshot, score: Score, comparison: Comparison, words: Words): string {
  const { past: say } = words.narrative;
  if (isNothingMeasured(snapshot)) return say.nothing(score);
  const targets =
    score.measured === 0 ? say.noTarget(score) : comparedTargets(snapshot, score, comparison, words);
  return sentences([
    targets,
    say.unjudged(score),
    improvement(snapshot, words),
    misses(snapshot, score, words),
    incidentsSentence(snapshot, score, words),
  ]);
}

function comparedTargets(
  snapshot: Snapshot,
  score: Score,
  comparison: Comparison,
  { narrative }: Words,
): string {
  if (isFirst(snapshot)) return narrative.past.first(score);
  return comparison.targets === 0 ? narrative.past.alone(score) : narrative.past.compared(score, comparison);
}

/** The share that rose most since the month before, by at least what one decimal shows. */
function improvement({ indicators }: Snapshot, words: Words): string {
  const [best] = indicators
    .flatMap((indicator) => {
      const before = valueBefore(indicator);
      if (indicator.unit !== 'ratio' || indicator.value === null || before === undefined) return [];
      if (!comparable(indicator, before)) return [];
      return [{ indicator, value: indicator.value, rise: indicator.value - before.value }];
    })
    .toSorted((one, other) => other.rise - one.rise);
  if (best === undefined || best.rise < 0.0005) return '';
  const { indicator, value, rise } = best;
  return words.narrative.past.improved(
    words.indicators[knownId(indicator.id)].name,
    differenceText(indicator, rise, words),
    valueText(indicator, value, words),
  );
}

function misses({ indicators }: Snapshot, { measured, unknown, notMeasured }: Score, words: Words): string {
  const { indicators: named, narrative } = words;
  const missed = indicators
    .flatMap((indicator) => {
      const { value, target, verdict, id } = indicator;
      if (verdict !== 'missed' || value === null || target === null) return [];
      const goal = goalText(indicator, words) ?? '';
      const distance = Math.abs(value - target) / (target === 0 ? 1 : target);
      return [
        { distance, name: named[knownId(id)].name, value: valueText(indicator, value, words), target: goal },
      ];
    })
    .toSorted((one, other) => other.distance - one.distance);
  if (missed.length > 0)
    return narrative.past.missed(missed.slice(0, mostMisses), Math.max(0, missed.length - mostMisses));
  return measured > 0 && unknown === 0 && notMeasured === 0 ? narrative.past.noneMissed : '';
}

/** How many incidents were opened, against the month before where the two can be compared. */
export function incidentsSentence(
  { indicators }: Snapshot,
  score: Score,
  { narrative: { past: say } }: Words,
): string {
  const indicator = indicators.find(({ id }) => id === 'incidents_opened');
  if (indicator === undefined) return '';
  if (indicator.value === null) return say.incidentsUnknown;
  const before = valueBefore(indicator);
  const then = before !== undefined && comparable(indicator, before) ? before.value : null;
  return say.incidents(score, indicator.value, then, indicator.coverage.time === 1);
}

/** What is open when the month ends, and what is not known. Hosts that do not report have a sentence of their own. */
function ahead(snapshot: Snapshot, words: Words): string {
  const { ahead: say } = words.narrative;
  const lead = say.lead(monthFrom(snapshot.month, 1));
  const ends = snapshot.indicators.flatMap((indicator) =>
    indicator.atEnd === null ? [] : [{ indicator, ...indicator.atEnd }],
  );
  if (ends.every(({ known }) => known === 0)) return `${lead} ${say.endUnknown}`;
  const open = ends
    .map(({ indicator, known, compliant }) => ({ indicator, count: known - compliant }))
    .filter(({ indicator, count }) => count > 0 && indicator.id !== 'host_reporting')
    .toSorted((one, other) => other.count - one.count);
  const unknown = ends.reduce((sum, { known, expected }) => sum + expected - known, 0);
  const missing = snapshot.indicators.some(
    ({ id, atEnd, reason }) => isControl(id) && atEnd === null && reason !== 'nothing_expected',
  );
  const silent = snapshot.hosts.filter((host) => !isReporting(host)).length;
  const everything = unknown === 0 && silent === 0 && !missing;
  const items = open
    .slice(0, mostOpen)
    .map(({ indicator, count }) =>
      words.indicators[knownId(indicator.id)].open(count, objectKind(indicator, snapshot)),
    );
  const more = open.slice(mostOpen).reduce((sum, { count }) => sum + count, 0);
  const state = everything ? say.nothingOpenKnown : say.nothingOpen;
  return sentences([
    `${lead} ${items.length === 0 ? state : say.open(items, more)}`,
    silent === 0 ? '' : say.silent(silent),
    partly(snapshot, words),
    unknown === 0 ? '' : say.unknown(unknown),
  ]);
}

type Host = Snapshot['hosts'][number];

/** Where nobody asks a host to report, its other cells speak for themselves. */
function isReporting({ controls }: Host): boolean {
  return (controls['host_reporting'] ?? 'met') === 'met';
}

function partly({ hosts, controls }: Snapshot, { indicators, narrative }: Words): string {
  const blind = hosts.filter((host) => isReporting(host) && Object.values(host.controls).includes('unknown'));
  if (blind.length === 0) return '';
  const names = controls
    .filter((control) => blind.some((host) => host.controls[control] === 'unknown'))
    .map((control) => indicators[knownId(control)].name);
  return narrative.ahead.partly(blind.length, names);
}

function sentences(all: readonly string[]): string {
  return all.filter((sentence) => sentence !== '').join(' ');
}
