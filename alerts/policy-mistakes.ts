import { z } from 'zod';

/** One thing wrong in a policy: where, what, and what may have been meant. */
export interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly reason: string;
  readonly hint?: string | undefined;
}

/** One line per mistake: `controls.backup.limt: unknown key. Did you mean limit?` */
export function mistakeText({ path, reason, hint }: Mistake): string {
  const where = path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
  return `- ${where === '' ? 'the file' : where}: ${reason}.${hint === undefined ? '' : ` ${hint}`}`;
}

/** What to write instead of a name that is not one of those allowed. */
export function suggestion(name: string, allowed: readonly string[]): string {
  const ranked = allowed
    .map((candidate) => ({ candidate, edits: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((one, other) => one.edits - other.edits);
  const [nearest] = ranked;
  if (nearest !== undefined && nearest.edits <= Math.max(1, Math.floor(name.length / 3)))
    return `Did you mean ${nearest.candidate}?`;
  return `Allowed: ${allowed.join(', ')}.`;
}

/** The mistakes zod found, in words; `document` is what the file holds, for the values and keys the issues leave out. */
export function mistakesOf(error: z.ZodError, schema: z.ZodType, document: unknown): readonly Mistake[] {
  return error.issues.flatMap((issue): Mistake[] => {
    const { path } = issue;
    if (issue.code === 'unrecognized_keys') {
      const allowed = keysAt(schema, path);
      return issue.keys.map((key) => ({
        path: [...path, key],
        reason: 'unknown key',
        hint: suggestion(key, allowed),
      }));
    }
    if (issue.code === 'invalid_key')
      return [{ path, reason: issue.issues.map(({ message }) => message).join('; ') }];
    const found = valueAt(document, path);
    const allowed = issue.code === 'invalid_value' ? issue.values.map(String) : [];
    if (allowed.length > 0 && typeof found === 'string')
      return [{ path, reason: `${found} is not allowed`, hint: suggestion(found, allowed) }];
    const reason =
      found === undefined ? `missing; ${expectation(issue)}` : `${expectation(issue)}, got ${shown(found)}`;
    return [{ path, reason, hint: allowed.length > 0 ? `Allowed: ${allowed.join(', ')}.` : undefined }];
  });
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union') return 'expected one text or a list of texts';
  if (issue.code === 'invalid_format' && issue.format === 'url')
    return 'expected an address like https://example.org/path';
  if (issue.code === 'too_small') return 'expected at least one';
  if (issue.code === 'invalid_value') return 'expected one of the names allowed here';
  if (issue.code !== 'invalid_type') return issue.message;
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    array: 'a list',
    object: 'keys with values',
    record: 'keys with values',
  };
  // A schema with words of its own, such as a duration, says them instead of zod.
  return issue.message.startsWith('Invalid input')
    ? `expected ${words[issue.expected] ?? issue.expected}`
    : issue.message;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'nothing';
  return typeof value === 'object' ? 'keys with values' : JSON.stringify(value);
}

/** Where the schema takes one name for a list of one, [0] is that name. */
function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value === 'string' && key === 0) return value;
    return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }, document);
}

function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const at = path.reduce<unknown>((inside, key) => childOf(inside, key), schema);
  const opened = unwrapped(at);
  if (opened instanceof z.ZodObject) return Object.keys(opened.shape);
  if (opened instanceof z.ZodRecord && opened.keyType instanceof z.ZodEnum)
    return opened.keyType.options.map(String);
  return [];
}

function childOf(schema: unknown, key: PropertyKey): unknown {
  const opened = unwrapped(schema);
  if (opened instanceof z.ZodObject) return Reflect.get(opened.shape, key);
  if (opened instanceof z.ZodRecord) return opened.valueType;
  return opened instanceof z.ZodArray ? opened.element : undefined;
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? unwrapped(schema.unwrap())
    : schema;
}

/** Insertions, deletions and replacements of letters between two words (Levenshtein). */
function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
