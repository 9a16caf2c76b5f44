import { readArchive } from './archive.ts';
import { deliver, type Delivery } from './delivery.ts';
import { type Given, readGiven } from './given.ts';
import type { Inputs } from './inputs.ts';
import { measure, trendMonths } from './measure.ts';
import { monthPeriod, monthsUpTo } from './period.ts';
import type { Connection } from './prometheus-connection.ts';
import { type Asking, prometheusAt } from './prometheus.ts';
import { type Draw, type PolicyFile, subjectOf, writeReport } from './report.ts';
import { forgottenOf } from './retention.ts';
import { exitCodes, type Outcome } from './outcome.ts';
import type { Snapshot } from './snapshot.ts';

/** What the reports of a run have in common. */
export interface Run {
  readonly policyFile: PolicyFile;
  readonly month: string | undefined;
  readonly connection: Connection;
  readonly asking: Asking;
  readonly out: string;
  /** Where the reports of earlier months are. */
  readonly archive: string;
  readonly replace: boolean;
  /** Unix seconds. */
  readonly now: number;
  /** What is given for all of them. */
  readonly inputs: Inputs;
  readonly given: Given;
  readonly draw: Draw;
  /** Undefined when nothing is sent. */
  readonly delivery: Delivery | undefined;
}

/** Makes one report. Never fails: what goes wrong with one customer is no matter of the others. */
export async function reportOf(customer: string, run: Run, say: (step: string) => void): Promise<Outcome> {
  try {
    return await made(customer, run, say);
  } catch (error) {
    return refusedBy(customer, error);
  }
}

/** The outcome of a report that could not be made. */
export function refusedBy(customer: string, error: unknown): Outcome {
  const refusal = error instanceof Error ? error.message : String(error);
  return { customer, exitCode: exitCodes.refused, files: [], gaps: [], notes: [], refusal };
}

async function made(customer: string, run: Run, say: (step: string) => void): Promise<Outcome> {
  const { zone, ...subject } = subjectOf(run.policyFile, { customer, month: run.month }, run.now);
  const earlier = monthsUpTo(subject.month, trendMonths).slice(0, -1);
  const { snapshots, ignored } = await readArchive({ directory: run.archive, customer, zone }, earlier);
  const { tenant } = subject.policy.customers[customer]?.report ?? {};
  // Each customer asks anew: what could not be reached for one may be there for the next.
  const prometheus = prometheusAt(ofTenant(run.connection, tenant), run.asking);
  say(`${subject.month}: asking Prometheus`);
  const forgotten = await forgottenOf(prometheus, subject.policy, monthPeriod(subject.month, zone), run.now);
  const inputs = { ...run.inputs, ...(await readGiven(run.given, customer, subject.month)) };
  const snapshot = await measure({ ...subject, inputs, archived: snapshots }, prometheus);
  say(`${subject.month}: drawing`);
  const outcome = await written(snapshot, run, forgotten);
  return { ...outcome, notes: [...ignored, ...outcome.notes] };
}

/**
 * Draws and writes a snapshot, and sends it where that is wanted.
 * @param forgotten what is missing and no indicator says.
 * @throws Error when it cannot be written.
 */
export async function written(
  snapshot: Snapshot,
  { draw, delivery, ...where }: Pick<Run, 'out' | 'replace' | 'draw' | 'delivery'>,
  forgotten: readonly string[] = [],
): Promise<Outcome> {
  const { files, gaps: missing } = await writeReport(snapshot, where, draw);
  const gaps = [...forgotten, ...missing];
  const exitCode = gaps.length === 0 ? exitCodes.whole : exitCodes.gaps;
  const { customer, period } = snapshot;
  const outcome = { customer: customer.id, exitCode, files, gaps, notes: [], monthStart: period.start };
  return delivery === undefined ? outcome : deliver(outcome, snapshot, delivery);
}

function ofTenant(connection: Connection, tenant: string | undefined): Connection {
  if (tenant === undefined) return connection;
  return { ...connection, headers: { ...connection.headers, 'x-scope-orgid': tenant } };
}
