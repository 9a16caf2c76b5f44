import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { parseMatcher, textOfMatcher } from '../../alerts/matchers.ts';
import { mistakeText } from '../../alerts/policy/mistake.ts';
import { mistakesOf } from '../../alerts/policy/shape.ts';
import { readSource } from '../../alerts/policy/source.ts';
import { unreadable } from '../file-error.ts';
import type { Acknowledgement, AcknowledgementSource } from './acknowledgement.ts';

const instantWords = 'expected an instant with its offset like 2026-10-14T09:20:00+02:00';
const matcherWords = 'expected a matcher like instance="acme-db-1" or object=~"nightly|weekly"';

const instant = z
  .string(instantWords)
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/, instantWords)
  .transform((text) => Date.parse(text) / 1000)
  .refine((seconds) => !Number.isNaN(seconds), 'there is no such day or time');

const matcher = z.string(matcherWords).transform((text, context) => {
  const parsed = parseMatcher(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: matcherWords });
  return z.NEVER;
});

const fileSchema = z.array(
  z.strictObject({
    at: instant,
    by: z.string().min(1),
    matchers: z.array(matcher).min(1),
    source: z.string().min(1).default('file'),
    /** For whoever reads the file. */
    comment: z.string().optional(),
  }),
);

/** A file of acknowledgements, written by people or collected. */
export function acknowledgementFile(path: string): AcknowledgementSource {
  return {
    read: async () => {
      const text = await readText(path);
      return parseAcknowledgements(text, path);
    },
  };
}

/**
 * A YAML or JSON list; an empty file has none.
 * @throws Error with one line per mistake: the line of the file, the place, the reason and what may be meant.
 */
export function parseAcknowledgements(text: string, path: string): readonly Acknowledgement[] {
  if (text.replaceAll(/^\s*#.*$/gm, '').trim() === '') return [];
  const { document, lineOf, mistakes } = readSource(text);
  if (mistakes.length > 0) throw refusal(path, mistakes.map(mistakeText));
  const parsed = fileSchema.safeParse(document);
  if (!parsed.success) {
    const found = mistakesOf(parsed.error, fileSchema, document);
    throw refusal(
      path,
      found.map((mistake) => mistakeText({ ...mistake, line: lineOf(mistake.path) })),
    );
  }
  return parsed.data.map(({ at, by, source, matchers }) => ({ at, by, source, matchers }));
}

/** The text that reads back as the same. */
export function acknowledgementsText(acknowledgements: readonly Acknowledgement[]): string {
  return acknowledgements
    .map(({ at, by, matchers, source }) =>
      [
        `- at: ${JSON.stringify(new Date(at * 1000).toISOString())}`,
        `  by: ${JSON.stringify(by)}`,
        `  source: ${JSON.stringify(source)}`,
        `  matchers:`,
        ...matchers.map((each) => `    - ${JSON.stringify(textOfMatcher(each))}`),
        '',
      ].join('\n'),
    )
    .join('');
}

function refusal(path: string, lines: readonly string[]): Error {
  return new Error([`${path} is no list of acknowledgements:`, ...lines].join('\n'));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(error, path);
  }
}
