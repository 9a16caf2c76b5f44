import { type AlertCase, type AlertCases, dead, fires, turns } from './case-tables.ts';
import { always, days, hours, scraped, type Series, step } from './facts.ts';

const shop = { customer: 'acme', instance: 'https://shop.example', object: 'shop' } as const;
const where = 'https://shop.example (acme): service shop';

function probed(values: string, place = 'here'): Series {
  return { [`probe_success{job="blackbox",instance="https://shop.example",place="${place}"}`]: values };
}

const alwaysUp = probed(`1x${always}`);
/** There for three hours, then away. */
const goesDown = probed(`1x${turns / step - 1} 0x${always}`);
/** The prober dies at six hours. */
const dies = (values: string): Series => probed(`${values} stale`);
const downThenDead = dies(`1x${turns / step - 1} 0x11`);

/** Away at single evaluations, there at all others. */
function gaps(...away: readonly number[]): Series {
  const samples = Array.from({ length: always }, (_, index) => (away.includes(index) ? '0' : '1'));
  return probed(samples.join(' '));
}
/** Ten hours apart: three percent of a day. */
const threeGaps = gaps(20, 60, 100);

function at(
  seconds: number,
  series: Series,
  firing: AlertCase['firing'],
  more: Partial<AlertCase> = {},
): AlertCase {
  return { series: { ...scraped(), ...series }, at: seconds, firing, services: 'with', ...more };
}

const unprobed = at(fires, {}, []);
const beside = ['MaintenanceServiceUnwatched'];
const slo = { ...shop, control: 'service_slo' };

/** Samples enough for a week, and what they say. */
function answers(seconds: string, success = '1x700'): Series {
  const labels = 'job="blackbox",instance="https://shop.example",place="here"';
  return { ...probed(success), [`probe_duration_seconds{${labels}}`]: seconds };
}
/** The first evaluation that knows five days, and one at which an alert has long waited enough. */
const fiveDays = 5 * days;
const told = fiveDays + turns;
const alone = { services: 'speed' } as const;

/** Cases of the alerts about services: those of ../service-alerts.ts, and that of the control service_slo. */
export const serviceAlertCases: Readonly<Record<string, AlertCases>> = {
  MaintenanceServiceSlower: {
    fires: [
      at(told, answers('1.2x700'), [shop], {
        ...alone,
        description: `${where} took 1.2s to answer in the slowest twentieth of the last week, accepted were 800ms. First step: find the week in which object:maintenance_service_answer_seconds:p95day began to rise, and what was changed in it.`,
      }),
    ],
    silent: [
      // A quarter slower than accepted is allowed, and four days are no week.
      at(told, answers('1x700'), [], alone),
      at(4 * days + turns, answers('1.2x700'), [], alone),
      // Two slow days of seven are no slow week.
      at(7 * days, answers('0.8x480 1.2x300'), [], alone),
    ],
    // What was last known, for a day.
    'exporter dead': [
      at(told + 20 * hours, answers('1.2x485 stale', '1x485 stale'), [shop], { ...alone, beside }),
    ],
    'metric absent': [unprobed],
  },
  MaintenanceServiceDown: {
    fires: [
      at(fires, goesDown, [shop], {
        description: `${where} does not answer its probe. First step: open it from another network; the page of the blackbox exporter shows why the probe failed.`,
      }),
      // Reached from one place of two.
      at(fires, { ...alwaysUp, ...probed(`1x${turns / step - 1} 0x${always}`, 'there') }, [shop]),
    ],
    silent: [at(turns, goesDown, []), at(dead, alwaysUp, [])],
    'exporter dead': [at(dead, downThenDead, [shop], { beside })],
    'metric absent': [unprobed],
  },
  MaintenanceServiceUnwatched: {
    fires: [
      at(dead, dies('1x23'), [shop], {
        description: `${where} has no probe_success, so whether it is there is unknown. First step: the Targets page of Prometheus; job and instance must be those of services.shop.probe in the policy.`,
      }),
    ],
    silent: [at(dead, alwaysUp, []), at(dead, goesDown, [])],
    'exporter dead': [at(dead, dies('1x23'), [shop])],
    'metric absent': [at(15 * 60, {}, [shop])],
  },
  MaintenanceServiceBudgetBurnsFast: {
    fires: [
      at(fires, goesDown, [shop], {
        description: `${where} uses up the time it may be away within days: it was there for 92.31% of the last 30 days as far as they are known and outside of maintenance windows, and 99% are promised. First step: what was changed last on it and in front of it.`,
      }),
      // One of six hours, long after the start: the pace of six over six hours and half an hour.
      at(101 * step, gaps(94, 97, 100), [shop]),
    ],
    silent: [
      at(turns, goesDown, []),
      // One sample of 25 within six hours is no pace of six; two in a row it must be.
      at(101 * step, gaps(100), []),
      at(101 * step, threeGaps, []),
      at(dead, alwaysUp, []),
    ],
    // Nobody knows whether it still burns; that nobody looks is told, and that it is away.
    'exporter dead': [at(dead, downThenDead, [], { beside: [...beside, 'MaintenanceServiceDown'] })],
    'metric absent': [unprobed],
  },
  MaintenanceServiceBudgetBurnsSlowly: {
    fires: [
      at(101 * step, threeGaps, [shop], {
        description: `${where} is away more than its promise allows, again and again: it was there for 97.03% of the last 30 days as far as they are known and outside of maintenance windows, and 99% are promised. First step: compare the gaps in probe_success with what ran at those times.`,
      }),
      // Two percent of a day, and of three days as far as they are known.
      at(101 * step, gaps(60, 100), [shop]),
    ],
    silent: [at(100 * step, threeGaps, []), at(101 * step, gaps(100), []), at(dead, alwaysUp, [])],
    'exporter dead': [at(dead, downThenDead, [], { beside: [...beside, 'MaintenanceServiceDown'] })],
    'metric absent': [unprobed],
  },
  MaintenanceServiceSloMissed: {
    fires: [
      at(fires, goesDown, [slo], {
        description: `${where} was away for longer in the last 30 days than its promise allows. First step: compare the gaps in probe_success with the incidents and changes of those days.`,
      }),
    ],
    silent: [
      at(turns, goesDown, []),
      // One of more than a hundred evaluations.
      at(101 * step, gaps(50), []),
      at(5 * hours, alwaysUp, []),
    ],
    'exporter dead': [at(dead, downThenDead, [slo], { beside })],
    'metric absent': [unprobed],
  },
};
