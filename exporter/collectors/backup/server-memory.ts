import { z } from 'zod';
import { type Host, type Problem, problemOf } from '../../collector.ts';

const day = 86_400;
/** Seconds after which a job that is no longer found is forgotten. */
const kept = 400 * day;

const pointSchema = z.object({
  /** Unix seconds. */
  time: z.number(),
  duration: z.number().exactOptional(),
  bytes: z.number().exactOptional(),
  added_bytes: z.number().exactOptional(),
});
const testSchema = z.object({
  at: z.number(),
  success: z.boolean(),
  last_success: z.number().exactOptional(),
  duration: z.number().exactOptional(),
});
const jobSchema = z.object({
  /** Unix seconds, when the server last told of it. */
  seen: z.number(),
  success: pointSchema.exactOptional(),
  newest: pointSchema.exactOptional(),
  run: z
    .object({ ended: z.number(), outcome: z.enum(['success', 'partial', 'failure', 'interrupted']) })
    .exactOptional(),
  restore_test: testSchema.exactOptional(),
});
/** What is remembered of a job at a server: servers forget old runs, and with them the last success. */
export type RememberedJob = z.infer<typeof jobSchema>;

const serverSchema = z.object({
  /** Unix seconds, when everything was last read. */
  asked: z.number().exactOptional(),
  /** Unix seconds, when the oldest run began that was still under way then. */
  open: z.number().exactOptional(),
  jobs: z.record(z.string(), jobSchema),
});
/** What is remembered of a server, jobs by the name they have there. */
export type RememberedServer = z.infer<typeof serverSchema>;

const documentSchema = z.object({ format: z.literal(1), servers: z.record(z.string(), serverSchema) });

export const nothingRemembered: RememberedServer = { jobs: {} };

/** What a collector remembers of its servers, by their address. Lost memory costs old successes, never makes new ones. */
export async function readServers(
  host: Host,
  name: string,
): Promise<{
  readonly servers: ReadonlyMap<string, RememberedServer>;
  readonly problems: readonly Problem[];
}> {
  const nothing = new Map<string, RememberedServer>();
  try {
    const { document, problems } = await host.state.read(name);
    if (document === undefined) return { servers: nothing, problems };
    const read = documentSchema.safeParse(document);
    if (read.success) return { servers: new Map(Object.entries(read.data.servers)), problems };
    const message = `${name}.json in the state directory is not what this exporter writes; what it remembered starts anew`;
    return { servers: nothing, problems: [...problems, { reason: 'state_unreadable', message }] };
  } catch (error) {
    return { servers: nothing, problems: [problemOf(error)] };
  }
}

/** Remembers; jobs that were not found for long are left out. */
export async function writeServers(
  host: Host,
  name: string,
  servers: ReadonlyMap<string, RememberedServer>,
): Promise<readonly Problem[]> {
  const oldest = host.now() - kept;
  const fresh = [...servers].map(([url, server]) => [
    url,
    {
      ...server,
      jobs: Object.fromEntries(Object.entries(server.jobs).filter(([, { seen }]) => seen > oldest)),
    },
  ]);
  try {
    await host.state.write(name, { format: 1, servers: Object.fromEntries(fresh) });
    return [];
  } catch (error) {
    return [problemOf(error)];
  }
}
