import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePolicy } from '../alerts/policy.ts';
import { suggestion } from '../alerts/policy/mistake.ts';
import { settling } from './incidents.ts';
import { measure } from './measure.ts';
import { lastFullMonth, monthPeriod } from './period.ts';
import { prometheusAt } from './prometheus.ts';
import { type Indicator, type Snapshot, snapshotSchema, snapshotText } from './snapshot.ts';

/** What a report is asked for. */
export interface Wanted {
  /** The `customer` label. */
  readonly customer: string;
  /** `2026-10`; the last full month of the customer unless told. */
  readonly month?: string | undefined;
  /** Address of the Prometheus. */
  readonly prometheus: string;
  /** The policy file. */
  readonly policy: string;
}

/** Draws a snapshot; the glyphs are those its fonts lack. */
export type Draw = (
  snapshot: Snapshot,
) => Promise<{ readonly pdf: Buffer; readonly missingGlyphs: readonly string[] }>;

/**
 * Measures a month that is over.
 * @param now unix seconds.
 * @throws Error that says what to do, when the customer or the month is none or Prometheus cannot answer.
 */
export async function measureReport(wanted: Wanted, now: number): Promise<Snapshot> {
  const { customer, policy: policyFile } = wanted;
  const policyText = await readText(policyFile);
  const policy = refused(`${policyFile} is not a valid policy:\n`, () => parsePolicy(policyText));
  // A name like __proto__ is no customer.
  const described = Object.hasOwn(policy.customers, customer) ? policy.customers[customer] : undefined;
  if (described === undefined)
    throw new Error(
      `${policyFile} has no customer ${JSON.stringify(customer)}. ${suggestion(customer, Object.keys(policy.customers))}`,
    );
  const month = wanted.month ?? lastFullMonth(now - settling, described.zone);
  const { end } = monthPeriod(month, described.zone);
  if (now < end + settling)
    throw new Error(
      `${month} is not over in ${described.zone}. Its report can be made from ${new Date((end + settling) * 1000).toISOString()}.`,
    );
  return measure({ policy, policyText, customer, month }, prometheusAt(wanted.prometheus));
}

/** Reads a snapshot written before. @throws Error when the file is none. */
export async function readSnapshot(path: string): Promise<Snapshot> {
  const text = await readText(path);
  return refused(`${path} is no snapshot of a report: `, () => snapshotSchema.parse(JSON.parse(text)));
}

/**
 * Draws a snapshot and writes `report.pdf` and `snapshot.json`. Whoever reads them meanwhile sees the old ones or the new.
 * @returns the files, and what a reader should know is missing.
 */
export async function writeReport(
  snapshot: Snapshot,
  directory: string,
  draw: Draw,
): Promise<{ readonly files: readonly string[]; readonly gaps: readonly string[] }> {
  const { pdf, missingGlyphs } = await draw(snapshot);
  await mkdir(directory, { recursive: true });
  const contents: readonly (readonly [string, string | Buffer])[] = [
    [join(directory, 'report.pdf'), pdf],
    [join(directory, 'snapshot.json'), snapshotText(snapshot)],
  ];
  const drafts = contents.map(([path, content]) => ({ path, content, draft: `${path}.${process.pid}.tmp` }));
  try {
    for (const { draft, content } of drafts) await writeFile(draft, content);
    for (const { draft, path } of drafts) await rename(draft, path);
  } finally {
    for (const { draft } of drafts) await rm(draft, { force: true });
  }
  return {
    files: contents.map(([path]) => path),
    gaps: [...snapshot.indicators.flatMap(gapOf), ...glyphGap(missingGlyphs)],
  };
}

/** What the month does not show of an indicator, and where to look. */
function gapOf({ id, verdict, reason, coverage }: Indicator): readonly string[] {
  if (verdict === 'none') {
    const why =
      reason === 'no_evaluations'
        ? 'no rule was evaluated in the month. Did Prometheus run, and does it keep thirteen months?'
        : 'the rules ran and recorded nothing of it. Are the rules and the policy of the same version?';
    return [`${id}: no data, ${why}`];
  }
  if (verdict !== 'unknown') return [];
  const objects = coverage.objects === null ? '' : `${percent(coverage.objects)} of the objects known, `;
  return [`${id}: unknown, ${objects}${percent(coverage.time)} of the month watched`];
}

function glyphGap(missing: readonly string[]): readonly string[] {
  return missing.length === 0 ? [] : [`characters the fonts lack: ${missing.join(' ')}`];
}

/** Never rounded up: 99.96% known is not 100%. */
function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} cannot be read: ${why}`, { cause: error });
  }
}

function refused<T>(what: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw new Error(`${what}${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
