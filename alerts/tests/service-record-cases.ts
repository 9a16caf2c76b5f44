import { days, hours, type Series, step } from './facts.ts';

/** What is recorded of a service at some instants, seconds from the start of the test; undefined where nothing is. */
export interface ServiceRecordCase {
  readonly fact: string;
  readonly series: Series;
  readonly says: readonly (readonly [at: number, values: Readonly<Record<string, number | undefined>>])[];
}

const shop = 'customer="acme",instance="https://shop.example",object="shop"';

function probed(success: string, seconds = '_'): Series {
  const labels = 'job="blackbox",instance="https://shop.example",place="here"';
  return { [`probe_success{${labels}}`]: success, [`probe_duration_seconds{${labels}}`]: seconds };
}

/** The queries of promtool: one by one, each the value of one record or nothing. */
export function serviceQueries({ says }: ServiceRecordCase): readonly object[] {
  return says.flatMap(([at, values]) =>
    Object.entries(values).map(([name, value]) => {
      const record = `object:maintenance_service_${name}`;
      const samples = value === undefined ? [] : [{ labels: `${record}{${shop}}`, value }];
      return { expr: record, eval_time: `${at}s`, exp_samples: samples };
    }),
  );
}

/** The maintenance window of the service: Sunday, the fourth day of the tests, from 02:00 to 04:00. */
const opens = 3 * days + 2 * hours;
const closes = opens + 2 * hours;
/** Away for the last two hours before the window, in all of it, and for one hour more. */
const away = `1x${(opens - 2 * hours) / step - 1} 0x${(5 * hours) / step - 1} 1x400`;

export const serviceRecordCases: readonly ServiceRecordCase[] = [
  {
    fact: 'what is in a maintenance window is no agreed time',
    series: probed(away),
    says: [
      [opens - step, { 'up:bool': 0, 'planned:bool': 0, 'agreed:bool': 0 }],
      [opens, { 'up:bool': 0, 'planned:bool': 1, 'agreed:bool': undefined }],
      [closes - step, { 'up:bool': 0, 'planned:bool': 1, 'agreed:bool': undefined }],
      [closes, { 'up:bool': 0, 'planned:bool': 0, 'agreed:bool': 0 }],
      [
        3 * days + 12 * hours,
        {
          // 84 hours, each with the four evaluations up to its end but the first, which has one: 20 away, 8 of them planned.
          'up:ratio30d': 1 - 20 / 337,
          'agreed:ratio30d': 1 - 12 / 329,
          'known:ratio30d': 1,
          'up:sum1h': 4,
          'agreed:count1h': 4,
          'promise_kept:bool': 0,
        },
      ],
    ],
  },
  {
    fact: 'time without a probe is not known, and is no outage',
    series: probed(`1x${days / step - 1} _x${(0.75 * days) / step} 1x400`),
    says: [[2 * days, { 'up:ratio30d': 1, 'agreed:ratio30d': 1, 'promise_kept:bool': undefined }]],
  },
  {
    fact: 'the 95th percentile of a day, without the answers of a service that is away',
    series: probed('1x90 0x3 1x400', '0.5x80 2x9 0.001x3 0.5x400'),
    says: [
      [
        days,
        {
          'answer_seconds:now': 0.5,
          'answer_seconds:p95day': 2,
          'answer_seconds:p95week': undefined,
          'answer_baseline:seconds': 0.8,
          'answer_limit:seconds': 1,
        },
      ],
    ],
  },
  {
    fact: 'of half a day there is no percentile of the day',
    series: probed(`_x${(0.5 * days) / step} 1x400`, `_x${(0.5 * days) / step} 0.5x400`),
    says: [[days, { 'answer_seconds:now': 0.5, 'answer_seconds:p95day': undefined }]],
  },
];
