import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { monthFrom } from '../format.ts';
import { kpis } from '../kpis.ts';
import { createDocument, hasGlyph } from '../pdf/document.ts';
import { wordsOf } from './index.ts';
import { fonts, type Face } from '../tokens.ts';
import { objectKinds, type Score } from './words.ts';

const languages = ['en', 'es'] as const;

/** Every text and every function of the words, by its place. */
function leaves(value: unknown, place = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[place, value]];
  return Object.entries(value).flatMap(([key, part]) => leaves(part, `${place}.${key}`));
}

test('both languages say the same things', () => {
  const [english, spanish] = languages.map((language) =>
    leaves(wordsOf(language))
      .map(([place]) => place)
      .toSorted(),
  );
  expect(english).toEqual(spanish);
});

test.each(languages)('every indicator has words, and its label fits its tile, in %s', (language) => {
  const { indicators } = wordsOf(language);
  expect(Object.keys(indicators).toSorted()).toEqual(kpis.map(({ id }) => id).toSorted());
  for (const [id, { label, head, name, counts }] of Object.entries(indicators)) {
    expect(label.length, id).toBeLessThanOrEqual(34);
    expect(
      [head, name].every((text) => text.length > 0),
      id,
    ).toBe(true);
    expect(counts, id).toMatch(/^\p{Lu}.*\.$/u);
  }
});

test.each(languages)('open work is counted in words that agree, in %s', (language) => {
  const { indicators } = wordsOf(language);
  for (const { id, unit } of kpis) {
    const words = Object.entries(indicators).find(([each]) => each === id)?.[1];
    for (const kind of objectKinds) {
      const [one, two] = [1, 2].map((count) => words?.open(count, kind) ?? 'missing');
      if (unit === 'ratio') {
        expect(one).toMatch(/^(?:one|un|una) /);
        expect(two).toMatch(/^(?:two|dos) /);
      } else expect([one, two]).toEqual(['', '']);
    }
  }
});

test.each(languages)('no headline has more than 60 characters, in any month, in %s', (language) => {
  const { headline } = wordsOf(language).narrative;
  const lengths: (readonly [number, string])[] = [];
  for (let index = 0; index < 12; index++)
    for (let measured = 1; measured <= 30; measured++)
      for (const unknown of [0, 1])
        for (const notMeasured of [0, 1, 30 - measured])
          for (let met = 0; met <= measured; met++) {
            const month = monthFrom('2026-01', index);
            const score: Score = { month, before: monthFrom(month, -1), met, measured, unknown, notMeasured };
            lengths.push(
              ...Object.values(headline)
                .map((say) => say(score))
                .map((text) => [text.length, text] as const),
            );
          }
  const [longest] = lengths.toSorted(([one], [other]) => other - one);
  expect(longest?.[0], longest?.[1]).toBeLessThanOrEqual(60);
});

test('the fonts have every character the report writes', () => {
  const written = readdirSync(import.meta.dirname)
    .filter((file) => /^e[ns].*\.ts$/.test(file))
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'));
  // Those that format.ts writes by their code, too.
  const characters = new Set(`${written.join('').replaceAll('\n', '')}\u00a0\u2212±…`);
  expect(characters.has('ó') && characters.has('·') && characters.has('–')).toBe(true);
  const document = createDocument({ language: 'en', title: '', author: '', subject: '', date: new Date(0) });
  const faces = Object.keys(fonts).filter((name): name is Face => name in fonts);
  for (const face of faces) {
    const missing = [...characters].filter(
      (character) => !hasGlyph(document, face, character.codePointAt(0) ?? 0),
    );
    expect(missing, face).toEqual([]);
  }
  expect(hasGlyph(document, 'sans', 0x65e5)).toBe(false);
});
