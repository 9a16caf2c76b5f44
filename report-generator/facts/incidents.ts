import { z } from 'zod';

/** Unix seconds. */
const instant = z.number();
const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1).nullable();
const category = z.enum(['updates', 'backups', 'disks', 'services', 'protection', 'access']);
const work = z.enum(['corrective', 'preventive', 'adaptive', 'perfective']);
const slaClass = z.enum(['urgent', 'standard']);

const incident = z.strictObject({
  /** `INC-3`: by beginning, from 1, among those of this report. */
  number: z.string(),
  alertname: z.string(),
  severity: z.enum(['critical', 'warning']),
  /** Null: no time was promised. */
  slaClass: slaClass.nullable(),
  control: z.string().nullable(),
  category,
  work,
  /** What else the alert is labelled with: instance, object, collector. */
  labels: z.record(z.string(), z.string()),
  from: instant,
  /** Null while it is open at the end of the month. Where nobody saw it end, the latest instant; `earliest` is the other. */
  to: instant.nullable(),
  earliest: instant.nullable(),
  /** How often it was over for up to 15 minutes and came back. */
  flaps: count,
  /** Null where no time was promised. */
  response: z
    .strictObject({
      verdict: z.enum(['met', 'breached', 'running', 'unknown']),
      basis: z.enum(['answered', 'resolved_first']).nullable(),
      deadline: instant.nullable(),
      /** Whether it is decided in this month and counts in it, or runs at the end of it. */
      counts: z.boolean(),
      /** `seconds` from the incident to the answer on the clock of the class. */
      answer: z
        .strictObject({ at: instant, by: z.string(), source: z.string(), seconds: z.number() })
        .nullable(),
    })
    .nullable(),
});

/** Answers of the incidents that were decided in the month. */
const tally = z.strictObject({
  answered: count,
  resolvedFirst: count,
  breached: count,
  unknown: count,
  running: count,
  /** Met of met and breached; with the unknown as breached; with the unknown as met. Null: nothing was decided. */
  measured: share,
  worst: share,
  best: share,
  /** Null where the classes have different ones. */
  target: z.number().nullable(),
  verdict: z.enum(['met', 'missed', 'unknown', 'plain', 'none']),
});

const promise = tally.extend({
  slaClass,
  /** Seconds of its clock. */
  response: z.number(),
  clock: z.enum(['around_the_clock', 'working_hours']),
  /** Of those resolved in the month, in seconds of all time; null when there is none. */
  medianToResolve: z.number().nullable(),
});

/** Every incident that was open at some moment of the month, and how fast people were. */
export const incidentsSchema = z.strictObject({
  list: z.array(incident),
  /** Share of the month in which an incident would have been seen. */
  watched: z.number().min(0).max(1),
  /** Opened in the month. */
  categories: z.record(category, count),
  /** The same of the month before; null when it is not known. */
  categoriesBefore: z.record(category, count).nullable(),
  works: z.record(work, count),
  classes: z.array(promise),
  all: tally,
  /** How many acknowledgements there were to look through; null: none were given. */
  acknowledgements: count.nullable(),
  /** The clocks of the customer: minutes ahead of UTC, from when on. */
  clocks: z.array(z.strictObject({ from: instant, offset: z.number() })),
});
export type IncidentFacts = z.infer<typeof incidentsSchema>;
