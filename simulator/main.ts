import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { parsePolicy } from '../alerts/policy.ts';
import { scenarios } from './scenarios/list.ts';
import { onlyFor, withCustomerOf } from './scenarios/policy.ts';
import { endOf, type Scenario, storyOf } from './scenarios/scenario.ts';
import { type Simulation, simulate } from './simulate.ts';

interface Options {
  readonly out: string;
  readonly seed: number;
  readonly end?: number;
  readonly step: number;
  readonly policy: string;
  readonly scenario?: Scenario;
}

const {
  out,
  seed,
  end = Date.now() / 1000,
  step,
  policy: policyFile,
  scenario,
} = new Command('simulate')
  .description(
    'Plays a fleet with its troubles; writes OpenMetrics, a file per month, and truth.json. Unless a scenario is named it is a year of twenty hosts.',
  )
  .requiredOption('--out <directory>', 'where to write')
  .option('--seed <number>', 'another seed is another year', wholeNumber, 1)
  .option('--end <time>', 'where the year ends, like 2026-11-21T12:00:00Z (default: now)', time)
  .addOption(
    new Option('--step <duration>', 'between scrapes and evaluations, like 2h or 15m')
      .argParser(duration)
      .default(7200, '2h'),
  )
  .option('--policy <file>', 'the policy that judges', 'alerts/policy.yaml')
  .addOption(
    new Option(
      '--scenario <name>',
      'one month of a few hosts instead; writes the policy with its customer, too',
    )
      .argParser(scenarioNamed)
      .conflicts('end'),
  )
  .addHelpText('after', `\nScenarios:\n${scenarios.map(listed).join('\n')}`)
  .parse()
  .opts<Options>();

const policyText = readFileSync(policyFile, 'utf8');
const simulation = scenario === undefined ? playYear() : playScenario(scenario);
for (const path of await simulation.write(out)) console.log(path);

function playYear(): Simulation {
  return simulate({ seed, end, stepSeconds: step, policy: parsePolicy(policyText) });
}

function playScenario(named: Scenario): Simulation {
  const text = withCustomerOf(named, policyText);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'policy.yaml'), text);
  const policy = onlyFor([named.name], parsePolicy(text));
  return simulate({ seed, end: endOf(named), stepSeconds: step, policy, story: storyOf(named) });
}

function listed({ name, month, zone, about }: Scenario): string {
  return `  ${name.padEnd(30)} ${month} ${zone.padEnd(20)} ${about}`;
}

function scenarioNamed(text: string): Scenario {
  const found = scenarios.find(({ name }) => name === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError('see the list in --help');
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number');
}

function time(text: string): number {
  const milliseconds = Date.parse(text);
  if (!Number.isNaN(milliseconds)) return milliseconds / 1000;
  throw new InvalidArgumentError('expected a time like 2026-11-21T12:00:00Z');
}

function duration(text: string): number {
  const [, count, unit] = /^(\d+)([mh])$/.exec(text) ?? [];
  const seconds = Number(count) * (unit === 'h' ? 3600 : 60);
  if (seconds > 0 && 86_400 % seconds === 0) return seconds;
  throw new InvalidArgumentError('expected a part of a day like 15m or 2h');
}
