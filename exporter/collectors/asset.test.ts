import { expect, test } from 'vitest';
import { parseConfig } from '../config.ts';
import { replay } from '../replay.ts';
import { asset } from './asset.ts';

const settingsOf = (text: string) => parseConfig(text, {}, [asset]).jobs[0]?.settings;

test('a day counts until its end', async () => {
  const settings = settingsOf(`collectors:
  asset:
    licences: [{ product: Endpoint protection, expires: 2027-03-31 }]
    warranties: [{ asset: firewall-1, expires: '2028-02-29' }]
`);
  const { samples, problems } = await asset.collect(replay({}), settings);
  expect(problems).toEqual([]);
  expect(samples).toEqual([
    {
      name: 'maintenance_licence_expiry_timestamp_seconds',
      labels: { product: 'Endpoint protection' },
      value: Date.UTC(2027, 3, 1) / 1000,
    },
    {
      name: 'maintenance_warranty_expiry_timestamp_seconds',
      labels: { asset: 'firewall-1' },
      value: Date.UTC(2028, 2, 1) / 1000,
    },
  ]);
});

test.each([
  ['{}', 'collectors.asset: expected at least one licence or warranty'],
  ['{ licences: [] }', 'collectors.asset: expected at least one licence or warranty'],
  ['{ licences: [{ product: A, expires: 2027-02-30 }] }', 'expires: expected a day like 2027-03-31'],
  ['{ licences: [{ product: A, expires: 31.3.2027 }] }', 'expires: expected a day like 2027-03-31'],
  ['{ licences: [{ product: A, expires: 20270331 }] }', 'expires: expected a day like 2027-03-31'],
  ['{ licences: [{ product: "", expires: 2027-03-31 }] }', 'product: expected a name'],
  ['{ licences: [{ product: A }] }', 'expires'],
  ['{ licences: [{ product: A, expires: 2027-03-31, seats: 5 }] }', 'seats'],
  [
    '{ licences: [{ product: A, expires: 2027-03-31 }, { product: A, expires: 2028-03-31 }] }',
    'licences: each product must be there once',
  ],
  [
    '{ warranties: [{ asset: A, expires: 2027-03-31 }, { asset: A, expires: 2028-03-31 }] }',
    'warranties: each asset must be there once',
  ],
  [
    '{ licenses: [{ product: A, expires: 2027-03-31 }] }',
    'collectors.asset.licenses: unknown key; did you mean licences?',
  ],
])('%s is refused', (text, message) => {
  expect(() => parseConfig(`collectors:\n  asset: ${text}\n`, {}, [asset])).toThrow(message);
});
