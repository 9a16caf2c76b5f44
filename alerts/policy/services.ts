import { z } from 'zod';
import { creditMistakes, credits } from './credits.ts';
import { unknownNames } from './match.ts';
import type { Mistake } from './mistake.ts';
import { currencyMistakes, money } from './money.ts';
import { label, share, text } from './values.ts';

const speedWords = 'expected a time like 800ms or 1.5s';

/** `800ms` or `1.5s`, read as seconds. */
const answerTime = z
  .string(speedWords)
  .regex(/^(?:0*[1-9]\d*ms|(?:\d+\.\d+|0*[1-9]\d*)s)$/, speedWords)
  .transform((written) =>
    written.endsWith('ms') ? Number(written.slice(0, -2)) / 1000 : Number(written.slice(0, -1)),
  )
  .describe('How long an answer takes: 800ms, 1.5s.');

const service = z.strictObject({
  customer: text,
  name: text.describe('Its name in the report.'),
  probe: z
    .strictObject({
      job: text.describe('The job label of the blackbox exporter target.'),
      instance: text.describe('The instance label: the address that is probed.'),
      module: text
        .default('http_2xx')
        .describe('How the blackbox exporter probes it, by the name in its configuration.'),
    })
    .describe('Which probe_success says whether it is there.'),
  slo: share.describe('The share of the month it must be there.'),
  fee: money.optional().describe('What a month of it costs.'),
  credits: credits.default([]),
  speed: z
    .strictObject({
      baseline: answerTime.describe('The 95th percentile it was accepted with.'),
      slower: share.describe('How much slower than that is a regression.'),
    })
    .optional(),
});

export const services = z.record(label, service);
export type Services = z.infer<typeof services>;

/** Customers that are none, credits out of order or without a fee, probes shared by two services. */
export function serviceMistakes(policy: {
  readonly services: Services;
  readonly customers: Readonly<Record<string, { readonly currency: string }>>;
}): readonly Mistake[] {
  const probes = new Map<string, string>();
  return Object.entries(policy.services).flatMap(([name, one]): readonly Mistake[] => {
    const path = ['services', name] as const;
    const billed = policy.customers[one.customer]?.currency;
    const probe = JSON.stringify([one.probe.job, one.probe.instance]);
    const other = probes.get(probe);
    probes.set(probe, other ?? name);
    const ofFee = one.credits.findIndex(({ credit }) => 'share' in credit);
    return [
      ...unknownNames([...path, 'customer'], one.customer, Object.keys(policy.customers), 'customer'),
      ...(other === undefined
        ? []
        : [{ path: [...path, 'probe'], reason: `is the probe of ${other} already` }]),
      ...(one.slo === 0
        ? [{ path: [...path, 'slo'], reason: '0% promises nothing', hint: 'Write a share like 99.9%.' }]
        : []),
      ...currencyMistakes([...path, 'fee'], one.fee, billed),
      ...(ofFee >= 0 && one.fee === undefined
        ? [
            {
              path: [...path, 'credits', ofFee, 'credit'],
              reason: 'is a share of a fee that is missing',
              hint: `Add services.${name}.fee.`,
            },
          ]
        : []),
      ...creditMistakes([...path, 'credits'], one.credits, one.slo, billed),
    ];
  });
}
