import { CollectorError } from '../../collector.ts';
import type { Answer } from './answer.ts';

const day = 86_400;
/** Windows searches every day; what it found two weeks ago may lack a Patch Tuesday. */
const searchPatience = 14 * day;
/** The scheduled task runs every hour or so; a file of the day before yesterday means that it does not. */
const filePatience = 2 * day;

/** @throws CollectorError metadata_missing when the list may lack updates, tool_failed when there is none. */
export function requireWhole(resultCode: number): void {
  if (resultCode === 2) return;
  if (resultCode === 3)
    throw new CollectorError(
      'metadata_missing',
      'the search of Windows Update ended with errors, so its list may lack updates; run one by hand (Settings, Windows Update) and see which source fails',
    );
  throw new CollectorError(
    'tool_failed',
    `the search of Windows Update did not succeed (result ${resultCode}); run one by hand (Settings, Windows Update)`,
  );
}

/**
 * @param now unix seconds.
 * @throws CollectorError metadata_missing, metadata_stale or clock_wrong when the list says nothing of today.
 */
export function requireFresh(answer: Answer, now: number): void {
  const asOf = searchTime(answer);
  if (asOf === undefined)
    throw new CollectorError(
      'metadata_missing',
      'Windows never searched for updates with success, so an empty list proves nothing; run a search (Settings, Windows Update), or set collectors.windows_update.online',
    );
  const { generated } = answer;
  if (Math.max(generated, asOf) > now + day)
    throw new CollectorError(
      'clock_wrong',
      `the answer of Windows Update is of ${iso(generated)} and its search of ${iso(asOf)}, which is in the future; set the clock of this host`,
    );
  if (now - generated > filePatience)
    throw new CollectorError(
      'metadata_stale',
      `the answer of the scheduled task is of ${iso(generated)}; look at its last result in the Task Scheduler`,
    );
  if (now - asOf > searchPatience)
    throw new CollectorError(
      'metadata_stale',
      `Windows last searched for updates with success at ${iso(asOf)}; find out why it no longer does (Get-WindowsUpdateLog)`,
    );
}

/** As of when the list is, unix seconds: when the update server was last asked with success. */
export function searchTime(answer: Answer): number | undefined {
  if (answer.online) return answer.generated;
  return answer.part('automatic').lastSearch;
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
