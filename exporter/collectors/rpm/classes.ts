import type { PatchClass, Severity } from '../patch/offers.ts';

const severities: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['important', 'important'],
  ['high', 'important'],
  ['moderate', 'moderate'],
  ['medium', 'moderate'],
  ['low', 'low'],
]);

/**
 * Severity of an advisory: Red Hat's four words in any case (Oracle writes IMPORTANT), `medium` of Amazon Linux, and `high`.
 * `None`, `N/A`, nothing and words of a vendor's own are unknown.
 */
export function severityOf(text: string): Severity {
  return severities.get(text.trim().toLowerCase()) ?? 'unknown';
}

/** Only what says `security` is security: `bugfix`, `recommended` and types of a vendor's own are not. */
export function patchClassOf(type: string): PatchClass {
  return type.trim().toLowerCase() === 'security' ? 'security' : 'standard';
}
