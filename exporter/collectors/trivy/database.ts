import { z } from 'zod';
import { CollectorError } from '../../collector.ts';
import { readTime } from '../vulnerability/times.ts';

/** As `db/metadata.json` in trivy's cache, and `VulnerabilityDB` of `trivy version --format json`; see pkg/metadata of trivy-db. */
export const databaseSchema = z.object({ UpdatedAt: z.string(), DownloadedAt: z.string().optional() });

const fileSchema = z.union([
  z.object({ VulnerabilityDB: databaseSchema }).transform((version) => version.VulnerabilityDB),
  databaseSchema,
]);

export interface Database {
  /** As of when the data are, unix seconds. */
  readonly updated: number;
  /** When they came to this host, unix seconds. */
  readonly downloaded: number | undefined;
}

/**
 * Reads what trivy says of its database.
 * @throws CollectorError unexpected_output.
 */
export function parseDatabase(text: string): Database {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\u{FEFF}/u, ''));
  } catch (error) {
    throw notADatabase(error);
  }
  const { data, error } = fileSchema.safeParse(value);
  const updated = readTime(data?.UpdatedAt);
  if (data === undefined || updated === undefined) throw notADatabase(error);
  return { updated, downloaded: readTime(data.DownloadedAt) };
}

/** Nothing when the database was renewed after the scan: that is not the one the scan used. */
export function databaseOfScan({ updated, downloaded }: Database, scannedAt: number): number | undefined {
  return Math.max(updated, downloaded ?? updated) <= scannedAt ? updated : undefined;
}

function notADatabase(cause: unknown): CollectorError {
  return new CollectorError(
    'unexpected_output',
    'does not say when the vulnerability database was updated; write it with trivy version --format json',
    { cause },
  );
}
