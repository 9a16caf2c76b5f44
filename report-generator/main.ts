#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { drawReport } from './draw.ts';
import { measureReport, readSnapshot, type Wanted, writeReport } from './report.ts';

interface Options extends Omit<Wanted, 'customer'> {
  readonly customer?: string;
  readonly out: string;
  readonly fromSnapshot?: string;
}

/** Written whole; written with gaps; not written. */
const exitCodes = { whole: 0, gaps: 2, refused: 3 } as const;

const program = new Command('maintenance-report')
  .description('Writes report.pdf and snapshot.json: what one month of one customer came to.')
  .option('--customer <label>', 'the customer, as in the policy')
  .option('--month <month>', 'like 2026-10 (default: the last full month of the customer)')
  .option('--prometheus <address>', 'http://[name:password@]host:port[/path]', 'http://127.0.0.1:9090')
  .option('--out <directory>', 'where to write', '.')
  .option('--policy <file>', 'the policy', 'alerts/policy.yaml')
  .option('--from-snapshot <file>', 'draw a snapshot written before; asks no Prometheus')
  .addHelpText('after', '\nEnds with 0: written, 2: written with gaps, 3: not written.')
  .exitOverride();

try {
  process.exitCode = await run(program.parse().opts<Options>());
} catch (error) {
  process.exitCode = exitCodes.refused;
  if (error instanceof CommanderError) {
    // commander has printed what is wrong, or the help that was asked for.
    if (error.exitCode === 0) process.exitCode = 0;
  } else process.stderr.write(`No report: ${error instanceof Error ? error.message : String(error)}\n`);
}

async function run({ customer, out, fromSnapshot, ...wanted }: Options): Promise<number> {
  const snapshot =
    fromSnapshot === undefined
      ? await measureReport({ ...wanted, customer: customer ?? noCustomer() }, Date.now() / 1000)
      : await readSnapshot(fromSnapshot);
  const { files, gaps } = await writeReport(snapshot, out, drawReport);
  process.stdout.write([...files, ...gaps.map((gap) => `Gap: ${gap}`), ''].join('\n'));
  return gaps.length === 0 ? exitCodes.whole : exitCodes.gaps;
}

function noCustomer(): never {
  throw new Error('whose? Add --customer with a name from the policy.');
}
