import { z } from 'zod';
import { type Host, problemOf, type Problem } from '../../collector.ts';
import { recordName } from '../../job-record.ts';

const detailsSchema = z.object({
  /** Seconds. */
  duration: z.number().exactOptional(),
  bytes: z.number().exactOptional(),
  files: z.number().exactOptional(),
  /** Asking took too long: it is not asked again. */
  too_slow: z.literal(true).exactOptional(),
});
/** What only `borg info` knows of an archive; it never changes. */
export type Details = z.infer<typeof detailsSchema>;

const memorySchema = z.object({ format: z.literal(1), archives: z.record(z.string(), detailsSchema) });

/** Archives whose details are kept. */
const kept = 10;

/** Details of archives of a job by id, from earlier runs. Without them they are asked again. */
export async function recallDetails(
  host: Host,
  tool: string,
  job: string,
): Promise<{ readonly details: ReadonlyMap<string, Details>; readonly problems: readonly Problem[] }> {
  try {
    const { document, problems } = await host.state.read(nameOf(tool, job));
    const memory = memorySchema.safeParse(document).data;
    return { details: new Map(Object.entries(memory?.archives ?? {})), problems };
  } catch (error) {
    return { details: new Map(), problems: [problemOf(error, `backup job ${job}`)] };
  }
}

/** @param newest ids, newest first; what is known of others is forgotten. */
export async function rememberDetails(
  host: Host,
  tool: string,
  job: string,
  details: ReadonlyMap<string, Details>,
  newest: readonly string[],
): Promise<readonly Problem[]> {
  const archives = Object.fromEntries(
    newest.slice(0, kept).flatMap((id) => {
      const known = details.get(id);
      return known === undefined ? [] : [[id, known]];
    }),
  );
  try {
    await host.state.write(nameOf(tool, job), { format: 1, archives });
    return [];
  } catch (error) {
    return [problemOf(error, `backup job ${job}`)];
  }
}

function nameOf(tool: string, job: string): string {
  return recordName(job).replace('backup-job', `${tool}-archives`);
}
