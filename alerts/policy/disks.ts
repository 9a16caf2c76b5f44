import { z } from 'zod';
import { share } from './values.ts';

const countWords = 'expected a count like 0 or 16';
const count = z.int(countWords).refine((value) => value >= 0, countWords);

/** What a disk may accumulate within 30 days, by kind of error. */
const growth = z.strictObject({
  reallocated_sectors: count.default(0),
  pending_sectors: count.default(0),
  uncorrectable_errors: count.default(0),
  media_errors: count.default(0),
  interface_crc_errors: count.default(10).describe('Errors of the cable: some are normal.'),
});

/** From where on a disk that still works needs somebody's attention. */
export const disks = z
  .strictObject({
    wear: share.default(0.9).describe('From this share of the rated endurance on a disk is worn.'),
    annual_failure_ratio: share
      .default(0.2)
      .describe(
        'From this share on of hard disks with as many errors that failed within a year, the risk is high.',
      ),
    temperature: z
      .int('expected degrees Celsius like 60')
      .refine((degrees) => degrees >= 20 && degrees <= 120, 'expected degrees Celsius from 20 to 120')
      .default(60)
      .describe('Degrees Celsius, for disks that do not state what they bear.'),
    unrecovered_errors: count
      .default(0)
      .describe('Pending sectors, uncorrectable and media errors of a disk without failure statistics.'),
    grown_defects: count.default(16).describe('Grown defects of a SAS disk.'),
    growth_30d: growth.prefault({}).describe('How many errors may be added within 30 days.'),
  })
  .prefault({});
