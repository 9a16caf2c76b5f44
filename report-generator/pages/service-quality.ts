import type { IncidentFacts } from '../facts/incidents.ts';
import type { Words } from '../words/words.ts';
import type { Drawing } from './drawing.ts';
import { incidentsOpened, incidentsUnknown } from './incidents-opened.ts';
import { type LeadershipPage, type PageRow, titled } from './leadership.ts';
import { response } from './response.ts';
import { times } from './times.ts';

/** Page 2: whether the services kept what was promised, and what went wrong. */
export function serviceQuality({ words, snapshot: { facts, indicators } }: Drawing): LeadershipPage {
  const section = words.sections.serviceQuality;
  const { incidents } = facts;
  const counted = indicators.some(({ id }) => id === 'incidents_opened');
  const unknown: readonly PageRow[] = counted ? [incidentsUnknown] : [];
  const rows: readonly PageRow[] =
    incidents === undefined ? unknown : [incidentsOpened(incidents), times(incidents), response(incidents)];
  const finding = incidents === undefined ? section : findingOf(incidents, words);
  return { section, head: titled(section, finding, ''), rows };
}

/** Of a page that is about incidents only. */
function findingOf({ categories, all: { breached, unknown } }: IncidentFacts, { incidents }: Words): string {
  const opened = Object.values(categories).reduce((sum, count) => sum + count, 0);
  return incidents.finding(opened, breached, unknown);
}
