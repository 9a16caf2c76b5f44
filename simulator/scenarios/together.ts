import type { Story } from '../story.ts';
import { endOf, type Scenario, startOf, storyOf } from './scenario.ts';

/**
 * Several scenarios as one story, watched by one Prometheus: each is what it is alone.
 * @throws RangeError when their histories do not begin and end at the same time.
 */
export function together(scenarios: readonly Scenario[]): Story {
  const [first, ...others] = scenarios;
  const other = others.find((each) => first !== undefined && spanOf(each) !== spanOf(first));
  if (other !== undefined)
    throw new RangeError(`${other.name} begins or ends at another time than the first`);
  return (policy, seed, end) => {
    const plots = scenarios.map((scenario) => storyOf(scenario)(policy, seed, end));
    return {
      start: Math.min(...plots.map(({ start }) => start)),
      hosts: plots.flatMap(({ hosts }) => hosts),
      faults: plots.flatMap(({ faults }) => faults),
      limits: Object.fromEntries(plots.flatMap(({ limits }) => Object.entries(limits))),
      outages: plots.flatMap(({ outages }) => outages),
    };
  };
}

/** Scenarios that can be played together, by the span of their histories. */
export function bySpan(scenarios: readonly Scenario[]): readonly (readonly Scenario[])[] {
  return [...Map.groupBy(scenarios, spanOf).values()];
}

function spanOf(scenario: Scenario): string {
  return `${startOf(scenario)} to ${endOf(scenario)}`;
}
