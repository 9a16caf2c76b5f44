import { expect, test } from 'vitest';
import { workingDeadline, workingSeconds } from '../alerts/calendar.ts';
import { readPolicy } from '../alerts/policy.ts';
import { random } from './random.ts';
import { classTruth, responseTruth, workingClock } from './truth-responses.ts';

const step = 300;
const policy = readPolicy('alerts/policy.yaml');
const [acme, birch] = ['acme', 'birch'].map((name) => {
  const found = policy.customers[name];
  if (found === undefined) throw new Error(`the policy has no ${name}`);
  return found;
});

test.each([acme, birch])(
  'the clock of %# counts as the calendar does, also when clocks change',
  (customer) => {
    if (customer === undefined) throw new Error('no customer');
    const runs = workingClock(customer);
    const next = random('clock', customer.zone);
    for (let index = 0; index < 60; index++) {
      // Around both changes of clocks, and around holidays.
      const from =
        Math.floor(
          (Date.parse(['2026-03-20', '2026-10-20', '2026-12-04'][index % 3] ?? '') / 1000 + next() * 9e5) /
            step,
        ) * step;
      const [incident] = [{ labels: {}, from, to: Infinity, fired: from }];
      const month = { name: '2026-10', from: 0, to: Infinity };
      const truth = responseTruth(
        incident,
        [{ incident, at: from + 90 * step, by: 'Ada' }],
        month,
        policy.sla_classes.standard,
        runs,
        step,
      );
      expect(truth.deadline, String(from)).toBe(
        workingDeadline(customer, from, policy.sla_classes.standard.response),
      );
      expect(truth.answered_after, String(from)).toBe(workingSeconds(customer, from, from + 90 * step));
    }
  },
);

test('a class counts what was decided in the month and means of what is known', () => {
  const month = { name: '2026-10', from: 0, to: 100_000 };
  const of = (from: number, to: number, taken?: number) => {
    const incident = { labels: {}, from, to, fired: from };
    const list = taken === undefined ? [] : [{ incident, at: taken, by: 'Ada' }];
    return responseTruth(incident, list, month, policy.sla_classes.urgent, () => true, step);
  };
  const all = [
    of(0, 60_000, 3000),
    of(0, 60_000, 30_000),
    of(3000, 9000),
    of(3000, 90_000),
    of(90_000, 150_000),
    of(90_000, 150_000, 120_000),
    of(-60_000, 30_000),
  ];
  expect(classTruth(all, month)).toEqual({
    answered: 1,
    resolved_first: 1,
    breached: 1,
    unknown: 1,
    running: 2,
    resolved: 5,
    mean_seconds_to_resolve: (60_000 + 60_000 + 6000 + 87_000 + 90_000) / 5,
    mean_seconds_to_respond: 16_500,
  });
});
