import { MappingType, SpecialValueMatch, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

/** Colour is a verdict and never stands alone: each comes with a word. Unknown is grey, never green. */
export const colors = {
  good: 'green',
  warning: 'orange',
  bad: 'red',
  unknown: '#8e8e8e',
  plain: 'text',
} as const;
export type Color = keyof typeof colors;

export const noData = {
  type: MappingType.SpecialValue,
  options: { match: SpecialValueMatch.NullAndNan, result: { text: 'No data', color: colors.unknown } },
} as const satisfies ValueMapping;

/** Words and colours for the values of a fact; no value reads "No data". */
export function states(
  words: Readonly<Record<number, readonly [text: string, color: Color]>>,
): ValueMapping[] {
  const options = Object.fromEntries(
    Object.entries(words).map(([value, [text, color]], index) => [
      value,
      { text, color: colors[color], index },
    ]),
  );
  return [{ type: MappingType.ValueToText, options }, noData];
}

/** Words for every value from `value` on, infinity included; smaller ones are shown as numbers. */
export function wordsFrom(value: number, text: string): ValueMapping[] {
  return [
    {
      type: MappingType.RangeToText,
      options: { from: value, to: null, result: { text, color: colors.bad } },
    },
    noData,
  ];
}
