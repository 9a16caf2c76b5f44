import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Interval, windowIntervals, workingIntervals } from './calendar.ts';
import { calendarRecords } from './calendar-records.ts';
import { parsePolicy } from './policy.ts';
import { recorded } from './records.ts';
import { edited } from './tests/edited-policy.ts';
import { startPrometheus, store, type TestPrometheus } from './tests/prometheus.ts';
import { offsetAt } from './zone.ts';

/** Customers whose clocks and hours are as unlike as can be, and windows of every kind. */
const policy = parsePolicy(
  edited(
    [
      'customers:\n',
      `customers:
  howe:
    name: Half an hour of summer time, in the south; hours over midnight and over the change
    zone: Australia/Lord_Howe
    language: en
    currency: AUD
    working_hours: { mon: [22:00-24:00], tue: [00:00-06:00], sun: [00:00-24:00] }
    holidays: [{ date: 2026-10-04, name: The day of the change }, { from: 2026-12-28, to: 2027-01-05, name: Summer }]
  cairo:
    name: Clocks that change at midnight of Fridays
    zone: Africa/Cairo
    language: en
    currency: EGP
    working_hours: { mon-sun: [00:00-24:00] }
  casablanca:
    name: Clocks that change around Ramadan
    zone: Africa/Casablanca
    language: en
    currency: MAD
    working_hours: { mon-fri: [00:00-12:30, 14:00-18:30], sun: [01:30-03:30] }
`,
    ],
    [
      'maintenance_windows:\n',
      `maintenance_windows:
  - { name: over the change, match: { customer: howe }, weekly: { day: sat, at: 23:30, for: 4h } }
  - { name: over the end of the week, match: { customer: casablanca }, weekly: { day: sun, at: 20:00, for: 30h } }
  - { name: first, match: { customer: cairo }, monthly: { nth: first, day: fri, at: 00:00, for: 2h } }
  - { name: third, match: { customer: [cairo, acme], role: appliance }, monthly: { nth: third, day: sun, at: 23:00, for: 3h } }
  - { name: fourth, match: { customer: birch, role: appliance }, monthly: { nth: fourth, day: sun, at: 00:30, for: 90m } }
  - { name: last, match: { customer: kaveri, role: appliance }, monthly: { nth: last, day: sat, at: 18:00, for: 54h } }
`,
    ],
  ),
);

const rules = calendarRecords(policy).rules;
const from = Date.parse('2026-09-01T00:00Z') / 1000;
const to = Date.parse('2027-11-10T00:00Z') / 1000;
const step = 1800;
/** Prometheus answers at most 11,000 points at once. */
const atOnce = 10_000 * step;

let directory = '';
let prometheus: TestPrometheus;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-calendar-'));
  writeFileSync(join(directory, 'prometheus.yml'), 'scrape_configs: []\n');
  // Written out rather than worked out at each step: the rules are evaluated a hundred thousand times.
  const instants = Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
  const samples = Object.entries(policy.customers).flatMap(([customer, { zone }]) =>
    instants.map(
      (at) =>
        `customer:maintenance_wall_clock_seconds:now{customer="${customer}"} ${at + offsetAt(zone, at)} ${at}`,
    ),
  );
  store(directory, samples);
  prometheus = await startPrometheus(directory);
});
afterAll(async () => {
  await prometheus.stop();
  rmSync(directory, { recursive: true });
});

/** The expression of a rule; its series are those of the wall clocks, which are stored. */
function expressionOf(selector: string): string {
  const rule = rules.find(({ record, labels }) => recorded(record, labels) === selector);
  if (rule === undefined) throw new Error(`no rule records ${selector}`);
  return rule.expr;
}

/** What Prometheus records at every step. */
async function recordedOf(selector: string): Promise<ReadonlyMap<number, number>> {
  const expression = expressionOf(selector);
  const found: (readonly [number, number])[] = [];
  for (let start = from; start < to; start += atOnce + step) {
    const end = Math.min(to, start + atOnce);
    // oxlint-disable-next-line no-await-in-loop -- one at a time: all at once would take the memory of all
    const [series] = await prometheus.range(expression, start, end, step);
    found.push(...(series?.samples ?? []));
  }
  return new Map(found);
}

function inside(intervals: readonly Interval[]): ReadonlyMap<number, number> {
  return walked(intervals, (at, part) => (part !== undefined && part.from <= at ? 1 : 0));
}

/** Seconds of the intervals since the first step. */
function secondsInside(intervals: readonly Interval[]): ReadonlyMap<number, number> {
  let done = 0;
  return walked(
    intervals,
    (at, part) => done + (part === undefined ? 0 : Math.max(0, at - part.from)),
    (part) => (done += part.to - part.from),
  );
}

