import { z } from 'zod';

const ratio = z.number().min(0).max(1);
/** Unix seconds. */
const instant = z.number();
const seconds = z.number().min(0);
/** A whole number of the smallest unit of the currency. */
const minorUnits = z.number().int().min(0);

/** With everything unknown counted as away, and as there. */
const range = z.strictObject({ worst: ratio, best: ratio });

/** `share` of the fee where the tier is one. */
const tier = z.strictObject({ below: ratio, share: ratio.nullable(), amount: minorUnits });

/** A stretch of evaluations that found the service away; `counted` are those outside of maintenance windows, in seconds. */
const outage = z.strictObject({ start: instant, end: instant, planned: seconds, counted: seconds });

const speed = z.strictObject({
  /** The 95th percentile it was accepted with, and the one from which on it is too slow, in seconds. */
  baseline: z.number(),
  limit: z.number(),
  /** The mean of the 95th percentiles of the days that are known, in seconds; null with fewer than `needed`. */
  level: z.number().nullable(),
  days: z.number(),
  needed: z.number(),
  verdict: z.enum(['met', 'missed', 'none']),
});

const service = z.strictObject({
  id: z.string(),
  name: z.string(),
  slo: ratio,
  /** Of the month while the promise held, and of that: in maintenance windows. The agreed time is the rest. */
  seconds,
  planned: seconds,
  /** Of the agreed time: for how long it was known to be away, and for how long nobody knows. */
  away: seconds,
  unknown: seconds,
  /** In maintenance windows: for how long it was known to be away. */
  awayPlanned: seconds,
  agreed: range,
  /** Maintenance windows included. */
  raw: range,
  /** met: the worst case keeps the promise. missed: the best does not. none: nothing is known. */
  verdict: z.enum(['met', 'missed', 'unknown', 'none']),
  outages: z.array(outage),
  /** Stretches of which nobody knows anything. */
  gaps: z.array(z.strictObject({ start: instant, end: instant })),
  /** Null where the policy promises no credit. `due` rests on what was measured; `possible` may come on top of it. */
  credit: z
    .strictObject({
      fee: minorUnits.nullable(),
      tier: tier.nullable(),
      worstTier: tier.nullable(),
      due: minorUnits,
      possible: minorUnits,
    })
    .nullable(),
  speed: speed.nullable(),
});

/** The services of the policy that were promised in the month, the worst first. */
export const servicesFacts = z.strictObject({
  services: z.array(service).min(1),
  /** Seconds between evaluations; null when there was none. */
  interval: z.number().nullable(),
  /** Over all services, of the agreed time that is known; null when none is. */
  availability: ratio.nullable(),
  /** Sums over the services. */
  credits: z.strictObject({
    due: minorUnits,
    possible: minorUnits,
    /** ISO 4217. */
    currency: z.string(),
    /** Decimals of the currency. */
    digits: z.number().int(),
  }),
  /** The clocks of the customer in the month: minutes ahead of UTC, from when on. */
  clocks: z.array(z.strictObject({ from: instant, offset: z.number() })),
  queries: z.array(z.string()),
});
export type ServicesFacts = z.infer<typeof servicesFacts>;
export type ServiceFacts = ServicesFacts['services'][number];
