import { z } from 'zod';
import { words } from './job.ts';

/** What a restored PostgreSQL is asked. */
export const restoreQuerySchema = z.strictObject({
  sql: words('an SQL statement')
    .optional()
    .describe(
      'Its only value must be `t`, such as that the newest row of a heartbeat table is recent; without it the catalogue of every database is read.',
    ),
  database: words('the name of a database').default('postgres').describe('The database it is asked of.'),
  role: words('the name of a role').default('postgres').describe('The role that asks; a superuser.'),
});
export type RestoreQuery = z.infer<typeof restoreQuerySchema>;
