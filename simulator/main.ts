import { Command, InvalidArgumentError, Option } from 'commander';
import { readPolicy } from '../alerts/policy.ts';
import { simulate } from './simulate.ts';

interface Options {
  readonly out: string;
  readonly seed: number;
  readonly end?: number;
  readonly step: number;
  readonly policy: string;
}

const {
  out,
  seed,
  end = Date.now() / 1000,
  step,
  policy,
} = new Command('simulate')
  .description(
    'Plays a fleet with its troubles for thirteen months; writes OpenMetrics, a file per month, and truth.json.',
  )
  .requiredOption('--out <directory>', 'where to write')
  .option('--seed <number>', 'another seed is another year', wholeNumber, 1)
  .option('--end <time>', 'where the history ends, like 2026-11-21T12:00:00Z (default: now)', time)
  .addOption(
    new Option('--step <duration>', 'between scrapes and evaluations, like 2h or 15m')
      .argParser(duration)
      .default(7200, '2h'),
  )
  .option('--policy <file>', 'the policy that judges', 'alerts/policy.yaml')
  .parse()
  .opts<Options>();

const simulation = simulate({ seed, end, stepSeconds: step, policy: readPolicy(policy) });
for (const path of await simulation.write(out)) console.log(path);

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
