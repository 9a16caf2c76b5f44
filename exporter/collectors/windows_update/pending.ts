import { type Collection, CollectorError, type Host, problemOf } from '../../collector.ts';
import { sample, type Sample } from '../../metrics.ts';
import { type Remembered, rememberOffers } from '../patch/offers.ts';
import { patchSamples } from '../patch/samples.ts';
import type { Answer, Update } from './answer.ts';
import { requireFresh, requireWhole, searchTime } from './freshness.ts';
import { isInstalled } from './history.ts';
import { type AgentOffer, offersOf, trainOf, trainOfName } from './updates.ts';

const manager = 'windows_update';

/**
 * What waits, and since when. Where the search failed, was never made or is long ago, no number: an agent that found nothing
 * because it could not look says 0 with success.
 */
export async function readPending(host: Host, answer: Answer): Promise<Collection> {
  const metadata = readMetadata(answer);
  try {
    const { resultCode, updates } = answer.part('search');
    requireWhole(resultCode);
    requireFresh(answer, host.now());
    const offers = offersOf(updates);
    const remembered = await rememberUpdates(host, answer, offers);
    return {
      samples: [...metadata.samples, complete(1), ...pendingSamples(remembered, offers)],
      problems: [...metadata.problems, ...remembered.problems],
    };
  } catch (error) {
    const missing = error instanceof CollectorError && error.reason === 'metadata_missing';
    return {
      samples: [...metadata.samples, ...(missing ? [complete(0)] : [])],
      problems: [...metadata.problems, problemOf(error)],
    };
  }
}

function complete(value: 0 | 1): Sample {
  return sample('maintenance_patch_metadata_complete', { manager }, value);
}

/** When the list was fetched, and from whom: a server of one's own (WSUS) hides what nobody approved. */
function readMetadata(answer: Answer): Collection {
  try {
    const { server, useServer } = answer.part('policy');
    const repository = server === true && useServer === 1 ? 'wsus' : 'microsoft';
    const asOf = searchTime(answer);
    if (asOf === undefined) return { samples: [], problems: [] };
    const labels = { manager, repository };
    return {
      samples: [sample('maintenance_patch_metadata_timestamp_seconds', labels, Math.floor(asOf))],
      problems: [],
    };
  } catch (error) {
    return { samples: [], problems: [problemOf(error)] };
  }
}

async function rememberUpdates(
  host: Host,
  answer: Answer,
  offers: readonly AgentOffer[],
): Promise<Remembered> {
  const offered = new Set(offers.map(({ version }) => version));
  const trains = new Set(offers.map(({ name }) => trainOfName(name)));
  const installed = orNothing(() => answer.part('history').entries) ?? [];
  const system = orNothing(() => answer.part('system'));
  const waiting = new Set(trainsOf(orNothing(() => answer.part('restart').updates) ?? []));
  return rememberOffers(host, offers, {
    manager,
    // What a newer one replaced is still missing, until something of its train is installed or no longer offered.
    outstanding: (name, version, seen) => {
      const train = trainOfName(name);
      if (offered.has(version) || !trains.has(train)) return false;
      return !isInstalled({ train, version, seen }, installed, system?.build ?? undefined);
    },
    needsReboot: (name) => waiting.has(trainOfName(name)),
    booted: system?.booted,
  });
}

function trainsOf(updates: readonly Update[]): readonly string[] {
  return updates.map(({ Title }) => trainOf(Title));
}

/** What only makes the answer better: that it is missing is reported where it is needed. */
function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CollectorError) return undefined;
    throw error;
  }
}

function pendingSamples(remembered: Remembered, offers: readonly AgentOffer[]): readonly Sample[] {
  const wanted = new Set(offers.filter(({ leftAlone }) => !leftAlone).map(({ name }) => name));
  const found = new Set([...remembered.outstanding, ...remembered.inactive].map((offer) => offer.class));
  return patchSamples(remembered, {
    manager,
    classes: ['security', 'standard', ...(found.has('firmware') ? (['firmware'] as const) : [])],
    severities: ['critical', 'important', 'moderate', 'low', 'unknown'],
    held: new Set(offers.map(({ name }) => name).filter((name) => !wanted.has(name))),
  });
}
