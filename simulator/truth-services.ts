import type { Month } from './calendar.ts';
import { day } from './calendar.ts';
import { answerOf, type ServiceLife } from './services.ts';
import { outside, secondsOf, united, within } from './spans.ts';
import type { Span } from './track.ts';

/** One service in one month, from what happened; seconds. */
export interface ServiceTruth {
  readonly slo: number;
  readonly seconds: number;
  readonly planned: number;
  /** Known, and of that there; in all time and outside of maintenance windows. */
  readonly known: number;
  readonly up: number;
  readonly agreed_known: number;
  readonly agreed_up: number;
  /** What was away and known to be, each with its seconds in windows and outside. */
  readonly outages: readonly (Span & { readonly planned: number; readonly counted: number })[];
  /** Fees of the policy are whole numbers of its currency: the credit due in hundredths, and what may be due on top. */
  readonly credit: { readonly due: number; readonly possible: number } | null;
  /** Mean of the answer times of the days that are known; of services whose speed is promised. */
  readonly answer_seconds: number | null;
}

/** @param unseen when Prometheus was down. */
export function serviceTruth(life: ServiceLife, month: Month, unseen: readonly Span[]): ServiceTruth {
  const whole = [{ from: month.from, to: month.to }];
  // Nobody records that a window is open while Prometheus is down, so every second of it counts.
  const planned = outside(within(life.planned, whole), unseen);
  const known = outside(whole, united([...life.unprobed, ...unseen]));
  const away = within(life.away, known);
  const agreedKnown = outside(known, planned);
  const agreedUp = secondsOf(agreedKnown) - secondsOf(outside(away, planned));
  const agreed = secondsOf(whole) - secondsOf(planned);
  const credit = (up: number): number => creditOf(life, up, agreed);
  const best = agreedUp + agreed - secondsOf(agreedKnown);
  const { credits } = life.service;
  return {
    slo: life.service.slo,
    seconds: secondsOf(whole),
    planned: secondsOf(planned),
    known: secondsOf(known),
    up: secondsOf(known) - secondsOf(away),
    agreed_known: secondsOf(agreedKnown),
    agreed_up: agreedUp,
    outages: away.map((one) => {
      const inWindow = secondsOf(within([one], planned));
      return { ...one, planned: inWindow, counted: one.to - one.from - inWindow };
    }),
    credit: credits.length === 0 ? null : { due: credit(best), possible: credit(agreedUp) - credit(best) },
    answer_seconds: life.service.speed === undefined ? null : meanAnswer(life, month, unseen),
  };
}

function creditOf({ service: { fee, credits } }: ServiceLife, up: number, agreed: number): number {
  let due = 0;
  for (const { below, credit } of credits) {
    // Thousandths of a per cent are the finest share a policy of the simulator has.
    if (up * 100_000 >= Math.round(below * 100_000) * agreed) continue;
    due = 'amount' in credit ? credit.amount * 100 : Math.round((fee?.amount ?? 0) * credit.share * 100);
  }
  return due;
}

/** Days end at midnight in UTC; of one day in twenty nothing may be known. */
function meanAnswer(life: ServiceLife, month: Month, unseen: readonly Span[]): number | null {
  const values: number[] = [];
  for (let end = Math.floor(month.from / day) * day + day; end < month.to; end += day) {
    const today = [{ from: end - day, to: end }];
    const blind = secondsOf(within(united([...life.away, ...life.unprobed, ...unseen]), today));
    if (blind <= 0.05 * day) values.push(answerOf(life, end - 1));
  }
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
