import { type Customer, type Customers, daysBetween } from './policy/customers.ts';
import { clockText, type Span, type Week, type Weekday, weekdays } from './policy/day-hours.ts';

interface TimeRange {
  readonly times?: readonly { readonly start_time: string; readonly end_time: string }[];
  readonly weekdays?: readonly string[];
  readonly years?: readonly string[];
  readonly months?: readonly string[];
  readonly days_of_month?: readonly string[];
  readonly location: string;
}

/** A named set of times; it holds when any of its ranges does. */
export interface TimeInterval {
  readonly name: string;
  readonly time_intervals: readonly TimeRange[];
}

/** The names of the times of one customer; undefined where there are none of that kind. */
export interface CustomerHours {
  readonly working: string;
  /** Whole days on which `working` does not count. */
  readonly holidays: string | undefined;
  readonly outside: string | undefined;
}

const names: Readonly<Record<Weekday, string>> = {
  mon: 'monday',
  tue: 'tuesday',
  wed: 'wednesday',
  thu: 'thursday',
  fri: 'friday',
  sat: 'saturday',
  sun: 'sunday',
};

/** The times of every customer, for Alertmanager; it cannot exclude, so the hours outside are spelt out. */
export function timeIntervals(customers: Customers): readonly TimeInterval[] {
  return Object.entries(customers).flatMap(([label, customer]) => {
    const { working, holidays, outside } = customerHours(label, customer);
    const free = holidayRanges(customer);
    return [
      { name: working, time_intervals: weekRanges(customer.working_hours, customer.zone) },
      ...(holidays === undefined ? [] : [{ name: holidays, time_intervals: free }]),
      ...(outside === undefined
        ? []
        : [
            {
              name: outside,
              time_intervals: [...weekRanges(hoursOff(customer.working_hours), customer.zone), ...free],
            },
          ]),
    ];
  });
}

/** The names of the times of a customer. */
export function customerHours(label: string, { working_hours, holidays }: Customer): CustomerHours {
  const off = holidays.length > 0 || weekdays.some((day) => hoursOff(working_hours)[day].length > 0);
  return {
    working: `${label} working hours`,
    holidays: holidays.length === 0 ? undefined : `${label} holidays`,
    outside: off ? `${label} outside working hours` : undefined,
  };
}

function weekRanges(week: Week, location: string): readonly TimeRange[] {
  return weekdays
    .filter((day) => week[day].length > 0)
    .map((day) => ({
      weekdays: [names[day]],
      times: week[day].map(({ from, to }) => ({ start_time: clockText(from), end_time: clockText(to) })),
      location,
    }));
}

function hoursOff(week: Week): Week {
  const off = (day: Weekday): readonly Span[] => {
    const starts = [0, ...week[day].map(({ to }) => to)];
    const ends = [...week[day].map(({ from }) => from), 86_400];
    return starts
      .map((from, index) => ({ from, to: ends[index] ?? 86_400 }))
      .filter(({ from, to }) => from < to);
  };
  return {
    mon: off('mon'),
    tue: off('tue'),
    wed: off('wed'),
    thu: off('thu'),
    fri: off('fri'),
    sat: off('sat'),
    sun: off('sun'),
  };
}

/** A range that leaves its month is one range per month: the parts of a date hold independently of each other. */
function holidayRanges({ holidays, zone }: Customer): readonly TimeRange[] {
  const days = holidays.flatMap(({ from, to }) => daysBetween(from, to));
  const months = Map.groupBy(days, (day) => day.slice(0, 7));
  return [...months].map(([month, own]) => ({
    years: [month.slice(0, 4)],
    months: [String(Number(month.slice(5)))],
    days_of_month: own.map((day) => String(Number(day.slice(8)))),
    location: zone,
  }));
}
