import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePolicy } from '../../alerts/policy.ts';
import { day } from '../calendar.ts';
import { play } from '../world.ts';
import { scenarios } from './list.ts';
import { onlyFor, withCustomerOf } from './policy.ts';
import { endOf, startOf, storyOf } from './scenario.ts';
import { together } from './together.ts';

const text = readFileSync('alerts/policy.yaml', 'utf8');

test('every scenario has a name of its own that a policy takes for a customer', () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  for (const scenario of scenarios) {
    const { customers } = parsePolicy(withCustomerOf(scenario, text));
    expect(Object.keys(customers)).toEqual(['acme', 'birch', scenario.name]);
    expect(customers[scenario.name]).toEqual({
      ...customers['acme'],
      name: scenario.about,
      zone: scenario.zone,
    });
  }
});

test('a policy for one customer has nobody else', () => {
  const policy = onlyFor(['birch'], parsePolicy(text));
  expect(Object.keys(policy.customers)).toEqual(['birch']);
  expect(Object.values(policy.services).filter(({ customer }) => customer !== 'birch')).toEqual([]);
});

test('a history begins days before its month and ends after it', () => {
  for (const scenario of scenarios) {
    const [year = 0, month = 1] = scenario.month.split('-').map(Number);
    const utc = (next: number): number => Date.UTC(year, month - 1 + next) / 1000;
    expect(utc(0) - startOf(scenario), scenario.name).toBeGreaterThanOrEqual(2.5 * day);
    expect(endOf(scenario) - utc(1), scenario.name).toBeGreaterThanOrEqual(day);
  }
});

test.each(scenarios)('$name plays its troubles on hosts it has', (scenario) => {
  const { hosts, faults } = storyOf(scenario)(parsePolicy(text), 1, endOf(scenario));
  const names = hosts.map(({ instance }) => instance);
  expect(hosts).toHaveLength(scenario.hosts.length);
  expect(faults).toHaveLength(scenario.troubles.length);
  for (const { instance, from, to } of faults) {
    expect(names).toContain(instance);
    expect(to).toBeGreaterThan(from);
  }
});

test('a scenario is the same whoever is played beside it', () => {
  const [one, other] = ['limit-shortened', 'churn'].map((name) =>
    scenarios.find((each) => each.name === name),
  );
  if (one === undefined || other === undefined) throw new Error('no such scenario');
  const policy = parsePolicy(text);
  const { lives } = play(policy, 1, endOf(one), storyOf(one));
  const both = play(policy, 1, endOf(one), together([other, one])).lives;
  expect(both).toHaveLength(lives.length + other.hosts.length);
  // Whoever holds the confirmations of tasks is told by the customers of the policy.
  expect(both.slice(-lives.length).map((life) => ({ ...life, tasks: 0 }))).toEqual(
    lives.map((life) => ({ ...life, tasks: 0 })),
  );
});

test('scenarios of different months cannot be played together', () => {
  const [april] = scenarios;
  const february = scenarios.find(({ name }) => name === 'restart');
  if (april === undefined || february === undefined) throw new Error('no such scenario');
  expect(() => together([april, february])).toThrow('restart begins or ends at another time');
});
