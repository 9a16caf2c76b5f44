import { distance } from 'fastest-levenshtein';

/** One thing wrong in a policy: where, what, and what may have been meant. */
export interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly reason: string;
  readonly hint?: string | undefined;
  /** Line of the file, from 1. */
  readonly line?: number | undefined;
}

/** One line per mistake: `- line 31, controls.backup.limt: unknown key. Did you mean limit?` */
export function mistakeText({ path, reason, hint, line }: Mistake): string {
  const where = pathText(path);
  const place = [line === undefined ? '' : `line ${line}`, where].filter((part) => part !== '').join(', ');
  return `- ${place === '' ? 'the file' : place}: ${reason}.${hint === undefined ? '' : ` ${hint}`}`;
}

/** `controls.backup.overrides[0].match` */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

/** What to write instead of a name that is not one of those allowed. */
export function suggestion(name: string, allowed: readonly string[]): string {
  return (
    nearest(name, allowed) ?? (allowed.length === 0 ? 'There is none.' : `Allowed: ${allowed.join(', ')}.`)
  );
}

/** The name that was probably meant; undefined where none is near. */
export function nearest(name: string, allowed: readonly string[]): string | undefined {
  const [best] = allowed
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((one, other) => one.edits - other.edits);
  if (best === undefined || best.edits > Math.max(1, Math.ceil(name.length / 3))) return undefined;
  return `Did you mean ${best.candidate}?`;
}
