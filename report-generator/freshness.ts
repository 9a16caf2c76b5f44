import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { metrics, vector } from '../exporter/metrics.ts';
import type { Outcome } from './outcome.ts';
import { unwritable } from './file-error.ts';

/** What is exported of the newest report of a customer. */
export interface Freshness {
  /** The customer, as in the policy. */
  readonly report: string;
  /** When it was written, unix seconds. */
  readonly writtenAt: number;
  /** When its month began, unix seconds. */
  readonly month: number;
  readonly gaps: number;
}

/** Of a report that was made, and sent where that was wanted; none of others. @param now unix seconds. */
export function freshnessOf(
  { customer, refusal, unsent, monthStart, gaps }: Outcome,
  now: number,
): readonly Freshness[] {
  if (refusal !== undefined || unsent !== undefined || monthStart === undefined) return [];
  return [{ report: customer, writtenAt: now, month: monthStart, gaps: gaps.length }];
}

const columns = [
  ['maintenance_report_last_success_timestamp_seconds', 'writtenAt'],
  ['maintenance_report_month_timestamp_seconds', 'month'],
  ['maintenance_report_gaps', 'gaps'],
] as const;

/**
 * Writes a file for the textfile collector of node_exporter, as a whole or not at all. Who had no report this time keeps
 * the last one: its age is the alarm.
 * @param customers those of the policy; others are forgotten.
 * @throws Error that says what to do, when the file cannot be written.
 */
export async function writeFreshness(
  path: string,
  fresh: readonly Freshness[],
  customers: readonly string[],
): Promise<void> {
  const before = parseFreshness(await readFile(path, 'utf8').catch(() => ''));
  const known = new Map([...before, ...fresh].map((one) => [one.report, one]));
  const kept = [...known.values()].filter(({ report }) => customers.includes(report));
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', 0o644);
    try {
      await file.writeFile(freshnessText(kept));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw unwritable(error, path);
  }
}

export function freshnessText(reports: readonly Freshness[]): string {
  const sorted = reports.toSorted((one, other) => (one.report < other.report ? -1 : 1));
  const lines = columns.flatMap(([name, column]) => {
    const { help, type } = metrics[name];
    const samples = sorted.map((one) => `${vector(name, { report: one.report })} ${one[column]}`);
    return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples];
  });
  return `${lines.join('\n')}\n`;
}

/** What an earlier run wrote; a customer with less than all of it is left out. */
export function parseFreshness(text: string): readonly Freshness[] {
  const values = new Map<string, Map<string, number>>();
  for (const [, name = '', report = '', value] of text.matchAll(
    /^(\w+)\{report="([a-z0-9-]+)"\} (\d+(?:\.\d+)?)$/gm,
  )) {
    const one = values.get(report) ?? new Map<string, number>();
    values.set(report, one.set(name, Number(value)));
  }
  return [...values].flatMap(([report, one]) => {
    const [writtenAt, month, gaps] = columns.map(([name]) => one.get(name));
    if (writtenAt === undefined || month === undefined || gaps === undefined) return [];
    return [{ report, writtenAt, month, gaps }];
  });
}
