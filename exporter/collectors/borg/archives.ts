import { z } from 'zod';
import { CollectorError } from '../../collector.ts';
import { localToUnix } from '../system/local-time.ts';

const count = z.number().nonnegative().optional().catch(undefined);

/**
 * borg writes the local time of the process that prints it, without zone
 * (https://borgbackup.readthedocs.io/en/stable/internals/frontends.html#standard-output); so it is always run with TZ=UTC.
 */
const time = z.string().transform((written, context) => {
  const seconds = parseTime(written);
  if (seconds !== undefined) return seconds;
  context.addIssue(`not a time: ${written}`);
  return z.NEVER;
});

const archiveSchema = z.object({
  name: z.string(),
  id: z.string(),
  /** When the run that made it began. */
  start: time,
  duration: count,
  stats: z.object({ nfiles: count, original_size: count }).optional().catch(undefined),
});
/** An archive as `borg list` and `borg info` tell it; only the latter knows duration and stats. */
export type Archive = z.infer<typeof archiveSchema>;

const repositorySchema = z.object({
  id: z.string(),
  location: z.string().optional().catch(undefined),
  /** Where borgmatic has a name for it. */
  label: z.string().optional().catch(undefined),
});

const answerSchema = z.object({ archives: z.array(z.unknown()), repository: repositorySchema });
/** What borg says of one repository. */
export interface Answer {
  readonly repository: z.infer<typeof repositorySchema>;
  readonly archives: readonly Archive[];
}

/** Unix seconds of a time that borg, run with TZ=UTC, printed; one with a zone is read with it. Undefined for anything else. */
export function parseTime(written: string): number | undefined {
  const [, date, clock, fraction, zone] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(written) ?? [];
  if (date === undefined || clock === undefined) return undefined;
  const [year = NaN, month = NaN, day = NaN] = date.split('-').map(Number);
  const [hour = NaN, minute = NaN, second = NaN] = clock.split(':').map(Number);
  const utc = localToUnix({ year, month, day, hour, minute, second }, 'UTC');
  return utc === undefined ? undefined : utc - offset(zone) + Number(`0${fraction ?? ''}`);
}

/** Seconds that a zone is ahead of UTC. */
function offset(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? '') ?? [];
  return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

/**
 * Reads what `borg list --json` or `borg info --json` printed. Lines before and after the object are passed over: borgmatic mixes
 * the warnings of borg into it.
 * @throws CollectorError unexpected_output when there is no whole list of archives in it, or one of them has no time.
 */
export function parseAnswer(stdout: string): Answer {
  return readAnswer(parseObject(stdout));
}

/** @throws CollectorError unexpected_output. */
export function readAnswer(value: unknown): Answer {
  const answer = answerSchema.safeParse(value);
  if (!answer.success)
    throw new CollectorError('unexpected_output', 'borg printed no whole list of archives as JSON');
  const archives = answer.data.archives.map((entry) => {
    const archive = archiveSchema.safeParse(entry);
    if (archive.success) return archive.data;
    throw new CollectorError(
      'unexpected_output',
      `borg listed something that is not an archive: ${archive.error.issues[0]?.path.join('.')}: ${archive.error.issues[0]?.message}`,
      { cause: archive.error },
    );
  });
  return { repository: answer.data.repository, archives };
}

/** The JSON object (or array) in the output of a tool; undefined when there is none. */
export function parseObject(stdout: string): unknown {
  const whole = parseJson(stdout);
  if (whole !== undefined) return whole;
  const lines = stdout.split('\n');
  const first = lines.findIndex((line) => line.startsWith('{'));
  const last = lines.findLastIndex((line) => line.trimEnd().endsWith('}'));
  return first === -1 ? undefined : parseJson(lines.slice(first, last + 1).join('\n'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Whether it is what an interrupted or running `borg create` leaves behind: a part of a backup. `borg list` leaves them out unless
 * told otherwise, `borg info` does not.
 */
export function isCheckpoint({ name }: Pick<Archive, 'name'>): boolean {
  return /\.checkpoint(?:\.\d+)?$/.test(name);
}
