import { z } from 'zod';
import { problemOf, type Host, type Problem } from '../../collector.ts';
import { recordName } from '../../job-record.ts';
import type { Check } from '../backup/facts.ts';
import type { Candidate } from './candidates.ts';

/** Verdicts that are kept per job. */
const kept = 200;

const memorySchema = z.object({
  format: z.literal(1),
  files: z.array(
    z.object({
      path: z.string(),
      version: z.string(),
      /** When it was written, unix seconds. */
      taken: z.number(),
      /** When it was read through, unix seconds. */
      at: z.number(),
      /** What was missing. */
      missing: z.string().exactOptional(),
    }),
  ),
});
type Memory = z.infer<typeof memorySchema>;

/** Reads a file through once, and gives what that told from then on. */
export type Tested = (
  dump: Candidate,
  checksum: string,
  read: () => Promise<string | undefined>,
) => Promise<string | undefined>;

/** What is remembered of the files of one job that were read through. */
export interface TestMemory {
  readonly tested: Tested;
  /** What reading told of the newest restore point; of the newest file that was ever read where that one was not. */
  readonly check: (newest: readonly Candidate[]) => Check | undefined;
  /** Writes down what is new. */
  readonly keep: () => Promise<readonly Problem[]>;
}

/** A memory that is lost costs one more reading of each file. */
export async function testMemory(host: Host, job: string): Promise<TestMemory> {
  const name = `dump-${recordName(job)}`;
  const { document, problems } = await host.state.read(name);
  const before = memorySchema.safeParse(document).data?.files ?? [];
  let files: Memory['files'] = before;
  return {
    tested: async (dump, checksum, read) => {
      const version = `${dump.version} ${checksum}`;
      const known = files.find((file) => file.path === dump.path && file.version === version);
      if (known !== undefined) return known.missing;
      const missing = await read();
      const verdict = {
        path: dump.path,
        version,
        taken: dump.time,
        at: host.now(),
        ...(missing === undefined ? {} : { missing }),
      };
      files = [verdict, ...files.filter(({ path }) => path !== dump.path)].slice(0, kept);
      return missing;
    },
    check: (newest) => {
      const own = files.filter(({ path, version }) =>
        newest.some((dump) => dump.path === path && version.startsWith(`${dump.version} `)),
      );
      const read = own.length > 0 ? own : files.toSorted((a, b) => b.taken - a.taken).slice(0, 1);
      if (read.length === 0) return undefined;
      const success = read.every(({ missing }) => missing === undefined);
      return { depth: 'data', at: Math.max(...read.map(({ at }) => at)), success };
    },
    keep: async () => {
      if (files === before) return problems;
      try {
        await host.state.write(name, { format: 1, files } satisfies Memory);
        return problems;
      } catch (error) {
        return [...problems, problemOf(error)];
      }
    },
  };
}
