import { type AlertCases, alive, birch, dead, fires, turns } from './case-tables.ts';
import { always, days, fact, hours, type Lasting, minutes, scraped, type Series, step } from './facts.ts';

/** A role that asks for nothing but its exporter, so that nothing is missing and no other clock runs. */
const box = { customer: 'acme', instance: 'box-1', role: 'appliance' } as const;

/** Critical and urgent: its clock runs around the clock from `fires` on. */
const agentDown = (lasting: Lasting): Series => ({
  ...scraped({ ...lasting, on: box }),
  ...fact('maintenance_antivirus_running', { product: 'clamav' }, 0, {
    on: box,
    from: turns / step,
    samples: (lasting.samples ?? always) - turns / step,
  }),
});
const agent = { ...box, alert: 'MaintenanceAvProtectionDown', control: 'av_protection', object: 'clamav' };
const urgent = { ...agent, sla_class: 'urgent' };

/**
 * A warning, standard: its clock runs in the hours of acme, 09:00 to 17:00 in Madrid, an hour ahead of UTC. The tests begin at
 * midnight of a Thursday in UTC.
 */
const outdated: Series = {
  ...scraped({ on: box }),
  ...fact('maintenance_antivirus_running', { product: 'clamav' }, 1, { on: box }),
  ...fact(
    'maintenance_antivirus_definitions_loaded_timestamp_seconds',
    { product: 'clamav' },
    turns - 5 * days - 1,
    { on: box },
  ),
};
const standard = {
  ...box,
  alert: 'MaintenanceAvDefinitionsOutdated',
  control: 'av_definitions',
  object: 'clamav',
  sla_class: 'standard',
};

const take =
  'Prometheus cannot know whether somebody has. First step: take it, and silence customer, instance, control and object with a comment that begins with ACK.';
const unsupported: Series = {
  ...scraped({ on: birch }),
  ...fact('maintenance_os_support_end_timestamp_seconds', { os: 'debian', version: '12' }, 0, { on: birch }),
};
/** The exception ends with its last day in New York, five hours behind UTC. */
const twoWeeksBefore = 1 * days + 5 * hours;

