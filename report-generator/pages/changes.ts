import { type Change, changeKinds } from '../facts/changes.ts';
import { knownId } from '../objects.ts';
import { heading, para } from '../pdf/blocks.ts';
import { group, leaf } from '../pdf/structure.ts';
import { baseline, paragraph, put, setLines } from '../pdf/text.ts';
import { colour } from '../tokens.ts';
import type { Words } from '../words/words.ts';
import type { Drawing } from './drawing.ts';
import { shortDay } from './local-day.ts';

const mostLines = 5;
/** Of the day before a line. */
const indent = 34;

/** The five changes that matter most, in the order of their days; the log has all. */
export function drawChanges({ sheet, snapshot, words }: Drawing, x: number, y: number, w: number): number {
  const say = words.governance.changes;
  const { changes } = snapshot.facts;
  return group(sheet, 'Sect', () => {
    const top = heading(sheet, say.title, x, y, w);
    if (changes === undefined || changes.changes.length === 0)
      return para(sheet, changes === undefined ? say.notKnown : say.none, x, top, w, 'note');
    const shown = [...byWeight(changes.changes)].slice(0, mostLines);
    const lines = changes.changes.filter((change) => shown.includes(change));
    const bottom = drawDated(
      sheet,
      lines.map((change) => ({ day: shortDay(change.day, words), text: changeText(change, words) })),
      x,
      top,
      w,
    );
    const more = changes.changes.length - lines.length;
    return more === 0 ? bottom : para(sheet, say.more(more), x, bottom, w, 'note');
  });
}

/** What changed for good comes before what comes every day; of one kind, what concerns most hosts. */
function byWeight(changes: readonly Change[]): readonly Change[] {
  return changes.toSorted(
    (one, other) =>
      changeKinds.indexOf(one.kind) - changeKinds.indexOf(other.kind) ||
      other.instances.length - one.instances.length,
  );
}

/** The change in one line. */
export function changeText(change: Change, words: Words): string {
  const { kind, instances, control, runs, failed } = change;
  const say = words.governance.changes;
  const hosts = instances.length === 1 ? (instances[0] ?? '') : say.hosts(instances.length);
  return say.say[kind]({
    hosts,
    name: control === '' ? '' : words.indicators[knownId(control)].head,
    from: valueText(change, change.from, words),
    to: valueText(change, change.to, words),
    runs: runs ?? 0,
    failed: failed ?? 0,
  });
}

function valueText({ kind }: Change, value: Change['from'], { format }: Words): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  return kind === 'target_changed' ? format.pctTarget(value) : format.duration(value);
}

/** Lines with a day before each; returns the bottom. */
export function drawDated(
  sheet: Drawing['sheet'],
  rows: readonly { readonly day: string; readonly text: string }[],
  x: number,
  top: number,
  w: number,
): number {
  return rows.reduce(
    (y, { day, text }) =>
      leaf(sheet, 'P', () => {
        put(sheet, day, x, y + baseline('note'), 'noteStrong');
        const lines = paragraph(sheet, text, 'note', w - indent, 2);
        return setLines(sheet, lines, x + indent, y, 'note', { fill: colour.ink }) + 1.5;
      }),
    top,
  );
}
