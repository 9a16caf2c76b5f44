import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { z } from 'zod';
import { type ControlName, controlNames } from './controls.ts';
import { parseDuration } from './duration.ts';

export { type ControlName, controlNames };

/** `90m`, `26h` or `31d`, read as seconds. */
const duration = z.string().transform((text, context) => {
  const seconds = parseDuration(text);
  if (seconds !== undefined && seconds > 0) return seconds;
  context.addIssue(`expected a duration like 90m, 26h or 31d, got ${text}`);
  return z.NEVER;
});

/** `95%`, read as a ratio 0 to 1. */
const share = z.string().transform((text, context) => {
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  if (percent !== undefined && Number(percent) <= 100) return Number(percent) / 100;
  context.addIssue(`expected a share like 95%, got ${text}`);
  return z.NEVER;
});

const zone = z.string().refine(isZone, { error: 'expected an IANA zone like Europe/Madrid' });

const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)]).optional();

const controlPolicy = z.strictObject({
  limit: duration.optional(),
  target: share,
  severity: z.enum(['critical', 'warning', 'info']),
  sla_class: z.enum(['urgent', 'standard']),
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
  provider: z.string().min(1),
  links: z.strictObject({ runbooks: z.url(), dashboards: z.url() }),
  evaluation_interval: duration,
  customers: z.record(
    z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'expected a label like acme: small letters, digits, hyphens'),
    z.strictObject({
      name: z.string().min(1),
      zone,
      language: z.enum(['en', 'es']),
      currency: z.string().regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code like EUR'),
    }),
  ),
  roles: z.record(z.string(), z.array(z.enum(controlNames))),
  controls: z.record(z.enum(controlNames), controlPolicy),
  receivers: z.record(z.string(), z.strictObject({ webhook: z.url() })),
  routes: z
    .array(
      z.strictObject({
        match: z
          .strictObject({
            severity: oneOrMore,
            sla_class: oneOrMore,
            customer: oneOrMore,
            control: oneOrMore,
          })
          .optional(),
        receiver: z.string(),
      }),
    )
    .min(1),
});

/** The policy as read: durations in seconds, shares as ratios. */
export type Policy = z.infer<typeof policySchema>;

/** @throws Error that lists every mistake with its path. */
export function parsePolicy(text: string): Policy {
  const result = policySchema.safeParse(load(text));
  if (!result.success) throw new Error(z.prettifyError(result.error), { cause: result.error });
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
