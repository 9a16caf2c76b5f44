import { z } from 'zod';
import { duration, share } from './values.ts';

const month = 31 * 86_400;

/** When the watching itself is not good enough, and what a fact must not do overnight. */
export const watching = z
  .strictObject({
    backup_size: share
      .default(0.5)
      .describe('A restore point smaller than this share of the median of two weeks is no good one.'),
    space_full: share.default(0.97).describe('From this used share on a file system or thin pool is full.'),
    clock_ahead: duration.default(300).describe('How far the clock of a host may be ahead of Prometheus.'),
    retention: duration
      .refine(
        (seconds) => seconds >= month,
        'expected at least 31d: a month must still be there when it is reported',
      )
      .default(45 * 86_400)
      .describe('How long Prometheus must keep its data: a month and the days until its report.'),
    report: duration
      .refine((seconds) => seconds >= month, 'expected at least 31d: there is a report a month')
      .default(35 * 86_400)
      .describe(
        'How old the newest monthly report of a customer may be: a month and the days until it is made.',
      ),
    coverage: share
      .default(0.95)
      .describe('The share of what is expected that must be known at some time of each day.'),
  })
  .prefault({});
