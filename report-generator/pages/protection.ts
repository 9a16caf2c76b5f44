import type { Drawing } from './drawing.ts';
import { type LeadershipPage, type PageRow, titled } from './leadership.ts';

/** Page 3: updates, backups, antivirus, vulnerabilities and disks. */
export function protectionPage({ words }: Drawing): LeadershipPage {
  const section = words.sections.protection;
  const rows: readonly PageRow[] = [];
  return { section, head: titled(section, section, ''), rows };
}
