import type { Deployment } from '../patch/deployments.ts';
import type { HistoryEntry } from './answer.ts';
import { editionOf, isDefinition, parseVersion, trainOf } from './updates.ts';

/** Apps of the Store stand in the same history, under their product number. */
const storeApp = /^9[A-Z\d]{11}-/;

/** OperationResultCode of MS-UAMG 2.2.9. Not started (0) and in progress (1) are no outcome yet. */
const outcomes: Readonly<Record<number, Deployment['outcome']>> = {
  2: 'success',
  3: 'partial',
  4: 'failure',
  5: 'failure',
};

/**
 * Installations and removals that have ended, one per update: that is how the agent records them. Definitions and apps of the
 * Store are no patches.
 */
export function deploymentsOf(entries: readonly HistoryEntry[]): readonly Deployment[] {
  return entries.flatMap((entry) => {
    const { Date: started, Operation, ResultCode, Title, UpdateID, RevisionNumber, HResult } = entry;
    const outcome = outcomes[ResultCode];
    if (started === undefined || outcome === undefined || !isPatch(entry)) return [];
    const { article } = editionOf(entry);
    const removed = Operation === 2;
    const version = article ?? UpdateID ?? undefined;
    return [
      {
        started,
        outcome,
        packages: [
          {
            name: Title,
            ...(removed ? { from: version } : { to: version ?? Title }),
            ...(outcome === 'success' ? {} : { failed: true }),
          },
        ],
        actor: entry.ClientApplicationID ?? undefined,
        command:
          outcome === 'success'
            ? undefined
            : `${removed ? 'removal' : 'installation'}, ${HResult ?? 'no HRESULT'}`,
        number: `${UpdateID ?? version ?? Title}.${RevisionNumber ?? 0} ${removed ? 'removal' : 'installation'}`,
      },
    ];
  });
}

function isPatch(entry: HistoryEntry): boolean {
  return !isDefinition(entry) && !storeApp.test(entry.Title);
}

/** An update that was seen waiting. */
interface Missing {
  readonly train: string;
  readonly version: string;
  /** When it was first seen, unix seconds; what was installed before does not count. */
  readonly seen: number | undefined;
}

/**
 * Whether the history or the running build show that an update, or one that came after it in its train, was installed.
 * @param build of the running Windows, as 26100.6584.
 */
export function isInstalled(
  { train, version, seen }: Missing,
  entries: readonly HistoryEntry[],
  build: string | undefined,
): boolean {
  const wanted = parseVersion(version);
  if (reaches(build, wanted.build)) return true;
  return entries.some((entry) => {
    if (entry.Operation !== 1 || entry.ResultCode !== 2 || entry.Date === undefined) return false;
    if (seen !== undefined && entry.Date < seen) return false;
    const installed = editionOf(entry);
    if (same(installed.id, wanted.id)) return true;
    if (trainOf(entry.Title) !== train) return same(installed.article, wanted.article);
    if (installed.month === undefined || wanted.month === undefined) return seen !== undefined;
    return installed.month >= wanted.month;
  });
}

function same(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one === other;
}

/** Whether a build is the wanted one or a later one of the same release. */
function reaches(build: string | undefined, wanted: string | undefined): boolean {
  const [release, revision] = (build ?? '').split('.').map(Number);
  const [wantedRelease, wantedRevision] = (wanted ?? '').split('.').map(Number);
  if (revision === undefined || wantedRevision === undefined) return false;
  return release === wantedRelease && revision >= wantedRevision;
}