/** Cases of the alerts about what was agreed; the policy of the tests has an exception, a window, and old holidays for them. */
export const agreementCases: Readonly<Record<string, AlertCases>> = {
  MaintenanceResponseSlaAtRisk: {
    fires: [
      {
        // Three hours of four, then its own 15 minutes; the records see an alert one step after it fires.
        series: agentDown({}),
        at: fires + 3 * hours + 2 * step,
        firing: [urgent],
        description: `MaintenanceAvProtectionDown on box-1, clamav (acme) has used 3h 30m 0s of the 4h 0m 0s in which somebody must answer. ${take}`,
      },
      {
        // Six working hours after nine o'clock in Madrid.
        series: outdated,
        at: 8 * hours + 6 * hours + 2 * step,
        firing: [standard],
        description: `MaintenanceAvDefinitionsOutdated on box-1, clamav (acme) has used 6h 30m 0s of the 8h 0m 0s in which somebody must answer. ${take}`,
      },
    ],
    silent: [
      { series: agentDown({}), at: fires + 3 * hours + step, firing: [] },
      // Then it is a breach.
      { series: agentDown({}), at: fires + 4 * hours + step, firing: [] },
      { series: outdated, at: 8 * hours + 6 * hours + step, firing: [] },
    ],
    'exporter dead': [
      // It dies at six; what it said last still fires, and its clock runs.
      {
        series: agentDown(alive),
        at: fires + 3 * hours + 2 * step,
        firing: [urgent],
        beside: ['MaintenanceHostDown'],
      },
    ],
    'metric absent': [{ series: scraped({ on: box }), at: dead, firing: [] }],
  },
  MaintenanceResponseSlaBreached: {
    fires: [
      {
        series: agentDown({}),
        at: fires + 4 * hours + 2 * step,
        firing: [urgent],
        description: `MaintenanceAvProtectionDown on box-1, clamav (acme) has fired for 4h 30m 0s of contract time, and somebody must have answered within 4h 0m 0s. ${take}`,
      },
      {
        // The eight hours of Thursday are used up; the ninth is the first of Friday.
        series: outdated,
        at: days + 8 * hours + 2 * step,
        firing: [standard],
        description: `MaintenanceAvDefinitionsOutdated on box-1, clamav (acme) has fired for 8h 30m 0s of contract time, and somebody must have answered within 8h 0m 0s. ${take}`,
      },
    ],
    silent: [
      { series: agentDown({}), at: fires + 4 * hours + step, firing: [] },
      { series: outdated, at: days + 8 * hours, firing: [] },
    ],
    'exporter dead': [
      { series: agentDown(alive), at: dead, firing: [urgent], beside: ['MaintenanceHostDown'] },
    ],
    'metric absent': [{ series: scraped({ on: box }), at: dead, firing: [] }],
  },
  MaintenanceExceptionExpiring: {
    fires: [
      {
        series: unsupported,
        at: twoWeeksBefore + 2 * step,
        firing: [{ customer: 'birch', control: 'os_supported' }],
        description:
          'birch: an exception from os_supported ends in 13d 23h 30m 0s; what it excepts is judged again from then on. First step: ask its owner, who is in policy.yaml, what comes then.',
      },
    ],
    silent: [
      { series: unsupported, at: twoWeeksBefore + step, firing: [] },
      // Nothing of another customer is excepted.
      { series: scraped(), at: twoWeeksBefore + 2 * step, firing: [] },
    ],
    'exporter dead': [
      {
        series: scraped({ ...alive, on: birch }),
        at: twoWeeksBefore + 2 * step,
        firing: [{ customer: 'birch', control: 'os_supported' }],
      },
    ],
    // The host should show an end of support and does not: that is excepted, too.
    'metric absent': [
      {
        series: scraped({ on: birch }),
        at: twoWeeksBefore + 2 * step,
        firing: [{ customer: 'birch', control: 'os_supported' }],
      },
    ],
  },
  MaintenanceCalendarEnding: {
    fires: [
      {
        series: scraped(),
        at: 15 * minutes,
        firing: [{ customer: 'birch' }],
        description:
          'birch: the holidays or the changes of clocks that the rules know end in 4h 45m 0s; without them working time is counted wrong or not at all. First step: add the holidays of the next year to policy.yaml and generate the rules again.',
      },
      {
        series: scraped(),
        at: 6 * hours,
        firing: [{ customer: 'birch' }],
        description:
          'birch: the holidays or the changes of clocks that the rules know have ended; without them working time is counted wrong or not at all. First step: add the holidays of the next year to policy.yaml and generate the rules again.',
      },
    ],
    // acme has no holidays, and its clocks are known for decades.
    silent: [{ series: scraped(), at: 0, firing: [] }],
    'exporter dead': [{ series: scraped(alive), at: dead, firing: [{ customer: 'birch' }] }],
    'metric absent': [{ series: {}, at: dead, firing: [{ customer: 'birch' }] }],
  },
  MaintenanceWindowActive: {
    fires: [
      {
        // Four o'clock in Madrid, at once.
        series: { ...scraped(), ...scraped({ on: birch }) },
        at: 3 * hours,
        firing: [{ customer: 'acme', instance: 'app-1' }],
        description:
          'app-1 (acme): work is planned now, so only critical alerts of the host are told. Nothing to do.',
      },
      { series: scraped(), at: 5 * hours - step, firing: [{ customer: 'acme', instance: 'app-1' }] },
    ],
    silent: [
      { series: scraped(), at: 3 * hours - step, firing: [] },
      { series: scraped(), at: 5 * hours, firing: [] },
      {
        series: scraped({ on: { customer: 'acme', instance: 'pc-1', role: 'appliance' } }),
        at: 3 * hours,
        firing: [],
      },
    ],
    'exporter dead': [
      {
        series: scraped({ samples: 4 }),
        at: 3 * hours,
        firing: [{ customer: 'acme', instance: 'app-1' }],
        beside: ['MaintenanceHostDown'],
      },
    ],
    'metric absent': [{ series: {}, at: 3 * hours, firing: [] }],
  },
};
