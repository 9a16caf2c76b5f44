import type { Measure } from '../scene.ts';
import { width } from '../pdf/text.ts';
import type { Sheet } from '../pdf/sheet.ts';
import { columns } from '../kpis.ts';
import type { Indicator, Snapshot } from '../snapshot.ts';
import type { Words } from '../words/words.ts';

/** What every page is drawn from. */
export interface Drawing {
  readonly sheet: Sheet;
  readonly snapshot: Snapshot;
  readonly words: Words;
}

/** Those with a tile on page 1, in the order of its columns. */
export function headlineIndicators({ indicators }: Snapshot): readonly Indicator[] {
  return columns.flatMap((column) => tilesOf(column, indicators, mostTiles));
}

/** Tiles of a column of page 1. */
const mostTiles = 4;

/** The indicators a column of page 1 shows. */
export function tilesOf(
  { indicators: wanted }: (typeof columns)[number],
  indicators: readonly Indicator[],
  most: number,
): readonly Indicator[] {
  return wanted.flatMap((id) => indicators.find((indicator) => indicator.id === id) ?? []).slice(0, most);
}

/** All of them: those of page 1 first. */
export function indicatorsInOrder(snapshot: Snapshot): readonly Indicator[] {
  const first = headlineIndicators(snapshot);
  return [...first, ...snapshot.indicators.filter((indicator) => !first.includes(indicator))];
}

/** Widths as this sheet sets them, for pictures. */
export function measureOn(sheet: Sheet): Measure {
  return (text, style) => width(sheet, text, style);
}

/** An indicator's value, target or axis label, as text. */
export function valueText({ unit, target, better }: Indicator, value: number, { format }: Words): string {
  if (unit === 'ratio') return format.pctJudged(value, { target, better });
  return unit === 'seconds' ? format.duration(value) : format.number(value);
}

/** The target as the policy states it. */
export function targetText({ unit }: Indicator, target: number, { format }: Words): string {
  if (unit === 'ratio') return format.pctTarget(target);
  return unit === 'seconds' ? format.duration(target) : format.number(target);
}
