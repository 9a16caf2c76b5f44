import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { drawReport } from './draw.ts';
import type { ServiceFacts, ServicesFacts } from './facts/services.ts';
import { ledgerOf } from './outages.ts';
import { availabilityOf, creditsOf, serviceFacts, worstFirst } from './service-facts.ts';
import type { ServiceMonth } from './service-months.ts';
import { type Snapshot, snapshotSchema } from './snapshot.ts';
import { wordsOf } from './words/index.ts';
import { october } from './tests/october.ts';

const minute = 60;
const hour = 3600;
/** October in Madrid: 745 hours. */
const month = 745 * hour;
const nothingTold = { outages: [], gaps: [], speed: null };
const tiers = [
  { below: 0.999, credit: { share: 0.05 } },
  { below: 0.99, credit: { share: 0.1 } },
];

interface Given {
  readonly name: string;
  readonly slo?: number;
  readonly fee?: number;
  /** Minutes. */
  readonly away?: number;
  readonly awayPlanned?: number;
  readonly unknown?: number;
}

/** A month with four hours of maintenance windows. */
function monthOf({ slo = 0.999, away = 0, awayPlanned = 0, unknown = 0 }: Given): ServiceMonth {
  const planned = 4 * hour;
  const agreedKnown = month - planned - unknown * minute;
  return {
    slo,
    seconds: month,
    planned,
    known: agreedKnown + planned,
    up: agreedKnown + planned - (away + awayPlanned) * minute,
    agreedKnown,
    agreedUp: agreedKnown - away * minute,
  };
}

function service(given: Given): ServiceFacts {
  const { name, fee } = given;
  const promised = {
    customer: 'acme',
    name,
    slo: given.slo ?? 0.999,
    probe: { job: 'blackbox', instance: `https://${name}`, module: 'http_2xx' },
    fee: fee === undefined ? undefined : { amount: fee, currency: 'EUR' },
    credits: fee === undefined ? [] : tiers,
  };
  return serviceFacts(name, promised, monthOf(given), nothingTold);
}

function factsOf(...services: readonly ServiceFacts[]): ServicesFacts {
  return {
    services: [...worstFirst(services)],
    interval: 60,
    availability: 0.9991,
    credits: creditsOf(services, 'EUR'),
    clocks: [
      { from: 1_790_805_600, offset: 120 },
      { from: 1_792_890_000, offset: 60 },
    ],
    queries: [],
  };
}

const erp = { name: 'ERP', fee: 2400, away: 148, awayPlanned: 120 };
const control = { name: 'Production control', fee: 3600, away: 22, unknown: 540 };
const shop = { name: 'Web shop', fee: 900, away: 31 };

describe('what a service came to', () => {
  test('planned time is no agreed time, and what was away in it is no breach', () => {
    expect(service(erp)).toMatchObject({
      seconds: 2_682_000,
      planned: 14_400,
      away: 8880,
      awayPlanned: 7200,
      unknown: 0,
      agreed: { worst: 2_658_720 / 2_667_600, best: 2_658_720 / 2_667_600 },
      raw: { worst: 2_665_920 / 2_682_000, best: 2_665_920 / 2_682_000 },
      verdict: 'missed',
      credit: {
        fee: 240_000,
        tier: { below: 0.999, share: 0.05, amount: 12_000 },
        due: 12_000,
        possible: 0,
      },
    });
  });

  test('what is not known is away in the worst case and there in the best', () => {
    const found = service(control);
    expect(found).toMatchObject({ verdict: 'unknown', unknown: 32_400, away: 1320 });
    expect(found.agreed.worst).toBeCloseTo(1 - 33_720 / 2_667_600, 12);
    expect(found.agreed.best).toBeCloseTo(1 - 1320 / 2_667_600, 12);
    // Nothing is due on what was measured; in the worst case 98.7% is under 99%: a tenth of 3,600.
    expect(found.credit).toMatchObject({ tier: null, due: 0, possible: 36_000 });
  });

  test('a breach that is certain stays one, and more may be due', () => {
    const found = service({ name: 'x', fee: 1000, away: 300, unknown: 600 });
    expect(found).toMatchObject({ verdict: 'missed', credit: { due: 5000, possible: 5000 } });
  });

  test('a month nobody knows anything of has no verdict', () => {
    const unknown = (month - 4 * hour) / minute;
    expect(service({ name: 'x', fee: 100, unknown })).toMatchObject({
      verdict: 'none',
      agreed: { worst: 0, best: 1 },
      credit: { due: 0, possible: 1000 },
    });
  });

  test('just the promise is the promise', () => {
    // 0.1% of 741 hours are 2,667.6 seconds.
    const at = (away: number) => service({ name: 'x', fee: 100, away: away / 60 }).verdict;
    expect([at(2667), at(2668)]).toEqual(['met', 'missed']);
  });

  test('missed ones come first, then those nobody can judge', () => {
    const order = worstFirst([service(shop), service(control), service(erp)]);
    expect(order.map(({ name }) => name)).toEqual(['ERP', 'Production control', 'Web shop']);
  });

  test('over all services every second weighs the same', () => {
    const [one, other] = [monthOf({ name: 'a', away: 60 }), monthOf({ name: 'b', unknown: 600 })];
    expect(availabilityOf([one, other])).toBe((2_664_000 + 2_631_600) / (2_667_600 + 2_631_600));
    expect(availabilityOf([])).toBeNull();
  });
});

