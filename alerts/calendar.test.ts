import { array, assert, constantFrom, integer, property, record, tuple, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Interval,
  windowIntervals,
  type WorkingCalendar,
  workingDeadline,
  workingIntervals,
  workingSeconds,
} from './calendar.ts';
import { type Span, weekdays } from './policy/day-hours.ts';

const hour = 3600;
const day = 86_400;

function hours(from: number, to: number): Span {
  return { from: from * hour, to: to * hour };
}

const office = [hours(9, 14), hours(16, 19)];
const madrid: WorkingCalendar = {
  zone: 'Europe/Madrid',
  working_hours: {
    mon: office,
    tue: office,
    wed: office,
    thu: office,
    fri: [hours(9, 15)],
    sat: [],
    sun: [],
  },
  holidays: [
    { from: '2026-12-08', to: '2026-12-08' },
    { from: '2026-12-24', to: '2026-12-26' },
  ],
};
const always: WorkingCalendar = {
  zone: 'Europe/Madrid',
  holidays: [],
  working_hours: {
    mon: [hours(0, 24)],
    tue: [hours(0, 24)],
    wed: [hours(0, 24)],
    thu: [hours(0, 24)],
    fri: [hours(0, 24)],
    sat: [hours(0, 24)],
    sun: [hours(0, 24)],
  },
};

function at(written: string): number {
  return Date.parse(written) / 1000;
}

function shown(parts: readonly Interval[]): readonly string[] {
  return parts.map(({ from, to }) =>
    [from, to].map((end) => new Date(end * 1000).toISOString().slice(5, 16)).join(' '),
  );
}

describe('working time', () => {
  test('split days, weekends and holidays', () => {
    expect(
      shown(workingIntervals(madrid, at('2026-12-04T10:00+01:00'), at('2026-12-09T17:00+01:00'))),
    ).toEqual([
      '12-04T09:00 12-04T14:00',
      '12-07T08:00 12-07T13:00',
      '12-07T15:00 12-07T18:00',
      '12-09T08:00 12-09T13:00',
      '12-09T15:00 12-09T16:00',
    ]);
    expect(workingSeconds(madrid, at('2026-12-04T10:00+01:00'), at('2026-12-09T17:00+01:00'))).toBe(
      19 * hour,
    );
  });

  test('a range without working time has none', () => {
    expect(workingIntervals(madrid, at('2026-12-24T00:00+01:00'), at('2026-12-28T09:00+01:00'))).toEqual([]);
    expect(workingSeconds(madrid, at('2026-12-09T12:00Z'), at('2026-12-09T12:00Z'))).toBe(0);
    expect(workingSeconds(madrid, at('2026-12-09T12:00Z'), at('2026-12-09T11:00Z'))).toBe(0);
  });

  test('a customer who always works has one interval, of 25 hours on the day clocks go back', () => {
    const [from, to] = [at('2026-10-25T00:00+02:00'), at('2026-10-26T00:00+01:00')];
    expect(workingIntervals(always, from, to)).toEqual([{ from, to }]);
    expect(workingSeconds(always, from, to)).toBe(25 * hour);
    expect(workingSeconds(always, at('2026-03-29T00:00+01:00'), at('2026-03-30T00:00+02:00'))).toBe(
      23 * hour,
    );
  });

  test('an hour that clocks repeat counts twice, one they skip not at all', () => {
    const night = { ...always, working_hours: { ...madrid.working_hours, sun: [hours(2, 3)] } };
    expect(workingSeconds(night, at('2026-10-24T22:00Z'), at('2026-10-25T22:00Z'))).toBe(2 * hour);
    expect(workingSeconds(night, at('2026-03-28T23:00Z'), at('2026-03-29T22:00Z'))).toBe(0);
  });
});

describe('a deadline in working time', () => {
  test('runs over a night, a weekend and a holiday', () => {
    // Friday has three hours left, Monday eight, Tuesday is a holiday.
    const due = workingDeadline(madrid, at('2026-12-04T12:00+01:00'), 12 * hour);
    expect(due).toBe(at('2026-12-09T10:00+01:00'));
  });

  test('an alert in the night starts its clock in the morning', () => {
    expect(workingDeadline(madrid, at('2026-12-10T03:00+01:00'), 8 * hour)).toBe(
      at('2026-12-10T19:00+01:00'),
    );
    expect(workingDeadline(madrid, at('2026-12-10T03:00+01:00'), 0)).toBe(at('2026-12-10T03:00+01:00'));
  });

  test('there is none where nobody ever works', () => {
    const never = { ...madrid, holidays: [{ from: '2000-01-01', to: '2100-01-01' }] };
    expect(workingDeadline(never, at('2026-12-10T03:00Z'), 1)).toBeUndefined();
  });
});

