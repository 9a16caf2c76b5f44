import type { Advisory } from '../rpm/updateinfo.ts';
import type { Nevra } from '../versions/rpm.ts';
import type { Patch } from './updates.ts';

/**
 * What would be installed once the locks on patches count too: `zypper update` takes no notice of them, `zypper patch` does.
 * A version that only locked patches bring gives way to those of the patches of its package that are not locked.
 */
export function withoutLocked(
  chosen: readonly Nevra[],
  patches: readonly Patch[],
  advisories: readonly Advisory[],
): readonly Nevra[] {
  const locked = new Set(patches.filter((patch) => patch.locked).map(({ name }) => name));
  if (locked.size === 0) return chosen;
  return chosen.flatMap((update) => {
    const fixes = advisories.flatMap(({ id, packages }) =>
      packages
        .filter(({ name, arch }) => name === update.name && arch === update.arch)
        .map(({ evr }) => ({ evr, locked: locked.has(id) })),
    );
    const bringing = fixes.filter(({ evr }) => evr === update.evr);
    if (bringing.length === 0 || bringing.some((fix) => !fix.locked)) return [update];
    return fixes.filter((fix) => !fix.locked).map(({ evr }) => ({ ...update, evr }));
  });
}
