import { CollectorError, problemOf, type Collection } from '../../collector.ts';
import { sample } from '../../metrics.ts';

/** Runs parts of a collector in turn; one that fails is a problem and does not cost the others. */
export async function inTurn(parts: readonly (() => Promise<Collection>)[]): Promise<Collection> {
  const collections: Collection[] = [];
  for (const part of parts) {
    // oxlint-disable-next-line no-await-in-loop -- later ones use what earlier ones found
    collections.push(await part().catch((error: unknown) => ({ samples: [], problems: [problemOf(error)] })));
  }
  return {
    samples: collections.flatMap(({ samples }) => samples),
    problems: collections.flatMap(({ problems }) => problems),
  };
}

/** A repository that is configured and not there is more than a failure: it is known that the metadata are incomplete. */
export async function incompleteWhereMissing(
  manager: string,
  part: () => Promise<Collection>,
): Promise<Collection> {
  try {
    return await part();
  } catch (error) {
    if (!(error instanceof CollectorError) || error.reason !== 'metadata_missing') throw error;
    return {
      samples: [sample('maintenance_patch_metadata_complete', { manager }, 0)],
      problems: [problemOf(error)],
    };
  }
}
