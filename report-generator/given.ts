import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, unreadable } from './file-error.ts';
import type { Inputs } from './inputs.ts';
import { readSnapshot } from './report.ts';

/** What an operator gives beside Prometheus and the policy. */
export interface Given {
  /** A snapshot written at onboarding, or a folder with one per customer: `acme.json`. */
  readonly baseline?: string;
  /** A folder with what people wrote: `acme/2026-10.md`. */
  readonly notes?: string;
}

/**
 * What there is for one report. Nobody needs to write a note, or have a baseline in a folder; a file that is named must be there.
 * @throws Error when a file cannot be read, or is of another customer.
 */
export async function readGiven(given: Given, customer: string, month: string): Promise<Inputs> {
  const [baseline, notes] = await Promise.all([
    readBaseline(given, customer),
    given.notes === undefined ? undefined : readNote(join(given.notes, customer, `${month}.md`)),
  ]);
  return { ...(baseline === undefined ? {} : { baseline }), ...(notes === undefined ? {} : { notes }) };
}

async function readBaseline({ baseline }: Given, customer: string): Promise<Inputs['baseline']> {
  if (baseline === undefined) return undefined;
  const folder = (await stat(baseline).catch(() => undefined))?.isDirectory() === true;
  const path = folder ? join(baseline, `${customer}.json`) : baseline;
  if (folder && (await stat(path).catch(() => undefined)) === undefined) return undefined;
  const snapshot = await readSnapshot(path);
  if (snapshot.customer.id === customer) return snapshot;
  throw new Error(
    `${path} is the baseline of ${snapshot.customer.id}, not of ${customer}. For several customers give a folder with acme.json and so on.`,
  );
}

async function readNote(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (reasonOf(error) === 'ENOENT') return undefined;
    throw unreadable(error, path);
  }
}
