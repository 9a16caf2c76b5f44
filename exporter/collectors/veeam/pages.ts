import { z } from 'zod';
import { CollectorError } from '../../collector.ts';
import { decode } from './decode.ts';
import type { LoggedIn } from './login.ts';

const pageSize = 500;
const pagesAtMost = 400;

export const pageSchema = z.object({
  data: z.array(z.unknown()),
  pagination: z.object({ total: z.number() }).nullish(),
});

/** All of a list, page by page. @param path with a question mark. */
export async function pages(server: LoggedIn, path: string, what: string): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (let page = 0; page < pagesAtMost; page += 1) {
    // oxlint-disable-next-line no-await-in-loop -- the first page tells how many there are
    const answer = await server.ask(`${path}skip=${found.length}&limit=${pageSize}`);
    const { data, pagination } = decode(answer, `${what} (page ${page + 1})`, pageSchema);
    found.push(...data);
    const more =
      pagination === null || pagination === undefined
        ? data.length === pageSize
        : found.length < pagination.total;
    if (!more || data.length === 0) return found;
  }
  throw new CollectorError(
    'output_too_large',
    `${what} has more than ${pagesAtMost} pages; what they say together is unknown`,
  );
}
