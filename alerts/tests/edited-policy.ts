import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPolicy } from '../policy.ts';
import { type Mistake, mistakeText } from '../policy/mistake.ts';

/** A passage and what stands in its place. */
export type Edit = readonly [from: string, to: string];

const example = readFileSync(join(import.meta.dirname, '..', 'examples', 'three-customers.yaml'), 'utf8');
/** The exceptions of the example are in force on this day. */
const today = Date.parse('2026-11-15T12:00Z') / 1000;

/** The example with passages replaced. @throws Error when a passage is not there, or there twice. */
export function edited(...edits: readonly Edit[]): string {
  return edits.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`not there exactly once: ${from}`);
    return text.replace(from, () => to);
  }, example);
}

/** What is wrong with the edited example: each mistake with the text of its line in place of the number. */
export function mistakesWith(...edits: readonly Edit[]): readonly string[] {
  const source = edited(...edits);
  return checkPolicy(source, today).mistakes.map((mistake) => atItsLine(mistake, source));
}

/** What needs attention in the edited example on a day. */
export function warningsOn(date: string, ...edits: readonly Edit[]): readonly string[] {
  const source = edited(...edits);
  return checkPolicy(source, Date.parse(date) / 1000).warnings.map((warning) => atItsLine(warning, source));
}

function atItsLine({ line, ...mistake }: Mistake, source: string): string {
  const text = source.split('\n')[(line ?? 0) - 1]?.trim();
  return `[${text}] ${mistakeText(mistake).slice(2)}`;
}
