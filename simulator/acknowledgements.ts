import { hour } from './calendar.ts';
import { between, random } from './random.ts';
import type { ToldIncident } from './told-incidents.ts';

/** Somebody took an incident. */
export interface Taken {
  readonly incident: ToldIncident;
  /** Unix seconds. */
  readonly at: number;
  readonly by: string;
}

const people = ['Ada Gil', 'Bruno Rey', 'Clara Montes'];
const step = 300;

/**
 * Most incidents are taken within hours, some after days, some by nobody; more of them as the year goes on. One that is over
 * before is taken by nobody. The same seed gives the same answers.
 */
export function acknowledgements(
  incidents: readonly ToldIncident[],
  { seed, start, end }: { readonly seed: number; readonly start: number; readonly end: number },
): readonly Taken[] {
  return incidents
    .flatMap((incident): readonly Taken[] => {
      const next = random(seed, JSON.stringify(incident.labels), incident.from, 'taken');
      const chance = next();
      const year = (incident.from - start) / (end - start);
      const late = chance < 0.06;
      const delay = late ? between(next, 10, 96) * hour : between(next, 2, 40) * step;
      const at = incident.from + delay;
      const by = people[between(next, 0, people.length - 1)] ?? '';
      if (chance > 0.6 + 0.35 * year || at > incident.to || at >= end) return [];
      return [{ incident, at, by }];
    })
    .toSorted((one, other) => one.at - other.at);
}

/** The file that people would have kept: what report-generator reads with `--acknowledgements`. */
export function acknowledgementsFile(taken: readonly Taken[]): string {
  const identity = ['alertname', 'customer', 'instance', 'control', 'object', 'collector'];
  return taken
    .map(({ incident: { labels }, at, by }) =>
      [
        `- at: ${JSON.stringify(new Date(at * 1000).toISOString())}`,
        `  by: ${JSON.stringify(by)}`,
        '  matchers:',
        ...identity.map((name) => `    - ${JSON.stringify(`${name}=${JSON.stringify(labels[name] ?? '')}`)}`),
        '',
      ].join('\n'),
    )
    .join('');
}
