import { z } from 'zod';
import { answerOf } from './json.ts';

/** A backup without this list may have tablespaces all the same: it is refused. */
const layoutSchema = z.object({
  backup_id: z.string(),
  tablespaces: z.array(z.object({ name: z.string() })),
});

/** What must be known of a backup to restore it somewhere else. */
export interface BackupLayout {
  readonly id: string;
  /** Names of its tablespaces. */
  readonly tablespaces: readonly string[];
}

/** Reads `barman -f json show-backup SERVER latest`. @throws CollectorError unexpected_output. */
export function parseLayout(text: string, server: string): BackupLayout {
  const { backup_id: id, tablespaces } = answerOf('show-backup', text, server, layoutSchema);
  return { id, tablespaces: tablespaces.map(({ name }) => name) };
}
