import { workingSeconds } from './calendar.ts';
import type { Policy } from './policy.ts';
import { type Customer, daysBetween } from './policy/customers.ts';
import { weekdays } from './policy/day-hours.ts';
import { knownClocks } from './zone-offset.ts';
import { clockChanges, offsetAt } from './zone.ts';

/*
 * Alertmanager 0.25 has no time zones and no arithmetic in its templates, but a time there is a Go time with its methods: `Add`
 * takes nanoseconds, and `Format`, `Before`, `Sub` and `Weekday` do the rest. What the clocks of a zone show is the time
 * plus the offset of that period, taken for UTC.
 */

const dayNames = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
} as const;
const layout = '"Mon 2 Jan 2006 15:04"';

/** The templates that know customers: their names, since when and until when on their clocks, until when to answer. */
export function clockTemplates(policy: Policy): string {
  const { customers } = policy;
  const zones = [...new Set(Object.values(customers).map(({ zone }) => zone))];
  const names = Object.entries(customers).map(
    ([label, { name }]) => [label, `{{ ${goText(name)} }}`] as const,
  );
  const clockOf = (field: 'StartsAt' | 'EndsAt') =>
    Object.entries(customers).map(
      ([label, { zone }]) => [label, `{{ template ${goText(clockName(zone))} .${field} }}`] as const,
    );
  const deadlines = Object.keys(customers).map(
    (label) => [label, `{{ template ${goText(deadlineName(label))} . }}`] as const,
  );
  return [
    defined('maintenance.whose', choice('.', names, '{{ if . }}{{ . }}{{ else }}All customers{{ end }}')),
    defined('maintenance.since', choice('.Labels.customer', clockOf('StartsAt'), utc('StartsAt'))),
    defined('maintenance.until', choice('.Labels.customer', clockOf('EndsAt'), utc('EndsAt'))),
    defined('maintenance.deadline', choice('.Labels.customer', deadlines, within)),
    ...Object.entries(customers).map(([label, customer]) =>
      defined(deadlineName(label), deadlineOf(policy, customer)),
    ),
    ...zones.map((zone) => defined(clockName(zone), clockOfZone(zone))),
  ].join('\n');
}

/** Where no instant can be told. */
const within = '{{ with .Annotations.respond_within }}within {{ . }}{{ end }}';

function utc(field: 'StartsAt' | 'EndsAt'): string {
  return `{{ .${field}.UTC.Format ${layout} }} UTC`;
}

function defined(name: string, body: string): string {
  return `{{ define ${goText(name)} }}${body}{{ end }}\n`;
}

function choice(
  subject: string,
  cases: readonly (readonly [value: string, body: string])[],
  otherwise: string,
): string {
  return cases.reduceRight(
    (rest, [value, body]) => `{{ if eq ${subject} ${goText(value)} }}${body}{{ else }}${rest}{{ end }}`,
    otherwise,
  );
}

const clockName = (zone: string): string => `maintenance.clock.${zone}`;
const deadlineName = (customer: string): string => `maintenance.deadline.${customer}`;

/** Of a time: what the clocks of the zone show, UTC where they are not known. */
function clockOfZone(zone: string): string {
  return `{{ $time := . }}${wallTime(zone, '$time')}{{ if $known }}{{ $wall.Format ${layout} }} ${zone}{{ else }}{{ .UTC.Format ${layout} }} UTC{{ end }}`;
}

/** Sets $wall to what the clocks of the zone show at a time, and $known to whether it is known. */
function wallTime(zone: string, time: string): string {
  const changes = clockChanges(zone, knownClocks.from, knownClocks.to);
  const periods = [{ at: knownClocks.from, after: offsetAt(zone, knownClocks.from) }, ...changes];
  return [
    `{{ $wall := ${time}.UTC }}{{ $known := and (ge ${time}.Unix ${knownClocks.from}) (lt ${time}.Unix ${knownClocks.to}) }}`,
    ...periods.map(
      ({ at, after }) =>
        `{{ if ge ${time}.Unix ${at} }}{{ $wall = ${time}.UTC.Add ${nanoseconds(after)} }}{{ end }}`,
    ),
  ].join('');
}

/** Of an alert: until when somebody must answer, by its class. */
function deadlineOf({ sla_classes }: Policy, customer: Customer): string {
  const classes = Object.entries(sla_classes).map(([name, { response, clock }]) => {
    if (clock === 'around_the_clock')
      return [
        name,
        `{{ template ${goText(clockName(customer.zone))} (.StartsAt.Add ${nanoseconds(response)}) }}`,
      ] as const;
    return [name, workingDeadlineOf(customer, response)] as const;
  });
  return choice('.Labels.sla_class', classes, within);
}

/**
 * Walks through the working hours from the start of the alert until the time to answer is used up, on the wall clock. That is
 * exact unless clocks change during working hours: then no instant is told.
 */
function workingDeadlineOf(customer: Customer, response: number): string {
  const { zone, working_hours, holidays } = customer;
  const changing = clockChanges(zone, knownClocks.from, knownClocks.to).some(
    ({ at }) => workingSeconds(customer, at - 7200, at + 7200) > 0,
  );
  if (changing) return within;
  const off = holidays.flatMap(({ from, to }) => daysBetween(from, to));
  const spans = weekdays
    .filter((day) => working_hours[day].length > 0)
    .map((day) => {
      const parts = working_hours[day].map(
        ({ from, to }) =>
          `{{ $from := $day.Add ${nanoseconds(from)} }}{{ $to := $day.Add ${nanoseconds(to)} }}` +
          '{{ if $from.Before $wall }}{{ $from = $wall }}{{ end }}' +
          '{{ if and (not $done) ($to.After $from) }}{{ $due = $from.Add $left }}' +
          '{{ if $due.After $to }}{{ $left = $due.Sub $to }}{{ else }}{{ $done = true }}{{ end }}{{ end }}',
      );
      return `{{ if eq $day.Weekday.String ${goText(dayNames[day])} }}${parts.join('')}{{ end }}`;
    });
  const open =
    off.length === 0 ? 'not $done' : `and (not $done) (not (match ${goText(off.join('|'))} $date))`;
  return [
    `${wallTime(zone, '.StartsAt')}{{ $due := $wall }}{{ $done := false }}`,
    `{{ $left := (.StartsAt.Add ${nanoseconds(response)}).Sub .StartsAt }}{{ $day := $wall.Truncate ${nanoseconds(86_400)} }}`,
    // Nine weeks; nothing counts but the number of rounds.
    '{{ range stringSlice "1" "2" "3" "4" "5" "6" "7" "8" "9" }}{{ range stringSlice "1" "2" "3" "4" "5" "6" "7" }}',
    `{{ $date := $day.Format "2006-01-02" }}{{ if ${open} }}${spans.join('')}{{ end }}`,
    `{{ $day = $day.Add ${nanoseconds(86_400)} }}{{ end }}{{ end }}`,
    `{{ if and $known $done }}{{ $due.Format ${layout} }} ${zone}{{ else }}${within}{{ end }}`,
  ].join('');
}

/** As Go reads a duration: nine more digits, never an exponent. */
function nanoseconds(seconds: number): string {
  return seconds === 0 ? '0' : `${seconds}000000000`;
}

/** A text in a Go template; JSON's escapes are Go's. */
function goText(text: string): string {
  return JSON.stringify(text);
}
