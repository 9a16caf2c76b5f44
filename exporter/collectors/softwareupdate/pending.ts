import { type Collection, CollectorError, type Host, problemOf } from '../../collector.ts';
import { sample, type Sample } from '../../metrics.ts';
import { type PatchClass, type Remembered, rememberOffers } from '../patch/offers.ts';
import { patchSamples } from '../patch/samples.ts';
import type { Installed } from './history.ts';
import { parseList } from './list.ts';
import { isLater, type Listed, type MacOffer, offersOf, trainOf } from './offers.ts';
import { lastScan, parsePreferences, type Preferences, recommendedUpdates } from './preferences.ts';
import { readPlist } from './plist.ts';
import { systemVersion } from './system-version.ts';

const manager = 'softwareupdate';
const preferencesFile = '/Library/Preferences/com.apple.SoftwareUpdate.plist';
const day = 86_400;
/** macOS looks every day; what it found two weeks ago may lack a release. */
const scanPatience = 14 * day;

/**
 * What waits, and since when. Where macOS could not look, never looked or looked long ago, no number.
 * @param installed what Software Update installed, as far as it is known.
 * @throws CollectorError as readPlist; source_missing, unexpected_output.
 */
export async function readPending(
  host: Host,
  online: boolean,
  installed: readonly Installed[],
): Promise<Collection> {
  const preferences = await readPreferences(host);
  const asOf = online ? host.now() : lastScan(preferences);
  const metadata = asOf === undefined ? [] : [scanned(preferences, asOf)];
  try {
    const listed = online ? await askServer(host) : recommendedUpdates(preferences);
    requireFresh(asOf, host.now());
    const version = (await systemVersion(host)) ?? preferences.LastAttemptSystemVersion?.split(' ')[0];
    const { samples, problems } = await count(host, listed, version, installed);
    return { samples: [...metadata, complete(1), ...samples], problems };
  } catch (error) {
    const missing = error instanceof CollectorError && error.reason === 'metadata_missing';
    return {
      // A look that failed just now has no time.
      samples: [...(online ? [] : metadata), ...(missing ? [complete(0)] : [])],
      problems: [problemOf(error)],
    };
  }
}

async function readPreferences(host: Host): Promise<Preferences> {
  const plist = await readPlist(host, preferencesFile);
  if (plist !== undefined) return parsePreferences(plist);
  throw new CollectorError(
    'source_missing',
    `${preferencesFile} does not exist, so macOS never looked for updates; run softwareupdate --list once`,
  );
}

/** @throws CollectorError metadata_missing, tool_failed or unexpected_output. */
async function askServer(host: Host): Promise<readonly Listed[]> {
  const timeout = Math.max(10, host.timeLimit - 30) * 1000;
  const { exitCode, stdout, stderr } = await host.run('softwareupdate', ['--list'], { timeout });
  // "No new software available." goes to the error stream in some versions.
  const listed = parseList(`${stdout}\n${stderr}`);
  if (exitCode === 0) return listed;
  throw new CollectorError(
    'tool_failed',
    `softwareupdate --list ended with ${exitCode}: ${stderr.trim().slice(0, 200)}; run it by hand`,
  );
}

/** @throws CollectorError metadata_stale or clock_wrong. */
function requireFresh(asOf: number | undefined, now: number): void {
  if (asOf === undefined) return;
  const when = new Date(asOf * 1000).toISOString();
  if (asOf > now + day)
    throw new CollectorError(
      'clock_wrong',
      `macOS looked for updates at ${when}, which is in the future; set the clock of this host`,
    );
  if (now - asOf > scanPatience)
    throw new CollectorError(
      'metadata_stale',
      `macOS last looked for updates with success at ${when}; see that it does (System Settings, Software Update) and /var/log/install.log`,
    );
}

async function count(
  host: Host,
  listed: readonly Listed[],
  version: string | undefined,
  installed: readonly Installed[],
): Promise<Collection> {
  const offers = offersOf(listed, version);
  const trains = new Set(offers.map(({ name }) => name));
  const remembered = await rememberOffers(host, offers, {
    manager,
    // What a newer one replaced is still missing, until something of its train is installed or no longer offered.
    outstanding: (name, edition, seen) => {
      if (!trains.has(name)) return false;
      if (name === 'macOS' && version !== undefined) return isLater(edition.split(' ')[0] ?? '', version);
      return !installed.some(
        (one) => seen !== undefined && one.date >= seen && trainOf(asListed(one), version) === name,
      );
    },
  });
  return { samples: samplesOf(remembered, offers), problems: remembered.problems };
}

function asListed({ name, version }: Installed) {
  return { title: name, version, id: '' };
}

/** Of other software and of firmware Software Update knows only some, so that none of it waits is not said. */
function samplesOf(remembered: Remembered, offers: readonly MacOffer[]): readonly Sample[] {
  const wanted = new Set(offers.filter(({ recommended }) => recommended).map(({ name }) => name));
  const found = new Set(remembered.outstanding.map((offer) => offer.class));
  const others: readonly PatchClass[] = ['application', 'firmware'];
  return patchSamples(remembered, {
    manager,
    classes: ['security', 'standard', ...others.filter((one) => found.has(one))],
    held: new Set(offers.map(({ name }) => name).filter((name) => !wanted.has(name))),
  });
}

function complete(value: 0 | 1): Sample {
  return sample('maintenance_patch_metadata_complete', { manager }, value);
}

/** A catalogue of one's own hides what nobody released there; macOS 11 and later ignore it. */
function scanned({ CatalogURL = '' }: Preferences, asOf: number): Sample {
  const own = CatalogURL !== '' && !/^https?:\/\/[^/]*\.apple\.com(?:[:/]|$)/i.test(CatalogURL);
  const labels = { manager, repository: own ? 'catalog' : 'apple' } as const;
  return sample('maintenance_patch_metadata_timestamp_seconds', labels, Math.floor(asOf));
}
