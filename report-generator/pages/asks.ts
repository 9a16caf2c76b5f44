import { heading, para } from '../pdf/blocks.ts';
import { group, leaf } from '../pdf/structure.ts';
import { baseline, put } from '../pdf/text.ts';
import { knownId, objectKind } from '../objects.ts';
import { type Risk, risksOf } from '../risks.ts';
import { colour, columnAt, type Density, span } from '../tokens.ts';
import { capital } from '../words/capital.ts';
import type { Drawing } from './drawing.ts';

const most = 3;
const namedPlaces = 2;
const indent = 12;

/** One of at most three: what, why, and who until when. */
interface Ask {
  readonly title: string;
  readonly detail: string;
  readonly meta: string;
}

/** What may go wrong until the next report beside what the customer is asked to decide. */
export function asksRow(drawing: Drawing, y: number, density: Density): number {
  const { words, snapshot } = drawing;
  const { risks: say } = words;
  const risks = risksOf(snapshot)
    .slice(0, most)
    .map((risk) => riskAsk(risk, drawing));
  const none = noRisks(drawing);
  const decisions = decisionAsks(drawing);
  return Math.max(
    list(drawing, { title: say.risks, asks: risks, none }, columnAt(0), y, density),
    list(drawing, { title: say.decisions, asks: decisions, none: say.noDecisions }, columnAt(6), y, density),
  );
}

function noRisks({ snapshot, words: { risks: say } }: Drawing): string {
  if (snapshot.indicators.every(({ atEnd }) => (atEnd?.known ?? 0) === 0)) return say.nothingKnown;
  const isAllKnown = snapshot.indicators.every(({ atEnd, unit, reason }) =>
    atEnd === null ? unit !== 'ratio' || reason === 'nothing_expected' : atEnd.known === atEnd.expected,
  );
  return isAllKnown ? say.noRisksKnown : say.noRisks;
}

function riskAsk(risk: Risk, { snapshot, words }: Drawing): Ask {
  const { risks: say, format } = words;
  const zone = snapshot.period;
  const names = risk.names.slice(0, namedPlaces);
  const places = names.length === 0 ? '' : say.places(names, risk.objects - names.length);
  // The next month ends at a midnight, and the last day before it is meant.
  const day = format.day(risk.likelihood === 'near' ? risk.due : risk.due - 1, zone);
  const indicator = snapshot.indicators.find(({ id }) => id === risk.control);
  const kind = indicator === undefined ? 'host' : objectKind(indicator, snapshot);
  const title =
    risk.likelihood === 'near'
      ? say.expiring(risk.objects, day)
      : capital(words.indicators[knownId(risk.control)].open(risk.objects, kind));
  const consequence = risk.likelihood === 'near' ? say.expiringConsequence : say.consequence[risk.domain];
  return {
    title,
    detail: places === '' ? consequence : `${consequence} (${places})`,
    meta: `${say.impact[risk.impact]} · ${say.until(risk.owner, day)}`,
  };
}

function decisionAsks({ snapshot, words }: Drawing): readonly Ask[] {
  const decisions = snapshot.facts.notes?.decisions ?? [];
  return decisions.slice(0, most).map(({ what, why, who, until }) => ({
    title: what,
    detail: why,
    meta: words.risks.answerBy(
      who,
      words.format.day(Date.parse(until) / 1000, { offset: 0, zoneName: 'UTC' }),
    ),
  }));
}

interface AskList {
  readonly title: string;
  readonly asks: readonly Ask[];
  readonly none: string;
}

function list(
  { sheet }: Drawing,
  { title, asks, none }: AskList,
  x: number,
  y: number,
  { reasons }: Density,
): number {
  return group(sheet, 'Sect', () => {
    const top = heading(sheet, title, x, y, span(6)) + 1;
    if (asks.length === 0) return para(sheet, none, x, top, span(6), 'note');
    return group(sheet, 'L', () =>
      asks.reduce(
        (at, ask, index) =>
          group(sheet, 'LI', () => {
            leaf(sheet, 'Lbl', () =>
              put(sheet, String(index + 1), x, at + baseline('label'), 'label', { fill: colour.accent }),
            );
            const left = x + indent;
            const room = span(6) - indent;
            const line = (text: string, from: number): number =>
              text === '' ? from : para(sheet, text, left, from, room, 'note', { maxLines: 1 });
            return group(sheet, 'LBody', () => {
              const titled = para(sheet, ask.title, left, at, room, 'label', { maxLines: 2 });
              const reasoned = reasons ? line(ask.detail, titled) : titled;
              return line(ask.meta, reasoned) + (reasons ? 4 : 3);
            });
          }),
        top,
      ),
    );
  });
}
