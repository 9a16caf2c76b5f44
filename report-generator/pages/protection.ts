import type { Drawing } from './drawing.ts';
import { type LeadershipPage, titled } from './leadership.ts';
import { backupsRow } from './protection-backups.ts';
import { detailsRow } from './protection-details.ts';
import { estateRow } from './protection-estate.ts';
import { protectionFinding, protectionLede } from './protection-sentences.ts';
import { updatesRow } from './protection-updates.ts';

/** Page 3: the whole estate, updates, backups, vulnerabilities and disks. */
export function protectionPage({ snapshot, words }: Drawing): LeadershipPage {
  const section = words.sections.protection;
  return {
    section,
    head: titled(section, protectionFinding(snapshot, words), protectionLede(snapshot, words)),
    rows: [estateRow, updatesRow, backupsRow, detailsRow],
  };
}
