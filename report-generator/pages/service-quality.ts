import type { Drawing } from './drawing.ts';
import { type LeadershipPage, type PageRow, titled } from './leadership.ts';

/** Page 2: whether the services kept what was promised, and what went wrong. */
export function serviceQuality({ words }: Drawing): LeadershipPage {
  const section = words.sections.serviceQuality;
  const rows: readonly PageRow[] = [];
  return { section, head: titled(section, section, ''), rows };
}
