import { z } from 'zod';
import { CollectorError } from '../../collector.ts';
import { isLater, type Listed } from './offers.ts';
import { type Plist, plistDate } from './plist.ts';

const recommendedSchema = z.object({
  'Display Name': z.string(),
  'Display Version': z.string().default(''),
  Identifier: z.string().optional(),
  'Product Key': z.string().optional(),
});

const preferencesSchema = z.object({
  RecommendedUpdates: z.array(recommendedSchema).optional(),
  LastSuccessfulDate: plistDate.optional(),
  LastFullSuccessfulDate: plistDate.optional(),
  LastBackgroundSuccessfulDate: plistDate.optional(),
  LastSessionSuccessful: z.union([z.boolean(), z.number().transform(Boolean)]).optional(),
  LastResultCode: z.number().optional(),
  LastRecommendedUpdatesAvailable: z.number().optional(),
  LastAttemptSystemVersion: z.string().optional(),
  /** When each product was first offered here. */
  FirstOfferDateDictionary: z
    .record(z.string(), plistDate.optional().catch(undefined))
    .optional()
    .catch(undefined),
  CatalogURL: z.string().optional(),
});
export type Preferences = z.infer<typeof preferencesSchema>;

/** What softwareupdated(8) keeps in com.apple.SoftwareUpdate.plist. @throws CollectorError unexpected_output. */
export function parsePreferences(plist: Plist): Preferences {
  const parsed = preferencesSchema.safeParse(plist);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CollectorError(
    'unexpected_output',
    `com.apple.SoftwareUpdate.plist is not what macOS writes: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  );
}

/** When macOS last looked for updates with success, unix seconds. */
export function lastScan(preferences: Preferences): number | undefined {
  const { LastSuccessfulDate, LastFullSuccessfulDate, LastBackgroundSuccessfulDate } = preferences;
  return LastSuccessfulDate ?? LastFullSuccessfulDate ?? LastBackgroundSuccessfulDate;
}

/**
 * What macOS found at its last look. `LastUpdatesAvailable` is not kept up to date since macOS 15.4
 * (github.com/root3nl/SupportApp/issues/207), so the entries are counted.
 * @throws CollectorError metadata_missing where there is no list, tool_failed after a look that failed, unexpected_output when
 * the list and the number beside it contradict each other.
 */
export function recommendedUpdates(preferences: Preferences): readonly Listed[] {
  const { RecommendedUpdates, LastSessionSuccessful, LastResultCode } = preferences;
  if (LastSessionSuccessful === false)
    throw new CollectorError(
      'tool_failed',
      `macOS last looked for updates without success (result ${LastResultCode ?? 'unknown'}), so its list is not of now; see /var/log/install.log`,
    );
  if (RecommendedUpdates === undefined || lastScan(preferences) === undefined)
    throw new CollectorError(
      'metadata_missing',
      'macOS never looked for updates with success, so an empty list proves nothing; run softwareupdate --list once',
    );
  requireConsistent(preferences, RecommendedUpdates.length);
  return RecommendedUpdates.map((update) => {
    const id = update['Product Key'] ?? update.Identifier ?? update['Display Name'];
    return {
      title: update['Display Name'],
      version: update['Display Version'],
      id,
      known: preferences.FirstOfferDateDictionary?.[id],
      recommended: true,
    };
  });
}

function requireConsistent(preferences: Preferences, listed: number): void {
  const { LastRecommendedUpdatesAvailable: counted = 0, LastAttemptSystemVersion = '' } = preferences;
  const version = LastAttemptSystemVersion.split(' ')[0] ?? '';
  if (listed > 0 || counted === 0 || version === '' || !isLater('15.4', version)) return;
  throw new CollectorError(
    'unexpected_output',
    `macOS counts ${counted} recommended updates and lists none; run softwareupdate --list once`,
  );
}
