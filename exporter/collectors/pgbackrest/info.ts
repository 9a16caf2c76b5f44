import { z } from 'zod';
import { CollectorError } from '../../collector.ts';

const status = z.object({ code: z.number().int(), message: z.string().nullish() });
const databaseOf = z.object({ id: z.number(), 'repo-key': z.number().nullish() });
const seconds = z.number().positive();
const bytes = z.number().nonnegative().nullish();

const stanzaSchema = z.object({
  name: z.string(),
  status: status.extend({
    lock: z.object({ backup: z.object({ held: z.boolean() }).nullish() }).nullish(),
  }),
  /** Since 2.32, which knows more than one repository. */
  repo: z
    .array(z.object({ key: z.number(), cipher: z.string().nullish(), status }))
    .nullish()
    .transform((list) => list ?? undefined),
  /** Every database the stanza ever had; the newest has the highest id. */
  db: z.array(databaseOf).nullish(),
  /** First and last WAL segment that is archived, per database and repository. */
  archive: z
    .array(z.object({ database: databaseOf, min: z.string().nullish(), max: z.string().nullish() }))
    .nullish(),
  backup: z.array(
    z.object({
      label: z.string().min(1),
      /** Unix seconds. */
      timestamp: z.object({ start: seconds, stop: seconds }),
      /** Whether page checksums of the database were wrong; absent where it is not known. */
      error: z.boolean().nullish(),
      /** Backups that hold files of this one. */
      reference: z.array(z.string()).nullish(),
      database: databaseOf.nullish(),
      /** First and last WAL segment it needs; null for one of a stopped database. */
      archive: z.object({ start: z.string().nullish(), stop: z.string().nullish() }).nullish(),
      info: z
        .object({ size: bytes, delta: bytes, repository: z.object({ delta: bytes }).nullish() })
        .nullish(),
    }),
  ),
});
/** A stanza as `info --output=json` tells it (src/command/info/info.c); times are unix seconds, sizes bytes. */
export type Stanza = z.infer<typeof stanzaSchema>;
export type StanzaBackup = Stanza['backup'][number];

/** Only a name: which stanza an entry is about, before the rest is judged. */
const named = z.array(z.object({ name: z.string() }).loose());

/**
 * Reads `pgbackrest info --output=json` and picks one stanza. It ends with 0 and answers in full when a repository cannot be
 * read: its status says so.
 * @throws CollectorError unexpected_output; repository_missing when no such stanza is listed.
 */
export function parseInfo(text: string, stanza: string): Stanza {
  const list = named.safeParse(parseJson(text));
  if (!list.success) throw unexpected('not the list of stanzas it documents');
  const entry = list.data.find(({ name }) => name === stanza);
  if (entry === undefined)
    throw new CollectorError(
      'repository_missing',
      `pgbackrest info lists no stanza ${stanza}; check stanza and config, or create it with pgbackrest stanza-create`,
    );
  const parsed = stanzaSchema.safeParse(entry);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unexpected(`stanza ${stanza} has no usable ${issue?.path.join('.') ?? 'content'}`);
}

function parseJson(text: string): unknown {
  try {
    // A message may quote what a wrong key made of a file: control characters, which pgBackRest 2.45 does not escape.
    // oxlint-disable-next-line no-control-regex -- exactly these
    return JSON.parse(text.replaceAll(/[\u0000-\u001f]/g, ' '));
  } catch (error) {
    throw unexpected('what it printed is not JSON', error);
  }
}

function unexpected(what: string, cause?: unknown): CollectorError {
  return new CollectorError('unexpected_output', `pgbackrest info --output=json: ${what}`, { cause });
}
