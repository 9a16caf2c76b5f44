import { expect, test } from 'vitest';
import { narrate } from './narrative.ts';
import type { Indicator, Snapshot } from './snapshot.ts';
import { wordsOf } from './words/index.ts';
import { october } from './tests/october.ts';

const en = wordsOf('en');
const es = wordsOf('es');

/** A share with a target of 95% and its value in the months before, oldest first. */
function share(
  id: string,
  value: number | null,
  before: readonly (number | null)[],
  more: Partial<Indicator> = {},
): Indicator {
  return {
    id,
    unit: 'ratio',
    better: 'high',
    value,
    reason: value === null ? 'no_series' : null,
    numerator: null,
    denominator: null,
    target: 0.95,
    verdict: value === null ? 'none' : value >= 0.95 ? 'met' : 'missed',
    coverage: { objects: value === null ? null : 1, time: 1 },
    atEnd: { compliant: 10, known: 10, expected: 10 },
    trend: [...before, value].map((each, index) => ({ month: `2026-0${index + 1}`, value: each, time: 1 })),
    queries: [],
    ...more,
  };
}

function incidents(value: number | null, before: number | null, time = 1): Indicator {
  return share('incidents_opened', value, [before], {
    unit: 'count',
    better: 'low',
    target: null,
    verdict: value === null ? 'none' : 'plain',
    coverage: { objects: null, time },
    atEnd: null,
  });
}

function month(indicators: readonly Indicator[], hosts: Snapshot['hosts'] = []): Snapshot {
  return {
    ...october,
    indicators: [...indicators],
    controls: ['host_reporting', 'av_definitions', 'disk_health'],
    hosts,
  };
}

const security = (value: number | null, before: readonly (number | null)[], more?: Partial<Indicator>) =>
  share('patch_security', value, before, more);
const backup = (value: number | null, before: readonly (number | null)[], more?: Partial<Indicator>) =>
  share('backup', value, before, more);
const disks = (value: number | null, before: readonly (number | null)[], more?: Partial<Indicator>) =>
  share('disk_health', value, before, more);

test.each<[string, readonly Indicator[], string, string]>([
  [
    'better',
    [security(0.96, [0.9]), backup(0.97, [0.97]), disks(0.9, [0.9])],
    'Better than September: 2 of 3 targets met',
    'Mejor que en septiembre: 2 de 3 objetivos cumplidos',
  ],
  [
    'worse',
    [security(0.9, [0.96]), backup(0.97, [0.97])],
    'Worse than September: 1 of 2 targets met',
    'Peor que en septiembre: 1 de 2 objetivos cumplidos',
  ],
  [
    'the same',
    [security(0.9, [0.97]), backup(0.97, [0.9])],
    'As in September: 1 of 2 targets met',
    'Como en septiembre: 1 de 2 objetivos cumplidos',
  ],
  [
    'the first month',
    [security(0.9, [null]), backup(0.97, [])],
    'First report: 1 of 2 targets met',
    'Primer informe: 1 de 2 objetivos cumplidos',
  ],
  [
    'a month after one that was not measured',
    [security(0.9, [0.9, null]), backup(0.97, [0.9, null])],
    'October: 1 of 2 targets met',
    'Octubre: 1 de 2 objetivos cumplidos',
  ],
  [
    'all met',
    [security(0.95, [0.9]), backup(1, [1])],
    'All 2 measured targets met',
    'Cumplidos los 2 objetivos medidos',
  ],
  [
    'all met of what was measured',
    [security(0.95, [0.9]), backup(1, [1]), disks(null, [1])],
    'All 2 measured targets met, 1 not measured',
    'Cumplidos los 2 objetivos medidos, 1 sin medir',
  ],
  [
    'none met',
    [security(0.9, [0.9]), backup(0.9, [1])],
    'None of two targets reached',
    'Ninguno de dos objetivos alcanzado',
  ],
  [
    'none known to be met',
    [security(0.9, [0.9]), backup(0.96, [1], { verdict: 'unknown' })],
    'None of two targets shown to be met',
    'Ningún cumplimiento probado en 2 objetivos',
  ],
  [
    'one target, met',
    [security(1, [1])],
    'The one measured target was met',
    'Cumplido el único objetivo medido',
  ],
  [
    'only incidents',
    [security(null, [1]), incidents(3, 2)],
    'No target was measured in October',
    'En octubre no se midió ningún objetivo',
  ],
  [
    'nothing at all',
    [security(null, [1]), incidents(null, 2)],
    'Nothing was measured in October',
    'En octubre no se midió nada',
  ],
])('the headline of a month: %s', (_, indicators, english, spanish) => {
  expect(narrate(month(indicators), en).headline).toBe(english);
  expect(narrate(month(indicators), es).headline).toBe(spanish);
});

