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
  const broken = parsed.errors.map(({ code, message, pos }) => ({
    path: [],
    reason: code === 'DUPLICATE_KEY' ? 'the key is there twice' : message.replace(/\.$/, ''),
    line: lineCounter.linePos(pos[0]).line,
  }));
  const content = isNode(parsed.contents) ? parsed.contents : undefined;
  const lineOf = (path: readonly PropertyKey[]): number => lineCounter.linePos(offsetOf(content, path)).line;
  const refused = (mistakes: readonly Mistake[]): Source => ({ document: undefined, lineOf, mistakes });
  if (broken.length > 0) return refused(broken);
  if (content === undefined) return refused([{ path: [], reason: 'is empty', line: 1 }]);
  try {
    return { document: parsed.toJS(), lineOf, mistakes: [] };
  } catch (error) {
    // An alias of nothing, or aliases that would grow to billions of parts: yaml tells them here and without a place.
    return refused([{ path: [], reason: error instanceof Error ? error.message : String(error), line: 1 }]);
  }
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
