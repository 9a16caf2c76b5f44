import { suggestion } from '../alerts/policy/mistake.ts';
import type { Notes } from './facts/notes.ts';

interface Line {
  readonly text: string;
  /** In the file, from 1. */
  readonly number: number;
}

/** A heading with the lines below it. */
interface Section {
  readonly title: string;
  readonly heading: Line;
  readonly lines: readonly Line[];
}

/** Sentences, added to as they are found. */
type Mistakes = string[];

const incident = /^INC-[1-9]\d*$/;
const mostDecisions = 3;
const dates = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads what people wrote about a month: Markdown with the headings Comment, Decisions and INC-1.
 * @param text of the file.
 * @throws Error that names every line that is not understood, and how to write it: nothing a person wrote is left out silently.
 */
export function parseNotes(text: string): Notes {
  const mistakes: Mistakes = [];
  const sections = sectionsOf(text, mistakes);
  const found = { comment: null, decisions: [], incidents: [] } satisfies Notes;
  const notes = sections.reduce<Notes>((all, section) => {
    const { title } = section;
    if (title === 'Comment') return { ...all, comment: commentOf(section, mistakes) };
    if (title === 'Decisions') return { ...all, decisions: decisionsOf(section, mistakes) };
    if (incident.test(title)) return { ...all, incidents: [...all.incidents, incidentOf(section, mistakes)] };
    const hint = suggestion(title, ['Comment', 'Decisions', 'INC-1']);
    mistakes.push(mistake(section.heading, `there is no section ${JSON.stringify(title)}. ${hint}`));
    return all;
  }, found);
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return notes;
}

function sectionsOf(text: string, mistakes: Mistakes): readonly Section[] {
  const lines = withoutRemarks(text)
    .split(/\r?\n/)
    .map((line, index): Line => ({ text: line.trimEnd(), number: index + 1 }));
  const starts = lines.flatMap((line, index) => (/^#{1,2} /.test(line.text) ? [index] : []));
  const stray = lines.slice(0, starts[0] ?? lines.length).find(({ text: written }) => written.trim() !== '');
  if (stray !== undefined)
    mistakes.push(mistake(stray, 'stands before the first heading. Write "# Comment" above it.'));
  const sections = starts.flatMap((start, index): readonly Section[] => {
    const heading = lines[start];
    if (heading === undefined) return [];
    const title = heading.text.replace(/^#+ /, '').trim();
    return [{ title, heading, lines: lines.slice(start + 1, starts[index + 1] ?? lines.length) }];
  });
  for (const [index, { title, heading }] of sections.entries())
    if (sections.findIndex((other) => other.title === title) < index)
      mistakes.push(mistake(heading, `${title} is there already. Make one section of both.`));
  return sections;
}

/** Remarks keep their lines, so that the numbers of the others are right. */
function withoutRemarks(text: string): string {
  return text.replaceAll(/<!--[^]*?-->/g, (remark) => remark.replaceAll(/[^\n]/g, ''));
}

/** Paragraphs, and a last line like "Signed: Ada Gil, service manager". */
function commentOf({ heading, lines }: Section, mistakes: Mistakes): Notes['comment'] {
  const written = lines.filter(({ text }) => text !== '');
  const last = written.at(-1);
  const signed = valueOf('Signed', last?.text ?? '');
  if (signed === undefined) {
    mistakes.push(mistake(last ?? heading, 'the comment is not signed. End it with "Signed: name, duty".'));
    return null;
  }
  const body = lines.slice(0, lines.indexOf(last ?? heading)).map(({ text }) => text.trim());
  const paragraphs = body
    .join('\n')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim().replaceAll('\n', ' '))
    .filter((paragraph) => paragraph !== '');
  if (paragraphs.length > 0) return { paragraphs, signed };
  mistakes.push(mistake(heading, 'the comment has no text. Write it, or remove the heading.'));
  return null;
}

/** Items, each with its keys in the lines below it. */
function decisionsOf({ heading, lines }: Section, mistakes: Mistakes): Notes['decisions'] {
  const items: { line: Line; what: string; rest: Line[] }[] = [];
  for (const line of lines.filter(({ text }) => text !== '')) {
    const [, what] = /^[-*] (.+)$/.exec(line.text) ?? [];
    if (what !== undefined) items.push({ line, what: what.trim(), rest: [] });
    else if (items.length > 0) items.at(-1)?.rest.push(line);
    else mistakes.push(mistake(line, 'stands before the first decision. Begin each with "- ".'));
  }
  if (items.length === 0)
    mistakes.push(mistake(heading, 'has no decision. Begin each with "- ", or remove the heading.'));
  const surplus = items[mostDecisions];
  if (surplus !== undefined)
    mistakes.push(
      mistake(surplus.line, 'is one decision too many. Ask for at most three; the others can wait.'),
    );
  return items.map(({ line, what, rest }) => {
    const { why, who, until } = keysOf(rest, { Why: 'why', Who: 'who', Until: 'until' }, mistakes);
    if (who === undefined) mistakes.push(mistake(line, 'nobody is asked. Add a line "  Who: name".'));
    if (until === undefined || !isDate(until))
      mistakes.push(mistake(line, 'says no day to answer by. Add a line "  Until: 2026-11-06".'));
    return { what, why: why ?? '', who: who ?? '', until: until ?? '' };
  });
}

function incidentOf({ title, heading, lines }: Section, mistakes: Mistakes): Notes['incidents'][number] {
  const known = { Cause: 'cause', Correction: 'correction' } as const;
  const written = lines.filter(({ text }) => text !== '');
  if (written.length === 0)
    mistakes.push(mistake(heading, `nothing is said of ${title}. Write "Cause: ..." or "Correction: ...".`));
  const { cause = '', correction = '' } = keysOf(written, known, mistakes);
  return { number: title, cause, correction };
}

/** The values of `Key: value` lines; a line without a key goes on with the one before it. */
function keysOf<Name extends string>(
  lines: readonly Line[],
  known: Readonly<Record<string, Name>>,
  mistakes: Mistakes,
): Readonly<Partial<Record<Name, string>>> {
  const values: Partial<Record<Name, string>> = {};
  let open: Name | undefined;
  for (const line of lines) {
    const [, key, value] = /^\s*[-*]?\s*(\p{L}+):\s*(.*)$/u.exec(line.text) ?? [];
    const name = key !== undefined && Object.hasOwn(known, key) ? known[key] : undefined;
    const allowed = Object.keys(known).join(', ');
    if (name !== undefined && values[name] !== undefined)
      mistakes.push(mistake(line, `${key} is said already. Remove one.`));
    else if (name !== undefined && (value ?? '').trim() !== '') {
      values[name] = (value ?? '').trim();
      open = name;
    } else if (key === undefined && open !== undefined) values[open] = `${values[open]} ${line.text.trim()}`;
    else mistakes.push(mistake(line, `expected a key and what it says. Keys: ${allowed}.`));
  }
  return values;
}

function valueOf(key: string, text: string): string | undefined {
  const value = text.startsWith(`${key}:`) ? text.slice(key.length + 1).trim() : '';
  return value === '' ? undefined : value;
}

function isDate(written: string): boolean {
  const instant = new Date(`${written}T00:00:00Z`);
  return dates.test(written) && !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(written);
}

function mistake({ number, text }: Line, said: string): string {
  const shown = text.trim();
  return `line ${number}, ${JSON.stringify(shown.length > 40 ? `${shown.slice(0, 39)}…` : shown)}: ${said}`;
}
