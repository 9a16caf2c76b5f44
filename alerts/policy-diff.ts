import { durationText, parseDuration } from './duration.ts';
import type { Policy } from './policy.ts';
import { expectationChanges, limitChanges, routeChanges } from './policy-changes.ts';
import { pathText } from './policy/mistake.ts';

/** A policy and what its file holds, as written. */
export interface WrittenPolicy {
  readonly policy: Policy;
  readonly document: unknown;
}

/** A group of changes, for people. */
export interface Changes {
  readonly title: string;
  readonly sentences: readonly string[];
}

/** What is different when one policy replaces another; groups without a change are left out. */
export function policyDiff(before: WrittenPolicy, after: WrittenPolicy): readonly Changes[] {
  const groups: readonly Changes[] = [
    { title: 'Limits', sentences: limitChanges(before.policy, after.policy) },
    { title: 'What hosts must have', sentences: expectationChanges(before.policy, after.policy) },
    { title: 'Who is told', sentences: routeChanges(before.policy, after.policy) },
    { title: 'Everything else', sentences: valueChanges([], before.document, after.document) },
  ];
  return groups.filter(({ sentences }) => sentences.length > 0);
}

/** What the groups before tell in their own words. */
const toldAlready = [/^roles\b/, /^routes\b/, /^escalation\b/, /^controls\.\w+\.(?:limit|overrides)\b/];

function valueChanges(path: readonly PropertyKey[], before: unknown, after: unknown): readonly string[] {
  const where = pathText(path);
  if (toldAlready.some((pattern) => pattern.test(where))) return [];
  if (shown(before) === shown(after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => valueChanges([...path, key], before[key], after[key]));
  }
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(where, before, after);
  if (path.length <= 1 && isRecord(before ?? after)) return valueChanges(path, before ?? {}, after ?? {});
  if (path.length <= 1 && Array.isArray(before ?? after))
    return valueChanges(path, before ?? [], after ?? []);
  if (before === undefined) return [`${where}: new, ${shown(after)}`];
  return after === undefined
    ? [`${where}: removed, it was ${shown(before)}`]
    : [`${where}: ${shown(before)} becomes ${shown(after)}`];
}

function listChanges(
  where: string,
  before: readonly unknown[],
  after: readonly unknown[],
): readonly string[] {
  const [was, is] = [before.map(shown), after.map(shown)];
  const gone = was.filter((item) => !is.includes(item)).map((item) => `${where}: removed ${item}`);
  const added = is.filter((item) => !was.includes(item)).map((item) => `${where}: added ${item}`);
  return gone.length + added.length === 0 ? [`${where}: in another order`] : [...gone, ...added];
}

/** As in the file, in one line; a duration in its largest unit, so that 72h is 3d. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (isRecord(value))
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${key}: ${shown(inner)}`)
      .join(', ')} }`;
  const seconds = typeof value === 'string' ? parseDuration(value) : undefined;
  return seconds === undefined ? String(value) : durationText(seconds);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
