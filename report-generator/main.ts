#!/usr/bin/env node
import { CommanderError } from 'commander';
import { readAcknowledgements } from './acknowledgements/acknowledgement.ts';
import { acknowledgementFile } from './acknowledgements/file.ts';
import { refusedBy, reportOf, type Run, written } from './batch.ts';
import { exitCodes, type Outcome } from './outcome.ts';
import { type Options, parseOptions } from './command-line.ts';
import { readDelivery } from './delivery.ts';
import { drawReport } from './draw.ts';
import { freshnessOf, writeFreshness } from './freshness.ts';
import type { Inputs } from './inputs.ts';
import { withProgress } from './progress.ts';
import { readConnection } from './prometheus-connection.ts';
import { usualPatience } from './prometheus-retry.ts';
import { type PolicyFile, readPolicyFile, readSnapshot } from './report.ts';
import { tellAll, tellOne } from './told.ts';

try {
  const options = parseOptions(process.argv, Date.now() / 1000);
  process.exitCode = tell(await run(options), options);
} catch (error) {
  process.exitCode = exitCodes.refused;
  if (error instanceof CommanderError) {
    // commander has printed what is wrong, or the help that was asked for.
    if (error.exitCode === 0) process.exitCode = 0;
  } else process.stderr.write(`No report: ${error instanceof Error ? error.message : String(error)}\n`);
}

interface Ran {
  readonly outcomes: readonly Outcome[];
  /** Why nothing watches the reports. */
  readonly unwatched?: string | undefined;
}

async function run(options: Options): Promise<Ran> {
  const { customer, allCustomers, fromSnapshot, out, replace, quiet, at: now } = options;
  if (fromSnapshot !== undefined) {
    const snapshot = await readSnapshot(fromSnapshot);
    const wanted = options.send || options.dryRun;
    const delivery = wanted
      ? await readDelivery(options, (await readPolicyFile(options.policy)).policy)
      : undefined;
    const where = { out, replace, draw: drawReport, delivery };
    const outcome = await written(snapshot, where).catch((error: unknown) =>
      refusedBy(snapshot.customer.id, error),
    );
    return { outcomes: [outcome] };
  }
  if (customer === undefined && !allCustomers)
    throw new Error('whose? Add --customer with a name from the policy, or --all-customers.');
  const policyFile = await readPolicyFile(options.policy);
  const common: Run = {
    policyFile,
    month: options.month,
    connection: await readConnection(options),
    asking: { timeout: options.timeout, patience: usualPatience },
    out,
    archive: options.archive ?? out,
    replace,
    now,
    inputs: await readInputs(options),
    given: options,
    draw: drawReport,
    delivery: await readDelivery(options, policyFile.policy),
  };
  const customers = customer === undefined ? Object.keys(policyFile.policy.customers) : [customer];
  const outcomes = await withProgress(customers, (one, say) => reportOf(one, common, say), quiet);
  return { outcomes, unwatched: await watch(outcomes, options.metricsFile, policyFile) };
}

/** A file that cannot be written must not hide what became of the reports. */
async function watch(
  outcomes: readonly Outcome[],
  metricsFile: string | undefined,
  { policy }: PolicyFile,
): Promise<string | undefined> {
  if (metricsFile === undefined) return undefined;
  const fresh = outcomes.flatMap((outcome) => freshnessOf(outcome, Date.now() / 1000));
  try {
    await writeFreshness(metricsFile, fresh, Object.keys(policy.customers));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What is given beside Prometheus and the policy. */
async function readInputs({ acknowledgements }: Options): Promise<Inputs> {
  if (acknowledgements === undefined) return {};
  return { acknowledgements: await readAcknowledgements([acknowledgementFile(acknowledgements)]) };
}

/** @returns the worst exit code. */
function tell({ outcomes, unwatched }: Ran, { allCustomers, quiet }: Options): number {
  for (const outcome of outcomes) {
    const { out, error } = tellOne(outcome, { quiet, many: allCustomers });
    for (const line of out) process.stdout.write(`${line}\n`);
    for (const line of error) process.stderr.write(`${line}\n`);
  }
  if (allCustomers && !quiet) process.stdout.write(`${tellAll(outcomes)}\n`);
  if (unwatched !== undefined)
    process.stderr.write(`Nobody will notice a report that is missing: ${unwatched}\n`);
  return Math.max(
    unwatched === undefined ? exitCodes.whole : exitCodes.gaps,
    ...outcomes.map(({ exitCode }) => exitCode),
  );
}
