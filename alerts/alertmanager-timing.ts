import { durationText } from './duration.ts';
import type { Policy } from './policy.ts';

/** How long Alertmanager waits, in seconds. */
export interface Waits {
  /** For the first alerts of a group to gather. */
  readonly wait: number;
  /** Before new alerts of a known group are told. */
  readonly interval: number;
  /** Before an alert that still fires is told again. */
  readonly repeat: number;
}

/** What becomes one message, and when. */
export interface Timing extends Waits {
  /** Alerts that are equal in these labels share a message. */
  readonly by: readonly string[];
}

export const gathered = ['warning', 'info'] as const;
export type Timings = Readonly<Record<'critical' | (typeof gathered)[number], Timing>>;

const [minute, hour, day] = [60, 3600, 86_400];

/**
 * Critical alerts at once, warnings gathered by what is wrong, info in one message a day. All wait for an evaluation
 * of the rules to end, so that a cause arrives before its consequences are told. Who cannot wait, such as an end-to-end
 * test, brings waits of its own.
 */
export function timingsOf({ evaluation_interval }: Policy, waits?: Waits): Timings {
  const wait = evaluation_interval + minute / 2;
  return {
    critical: {
      by: ['customer', 'alertname', 'instance'],
      ...(waits ?? { wait, interval: 5 * minute, repeat: 4 * hour }),
    },
    warning: {
      by: ['customer', 'alertname'],
      ...(waits ?? { wait: Math.max(wait, 5 * minute), interval: 30 * minute, repeat: day }),
    },
    // A repeat of a whole day would just miss the message of the next day.
    info: { by: ['customer'], ...(waits ?? { wait: hour, interval: day, repeat: 23 * hour }) },
  };
}

/** A group is told when its interval is over and not in between: that must happen while a route with hours is open. */
export function withinHours({ interval, ...timing }: Timing): Timing {
  return { ...timing, interval: Math.min(interval, 30 * minute) };
}

/** The timing as Alertmanager writes it. */
export function timingText({ by, wait, interval, repeat }: Timing) {
  return {
    group_by: by,
    group_wait: durationText(wait),
    group_interval: durationText(interval),
    repeat_interval: durationText(repeat),
  };
}