test('a month of which half was not watched is neither worse nor better than another', () => {
  const before = [
    { month: '2026-09', value: 1, time: 0.5 },
    { month: '2026-10', value: 0.96, time: 1 },
  ];
  const indicators = [security(0.96, [], { trend: before }), backup(0.9, [], { trend: before })];
  const { headline, past } = narrate(month(indicators), en);
  expect(headline).toBe('October: 1 of 2 targets met');
  expect(past).toContain('too little of September was measured to compare with');
});

test('unwatched time of the month before counts against its targets', () => {
  const trend = [
    { month: '2026-09', value: 0.96, time: 0.9 },
    { month: '2026-10', value: 0.96, time: 1 },
  ];
  expect(narrate(month([security(0.96, [], { trend }), backup(0.9, [0.9])]), en).headline).toBe(
    'Better than September: 1 of 2 targets met',
  );
});

test('the past: targets, the largest improvement, at most two misses worst first, incidents', () => {
  const snapshot = month([
    security(0.9496, [0.97]),
    backup(0.9, [0.86]),
    disks(0.8, [0.81]),
    share('reboot', 0.99, [0.98]),
    incidents(9, 12),
  ]);
  expect(narrate(snapshot, en).past).toBe(
    '**In October** one of four measured targets was met, one fewer than in September. ' +
      'The largest improvement is in backups inside their limit: +4.0 points, to 90.0%. ' +
      'Missed: disks without a failure (80.0%, target 95%), backups inside their limit (90.0%, target 95%), and one more. ' +
      'Nine incidents were opened, three fewer than in September.',
  );
  expect(narrate(snapshot, es).past.replaceAll('\u00a0', ' ')).toBe(
    '**En octubre** se cumplió uno de los cuatro objetivos medidos, uno menos que en septiembre. ' +
      'La mayor mejora está en copias dentro de su límite: +4,0 puntos, hasta 90,0 %. ' +
      'Por debajo del objetivo: discos sin fallos (80,0 %, objetivo 95 %), copias dentro de su límite (90,0 %, objetivo 95 %) y uno más. ' +
      'Se abrieron nueve incidencias, tres menos que en septiembre.',
  );
});

test('what could not be judged or measured is said, and then no sentence says that no target was missed', () => {
  const { past } = narrate(
    month([
      security(0.96, [0.96], { verdict: 'unknown' }),
      backup(1, [1]),
      disks(null, [1]),
      incidents(0, 0),
    ]),
    en,
  );
  expect(past).toBe(
    '**In October** one of two measured targets was met, one fewer than in September. ' +
      'For one target too much is unknown to tell. One target was not measured. ' +
      'No incidents were opened, as in September.',
  );
});

test('targets that only one of the months measured are not compared', () => {
  const { past } = narrate(month([security(0.96, [0.9]), backup(1, [null]), disks(1, [1])]), en);
  expect(past).toContain(
    'all three measured targets were met. Of the two also measured in September, two were met now and one then.',
  );
});

test.each<[number | null, number | null, number, string]>([
  [1, null, 1, 'One incident was opened.'],
  [13, 1, 1, '13 incidents were opened, twelve more than in September.'],
  [0, 4, 0.97, 'No incident was seen, but part of the month was not watched.'],
  [1, 4, 0.97, 'At least one incident was opened; part of the month was not watched.'],
  [null, 4, 0, 'Incidents were not measured.'],
])('%j incidents after %j with %d of the month watched', (value, before, time, text) => {
  expect(narrate(month([security(1, [1]), incidents(value, before, time)]), en).past).toContain(` ${text}`);
});

test('nothing measured: the past says so and carries nothing forward', () => {
  const nothing = month([security(null, [1], { atEnd: null }), incidents(null, 4)]);
  expect(narrate(nothing, en)).toMatchObject({
    past: '**In October** nothing was measured, so this report cannot say how the estate was maintained. Earlier values are not carried forward.',
    ahead: '**In November:** what is open is not known, because nothing was measured at month end.',
  });
});