describe('outages', () => {
  const found = (values: string, planned: readonly number[] = []) => {
    const seen = values
      .split('')
      .flatMap((value, index) => (value === ' ' ? [] : [{ at: index * 60, value }]));
    return ledgerOf(
      {
        instants: seen.map(({ at }) => at),
        values: seen.map(({ value }) => Number(value)),
        planned: new Set(planned.map((index) => index * 60)),
      },
      0,
      values.length * 60,
      60,
    );
  };

  test('are stretches of evaluations, each of which stands for an interval', () => {
    expect(found('1100110')).toEqual({
      outages: [
        { start: 120, end: 240, planned: 0, counted: 120 },
        { start: 360, end: 420, planned: 0, counted: 60 },
      ],
      gaps: [],
    });
  });

  test('count outside of maintenance windows', () => {
    expect(found('1000011', [2, 3]).outages).toEqual([{ start: 60, end: 300, planned: 120, counted: 120 }]);
  });

  test('end where nothing is known, which is listed for itself', () => {
    expect(found('10   01 ')).toEqual({
      outages: [
        { start: 60, end: 120, planned: 0, counted: 60 },
        { start: 300, end: 360, planned: 0, counted: 60 },
      ],
      gaps: [
        { start: 120, end: 300 },
        { start: 420, end: 480 },
      ],
    });
  });

  test('of a month without samples are unknown', () => {
    expect(ledgerOf({ instants: [], values: [], planned: new Set() }, 60, 600, 60)).toEqual({
      outages: [],
      gaps: [{ start: 60, end: 600 }],
    });
  });
});

