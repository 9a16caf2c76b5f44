import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { z } from 'zod';
import { type ControlName, controlNames } from './controls.ts';
import { parseDuration } from './duration.ts';
import { mistakesOf, mistakeText } from './policy-mistakes.ts';
import { referenceMistakes } from './policy-references.ts';

export { type ControlName, controlNames };

/** `90m`, `26h` or `31d`, read as seconds. */
const duration = z.string('expected a duration like 90m, 26h or 31d').transform((text, context) => {
  const seconds = parseDuration(text);
  if (seconds !== undefined && seconds > 0) return seconds;
  context.addIssue('expected a duration like 90m, 26h or 31d');
  return z.NEVER;
});

/** `95%`, read as a ratio 0 to 1. */
const share = z.string('expected a share like 95%').transform((text, context) => {
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  if (percent !== undefined && Number(percent) <= 100) return Number(percent) / 100;
  context.addIssue('expected a share like 95%');
  return z.NEVER;
});

const zone = z.string().refine(isZone, { error: 'expected an IANA zone like Europe/Madrid' });

const text = z.string().min(1);
const oneOrMore = z.union([text, z.array(text).min(1)]).optional();
const severity = z.enum(['critical', 'warning', 'info']);
const slaClass = z.enum(['urgent', 'standard']);

/** One of the allowed, or a list of them. A union of enums would hide what is allowed from the message. */
function oneOrMoreOf<const T extends readonly string[]>(allowed: T) {
  return z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(z.enum(allowed)).min(1),
  );
}

const controlPolicy = z.strictObject({
  limit: duration.optional(),
  target: share,
  severity,
  sla_class: slaClass,
  overrides: z
    .array(
      z.strictObject({
        match: z.strictObject({
          customer: oneOrMore,
          role: oneOrMore,
          instance: oneOrMore,
          object: oneOrMore,
        }),
        limit: duration,
      }),
    )
    .default([]),
});

const policySchema = z.strictObject({
  provider: text,
  links: z.strictObject({ runbooks: z.url(), dashboards: z.url() }),
  // Prometheus looks back five minutes for the newest sample: rules evaluated less often would leave gaps between records.
  evaluation_interval: duration.refine((seconds) => seconds <= 300, 'expected at most 5m'),
  customers: z.record(
    z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'expected a label like acme: small letters, digits, hyphens'),
    z.strictObject({
      name: text,
      zone,
      language: z.enum(['en', 'es']),
      currency: z.string().regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code like EUR'),
    }),
  ),
  roles: z.record(text, z.array(z.enum(controlNames))),
  controls: z.record(z.enum(controlNames), controlPolicy),
  receivers: z.record(text, z.strictObject({ webhook: z.url() })),
  routes: z
    .array(
      z.strictObject({
        match: z
          .strictObject({
            severity: oneOrMoreOf(severity.options).optional(),
            sla_class: oneOrMoreOf(slaClass.options).optional(),
            customer: oneOrMore,
            control: oneOrMoreOf(controlNames).optional(),
          })
          .optional(),
        receiver: text,
      }),
    )
    .min(1),
});

/** The policy as read: durations in seconds, shares as ratios. */
export type Policy = z.infer<typeof policySchema>;

/** @throws Error that lists every mistake with its path, the reason and what may have been meant. */
export function parsePolicy(source: string): Policy {
  const document = load(source);
  const result = policySchema.safeParse(document);
  const mistakes = result.success
    ? referenceMistakes(result.data)
    : mistakesOf(result.error, policySchema, document);
  if (!result.success || mistakes.length > 0)
    throw new Error(mistakes.map(mistakeText).join('\n'), { cause: result.error });
  return result.data;
}

/** Reads and checks a policy file. @throws Error naming the file and every mistake in it. */
export function readPolicy(path: string): Policy {
  try {
    return parsePolicy(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} is not a valid policy:\n${reason}`, { cause: error });
  }
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return true;
  } catch {
    return false;
  }
}
