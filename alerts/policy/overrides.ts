import { type Match, matchesAll, matchKey, matchMistakes, type MatchNames } from './match.ts';
import type { Mistake } from './mistake.ts';

/**
 * Overrides that match everything, nothing, or what one before them has.
 * @param instead what to change where one matches everything.
 */
export function overrideMistakes(
  path: readonly PropertyKey[],
  overrides: readonly { readonly match: Partial<Match> }[],
  instead: string,
  names: MatchNames,
): readonly Mistake[] {
  const seen = new Map<string, number>();
  return overrides.flatMap(({ match: found }, index): readonly Mistake[] => {
    const at = [...path, index, 'match'];
    if (matchesAll(found)) return [{ path: at, reason: 'matches everything', hint: instead }];
    const key = matchKey(found);
    const earlier = seen.get(key);
    seen.set(key, earlier ?? index);
    return [
      ...(earlier === undefined
        ? []
        : [
            {
              path: at,
              reason: `is the match of overrides[${earlier}] too, which wins`,
              hint: 'Remove one.',
            },
          ]),
      ...matchMistakes(at, found, names),
    ];
  });
}