describe('maintenance windows', () => {
  test('each week at the same time of the wall clock, past midnight', () => {
    const window = { weekly: { day: 'sat', at: 22 * hour, for: 6 * hour } } as const;
    const parts = windowIntervals(window, 'Europe/Madrid', at('2026-10-17T12:00Z'), at('2026-10-26T00:00Z'));
    expect(shown(parts)).toEqual(['10-17T20:00 10-18T02:00', '10-24T20:00 10-25T03:00']);
  });

  test.each([
    ['first', '11-03T21:00 11-03T23:00'],
    ['second', '11-10T21:00 11-10T23:00'],
    ['last', '11-24T21:00 11-24T23:00'],
  ] as const)('the %s Tuesday of a month', (nth, expected) => {
    const window = { monthly: { nth, day: 'tue', at: 22 * hour, for: 2 * hour } } as const;
    expect(
      shown(windowIntervals(window, 'Europe/Madrid', at('2026-11-01T00:00Z'), at('2026-12-01T00:00Z'))),
    ).toEqual([expected]);
  });

  test('once, cut to what is asked for', () => {
    const window = { once: { from: '2026-12-12T22:00', to: '2026-12-13T04:00' } };
    const parts = windowIntervals(window, 'Asia/Kolkata', at('2026-12-12T17:00Z'), at('2026-12-12T20:00Z'));
    expect(shown(parts)).toEqual(['12-12T17:00 12-12T20:00']);
    expect(windowIntervals(window, 'Asia/Kolkata', at('2026-12-13T17:00Z'), at('2026-12-14T20:00Z'))).toEqual(
      [],
    );
  });
});

describe('equal to looking at the clock on the wall every minute', () => {
  // Zones that change by half an hour, at midnight, by two hours, not at all.
  const zone = constantFrom(
    'Europe/Madrid',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'America/Havana',
    'Antarctica/Troll',
  );
  const near = constantFrom(
    '2026-03-08',
    '2026-03-29',
    '2026-04-05',
    '2026-10-04',
    '2026-10-25',
    '2026-11-01',
    '2026-07-15',
  );
  const spans = uniqueArray(integer({ min: 0, max: 96 }), { minLength: 2, maxLength: 6 }).map((quarters) => {
    const ordered = quarters.toSorted((one, other) => one - other);
    return Array.from({ length: Math.floor(ordered.length / 2) }, (_, index) => ({
      from: (ordered[2 * index] ?? 0) * 900,
      to: (ordered[2 * index + 1] ?? 0) * 900,
    }));
  });
  const week = tuple(spans, spans, spans, spans, spans, spans, spans).map(
    ([mon, tue, wed, thu, fri, sat, sun]) => ({
      mon,
      tue,
      wed,
      thu,
      fri,
      sat,
      sun,
    }),
  );
  const holidays = array(
    near.map((date) => ({ from: date, to: date })),
    { maxLength: 1 },
  );
  const calendar = record({ zone, working_hours: week, holidays });

  test('working seconds', () => {
    assert(
      property(
        calendar,
        near,
        integer({ min: -1440, max: 1440 }),
        integer({ min: 0, max: 2880 }),
        (own, date, start, length) => {
          const from = at(`${date}T00:00Z`) + start * 60;
          const to = from + length * 60;
          expect(workingSeconds(own, from, to)).toBe(minutesSeen(own, from, to) * 60);
          const parts = workingIntervals(own, from, to);
          expect(
            parts.every((part, index) => part.from > (parts[index - 1]?.to ?? 0) && part.from < part.to),
          ).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a deadline is where the seconds are used up', () => {
    assert(
      property(calendar, near, integer({ min: 1, max: 3000 }), (own, date, minutes) => {
        const from = at(`${date}T00:00Z`) - day;
        const due = workingDeadline(own, from, minutes * 60);
        if (due === undefined) return;
        expect(workingSeconds(own, from, due)).toBe(minutes * 60);
        expect(workingSeconds(own, from, due - 1)).toBe(minutes * 60 - 1);
      }),
      { numRuns: 100 },
    );
  });
});

/** The minutes in which the clock on the wall shows working hours. */
function minutesSeen({ zone, working_hours, holidays }: WorkingCalendar, from: number, to: number): number {
  const clock = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  let minutes = 0;
  for (let instant = from; instant < to; instant += 60) {
    const [date = '', time = ''] = clock.format(instant * 1000).split(' ');
    const [hour24 = 0, minute = 0] = time.split(':').map(Number);
    const seconds = hour24 * 3600 + minute * 60;
    const name = weekdays[(new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7] ?? 'mon';
    const off = holidays.some((holiday) => holiday.from <= date && date <= holiday.to);
    if (!off && working_hours[name].some((span) => span.from <= seconds && seconds < span.to)) minutes += 1;
  }
  return minutes;
}
