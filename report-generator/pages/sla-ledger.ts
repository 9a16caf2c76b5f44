import type { Annex } from './annex.ts';
import type { Drawing } from './drawing.ts';
import { outagePart } from './outage-ledger.ts';
import { counted, responsePart } from './response-ledger.ts';

/** A part of the ledger of the agreements from `y` on; returns its bottom. */
type LedgerPart = (drawing: Drawing, y: number, newPage: () => number) => number;

/** The parts there are in the month, in the order in which they are printed. */
function partsOf({ snapshot: { facts } }: Drawing): readonly LedgerPart[] {
  const { incidents, services } = facts;
  return [
    ...(services === undefined ? [] : [outagePart(services)]),
    ...(incidents === undefined || counted(incidents).length === 0 ? [] : [responsePart(incidents)]),
  ];
}

/** What was agreed and what became of it, with the arithmetic. */
export const slaLedger: Annex = {
  letter: 'E',
  lede: () => '',
  isPresent: (drawing) => partsOf(drawing).length > 0,
  draw: (drawing, y, newPage) => {
    let at = y;
    for (const part of partsOf(drawing)) at = part(drawing, at, newPage) + 12;
  },
};
