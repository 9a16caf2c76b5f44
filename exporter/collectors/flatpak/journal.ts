import { z } from 'zod';
import { CollectorError, type Host } from '../../collector.ts';
import type { Deployment } from '../patch/deployments.ts';

/** Of every entry flatpak writes (FLATPAK_MESSAGE_ID in common/flatpak-utils-private.h). */
const messageId = 'c7b39b1e006b464599465e105b361485';

const stamp = '__REALTIME_TIMESTAMP';

const entrySchema = z.object({
  /** Microseconds. */
  [stamp]: z.string(),
  OPERATION: z.string(),
  REF: z.string().optional(),
  COMMIT: z.string().optional(),
  OLD_COMMIT: z.string().optional(),
  INSTALLATION: z.string().optional(),
  OBJECT_UID: z.string().optional(),
  OBJECT_CMDLINE: z.string().optional(),
});

/** Whether nothing was found only because the user may see nothing. */
const hidden = /not seeing messages from other users|insufficient permissions|permission denied/i;

/**
 * Deployments that flatpak wrote to the journal: one per application or runtime that was installed, updated or removed
 * (flatpak_dir_log in common/flatpak-dir.c). It writes nothing when one fails.
 * @param text of `journalctl --output=json`, one object per line.
 * @throws CollectorError unexpected_output.
 */
export function parseJournal(text: string): readonly Deployment[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const entry = parseEntry(line);
      const started = Number(entry[stamp]) / 1_000_000;
      const removed = entry.OPERATION === 'uninstall';
      if (
        !(removed || /^deploy (?:install|update)$/.test(entry.OPERATION)) ||
        entry.REF === undefined ||
        !(started > 0)
      )
        return [];
      const from = entry.OLD_COMMIT === '' ? undefined : entry.OLD_COMMIT;
      const to = removed || entry.COMMIT === '' ? undefined : entry.COMMIT;
      return [
        {
          started,
          outcome: 'success' as const,
          packages: [{ name: entry.REF, from, to }],
          actor: entry.OBJECT_UID === undefined ? undefined : `uid ${entry.OBJECT_UID}`,
          command: entry.OBJECT_CMDLINE,
          number: `${entry.INSTALLATION ?? ''} ${entry.OPERATION} ${entry.REF} ${entry.COMMIT ?? ''}`,
        },
      ];
    });
}

function parseEntry(line: string): z.infer<typeof entrySchema> {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch (error) {
    throw new CollectorError(
      'unexpected_output',
      `journalctl printed ${JSON.stringify(line.slice(0, 100))}, which is no entry of flatpak`,
      { cause: error },
    );
  }
}

/** Undefined where there is no journal. @throws CollectorError permission_denied, unexpected_output, tool_failed. */
export async function readJournal(host: Host): Promise<readonly Deployment[] | undefined> {
  const args = ['--output=json', '--no-pager', '--lines=2000', `MESSAGE_ID=${messageId}`];
  const { exitCode, stdout, stderr } = await host
    .run('journalctl', args, { timeout: 60_000 })
    .catch((error: unknown) => {
      if (error instanceof CollectorError && error.reason === 'tool_missing')
        return { exitCode: 0, stdout: '', stderr: 'No journal files were found.' };
      throw error;
    });
  if (stdout.trim() === '' && hidden.test(stderr))
    throw new CollectorError(
      'permission_denied',
      'the journal may not be read, so deployments of flatpak are unknown; put the service user into the group systemd-journal',
    );
  if (stdout.trim() === '' && /no journal files/i.test(stderr)) return undefined;
  if (exitCode !== 0 && stdout.trim() === '' && stderr.trim() !== '')
    throw new CollectorError(
      'tool_failed',
      `journalctl ended with ${exitCode}: ${stderr.trim().slice(0, 300)}`,
    );
  return parseJournal(stdout);
}
