import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import type { EvidenceRecord } from './evidence.ts';

/** Which records to print; whatever is left out does not matter. */
export interface EvidenceFilter {
  /** A day, a month or a time, as in ISO 8601, UTC; from its beginning. */
  readonly since?: string | undefined;
  /** The same; to its end: `2026-10` is all of October. */
  readonly until?: string | undefined;
  readonly kind?: string | undefined;
  readonly outcome?: string | undefined;
  readonly tool?: string | undefined;
  readonly actor?: string | undefined;
  /** Name of a package. */
  readonly packageName?: string | undefined;
}

export const evidenceFormats = ['json', 'csv'] as const;

/**
 * The records that match, oldest event first, each event once.
 * @throws Error when a date is none.
 */
export function selectEvidence(
  records: readonly EvidenceRecord[],
  filter: EvidenceFilter,
): readonly EvidenceRecord[] {
  const since = filter.since === undefined ? -Infinity : periodOf(filter.since).start;
  const until = filter.until === undefined ? Infinity : periodOf(filter.until).end;
  const byId = new Map(records.toReversed().map((record) => [record.id, record]));
  return [...byId.values()]
    .filter((record) => {
      const at = Date.parse(record.at);
      return (
        at >= since &&
        at < until &&
        matches(record.kind, filter.kind) &&
        matches(record.outcome, filter.outcome) &&
        matches(record.tool, filter.tool) &&
        matches(record.actor, filter.actor) &&
        (filter.packageName === undefined ||
          packagesOf(record).some(({ name }) => name === filter.packageName))
      );
    })
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function matches(value: string | undefined, wanted: string | undefined): boolean {
  return wanted === undefined || value === wanted;
}

/** Milliseconds: where a month, a day or a moment begins and ends. */
function periodOf(text: string): { readonly start: number; readonly end: number } {
  const start = /^\d{4}-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?)?$/.test(
    text,
  )
    ? Date.parse(/T[^Z+-]*$/.test(text) ? `${text}Z` : text)
    : NaN;
  if (!Number.isFinite(start))
    throw new Error(
      `${text} is no date; write a month (2026-10), a day (2026-10-31) or a time (2026-10-31T08:00Z)`,
    );
  if (text.length === 7) {
    const next = new Date(start);
    return { start, end: next.setUTCMonth(next.getUTCMonth() + 1) };
  }
  return { start, end: text.length === 10 ? start + 86_400_000 : start + 1 };
}

/** JSON: one array. CSV (RFC 4180): one row per package, so that a spreadsheet can filter; a value that would be a formula is quoted with `'`. */
export function formatEvidence(
  records: readonly EvidenceRecord[],
  format: (typeof evidenceFormats)[number],
): string {
  if (format === 'json') return `${JSON.stringify(records, undefined, 2)}\n`;
  return stringify(records.flatMap(rowsOf), {
    header: true,
    columns: [
      'at',
      'device',
      'kind',
      'tool',
      'outcome',
      'actor',
      'package',
      'from',
      'to',
      'package_failed',
      'command',
      'details',
      'source',
      'recorded_at',
      'id',
      'hash',
    ],
    escape_formulas: true,
  });
}

const packagesSchema = z.array(
  z.object({
    name: z.string(),
    from: z.string().optional(),
    to: z.string().optional(),
    failed: z.boolean().optional(),
  }),
);

function packagesOf(record: EvidenceRecord): z.infer<typeof packagesSchema> {
  return packagesSchema.safeParse(record.details['packages']).data ?? [];
}

function rowsOf(record: EvidenceRecord) {
  const { at, device, kind, tool, outcome, actor, source, recorded_at, id, hash } = record;
  const { packages: _, command, ...others } = record.details;
  const common = {
    at,
    device,
    kind,
    tool,
    outcome,
    actor,
    source,
    recorded_at,
    id,
    hash,
    command: typeof command === 'string' ? command : undefined,
    details: Object.keys(others).length === 0 ? undefined : JSON.stringify(others),
  };
  const packages = packagesOf(record);
  if (packages.length === 0) return [common];
  return packages.map(({ name, from, to, failed }) => ({
    ...common,
    package: name,
    from,
    to,
    package_failed: failed === true ? 'yes' : undefined,
  }));
}
