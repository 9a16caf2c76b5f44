import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from './file-error.ts';
import { folderOf } from './output.ts';
import { monthPeriod } from './period.ts';
import { type Indicator, type Snapshot, snapshotSchema } from './snapshot.ts';

/** Where earlier reports are: the folder they were written to with `--out`. */
export interface Archive {
  readonly directory: string;
  readonly customer: string;
  readonly zone: string;
}

/** Reports of earlier months, and why those that cannot be used cannot. */
export interface Archived {
  readonly snapshots: readonly Snapshot[];
  /** A sentence each, with the file. */
  readonly ignored: readonly string[];
}

/**
 * The snapshots of the months asked for that are in the archive, whole and of this customer. A month of another zone has
 * other hours. What is damaged, foreign or of another version is named and ignored: Prometheus is asked instead.
 */
export async function readArchive(archive: Archive, months: readonly string[]): Promise<Archived> {
  const found = await Promise.all(months.map((month) => readMonth(archive, month)));
  return {
    snapshots: found.flatMap((one) => (typeof one === 'object' ? [one] : [])),
    ignored: found.flatMap((one) => (typeof one === 'string' ? [one] : [])),
  };
}

/** The snapshot, undefined where there is none, or why it is ignored. */
async function readMonth(
  { directory, customer, zone }: Archive,
  month: string,
): Promise<Snapshot | string | undefined> {
  const folder = folderOf({ out: directory, customer, month });
  const path = join(folder, 'snapshot.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return reasonOf(error) === 'ENOENT'
      ? undefined
      : `${path} is ignored: it cannot be read (${reasonOf(error)}).`;
  }
  const reason = (await changed(folder, text)) ?? unusable(text, { customer, zone, month });
  return typeof reason === 'object' ? reason : `${path} is ignored: ${reason}.`;
}

/** Without sums nothing can be said against it. */
async function changed(folder: string, text: string): Promise<string | undefined> {
  const sums = await readFile(join(folder, 'SHA256SUMS'), 'utf8').catch(() => '');
  const [, sum] = /^([0-9a-f]{64}) [ *]snapshot\.json$/m.exec(sums) ?? [];
  if (sum === undefined || sum === createHash('sha256').update(text).digest('hex')) return undefined;
  return 'it was changed after it was written, SHA256SUMS says';
}

function unusable(
  text: string,
  { customer, zone, month }: { readonly customer: string; readonly zone: string; readonly month: string },
): Snapshot | string {
  const snapshot = parsed(text);
  if (snapshot === undefined) return 'it is damaged, or of another version of this program';
  if (snapshot.customer.id !== customer) return `it is of customer ${snapshot.customer.id}`;
  if (snapshot.month !== month) return `it is of ${snapshot.month}`;
  const { start, end } = monthPeriod(month, zone);
  if (snapshot.customer.zone !== zone || snapshot.period.start !== start || snapshot.period.end !== end)
    return `it was made for ${snapshot.customer.zone}, and the policy says ${zone}`;
  return snapshot;
}

function parsed(text: string): Snapshot | undefined {
  try {
    return snapshotSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

type Trend = Indicator['trend'];

/**
 * The months of an indicator: those that were measured now, and for the others what their own reports said. What an
 * archived report does not have was nothing anybody expected then.
 */
export function trendOf(
  id: string,
  months: readonly string[],
  measured: Trend,
  archived: readonly Snapshot[],
): Trend {
  return months.map((month) => {
    const now = measured.find((point) => point.month === month);
    const then = archived
      .find((snapshot) => snapshot.month === month)
      ?.indicators.find((indicator) => indicator.id === id)
      ?.trend.at(-1);
    return now ?? then ?? { month, value: null, time: 0 };
  });
}
