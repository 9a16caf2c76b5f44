import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { styles } from '../tokens.ts';
import { breakLines, runsWidth } from './paragraph.ts';
import { addPage, createSheet } from './sheet.ts';
import { leaf } from './structure.ts';
import { baseline, fit, type Lines, paragraph, put, width } from './text.ts';

const sheet = createSheet({
  language: 'en',
  title: '',
  author: '',
  subject: '',
  date: new Date(0),
  running: { customer: '', title: '', footer: '', page: () => '' },
});
addPage(sheet, '');

const texts = (lines: Lines): readonly string[] =>
  lines.map((line) =>
    line
      .map((run) => run.text)
      .join('')
      .replaceAll('\u00A0', '~'),
  );

describe('widths', () => {
  test('a digit of Source Sans is 0.497 of the size, bold 0.513, and all digits are alike', () => {
    expect(width(sheet, '0123456789', 'body')).toBeCloseTo(10 * 0.497 * 9.5, 6);
    expect(width(sheet, '1111111111', 'label')).toBeCloseTo(10 * 0.513 * 8.5, 6);
  });
  test('a put text is as wide as it was measured', () => {
    const drawn = leaf(sheet, 'P', () => put(sheet, 'Café 日', 50, 100, 'body'));
    expect(drawn).toBe(width(sheet, 'Café [U+65E5]', 'body'));
    expect(width(sheet, 'Café 日', 'body')).toBe(drawn);
  });
  test('a line break or a tab is a space', () => {
    expect(width(sheet, 'a\nb\tc', 'body')).toBe(width(sheet, 'a b c', 'body'));
  });
  test('capitals stand in the middle of the line', () => {
    const { size, lead } = styles.body;
    const capital = 0.66 * size;
    expect(baseline('body') - capital).toBeCloseTo(lead - baseline('body'), 6);
  });
});

describe('fitting', () => {
  test('a text that fits stays; one that does not ends in an ellipsis, as long as possible', () => {
    expect(fit(sheet, 'database', 'cell', width(sheet, 'database', 'cell'))).toBe('database');
    const room = width(sheet, 'database-01', 'cell');
    const cut = fit(sheet, 'database-01.example.com', 'cell', room);
    expect(cut).toBe('database-…');
    expect(width(sheet, 'database-0…', 'cell')).toBeGreaterThan(room);
  });
  test('a character of two code units is never torn', () => {
    const lock = '\u{1F512}'; // one of the few the font has
    for (let room = 0; room < 60; room += 1) {
      expect(fit(sheet, lock.repeat(5), 'cell', room)).toMatch(/^(?:\u{1F512})+…?$/u);
      for (const line of texts(breakLines(sheet, lock.repeat(5), 'cell', room))) {
        expect(line).toMatch(/^(?:\u{1F512})+$/u);
      }
    }
    expect(sheet.missingGlyphs).not.toContain('U+1F512');
  });
});

describe('lines', () => {
  test('break at spaces, and no line is wider than its room', () => {
    expect(texts(paragraph(sheet, 'one two three four', 'body', 45))).toEqual(['one two', 'three four']);
    expect(texts(paragraph(sheet, '  one   two ', 'body', 500))).toEqual(['one two']);
    expect(texts(paragraph(sheet, '', 'body', 500))).toEqual([]);
  });
  test('a number stays with its noun and a short word before it', () => {
    expect(texts(breakLines(sheet, 'fell to 7 hosts', 'body', 1000))).toEqual(['fell to~7~hosts']);
    expect(texts(breakLines(sheet, 'el 14 de noviembre', 'body', 1000))).toEqual(['el~14~de~noviembre']);
  });
  test('a strong run keeps its weight and its neighbours', () => {
    const [line = []] = breakLines(sheet, 'has **no backup**, ever', 'body', 1000);
    const strong = line.filter(({ style }) => style.face === 'sansBold').map(({ text }) => text);
    expect(strong.join('')).toBe('no backup');
    expect(texts([line])).toEqual(['has no backup, ever']);
  });
  test('two stars that open nothing are text', () => {
    expect(texts(breakLines(sheet, 'a ** b', 'body', 1000))).toEqual(['a ** b']);
  });
  test('an unbroken name breaks after a joint', () => {
    expect(texts(breakLines(sheet, 'very_long_host_name.example.com:9100', 'cell', 70))).toEqual([
      'very_long_host_',
      'name.example.',
      'com:9100',
    ]);
  });
  test('a name without a joint breaks where it must', () => {
    const lines = texts(breakLines(sheet, 'x'.repeat(40), 'cell', 60));
    expect(lines.join('')).toBe('x'.repeat(40));
    expect(lines.length).toBeGreaterThan(2);
  });
  test('what is left over ends in an ellipsis, without a space inside a torn name', () => {
    expect(texts(paragraph(sheet, 'very_long_host_name.example.com', 'cell', 70, 1))).toEqual([
      'very_long_host_…',
    ]);
    const [, last] = texts(breakLines(sheet, 'a_long_name_without_a_space and more of it', 'cell', 60, 2));
    expect(last).toMatch(/^\S+ \S*…$|^\S+…$/);
  });
  test('a last line of one short word is avoided', () => {
    const text = 'Seven hosts have no backup of the last day and nobody was told of it';
    const room = width(sheet, text.slice(0, -3), 'body') + 1;
    expect(texts(breakLines(sheet, text, 'body', room))[1]).toBe('it');
    expect(texts(paragraph(sheet, text, 'body', room))[1]).not.toBe('it');
  });
  test('any text in any room is set whole, and ends', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 0, max: 80 }),
        (text, room) => {
          fc.pre(!text.includes('*'));
          const lines = breakLines(sheet, text, 'cell', room);
          const wide = lines.filter(
            (line) => runsWidth(sheet, line) > room + 0.1 && characters(texts([line])[0] ?? '') > 1,
          );
          expect(wide).toEqual([]);
          const drawn = breakLines(sheet, text, 'cell', 1e6);
          expect(texts(lines).join('').replace(/[~ ]/g, '')).toBe(texts(drawn).join('').replace(/[~ ]/g, ''));
        },
      ),
    );
  });
});

/** One that a reader sees as one may be several code units, and is never broken. */
function characters(text: string): number {
  return [...new Intl.Segmenter().segment(text)].length;
}
