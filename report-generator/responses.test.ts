import { describe, expect, test } from 'vitest';
import type { Matcher } from '../alerts/matchers.ts';
import { readPolicy } from '../alerts/policy.ts';
import { answered, attainmentOf, type Response, resolvedIn, responseOf, tallyOf } from './responses.ts';

const hour = 3600;
const policy = readPolicy('alerts/policy.yaml');
const { urgent, standard } = policy.sla_classes;
const { acme } = policy.customers;
if (acme === undefined) throw new Error('the policy has no acme');
const at = (text: string): number => Date.parse(`${text}+01:00`) / 1000;
const now = at('2026-12-01T00:00:00');
const from = at('2026-11-13T14:00:00'); // A Friday; that day ends at 15:00.
const taken = (instant: number) => ({ at: instant, by: 'Ada', source: 'pager', matchers: [] });

test('no time was promised in days: a class is 4 h around the clock or 8 h of work', () => {
  expect([urgent.response, urgent.clock]).toEqual([4 * hour, 'around_the_clock']);
  expect([standard.response, standard.clock]).toEqual([8 * hour, 'working_hours']);
});

describe('an urgent incident', () => {
  const of = (to: number | undefined, answer?: number, until = now): Response =>
    responseOf({ from, to }, answer === undefined ? undefined : taken(answer), urgent, acme, until);
  const deadline = from + 4 * hour;

  test.each([
    ['answered at the deadline', undefined, deadline, 'met', 'answered', deadline],
    ['answered a second late', undefined, deadline + 1, 'breached', 'answered', deadline + 1],
    ['over at the deadline', deadline, undefined, 'met', 'resolved_first', deadline],
    ['over a second late', deadline + 1, undefined, 'unknown', null, deadline],
    ['open for long', undefined, undefined, 'unknown', null, deadline],
  ])('%s', (_, to, answer, verdict, basis, settled) => {
    expect(of(to, answer)).toMatchObject({ verdict, basis, settled, deadline });
  });

  test('runs while the deadline lies ahead, also when it is over in the next month', () => {
    expect(of(undefined, undefined, deadline)).toMatchObject({ verdict: 'running', settled: null });
    expect(of(deadline - 5, undefined, deadline - 10)).toMatchObject({ verdict: 'running', settled: null });
    expect(of(undefined, undefined, deadline + 1)).toMatchObject({ verdict: 'unknown' });
  });

  test('tells who answered, and after how long', () => {
    expect(of(undefined, from + hour).answer).toEqual({
      at: from + hour,
      by: 'Ada',
      source: 'pager',
      seconds: hour,
    });
    // Taken while another alert muted it.
    expect(of(undefined, from - hour).answer).toMatchObject({ at: from, seconds: 0 });
  });
});

test('a standard incident of Friday afternoon has until Monday afternoon, and only working time counts', () => {
  // One hour on Friday, five on Monday morning, two after the break.
  const deadline = at('2026-11-16T18:00:00');
  const of = (answer: number): Response =>
    responseOf({ from, to: undefined }, taken(answer), standard, acme, now);
  expect(of(deadline)).toMatchObject({ verdict: 'met', deadline });
  expect(of(deadline).answer?.seconds).toBe(8 * hour);
  expect(of(deadline + 60)).toMatchObject({ verdict: 'breached', settled: deadline + 60 });
  expect(of(at('2026-11-15T12:00:00')).answer?.seconds).toBe(hour);
});

const period = { start: at('2026-11-01T00:00:00'), end: now };
const incident = (begin: number, to: number | undefined, sla_class = 'urgent') => ({
  from: begin,
  to,
  fired: begin,
  ruleGroup: undefined,
  labels: { sla_class, n: String(begin) },
});

test('each incident counts in the month in which it was decided', () => {
  const before = period.start - hour;
  const incidents = [
    incident(before - 5 * hour, undefined), // Unknown since before the month.
    incident(before, undefined), // Its deadline is in the month.
    incident(before + 60, period.start + hour), // Over before it.
    incident(from, undefined), // Taken late.
    incident(from + 1, undefined), // Taken in time.
    incident(now - hour, undefined), // Runs.
    incident(now - 2 * hour, now - hour, 'none'), // Nothing was promised.
  ];
  const matchers = (begin: number): readonly Matcher[] => [
    { name: 'n', operator: '=', value: String(begin) },
  ];
  const answers = answered(incidents, period, policy, 'acme', [
    { ...taken(from + 5 * hour), matchers: matchers(from) },
    { ...taken(from + hour), matchers: matchers(from + 1) },
    // Of the next month: not known yet.
    { ...taken(now + 60), matchers: matchers(now - hour) },
  ]);
  expect(tallyOf(answers, period)).toEqual({
    answered: 1,
    resolvedFirst: 1,
    breached: 1,
    unknown: 1,
    running: 1,
  });
  expect(answers.at(-1)).toMatchObject({ slaClass: undefined, response: undefined });
  expect(resolvedIn(answers, 'urgent', period)).toEqual([2 * hour - 60]);
  expect(resolvedIn(answers, 'standard', period)).toEqual([]);
});

test('an incident that was unknown counts as breached in the month in which somebody answered it', () => {
  const last = { start: period.start - 30 * 86_400, end: period.start };
  const own = [incident(period.start - 5 * hour, undefined)];
  const late = [taken(period.start + hour)];
  const tallies = [last, period].map((month) => tallyOf(answered(own, month, policy, 'acme', late), month));
  expect(tallies).toMatchObject([
    { unknown: 1, breached: 0 },
    { unknown: 0, breached: 1 },
  ]);
});

test('attainment: of what is known, at worst and at best', () => {
  const tally = { answered: 8, resolvedFirst: 2, breached: 1, unknown: 1, running: 5 };
  expect(attainmentOf(tally)).toEqual({ measured: 10 / 11, worst: 10 / 12, best: 11 / 12 });
  const none = { answered: 0, resolvedFirst: 0, breached: 0, unknown: 0, running: 5 };
  expect(attainmentOf(none)).toEqual({ measured: null, worst: null, best: null });
  expect(attainmentOf({ ...none, unknown: 3 })).toEqual({ measured: null, worst: 0, best: 1 });
});
