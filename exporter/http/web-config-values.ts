import { closest } from 'fastest-levenshtein';
import { z } from 'zod';

/* Every scalar arrives as text or null: see the YAML schema in web-config.ts. */

export const text = z.string('expected text').nullish();
export const list = <T extends z.ZodType>(item: T) => z.array(item, 'expected a list').nullish();

/** Text that names a row of a table. */
export function oneOf(
  what: string,
  table: Iterable<string>,
  hint: (name: string, names: string[]) => string,
) {
  const names = [...table];
  return z.string('expected text').superRefine((name, context) => {
    if (!names.includes(name))
      context.addIssue(`unknown ${what} ${JSON.stringify(name)}; ${hint(name, names)}`);
  });
}
export const useOneOf = (_: string, names: readonly string[]) =>
  `use ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
export const didYouMean = (name: string, names: string[]) =>
  `did you mean ${closest(name, names.filter(Boolean))}?`;

/** exporter-toolkit reads YAML 1.1, where `yes` and `on` are booleans too. */
export const boolean = z
  .string('expected true or false')
  .transform((word, context) => {
    if (/^(true|yes|on|y)$/i.test(word)) return true;
    if (/^(false|no|off|n)$/i.test(word)) return false;
    context.addIssue(`expected true or false, got ${JSON.stringify(word)}`);
    return z.NEVER;
  })
  .nullish();

/** Names chosen by the user to values: not a zod record, which drops the name `__proto__` and with it a password. */
export function namesTo(what: string, mistake: (name: string, value: string) => string | undefined) {
  return z
    .custom<Readonly<Record<string, unknown>>>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      `expected a mapping of ${what}`,
    )
    .transform((mapping, context) => {
      const values = new Map<string, string>();
      for (const [name, value] of Object.entries(mapping)) {
        const given = value ?? '';
        const message = typeof given === 'string' ? mistake(name, given) : 'expected text';
        if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
        if (typeof given === 'string' && given !== '') values.set(name, given);
      }
      return values;
    })
    .nullish();
}

export function section<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape, 'expected a mapping of keys to values');
}

export function mistakes(context: z.core.$RefinementCtx): (key: string, message: string) => void {
  return (key, message) => context.addIssue({ code: 'custom', path: [key], message });
}
