import { z } from 'zod';
import { CollectorError, type Host } from '../../collector.ts';
import { durationSchema } from '../../duration.ts';
import { uniqueJobs, words } from './job.ts';

/** Passwords and tokens are not sent in the clear, except to this very machine. */
const addressSchema = z
  .string({ error: 'expected the address of the server, such as https://backup.example.org' })
  .refine(
    (text) => {
      const url = URL.parse(text);
      if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
        return false;
      return (
        url.protocol === 'https:' ||
        (url.protocol === 'http:' && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname))
      );
    },
    { error: 'expected an https:// address without user, password or anything behind a question mark' },
  );

/** What every server with backup jobs has in the configuration of its collector. */
export const serverShape = {
  server: words('a name for the server')
    .optional()
    .describe(
      'Stands before the names of jobs that nobody declared, as in `server/job`; needed where there are several servers.',
    ),
  url: addressSchema.describe('Address of its API, with https and the port.'),
  ca_file: words('the path of a PEM file')
    .optional()
    .describe('Certificate of who signed the one of the server, where the system does not know it.'),
  fingerprint: z
    .string()
    .regex(/^(?:[0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}$/, 'expected the SHA-256 fingerprint of a certificate')
    .optional()
    .describe(
      'SHA-256 fingerprint of its certificate: no other one is accepted, and this one whoever signed it.',
    ),
  others: z
    .strictObject({
      expected_interval: durationSchema,
      criticality: z.enum(['critical', 'normal'], { error: 'expected critical or normal' }).default('normal'),
    })
    .optional()
    .describe(
      'What is expected of backups that are found at the server and are not in `jobs`: `expected_interval` and `criticality`. Without it they have facts, and nothing is expected of them.',
    ),
  ignore: z
    .array(words('the name of a job at the server'))
    .default([])
    .describe('Names of jobs at the server that are left out unless declared: retired ones.'),
} as const;

const serverSchema = z.strictObject(serverShape);
/** A server with backup jobs, as configured. */
export type BackupServer = z.infer<typeof serverSchema>;

/** Refuses several servers of which one has no name, or two have the same: their jobs could not be told apart. */
export function namedServers(list: readonly Pick<BackupServer, 'server' | 'url'>[]): boolean {
  const names = list.map(({ server }) => server);
  const addresses = new Set(list.map(({ url }) => url));
  return (
    addresses.size === list.length &&
    (list.length === 1 || (!names.includes(undefined) && new Set(names).size === list.length))
  );
}
export const namedServersError =
  'with several servers each needs an address and a name (server) of its own' as const;

/** Refuses two declared jobs of the same name, at whatever servers. */
export function uniqueAcross(
  list: readonly { readonly jobs: readonly { readonly backup_job: string }[] }[],
): boolean {
  return uniqueJobs(list.flatMap(({ jobs }) => jobs));
}

/**
 * A password or token from its file, without the end of its line.
 * @param key the configuration key that names the file.
 * @throws CollectorError password_unreadable.
 */
export async function readSecret(host: Host, key: string, path: string): Promise<string> {
  const unreadable = (why: string, cause?: unknown) =>
    new CollectorError('password_unreadable', `${key} ${path} ${why}`, { cause });
  let text: string | undefined;
  try {
    text = await host.read(path);
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
    throw unreadable(`may not be read by the user of the exporter (${error.message})`, error);
  }
  if (text === undefined) throw unreadable('does not exist');
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') throw unreadable('is empty');
  if (/[\r\n\0]/.test(secret)) throw unreadable('holds more than one line');
  return secret;
}
