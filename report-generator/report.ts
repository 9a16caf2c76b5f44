import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parsePolicy, type Policy } from '../alerts/policy.ts';
import { suggestion } from '../alerts/policy/mistake.ts';
import type { Drawn } from './draw.ts';
import { unreadable } from './file-error.ts';
import { gapsOf } from './gaps.ts';
import { settling } from './incidents.ts';
import type { Subject } from './measure.ts';
import { folderOf, type Place, publish } from './output.ts';
import { tablesOf } from './csv.ts';
import { lastFullMonth, monthPeriod } from './period.ts';
import { type Snapshot, snapshotSchema, snapshotText } from './snapshot.ts';

/** A policy file and what it says. */
export interface PolicyFile {
  readonly path: string;
  readonly text: string;
  readonly policy: Policy;
}

/** @throws Error that lists every mistake, or says why the file cannot be read. */
export async function readPolicyFile(path: string): Promise<PolicyFile> {
  const text = await readText(path);
  return { path, text, policy: refused(`${path} is not a valid policy:\n`, () => parsePolicy(text)) };
}

/**
 * Whose month is reported: the month asked for, or the last one that is over for the customer.
 * @param now unix seconds.
 * @throws Error that says what to do, when the customer or the month is none.
 */
export function subjectOf(
  { path, text, policy }: PolicyFile,
  { customer, month: asked }: { readonly customer: string; readonly month?: string | undefined },
  now: number,
): Subject & { readonly zone: string } {
  // A name like __proto__ is no customer.
  const described = Object.hasOwn(policy.customers, customer) ? policy.customers[customer] : undefined;
  if (described === undefined)
    throw new Error(
      `${path} has no customer ${JSON.stringify(customer)}. ${suggestion(customer, Object.keys(policy.customers))}`,
    );
  const { zone } = described;
  const month = asked ?? lastFullMonth(now - settling, zone);
  const { end } = monthPeriod(month, zone);
  if (now < end + settling)
    throw new Error(
      `${month} is not over in ${zone}. Its report can be made from ${new Date((end + settling) * 1000).toISOString()}.`,
    );
  return { policy, policyText: text, customer, month, zone };
}

/** Reads a snapshot written before. @throws Error when the file is none. */
export async function readSnapshot(path: string): Promise<Snapshot> {
  const text = await readText(path);
  return refused(`${path} is no snapshot of a report: `, () => snapshotSchema.parse(JSON.parse(text)));
}

/** Draws a snapshot. */
export type Draw = (snapshot: Snapshot) => Promise<Drawn>;

/** A report on the disk. */
export interface Written {
  readonly files: readonly string[];
  /** What a reader should know is missing. */
  readonly gaps: readonly string[];
}

/**
 * Draws a snapshot and writes the report into `out/customer/month`, as a whole or not at all.
 * @throws Error when the report that is there saw more of the month, unless `replace`: Prometheus forgets, paper does not.
 */
export async function writeReport(
  snapshot: Snapshot,
  { out, replace }: { readonly out: string; readonly replace: boolean },
  draw: Draw,
): Promise<Written> {
  const place: Place = { out, customer: snapshot.customer.id, month: snapshot.month };
  if (!replace) await keepBetter(snapshot, place);
  const { pdf, html, missingGlyphs } = await draw(snapshot);
  const files = await publish(
    [
      { name: 'report.pdf', content: pdf },
      { name: 'report.html', content: html },
      { name: 'snapshot.json', content: snapshotText(snapshot) },
      ...tablesOf(snapshot),
    ],
    place,
  );
  return { files, gaps: gapsOf(snapshot, missingGlyphs) };
}

/** Of whatever version the one on the disk is. */
const watched = z.object({
  evaluation: z.array(z.object({ ruleGroup: z.string(), evaluations: z.number() })),
});

/** Only rule groups that both know are compared: another version of the rules may have others. */
async function keepBetter(snapshot: Snapshot, place: Place): Promise<void> {
  const path = join(folderOf(place), 'snapshot.json');
  const before = evaluationsIn(await readFile(path, 'utf8').catch(() => ''));
  const both = snapshot.evaluation.filter(({ ruleGroup }) => before.has(ruleGroup));
  const now = sum(both.map(({ evaluations }) => evaluations));
  const then = sum(both.map(({ ruleGroup }) => before.get(ruleGroup) ?? 0));
  if (then <= now) return;
  throw new Error(
    `${path} was made from ${then} evaluations of the rules, and Prometheus has ${now} of them now. It is kept. Draw it again with --from-snapshot, or add --replace.`,
  );
}

function evaluationsIn(text: string): ReadonlyMap<string, number> {
  try {
    const { evaluation } = watched.parse(JSON.parse(text));
    return new Map(evaluation.map(({ ruleGroup, evaluations }) => [ruleGroup, evaluations]));
  } catch {
    return new Map();
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(error, path);
  }
}

function refused<T>(what: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw new Error(`${what}${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
