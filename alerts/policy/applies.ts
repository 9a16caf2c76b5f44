import type { Match } from './match.ts';

/** What is known of an object; a label that is not given is not known. */
export type Labels = Readonly<Partial<Record<keyof Match, string>>>;

type Condition = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Whether a match fits: yes, no, or if more labels are what it says, which are named like "role is server".
 * An empty match fits everything.
 */
export function applies(
  match: Condition,
  labels: Readonly<Record<string, string | undefined>>,
): 'yes' | 'no' | readonly string[] {
  const open: string[] = [];
  for (const [name, value] of Object.entries(match)) {
    if (value === undefined) continue;
    const wanted = [value].flat();
    const known = labels[name];
    if (known === undefined) open.push(`${name} is ${wanted.join(' or ')}`);
    else if (!wanted.includes(known)) return 'no';
  }
  return open.length === 0 ? 'yes' : open;
}

/** `customer acme, instance press-1 or press-2`; everything where nothing is given. */
export function matchText(match: Condition): string {
  const given = Object.entries(match).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${[value].flat().join(' or ')}`],
  );
  return given.length === 0 ? 'everything' : given.join(', ');
}
