import type { Drawing } from './drawing.ts';
import { type LeadershipPage, type PageRow, titled } from './leadership.ts';

/** Page 4: readiness, the plan, what was done, and who does what. */
export function governance({ words }: Drawing): LeadershipPage {
  const section = words.sections.governance;
  const rows: readonly PageRow[] = [];
  return { section, head: titled(section, section, ''), rows };
}
