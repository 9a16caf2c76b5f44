import { z } from 'zod';
import { readTime } from '../vulnerability/times.ts';

const statusSchema = z.object({
  built: z.string().nullish(),
  valid: z.boolean().optional(),
  error: z.unknown().optional(),
});

/** Data of schema 5 (grype before 0.88) say it here, of schema 6 in `status`; see dbInfo in cmd/grype/cli/commands/root.go of grype. */
export const databaseSchema = statusSchema.extend({
  status: statusSchema.nullish(),
  providers: z.record(z.string(), z.unknown()).nullish(),
});

export interface Database {
  /** As of when the data are, unix seconds; undefined when it does not say. */
  readonly built: number | undefined;
  readonly error: string | undefined;
  /** Whether the data name what is exploited in the wild. */
  readonly marksExploited: boolean;
}

/** What a report says of the database behind it. */
export function databaseOf(database: z.infer<typeof databaseSchema> | null | undefined): Database {
  const status = database?.status ?? database ?? undefined;
  return {
    built: readTime(status?.built),
    error: errorOf(status),
    marksExploited: database?.providers !== undefined && Object.hasOwn(database.providers ?? {}, 'kev'),
  };
}

function errorOf(status: z.infer<typeof statusSchema> | undefined): string | undefined {
  const { error, valid } = status ?? {};
  if (typeof error === 'string' && error !== '') return error;
  return valid === false ? 'it was not valid' : undefined;
}
