import { knownId } from '../objects.ts';
import { monthFrom } from '../format.ts';
import { inOrder } from '../in-order.ts';
import { heading, para } from '../pdf/blocks.ts';
import { group } from '../pdf/structure.ts';
import type { Drawing } from './drawing.ts';
import { drawDated } from './changes.ts';
import { coversText } from './exceptions.ts';
import { shortDay } from './local-day.ts';

const mostLines = 6;

/** What the next month brings: windows, tasks, and what ends. */
export function drawAhead(drawing: Drawing, x: number, y: number, w: number): number {
  const { sheet, snapshot, words } = drawing;
  const next = monthFrom(snapshot.month, 1);
  const say = words.governance.ahead;
  return group(sheet, 'Sect', () => {
    const top = heading(sheet, say.title(next), x, y, w);
    const rows = plannedIn(next, drawing).slice(0, mostLines);
    if (rows.length === 0) return para(sheet, say.none, x, top, w, 'note');
    return drawDated(
      sheet,
      rows.map(({ day, text }) => ({ day: shortDay(day, words), text })),
      x,
      top,
      w,
    );
  });
}

interface Planned {
  readonly day: string;
  readonly text: string;
  /** What ends comes first on its day, and is never left out for a window. */
  readonly weight: number;
}

function plannedIn(month: string, { snapshot, words }: Drawing): readonly Planned[] {
  const say = words.governance.ahead;
  const { ahead, agreements } = snapshot.facts;
  const ends = (ahead?.deadlines ?? []).map(({ kind, day, objects }): Planned => {
    const [first] = objects;
    const name = [first?.instance ?? '', first?.object ?? ''].filter((part) => part !== '').join(' ');
    const what = kind === 'os_supported' ? (first?.object ?? '') : say.objects(name, objects.length - 1);
    return { day, weight: 0, text: say.deadline[kind](what) };
  });
  const exceptions = (agreements?.exceptions ?? [])
    .filter(({ state }) => state === 'live')
    .map((one): Planned => ({
      day: one.expires,
      weight: 0,
      text: say.exception(words.indicators[knownId(one.control)].head, coversText(one, words)),
    }));
  const windows = (ahead?.windows ?? []).map(({ name, from, to, more }): Planned => ({
    day: from.slice(0, 10),
    weight: 1,
    text: say.window(
      name,
      from.slice(11),
      to.slice(0, 10) === from.slice(0, 10)
        ? to.slice(11)
        : `${shortDay(to.slice(0, 10), words)} ${to.slice(11)}`,
      more,
    ),
  }));
  const tasks = (ahead?.tasks ?? []).map(({ title, owner, due, more }): Planned => ({
    day: due,
    weight: 2,
    text: say.task(title, owner, more),
  }));
  return [...ends, ...exceptions, ...windows, ...tasks]
    .filter(({ day }) => day.startsWith(month))
    .toSorted((one, other) => one.weight - other.weight || inOrder(one.day, other.day))
    .slice(0, mostLines)
    .toSorted((one, other) => inOrder(one.day, other.day) || one.weight - other.weight);
}
