import { CollectorError } from '../collector.ts';
import { type KnownDisks, knownName, parseKnown } from '../collectors/smartctl/known.ts';
import { parseRetired, type Retired, retiredName } from '../collectors/smartctl/retired.ts';
import { stateIn } from '../state.ts';

/**
 * What the collector smartctl remembers, for the commands about disks.
 * @throws CollectorError permission_denied; state_unreadable when the disks cannot be told from what is left.
 */
export async function readDisks(
  directory: string,
): Promise<{ readonly known: KnownDisks; readonly retired: Retired; readonly warnings: readonly string[] }> {
  const state = stateIn(directory);
  const [disks, retirements] = [await state.read(knownName), await state.read(retiredName)];
  const known = disks.document === undefined ? undefined : parseKnown(disks.document);
  if (disks.lost || (disks.document !== undefined && known === undefined))
    throw new CollectorError(
      'state_unreadable',
      `${knownName} in ${directory} is damaged; the next run of the exporter learns the disks anew`,
    );
  const retired = retirements.document === undefined ? undefined : parseRetired(retirements.document);
  const damaged = retirements.document !== undefined && retired === undefined;
  return {
    known: known?.disks ?? new Map(),
    retired: retired ?? new Map(),
    warnings: [
      ...[...disks.problems, ...retirements.problems].map(({ message }) => message),
      ...(damaged
        ? [`${retiredName} in ${directory} is damaged; retire the disks that are out of service again`]
        : []),
    ],
  };
}
