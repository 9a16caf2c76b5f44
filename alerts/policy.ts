import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type ControlName, controlNames } from './controls.ts';
import { authentication, authenticationMistakes } from './policy/authentication.ts';
import { controlMistakes, controls } from './policy/controls.ts';
import { customerMistakes, customers } from './policy/customers.ts';
import { disks } from './policy/disks.ts';
import { exceptionMistakes, exceptions, exceptionWarnings } from './policy/exceptions.ts';
import { deviceRoleMistakes, deviceRoles, frameworkMistakes, frameworks } from './policy/frameworks.ts';
import { maintenanceWindows, windowMistakes } from './policy/maintenance_windows.ts';
import { type Mistake, mistakeText } from './policy/mistake.ts';
import { mail, receiverMistakes, receivers } from './policy/receivers.ts';
import { responsibilities, responsibilityMistakes } from './policy/responsibilities.ts';
import { roleMistakes, roles } from './policy/roles.ts';
import { escalation, escalationMistakes, routeMistakes, routes } from './policy/routes.ts';
import { serviceMistakes, services } from './policy/services.ts';
import { mistakesOf } from './policy/shape.ts';
import { slaClasses, slaMistakes } from './policy/sla_classes.ts';
import { readSource } from './policy/source.ts';
import { baseline, baselineMistakes, targetMistakes, targets } from './policy/targets.ts';
import { taskMistakes, tasks } from './policy/tasks.ts';
import { duration, text } from './policy/values.ts';
import { seldom } from './rules.ts';
import { watching } from './policy/watching.ts';

export { type ControlName, controlNames };

/** The file, section by section; alerts/policy/ has one file for each. */
export const policySchema = z.strictObject({
  provider: text.describe('Who sends the report.'),
  links: z.strictObject({
    runbooks: z.url().describe('The folder of the runbook pages.'),
    dashboards: z.url().describe('Grafana.'),
  }),
  // Prometheus looks back five minutes for the newest sample, and that comes as late as an evaluation takes.
  evaluation_interval: duration.refine((seconds) => seconds <= seldom, 'expected at most 4m'),
  customers,
  sla_classes: slaClasses,
  services: services.default({}),
  roles,
  controls,
  disks,
  authentication,
  exceptions,
  maintenance_windows: maintenanceWindows,
  tasks,
  mail,
  receivers,
  routes,
  escalation,
  baseline,
  targets,
  responsibilities,
  frameworks,
  device_roles: deviceRoles,
  watching,
});

/** The policy as read: durations in seconds, shares as ratios, times of the day in seconds since midnight. */
export type Policy = z.infer<typeof policySchema>;

/** What a schema cannot see: names that point nowhere, and settings that do not fit each other. */
const sectionMistakes: readonly ((policy: Policy, now: number) => readonly Mistake[])[] = [
  customerMistakes,
  slaMistakes,
  serviceMistakes,
  roleMistakes,
  controlMistakes,
  authenticationMistakes,
  exceptionMistakes,
  windowMistakes,
  taskMistakes,
  receiverMistakes,
  routeMistakes,
  escalationMistakes,
  baselineMistakes,
  targetMistakes,
  responsibilityMistakes,
  frameworkMistakes,
  deviceRoleMistakes,
];

/** A policy text with everything that is wrong with it, in the order of its lines. */
export interface CheckedPolicy {
  /** Undefined where there are mistakes. */
  readonly policy: Policy | undefined;
  readonly mistakes: readonly Mistake[];
  /** What is valid and needs somebody's attention. */
  readonly warnings: readonly Mistake[];
}

/** Reads a policy. `now` in unix seconds, for what ends some day. */
export function checkPolicy(source: string, now: number): CheckedPolicy {
  const { document, lineOf, mistakes: broken } = readSource(source);
  if (broken.length > 0) return { policy: undefined, mistakes: broken, warnings: [] };
  const placed = (found: readonly Mistake[]): readonly Mistake[] =>
    found
      .map((mistake) => ({ ...mistake, line: lineOf(mistake.path) }))
      .toSorted((one, other) => one.line - other.line);
  const result = policySchema.safeParse(document);
  if (!result.success)
    return {
      policy: undefined,
      mistakes: placed(mistakesOf(result.error, policySchema, document)),
      warnings: [],
    };
  const mistakes = placed(sectionMistakes.flatMap((check) => check(result.data, now)));
  return {
    policy: mistakes.length === 0 ? result.data : undefined,
    mistakes,
    warnings: placed(exceptionWarnings(result.data, now)),
  };
}

/**
 * The policy in a text. Warnings are not told: they must not stop rules from being generated.
 * @param now unix seconds.
 * @throws Error that lists every mistake with its line, its path, the reason and what may have been meant.
 */
export function parsePolicy(source: string, now = Date.now() / 1000): Policy {
  const { policy, mistakes } = checkPolicy(source, now);
  if (policy === undefined) throw new Error(mistakes.map(mistakeText).join('\n'));
  return policy;
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
