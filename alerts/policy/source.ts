import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Mistake } from './mistake.ts';

/** A YAML text as read: what it holds, and where in the text each part of it stands. */
export interface Source {
  readonly document: unknown;
  /** The line, from 1, of what a path names; of what is nearest above it where the path leads nowhere. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
  /** Why it is not YAML, each with its line. */
  readonly mistakes: readonly Mistake[];
}

/** Reads YAML 1.2; a date stays a text. */
export function readSource(text: string): Source {
  const lineCounter = new LineCounter();
  const parsed = parseDocument(text, { lineCounter, merge: true, prettyErrors: false, stringKeys: true });
  const broken = parsed.errors.map(({ message, pos }) => ({
    path: [],
    reason: message.replace(/\.$/, ''),
    line: lineCounter.linePos(pos[0]).line,
  }));
  const empty = parsed.contents === null ? [{ path: [], reason: 'is empty', line: 1 }] : [];
  const mistakes = [...broken, ...empty];
  const content = isNode(parsed.contents) ? parsed.contents : undefined;
  return {
    document: mistakes.length === 0 ? parsed.toJS() : undefined,
    lineOf: (path) => lineCounter.linePos(offsetOf(content, path)).line,
    mistakes,
  };
}

function offsetOf(content: Node | undefined, path: readonly PropertyKey[]): number {
  let offset = content?.range?.[0] ?? 0;
  let at: unknown = content;
  for (const key of path) {
    const step = stepInto(at, key);
    if (step === undefined) return offset;
    offset = step.offset ?? offset;
    at = step.value;
  }
  return offset;
}

/** A key stands where it is written, an element of a list where it begins. */
function stepInto(
  at: unknown,
  key: PropertyKey,
): { readonly value: unknown; readonly offset: number | undefined } | undefined {
  if (isMap(at)) {
    const pair = at.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    return pair && { value: pair.value, offset: isScalar(pair.key) ? pair.key.range?.[0] : undefined };
  }
  if (!isSeq(at) || typeof key !== 'number') return undefined;
  const value = at.items[key];
  return isNode(value) ? { value, offset: value.range?.[0] } : undefined;
}
