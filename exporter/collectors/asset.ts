import { z } from 'zod';
import { defineCollector } from '../collector.ts';
import { sample } from '../metrics.ts';

/** The end of a day, in UTC: the limits are weeks, and zones make a difference of hours. */
const lastDay = z.iso
  .date({ error: 'expected a day like 2027-03-31' })
  .transform((text) => Date.parse(text) / 1000 + 86_400);
const name = z.string({ error: 'expected a name' }).min(1, 'expected a name');

function isUnique(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

const settings = z
  .strictObject({
    licences: z
      .array(
        z.strictObject({
          product: name.describe('What is licensed, as people call it.'),
          expires: lastDay.describe('Its last day.'),
        }),
        { error: 'expected a list of licences' },
      )
      .refine((licences) => isUnique(licences.map(({ product }) => product)), {
        error: 'each product must be there once',
      })
      .default([])
      .describe('Licences and subscriptions.'),
    warranties: z
      .array(
        z.strictObject({
          asset: name.describe('The device, by its name or number in the inventory.'),
          expires: lastDay.describe('The last day of its warranty or maintenance contract.'),
        }),
        { error: 'expected a list of warranties' },
      )
      .refine((warranties) => isUnique(warranties.map(({ asset: device }) => device)), {
        error: 'each asset must be there once',
      })
      .default([])
      .describe('Warranties and maintenance contracts of devices.'),
  })
  .refine(({ licences, warranties }) => licences.length + warranties.length > 0, {
    error: 'expected at least one licence or warranty',
  });

/** What people know of contracts, and no tool does. Any host of the customer may tell of all of them. */
export const asset = defineCollector({
  name: 'asset',
  summary: 'when licences and warranties end, as the configuration says',
  tools: [],
  rights: '',
  metrics: ['maintenance_licence_expiry_timestamp_seconds', 'maintenance_warranty_expiry_timestamp_seconds'],
  byDefault: false,
  interval: 60 * 60,
  timeout: 10,
  settings,
  example: {
    licences: [{ product: 'Endpoint protection', expires: '2027-03-31' }],
    warranties: [{ asset: 'firewall-1', expires: '2028-01-15' }],
  },
  detect: async () => undefined,
  collect: async (_, { licences, warranties }) => ({
    samples: [
      ...licences.map(({ product, expires }) =>
        sample('maintenance_licence_expiry_timestamp_seconds', { product }, expires),
      ),
      ...warranties.map(({ asset: device, expires }) =>
        sample('maintenance_warranty_expiry_timestamp_seconds', { asset: device }, expires),
      ),
    ],
    problems: [],
  }),
});
