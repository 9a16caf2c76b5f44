import { problemOf, type Collection, type Host } from '../../collector.ts';
import { labelValues } from '../../metrics.ts';
import { debsecanSeverities } from '../debsecan/detail.ts';
import { rememberOffers } from '../patch/offers.ts';
import { patchSamples } from '../patch/samples.ts';
import { compareVersions } from '../versions/debian.ts';
import type { Candidate } from './candidates.ts';
import type { Lists } from './lists.ts';
import { offersOf, type BroughtFix } from './offers.ts';
import { debsecanSeveritiesOf } from './severities.ts';

/** What waits, as apt chose it. */
export interface Waiting {
  readonly candidates: readonly Candidate[];
  readonly fixes: readonly BroughtFix[];
  /** Whether advisories are read, which can tell any severity. */
  readonly hasAdvisories: boolean;
  readonly needsReboot: (name: string) => boolean;
  /** When the host was started, unix seconds. */
  readonly booted: number | undefined;
}

/** Which updates wait, by class and since when. */
export async function updateSamples(
  host: Host,
  { candidates, fixes, hasAdvisories, needsReboot, booted }: Waiting,
  { hasSecuritySource }: Lists,
): Promise<Collection> {
  try {
    const severities = await debsecanSeveritiesOf(host);
    const installed = new Map(candidates.map(({ name, installed: version }) => [name, version]));
    const remembered = await rememberOffers(host, offersOf(candidates, fixes, severities), {
      manager: 'apt',
      outstanding: (name, version) => {
        const here = installed.get(name);
        return here !== undefined && compareVersions(version, here) > 0;
      },
      needsReboot,
      booted,
    });
    return {
      samples: patchSamples(remembered, {
        manager: 'apt',
        classes: hasSecuritySource ? ['security', 'standard'] : ['standard'],
        severities: hasAdvisories
          ? labelValues.severity
          : severities === undefined
            ? ['unknown']
            : debsecanSeverities,
        held: new Set(candidates.filter(({ held }) => held).map(({ name }) => name)),
      }),
      problems: remembered.problems,
    };
  } catch (error) {
    return { samples: [], problems: [problemOf(error)] };
  }
}