const silent = {
  instance: 'web-1',
  role: 'server',
  controls: { host_reporting: 'missed', av_definitions: 'unknown', disk_health: null },
} as const;
const partly = {
  instance: 'web-2',
  role: 'server',
  controls: { host_reporting: 'met', av_definitions: 'unknown', disk_health: 'unknown' },
} as const;
const fine = {
  instance: 'web-3',
  role: 'server',
  controls: { host_reporting: 'met', av_definitions: 'met', disk_health: null },
} as const;

test('the month ahead: what is open, largest first, who was silent, and what is not known', () => {
  const snapshot = month(
    [
      share('host_reporting', 0.97, [1], { atEnd: { compliant: 2, known: 3, expected: 3 } }),
      share('av_definitions', 0.97, [1], { atEnd: { compliant: 1, known: 1, expected: 3 } }),
      backup(0.97, [1], { atEnd: { compliant: 9, known: 10, expected: 10 } }),
      disks(0.97, [1], { atEnd: { compliant: 4, known: 6, expected: 7 } }),
    ],
    [silent, partly, fine],
  );
  expect(narrate(snapshot, en).ahead).toBe(
    '**In November:** the month begins with two disks failing or gone and one backup job past its limit. ' +
      'One host did not report at month end. ' +
      'One host reported, but not everything (current antivirus definitions and disks without a failure). ' +
      'The states of three expected objects were not known and count as not in order.',
  );
  expect(narrate(snapshot, es).ahead).toBe(
    '**En noviembre:** el mes empieza con dos discos con fallos o ausentes y un trabajo de copia fuera de su límite. ' +
      'Al cierre, un equipo no informó. ' +
      'Un equipo informó, pero no de todo (firmas de antivirus al día y discos sin fallos). ' +
      'Los estados de tres objetos previstos no se conocían y cuentan como fuera de orden.',
  );
});

test.each<[string, Snapshot, string]>([
  [
    'everything in order and known',
    month([disks(1, [1])], [fine]),
    'nothing was out of order at month end, and everything expected was known.',
  ],
  [
    'something unknown',
    month([disks(1, [1], { atEnd: { compliant: 9, known: 9, expected: 10 } })], [fine]),
    'of what was known at month end, nothing was out of order. The state of one expected object was not known and counts as not in order.',
  ],
  [
    'a control that nobody recorded',
    month([disks(1, [1]), backup(null, [1], { atEnd: null })], [fine]),
    'of what was known at month end, nothing was out of order.',
  ],
  [
    'a control that is not expected',
    month(
      [disks(1, [1]), backup(null, [], { atEnd: null, verdict: 'plain', reason: 'nothing_expected' })],
      [fine],
    ),
    'nothing was out of order at month end, and everything expected was known.',
  ],
  [
    'an end nobody saw',
    month([disks(1, [1], { atEnd: { compliant: 0, known: 0, expected: 10 } })], [silent]),
    'what is open is not known, because nothing was measured at month end.',
  ],
])('the month ahead with %s', (_, snapshot, text) => {
  expect(narrate(snapshot, en).ahead).toBe(`**In November:** ${text}`);
});

test('more than four kinds of open work are summed up', () => {
  const open = ['patch_security', 'patch_standard', 'reboot', 'backup', 'disk_health'].map((id, index) =>
    share(id, 0.97, [1], { atEnd: { compliant: 9 - index, known: 10, expected: 10 } }),
  );
  expect(narrate(month(open), en).ahead).toBe(
    '**In November:** the month begins with five disks failing or gone, four backup jobs past their limit, ' +
      'three hosts past their restart limit, two package managers behind on other updates, and one more in the tables that follow.',
  );
});

test('no sentence begins with a small number in digits, and none judges', () => {
  for (const words of [en, es])
    for (let opened = 0; opened <= 12; opened++) {
      const { past, ahead } = narrate(
        month(
          [security(0.9, [1]), disks(null, [1]), backup(1, [0.9]), incidents(opened, 5)],
          [silent, partly],
        ),
        words,
      );
      expect(`${past} ${ahead}`).not.toMatch(/(?:^|\. )\d/);
      expect(`${past} ${ahead}`).not.toMatch(/\b(?:healthy|good|compliant|sano|conforme)\b/i);
    }
});
