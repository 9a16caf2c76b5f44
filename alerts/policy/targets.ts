import { z } from 'zod';
import { controlNames } from '../controls.ts';
import { percent } from './credits.ts';
import { unknownNames } from './match.ts';
import type { Mistake } from './mistake.ts';
import { date, share } from './values.ts';

const stages = ['day_30', 'day_60', 'day_90'] as const;
const stage = z.partialRecord(z.enum(controlNames), share).default({});

/** What was found at the start, per customer: the days that are the baseline, both included. */
export const baseline = z.record(z.string(), z.strictObject({ from: date, to: date })).default({});
export type Baseline = z.infer<typeof baseline>;

/** The way from the baseline, per customer: which share of a control is reached by when. */
export const targets = z
  .record(
    z.string(),
    z.strictObject({
      start: date.describe('Day 0: maintenance begins.'),
      day_30: stage,
      day_60: stage,
      day_90: stage,
    }),
  )
  .default({});
export type Targets = z.infer<typeof targets>;

interface Read {
  readonly customers: Readonly<Record<string, unknown>>;
  readonly controls: Readonly<Record<string, { readonly target: number }>>;
  readonly baseline: Baseline;
  readonly targets: Targets;
}

/** Baselines that end before they begin or are too short to tell anything. */
export function baselineMistakes({ baseline: found, customers }: Read): readonly Mistake[] {
  return Object.entries(found).flatMap(([name, { from, to }]): readonly Mistake[] => {
    const path = ['baseline', name] as const;
    const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
    return [
      ...unknownNames(path, name, Object.keys(customers), 'customer'),
      ...(days < 1 ? [{ path: [...path, 'to'], reason: `is before from, ${from}` }] : []),
      ...(days >= 1 && days < 7
        ? [
            {
              path: [...path, 'to'],
              reason: `a baseline of ${days} days tells nothing`,
              hint: 'Take a week or more.',
            },
          ]
        : []),
    ];
  });
}

/** Targets before a baseline, targets that fall, targets beyond what the control asks for. */
export function targetMistakes({
  targets: found,
  customers,
  controls,
  baseline: known,
}: Read): readonly Mistake[] {
  return Object.entries(found).flatMap(([name, one]): readonly Mistake[] => {
    const path = ['targets', name] as const;
    const measured = known[name];
    const customer = unknownNames(path, name, Object.keys(customers), 'customer');
    if (customer.length > 0) return customer;
    return [
      ...(measured === undefined
        ? [{ path, reason: 'there is no baseline to improve on', hint: `Add baseline.${name}.` }]
        : []),
      ...(measured !== undefined && one.start <= measured.to
        ? [{ path: [...path, 'start'], reason: `is not after the baseline, which ends on ${measured.to}` }]
        : []),
      ...stages.flatMap((at, index) =>
        controlNames.flatMap((control): readonly Mistake[] => {
          const wanted = one[at][control];
          if (wanted === undefined) return [];
          const before = stages.slice(0, index).findLast((earlier) => one[earlier][control] !== undefined);
          const lower = before === undefined ? undefined : one[before][control];
          const where = [...path, at, control];
          const most = controls[control]?.target ?? 1;
          if (lower !== undefined && before !== undefined && wanted < lower)
            return [
              {
                path: where,
                reason: `${percent(wanted)} is less than ${percent(lower)} of ${before}`,
                hint: 'Targets rise or stay.',
              },
            ];
          return wanted > most
            ? [
                {
                  path: where,
                  reason: `${percent(wanted)} is more than the target of ${control}, ${percent(most)}`,
                },
              ]
            : [];
        }),
      ),
    ];
  });
}
