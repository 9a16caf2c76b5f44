import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { vector } from '../../exporter/metrics.ts';
import { diskRecords } from '../disk-records.ts';
import { yaml } from '../generate.ts';
import { readPolicy } from '../policy.ts';

/*
 * How the errors of a disk grew within 30 days, as a real Prometheus records it from a sample every hour.
 */

const policy = readPolicy(join(import.meta.dirname, 'policy.yaml'));
const directory = mkdtempSync(join(tmpdir(), 'maintenance-growth-'));
afterAll(() => rmSync(directory, { recursive: true }));
writeFileSync(join(directory, 'disks.yaml'), yaml({ groups: [diskRecords(policy)] }));

/** What one host says of one disk: from a day on, a value for so many days; nothing in between. */
interface Said {
  readonly host?: string;
  readonly customer?: string;
  readonly disk?: string;
  readonly spans: readonly (readonly [fromDay: number, toDay: number, value: number])[];
}

const always = 40;
/** When it is looked at, in days. */
const now = 38;

function samples({ spans }: Said): string {
  const values = Array.from({ length: always * 24 }, () => '_');
  for (const [from, to, value] of spans) values.fill(String(value), from * 24, to * 24);
  return values
    .map((value, index) => (value === '_' && ![undefined, '_'].includes(values[index - 1]) ? 'stale' : value))
    .join(' ');
}

type Case = readonly [
  fact: string,
  said: readonly Said[],
  /** Growth by customer and disk. */
  expected: Readonly<Record<string, number>>,
];
const acme = (value: number): Readonly<Record<string, number>> => ({ 'acme/sda': value });

const cases: readonly Case[] = [
  ['no growth over the whole window is 0', [{ spans: [[0, 40, 7]] }], acme(0)],
  ['a disk known for ten days that did not grow is unknown', [{ spans: [[28, 40, 7]] }], {}],
  [
    'a disk known for ten days that grew has grown',
    [
      {
        spans: [
          [28, 30, 7],
          [30, 40, 9],
        ],
      },
    ],
    acme(2),
  ],
  [
    'what grew before the window is no growth',
    [
      {
        spans: [
          [0, 5, 7],
          [5, 40, 90],
        ],
      },
    ],
    acme(0),
  ],
  [
    'what grew within it stays grown, beside a machine that is off at night',
    [
      {
        spans: Array.from({ length: 40 }, (_, day) => [day + 0.375, day + 0.75, day < 20 ? 4 : 7] as const),
      },
    ],
    acme(3),
  ],
  [
    'a counter that is reset has not grown',
    [
      {
        spans: [
          [0, 20, 100],
          [20, 40, 0],
        ],
      },
    ],
    acme(0),
  ],
  [
    'a counter that is reset and counts again has grown by what it counted',
    [
      {
        spans: [
          [0, 20, 100],
          [20, 25, 0],
          [25, 40, 5],
        ],
      },
    ],
    acme(5),
  ],
  [
    'sectors that healed are no growth',
    [
      {
        spans: [
          [0, 20, 0],
          [20, 30, 8],
          [30, 40, 0],
        ],
      },
    ],
    acme(0),
  ],
  [
    'one that came back after one that healed is one',
    [
      {
        spans: [
          [0, 20, 8],
          [20, 30, 7],
          [30, 40, 8],
        ],
      },
    ],
    acme(1),
  ],
  [
    'what grew while nobody looked is growth',
    [
      {
        spans: [
          [0, 15, 2],
          [25, 40, 5],
        ],
      },
    ],
    acme(3),
  ],
  [
    'a weekend off when the window began hides nothing',
    [
      {
        spans: [
          [0, 7, 2],
          [9, 40, 2],
        ],
      },
    ],
    acme(0),
  ],
  ['a disk nobody measured within a day is unknown', [{ spans: [[0, 36, 7]] }], {}],
  [
    'a disk that moved to another host without an error has not grown',
    [{ spans: [[0, 20, 2]] }, { host: 'app-2', spans: [[20, 40, 2]] }],
    acme(0),
  ],
  [
    'a disk that moved to another host and got worse there has grown',
    [{ spans: [[0, 20, 2]] }, { host: 'app-2', spans: [[20, 40, 6]] }],
    acme(4),
  ],
  [
    'a disk in the place of a bad one is another disk, of which too little is known',
    [{ spans: [[0, 20, 500]] }, { disk: 'new', spans: [[20, 40, 0]] }],
    {},
  ],
  [
    'two customers may have disks of one name',
    [{ spans: [[0, 40, 2]] }, { customer: 'birch', spans: [[0, 40, 900]] }],
    { 'acme/sda': 0, 'birch/sda': 0 },
  ],
];

/** A case has its customers to itself. */
const customerOf = (index: number, customer = 'acme'): string => `case-${index}-${customer}`;

/** One run for all cases, each an expression of its own, as promtool evaluates every hour of the 40 days anew in each. */
function failures(of: readonly Case[]): string {
  const growth = 'disk:maintenance_disk_errors:growth30d';
  const input_series = of.flatMap(([, said], index) =>
    said.map((one) => ({
      series: vector('maintenance_disk_reallocated_sectors', {
        job: 'maintenance',
        customer: customerOf(index, one.customer),
        instance: one.host ?? 'app-1',
        role: 'server',
        disk: one.disk ?? 'sda',
      }),
      values: samples(one),
    })),
  );
  const promql_expr_test = of.map(([, , expected], index) => ({
    expr: `${growth}{customer=~"${customerOf(index, '.*')}"}`,
    eval_time: `${now}d`,
    exp_samples: Object.entries(expected).map(([place, value]) => {
      const [customer, disk] = place.split('/');
      return {
        labels: `${growth}{customer="${customerOf(index, customer)}",disk="${disk}",error="reallocated_sectors"}`,
        value,
      };
    }),
  }));
  const tests = [{ interval: '1h', input_series, promql_expr_test }];
  const file = join(directory, 'test.yaml');
  writeFileSync(file, yaml({ rule_files: ['disks.yaml'], evaluation_interval: '1h', tests }));
  const { stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
  expect(stdout + stderr).toMatch(/SUCCESS|FAILED/);
  return stdout + stderr;
}

let failed = '';
const wrong: Case = ['wrong', [{ spans: [[0, 40, 7]] }], acme(1)];
beforeAll(() => {
  failed = failures([...cases, wrong]);
}, 120_000);

/** What promtool says of the case. */
function failureOf(index: number): readonly string[] {
  return failed.split('expr:').filter((told) => told.includes(customerOf(index, '.*')));
}

test.each(cases.map(([fact], index) => [fact, index] as const))('%s', (_, index) => {
  expect(failureOf(index)).toEqual([]);
});

test('the test notices another value', () => {
  expect(failureOf(cases.length)).toHaveLength(1);
});