/** A value at every step, from the first interval that has not ended. */
function walked(
  intervals: readonly Interval[],
  value: (at: number, part: Interval | undefined) => number,
  passed: (part: Interval) => void = () => undefined,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  let index = 0;
  for (let at = from; at <= to; at += step) {
    for (let part = intervals[index]; part !== undefined && part.to <= at; part = intervals[index]) {
      passed(part);
      index += 1;
    }
    found.set(at, value(at, intervals[index]));
  }
  return found;
}

function differences(
  found: ReadonlyMap<number, number>,
  wanted: ReadonlyMap<number, number>,
): readonly string[] {
  return [...wanted].flatMap(([at, value]) =>
    found.get(at) === value
      ? []
      : [`${new Date(at * 1000).toISOString()}: ${found.get(at)} instead of ${value}`],
  );
}

describe.each(Object.entries(policy.customers))('%s', (customer, calendar) => {
  const intervals = workingIntervals(calendar, from, to + step);

  test('the rules know how far its clocks are ahead', async () => {
    const found = await recordedOf(recorded('maintenance:zone_offset_seconds:now', { zone: calendar.zone }));
    const wanted = new Map([...found.keys()].map((at) => [at, offsetAt(calendar.zone, at)]));
    expect(wanted.size).toBe((to - from) / step + 1);
    expect(differences(found, wanted).slice(0, 5)).toEqual([]);
  });

  test('the rules say working time when the calendar does, every half hour for over a year', async () => {
    const found = await recordedOf(recorded('customer:maintenance_working_time:bool', { customer }));
    const wanted = inside(intervals);
    expect(new Set(wanted.values()).size).toBe(customer === 'cairo' ? 1 : 2);
    expect(differences(found, wanted).slice(0, 5)).toEqual([]);
  });

  test('the rules count as many working seconds as the calendar', async () => {
    const found = await recordedOf(recorded('customer:maintenance_working_seconds:total', { customer }));
    const begin = found.get(from) ?? 0;
    const since = new Map([...found].map(([at, value]) => [at, value - begin]));
    expect(differences(since, secondsInside(intervals)).slice(0, 5)).toEqual([]);
  });
});

const windows = policy.maintenance_windows.flatMap((window) =>
  [window.match.customer ?? []].flat().map((customer) => ({ name: window.name, customer, window })),
);

test.each(windows)('window $name of $customer is open when the calendar says', async (one) => {
  const { name, customer, window } = one;
  const zone = policy.customers[customer]?.zone ?? '';
  const found = await recordedOf(
    recorded('customer:maintenance_window_active:bool', { customer, window: name }),
  );
  const wanted = inside(windowIntervals(window, zone, from, to + step));
  expect(new Set(wanted.values()).size).toBe(2);
  expect(differences(found, wanted).slice(0, 5)).toEqual([]);
});

test('once the known changes of clocks are used up, nothing is said rather than something wrong', async () => {
  const end = Date.parse('2036-01-01T00:00Z') / 1000;
  const zone = 'Europe/Madrid';
  const offset = expressionOf(recorded('maintenance:zone_offset_seconds:now', { zone }));
  const [series] = await prometheus.range(offset, end - 120, end + 120, 60);
  expect(series?.samples).toEqual([
    [end - 120, 3600],
    [end - 60, 3600],
  ]);
});

test('the wall clock of a customer is that of its zone', () => {
  const customer = 'howe';
  expect(expressionOf(recorded('customer:maintenance_wall_clock_seconds:now', { customer }))).toBe(
    'sum(maintenance:zone_offset_seconds:now{zone="Australia/Lord_Howe"}) + time()',
  );
});

test('a calendar ends with the last year that has holidays, on the clock of the customer', async () => {
  const ends = await Promise.all(
    ['acme', 'birch', 'kaveri', 'howe', 'cairo'].map(async (customer) => {
      const name = 'customer:maintenance_calendar_end_timestamp_seconds:min';
      const [series] = await prometheus.query(expressionOf(recorded(name, { customer })));
      return new Date((series?.samples[0]?.[1] ?? 0) * 1000).toISOString();
    }),
  );
  expect(ends).toEqual([
    '2027-12-31T23:00:00.000Z',
    '2027-01-01T05:00:00.000Z',
    '2027-12-31T18:30:00.000Z',
    '2027-12-31T13:00:00.000Z',
    '2036-01-01T00:00:00.000Z',
  ]);
});
