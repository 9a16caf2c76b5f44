import { z } from 'zod';
import { type Mistake, nearest, suggestion } from './mistake.ts';

type Issue = z.core.$ZodIssue;

/** The mistakes zod found, in words; `document` is what the file holds, for the values and keys the issues leave out. */
export function mistakesOf(error: z.ZodError, schema: z.ZodType, document: unknown): readonly Mistake[] {
  return error.issues.flatMap((issue) => mistakesIn(issue, schema, document));
}

function mistakesIn(issue: Issue, schema: z.ZodType, document: unknown): readonly Mistake[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const allowed = keysAt(schema, path);
    return issue.keys.map((key) => ({
      path: [...path, key],
      reason: 'unknown key',
      hint: suggestion(key, allowed),
    }));
  }
  if (issue.code === 'invalid_key') return [wrongKey(issue)];
  if (issue.code === 'invalid_union' && !hasOwnWords(issue)) {
    const meant = branchMeant(issue.errors, valueAt(document, path));
    if (meant !== undefined)
      return meant.flatMap((inner) =>
        mistakesIn({ ...inner, path: [...path, ...inner.path] }, schema, document),
      );
  }
  const found = valueAt(document, path);
  const allowed = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  if (allowed.length > 0 && typeof found === 'string')
    return [{ path, reason: `${found} is not allowed`, hint: suggestion(found, allowed) }];
  return [
    {
      path,
      reason: reasonOf(issue, found),
      hint: allowed.length > 0 ? `Allowed: ${allowed.join(', ')}.` : nearestOf(issue, found),
    },
  ];
}

/** What was written is told where it may be why. */
function reasonOf(issue: Issue, found: unknown): string {
  const expected = expectation(issue);
  if (found === undefined) return `missing; ${expected}`;
  const kind = issue.code !== 'custom' && issue.code !== 'too_small';
  const tells = expected.startsWith('expected') && (kind || (typeof found !== 'object' && found !== ''));
  return tells ? `${expected}, got ${shown(found)}` : expected;
}

/** A key of a record that cannot be one: of a closed list the nearest is told. */
function wrongKey({ path, issues }: z.core.$ZodIssueInvalidKey): Mistake {
  const closed = issues.flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []));
  if (closed.length > 0)
    return { path, reason: 'unknown key', hint: suggestion(String(path.at(-1)), closed) };
  return { path, reason: issues.map(({ message }) => message).join('; ') };
}

/** The alternative of a union whose kind of value was written: what is wrong inside of it says more than the union. */
function branchMeant(branches: readonly (readonly Issue[])[], found: unknown): readonly Issue[] | undefined {
  if (Array.isArray(found)) return branches.find((issues) => issues.every(({ path }) => path.length > 0));
  return branches.find((issues) =>
    issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0),
  );
}

function hasOwnWords({ message }: Issue): boolean {
  return !message.startsWith('Invalid input');
}

/** A schema lists what is valid, too many to print, in `params.known`. */
function nearestOf(issue: Issue, found: unknown): string | undefined {
  const known: unknown = issue.code === 'custom' ? issue.params?.['known'] : undefined;
  if (typeof found !== 'string' || !Array.isArray(known)) return undefined;
  return nearest(found, known.map(String));
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_format' && issue.format === 'url')
    return 'expected an address like https://example.org/path';
  if (issue.code === 'too_small')
    return issue.origin === 'string' ? 'expected text' : 'expected at least one';
  if (issue.code === 'invalid_value') return 'expected one of the names allowed here';
  // A schema with words of its own, such as a duration, says them instead of zod.
  if (hasOwnWords(issue)) return issue.message;
  if (issue.code === 'invalid_union') return 'expected one text or a list of texts';
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    array: 'a list',
    object: 'keys with values',
    record: 'keys with values',
  };
  return issue.code === 'invalid_type'
    ? `expected ${words[issue.expected] ?? issue.expected}`
    : issue.message;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'nothing';
  return typeof value === 'object' ? 'keys with values' : JSON.stringify(value);
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    document,
  );
}

function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const opened = unwrapped(path.reduce<unknown>((inside, key) => childOf(inside, key), schema));
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
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return unwrapped(schema.unwrap());
  return schema instanceof z.ZodPipe ? unwrapped(schema.in) : schema;
}
