import { nameTest } from '../system/wildcard.ts';
import { type Target, targetName } from './scan.ts';

/** Patterns of the configuration; see the wildcard they are read with. */
interface Patterns {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly leave_alone: readonly string[];
}

/** Whether the wildcard can be read: a range such as `[z-a]` cannot. */
export function isPattern(text: string): boolean {
  try {
    nameTest(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** What to open and what not to. A disk that only its name selects is asked for it; a device that is excluded is not. */
export function selectTargets(
  targets: readonly Target[],
  { include, exclude, leave_alone: leaveAlone }: Patterns,
): { readonly asked: readonly Target[]; readonly leftAlone: readonly Target[] } {
  const byDeviceOnly = include.length > 0 && include.every((pattern) => pattern.startsWith('/'));
  const chosen = targets.filter(
    (target) => (!byDeviceOnly || fits(include, namesOf(target))) && !fits(exclude, namesOf(target)),
  );
  return {
    asked: chosen.filter((target) => !fits(leaveAlone, namesOf(target))),
    leftAlone: chosen.filter((target) => fits(leaveAlone, namesOf(target))),
  };
}

/** Whether a disk, however it is named, is included and not excluded. */
export function diskTest({
  include,
  exclude,
}: Patterns): (disk: {
  readonly id: string;
  readonly serial: string;
  readonly ways: readonly Target[];
}) => boolean {
  return ({ id, serial, ways }) => {
    const names = [id, serial, ...ways.flatMap(namesOf)];
    return (include.length === 0 || fits(include, names)) && !fits(exclude, names);
  };
}

function namesOf(target: Target): readonly string[] {
  return [target.device, targetName(target)];
}

function fits(patterns: readonly string[], names: readonly string[]): boolean {
  return patterns.some((pattern) => names.some(nameTest(pattern)));
}
