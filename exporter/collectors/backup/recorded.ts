import { problemOf, type Host, type Problem } from '../../collector.ts';
import { type JobRecord, parseRecord, recordName } from '../../job-record.ts';
import { isAlive } from '../system/process.ts';

/** What is on record of a job. */
export interface Recorded {
  /** Undefined when nothing is, or it cannot be read. */
  readonly record: JobRecord | undefined;
  /** Ids of runs that have not ended and are still under way. */
  readonly running: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/** Reads what `maintenance-exporter run` and `restore-test` wrote down about a job. A record that is lost makes its facts unknown, never good. */
export async function readRecorded(host: Host, job: string): Promise<Recorded> {
  try {
    const { document, problems } = await host.state.read(recordName(job));
    if (document === undefined) return { record: undefined, running: new Set(), problems };
    const record = parseRecord(document);
    if (record === undefined)
      return {
        record,
        running: new Set(),
        problems: [
          ...problems,
          {
            reason: 'state_unreadable',
            message: `what is on record of backup job ${job} is not what this exporter writes; its runs and restore tests are unknown`,
          },
        ],
      };
    const open = record.runs.filter((run) => run.ended === undefined);
    const alive = await Promise.all(open.map((run) => isAlive(host, run.process)));
    return { record, running: new Set(open.filter((_, at) => alive[at]).map(({ id }) => id)), problems };
  } catch (error) {
    return { record: undefined, running: new Set(), problems: [problemOf(error, `backup job ${job}`)] };
  }
}
