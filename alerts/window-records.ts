import { matcherText } from '../exporter/metrics.ts';
import { perHost } from './control.ts';
import { weekdays } from './policy/day-hours.ts';
import type { MaintenanceWindow } from './policy/maintenance_windows.ts';
import type { Policy } from './policy.ts';
import { recorded } from './records.ts';
import type { RecordingRule } from './rules.ts';
import { sinceMonday } from './working-time.ts';

const day = 86_400;
const week = 7 * day;

/** Whether each window is open, by customer; then the hosts that are in one. */
export function windowRules({ maintenance_windows }: Policy): readonly RecordingRule[] {
  return maintenance_windows.flatMap((window) =>
    [window.match.customer ?? []].flat().flatMap((customer): readonly RecordingRule[] => {
      const labels = { customer, window: window.name };
      const wall = recorded('customer:maintenance_wall_clock_seconds:now', { customer });
      const { role, instance } = window.match;
      const hosts = perHost('group', `up${matcherText({ job: 'maintenance', customer, role, instance })}`);
      const open = recorded('customer:maintenance_window_active:bool', labels);
      return [
        { record: 'customer:maintenance_window_active:bool', expr: isOpen(window, wall), labels },
        {
          record: 'instance:maintenance_window_active:bool',
          expr: `${hosts}\nand on (customer)\n(${open} == 1)`,
          labels,
        },
      ];
    }),
  );
}

/** PromQL: 1 while a wall clock is inside the window, 0 while it is not. */
export function isOpen({ weekly, monthly, once }: MaintenanceWindow, wall: string): string {
  if (once !== undefined) {
    const [from, to] = [once.from, once.to].map((moment) => Date.parse(`${moment}Z`) / 1000);
    return `(${wall} >= bool ${from}) * (${wall} < bool ${to})`;
  }
  if (weekly !== undefined) {
    const begins = weekdays.indexOf(weekly.day) * day + weekly.at;
    return `${sinceMonday(`${wall} + ${week - begins}`)} < bool ${weekly.for}`;
  }
  if (monthly === undefined) throw new Error('a window has no times');
  // A window that passes midnight belongs to the day on which it began: one day back for each midnight it may have passed.
  const midnights = Array.from({ length: Math.ceil(monthly.for / day) }, (_, index) => index);
  return midnights
    .map((passed) => {
      const clock = `(${wall} - ${monthly.at + passed * day})`;
      const lasts = Math.min(day, monthly.for - passed * day);
      return `(day_of_week${clock} == bool ${(weekdays.indexOf(monthly.day) + 1) % 7}) * ${isNth(monthly.nth, clock)} * (${clock} % ${day} < bool ${lasts})`;
    })
    .join('\n+\n');
}

function isNth(nth: NonNullable<MaintenanceWindow['monthly']>['nth'], clock: string): string {
  if (nth === 'last') return `(day_of_month${clock} > bool days_in_month${clock} - 7)`;
  const before = ['first', 'second', 'third', 'fourth'].indexOf(nth) * 7;
  return `(day_of_month${clock} > bool ${before}) * (day_of_month${clock} <= bool ${before + 7})`;
}
