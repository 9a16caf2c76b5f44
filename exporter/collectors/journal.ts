import { z } from 'zod';
import { type Collection, defineCollector, type Host, type Problem } from '../collector.ts';
import { sample } from '../metrics.ts';
import { countFailures } from './journal/failures.ts';
import { afterPlace, authenticationMessages, endOf } from './journal/messages.ts';

const settings = z.strictObject({
  directory: z
    .string({ error: 'expected the path of a directory' })
    .startsWith('/', 'expected an absolute path')
    .optional()
    .describe('Where the journal files are, as for --directory; those of this system unless set.'),
});

const remembered = 'journal-authentication';
const memory = z.object({ cursor: z.string().min(1), failures: z.int().min(0) });

/** A flood is read in parts, and what is left of it the next time. */
const messagesAtOnce = 20_000;
const mostParts = 50;

/** Failed authentications, from the journal of systemd. */
export const journal = defineCollector({
  name: 'journal',
  summary: 'failed logins and other authentications, from the systemd journal',
  tools: ['journalctl'],
  rights: 'to read the system journal: the group systemd-journal',
  metrics: ['maintenance_authentication_failures_total'],
  byDefault: false,
  interval: 2 * 60,
  timeout: 60,
  settings,
  example: {},
  detect: async (host) => ((await host.stat('/run/systemd/journal')) === undefined ? undefined : {}),
  collect: async (host, { directory }) => collect(host, directory),
});

/**
 * Counts what came since the last time, from a place in the journal that is remembered; the first time it only finds the place, so
 * that no history looks like an attack. Where the place is gone the count goes on from the end.
 */
async function collect(host: Host, directory: string | undefined): Promise<Collection> {
  const { document, problems, lost } = await host.state.read(remembered);
  const before = memory.safeParse(document);
  const end = await endOf(host, directory);
  const known = before.success ? before.data : { cursor: end, failures: 0 };
  const from = await afterPlace(host, directory, known.cursor);
  const { cursor, failures } =
    from === undefined || !before.success
      ? { cursor: end, failures: 0 }
      : await countFrom(host, directory, from);
  const total = known.failures + failures;
  await host.state.write(remembered, { cursor: cursor ?? end, failures: total });
  return {
    samples: [sample('maintenance_authentication_failures_total', {}, total)],
    problems: [
      ...problems,
      ...(from === undefined ? [anotherJournal] : []),
      ...(!before.success && document !== undefined && !lost ? [anotherVersion] : []),
    ],
  };
}

const anotherJournal: Problem = {
  reason: 'unexpected_output',
  message: 'the journal is another than the last time, so failed logins in between were not counted',
};
const anotherVersion: Problem = {
  reason: 'state_unreadable',
  message: `${remembered}.json is of another version; the count of failed logins begins anew`,
};

/** Failures, and the place behind the last message; undefined where there was none. */
async function countFrom(
  host: Host,
  directory: string | undefined,
  first: string,
): Promise<{ readonly failures: number; readonly cursor: string | undefined }> {
  let failures = 0;
  let from = first;
  let cursor: string | undefined;
  for (let part = 0; part < mostParts; part += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each part begins where the one before ended
    const batch = await authenticationMessages(host, directory, from, messagesAtOnce);
    failures += countFailures(batch.messages);
    if (batch.messages.length > 0) cursor = batch.cursor ?? cursor;
    if (batch.messages.length < messagesAtOnce || batch.cursor === undefined) break;
    from = `--after-cursor=${batch.cursor}`;
  }
  return { failures, cursor };
}