describe('sentences', () => {
  const met = (name: string): Given => ({ name, fee: 100 });
  const missed = (name: string): Given => ({ name, fee: 100, away: 200 });
  const unknown = (name: string): Given => ({ name, fee: 100, unknown: 100 });

  test.each<readonly [readonly Given[], string, string]>([
    [[met('A'), met('B')], 'All two services met their SLA', 'Los dos servicios cumplieron su SLA'],
    [
      [met('A'), met('B'), missed('ERP')],
      'Two of three services met their SLA; ERP did not',
      'Dos de tres servicios cumplieron su SLA; ERP no',
    ],
    [
      [met('A'), met('B'), unknown('ERP')],
      'Two of three services met their SLA; one is unknown',
      'Dos de tres servicios cumplieron su SLA; uno sin certeza',
    ],
    [[missed('A'), missed('B')], 'No service met its SLA', 'Ningún servicio cumplió su SLA'],
    [
      [unknown('A'), unknown('B')],
      'Whether the services met their SLA is unknown',
      'No se sabe si los servicios cumplieron su SLA',
    ],
    [[met('ERP')], 'ERP met its SLA', 'ERP cumplió su SLA'],
    [[missed('ERP')], 'ERP missed its SLA', 'ERP incumplió su SLA'],
    [[unknown('ERP')], 'Whether ERP met its SLA is unknown', 'No se sabe si ERP cumplió su SLA'],
  ])('the headline says how many kept their promise', (given, english, spanish) => {
    const facts = factsOf(...given.map(service));
    expect(wordsOf('en').services.finding(facts.services)).toBe(english);
    expect(wordsOf('es').services.finding(facts.services)).toBe(spanish);
  });

  test.each(['en', 'es'] as const)('no headline has more than 60 characters, in %s', (language) => {
    const name = 'Nombre de veintidós let';
    const longest = Math.max(
      ...[0, 1, 2, 11, 12].flatMap((many) =>
        [0, 1, 2, 11, 12].flatMap((bad) =>
          [0, 1, 12].flatMap((open) => {
            const all = [
              ...Array.from({ length: many }, () => service(met(name))),
              ...Array.from({ length: bad }, () => service(missed(name.slice(0, 16)))),
              ...Array.from({ length: open }, () => service(unknown(name))),
            ];
            return all.length === 0 ? [] : [wordsOf(language).services.finding(all).length];
          }),
        ),
      ),
    );
    expect(longest).toBeLessThanOrEqual(60);
  });

  test('the paragraph tells what was missed, what it costs, and what is not known', () => {
    const facts = factsOf(service(erp), service(control), service(shop));
    const [english, spanish] = (['en', 'es'] as const).map((language) =>
      wordsOf(language).services.lede(facts).replaceAll('\u00a0', ' '),
    );
    expect(english).toBe(
      'ERP was unavailable for 2 h 28 min outside maintenance windows; credits of EUR 120.00 are due. Production control cannot be judged: probe data is missing for 9 h, so its availability lies between 98.74% and 99.95% and up to EUR 360.00 more could be due.',
    );
    expect(spanish).toBe(
      'ERP no estuvo disponible durante 2 h 28 min fuera de las ventanas de mantenimiento; procede una compensación de 120,00 EUR. Production control no puede juzgarse: faltan datos de sonda de 9 h, por lo que su disponibilidad está entre el 98,74 % y el 99,95 % y podrían proceder hasta 360,00 EUR más.',
    );
  });

  test('credits come with their arithmetic', () => {
    const say = (...given: readonly Given[]): string =>
      wordsOf('en')
        .services.credits(factsOf(...given.map(service)))
        .replaceAll('\u00a0', ' ');
    expect(say(erp, control)).toBe(
      'Credits due: **EUR 120.00** (ERP, 5% of EUR 2,400.00); up to EUR 360.00 more if missing data counts as outage.',
    );
    expect(say(control)).toBe(
      'No credits are due on measured data; up to EUR 360.00 if missing data counts as outage.',
    );
    expect(say(shop)).toBe('No credits are due.');
    expect(say({ name: 'x', away: 5000 })).toBe('No credits are agreed.');
  });

  test('the ledger says by which rule', () => {
    const facts = factsOf(service(erp), service(control));
    const say = (name: string): string =>
      facts.services
        .filter((one) => one.name === name)
        .map((one) => wordsOf('en').services.ledger.service(one, facts))
        .join('')
        .replaceAll('\u00a0', ' ');
    expect(say('ERP')).toBe(
      '**ERP**: agreed time 30 d 21 h, maintenance windows 4 h, away in them for 2 h, away for 2 h 28 min. Availability 99.67% (all time: 99.40%) against 99.9%: missed. Under 99.9%: 5% of EUR 2,400.00 = EUR 120.00 due.',
    );
    expect(say('Production control')).toContain(
      'against 99.9%: cannot be judged. No credit is due. If all missing data were outage, under 99%: EUR 360.00 more.',
    );
  });
});

describe('pages', () => {
  const directory = mkdtempSync(join(tmpdir(), 'services-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  const snapshotOf = (language: 'en' | 'es', services: ServicesFacts): Snapshot =>
    snapshotSchema.parse({
      ...october,
      customer: { ...october.customer, language },
      facts: { services },
    });

  async function textOf(snapshot: Snapshot): Promise<string> {
    const file = join(directory, `${snapshot.customer.language}.pdf`);
    writeFileSync(file, (await drawReport(snapshot)).pdf);
    return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replaceAll('\u00a0', ' ');
  }

  test('page 2 has every service with its verdict and its credit, annex E every outage on the clock of its day', async () => {
    const told = {
      ...service(erp),
      outages: [
        { start: 1_791_000_000, end: 1_791_007_200, planned: 7200, counted: 0 },
        { start: 1_793_000_000, end: 1_793_008_880, planned: 0, counted: 8880 },
      ],
    };
    const text = await textOf(snapshotOf('en', factsOf(told, service(control), service(shop))));
    expect(text).toMatch(/ERP +99\.67% +99\.9% +2 h 28 min +2 ?h +Missed +EUR 120\.00/);
    expect(text).toMatch(/Production control +98\.74–99\.95% +99\.9% +22 min +– +Unknown +≤ EUR 360\.00/);
    expect(text).toMatch(/Web shop +99\.93% +99\.9% +31 min +– +Met +–/);
    // Summer time until 25 October.
    expect(text).toMatch(/ERP +2026-10-03 06:00 +2026-10-03 08:00 +2 ?h +2 ?h +–/);
    expect(text).toMatch(/ERP +2026-10-26 08:33 +2026-10-26 11:01 +2 h 28 min +– +2 h 28 min/);
  });

  test('many services with long names fit', async () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      service({
        name: `Sistema de planificación de la producción número ${index}`,
        fee: 100_000,
        away: index * 40,
        unknown: index % 3 === 0 ? 600 : 0,
      }),
    );
    const text = await textOf(snapshotOf('es', factsOf(...many)));
    expect(text).toContain('Uno de 30 servicios cumplió su SLA');
    expect(text).toContain('Libro de los acuerdos de servicio');
  });
});
