import { expect, test } from 'vitest';
import { parsePolicy } from '../alerts/policy.ts';
import { readFileSync } from 'node:fs';
import { dueDays } from './due-days.ts';

const text = readFileSync('alerts/policy.yaml', 'utf8');

/** As a policy has it. */
function task(written: string) {
  const policy = parsePolicy(
    `${text}\ntasks:\n  review: { title: Review, category: preventive, owner: ops, ${written} }\n`,
  );
  const found = policy.tasks['review'];
  if (found === undefined) throw new Error('the policy has the task review');
  return found;
}

test.each([
  ['every: week, on: mon', ['2026-10-05', '2026-10-12', '2026-10-19', '2026-10-26']],
  ['every: week', ['2026-10-04', '2026-10-11', '2026-10-18', '2026-10-25']],
  ['every: month, on: 28', ['2026-10-28']],
  ['every: month', ['2026-10-31']],
  ['every: quarter, on: 15', ['2026-10-15']],
  ['every: quarter, on: last', ['2026-10-31']],
  ['every: quarter', []],
  ['every: year, on: 10-09', ['2026-10-09']],
  ['every: year', []],
  ['every: 7d', []],
  ['every: week, on: mon, from: 2026-10-12', ['2026-10-19', '2026-10-26']],
  ['every: month, on: 28, from: 2026-10-01', []],
])('%s is due in October on %j', (written, days) => {
  expect(dueDays(task(written), '2026-10-01', '2026-10-31')).toEqual(days);
});

test('ends of quarters, years and short months', () => {
  expect(dueDays(task('every: quarter'), '2026-01-01', '2026-12-31')).toEqual([
    '2026-03-31',
    '2026-06-30',
    '2026-09-30',
    '2026-12-31',
  ]);
  expect(dueDays(task('every: quarter, on: 1'), '2026-01-01', '2026-12-31')).toEqual([
    '2026-01-01',
    '2026-04-01',
    '2026-07-01',
    '2026-10-01',
  ]);
  expect(dueDays(task('every: year'), '2026-01-01', '2027-12-31')).toEqual(['2026-12-31', '2027-12-31']);
  expect(dueDays(task('every: month'), '2028-02-01', '2028-03-31')).toEqual(['2028-02-29', '2028-03-31']);
});
