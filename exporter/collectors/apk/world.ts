import { satisfies } from '../versions/apk.ts';
import type { Newer } from './version-list.ts';

/** A constraint of the administrator on the version of a package. */
export interface Constraint {
  readonly name: string;
  readonly operator: string;
  readonly version: string;
}

/** Parses the constraints in /etc/apk/world: `busybox=1.36-r0`, `busybox<2`, `busybox~1.36 `; see apk-world(5). */
export function parseWorld(text: string): readonly Constraint[] {
  return text.split(/\s+/).flatMap((entry) => {
    const [, name, operator, version] =
      /^([^!@<>=~\s]+)(?:@[^<>=~]+)?([<>=~]{1,2})(\d[^@]*)/.exec(entry) ?? [];
    if (name === undefined || operator === undefined || version === undefined || operator === '><') return [];
    return [{ name, operator, version }];
  });
}

/** Names of packages whose newer version the administrator does not allow. */
export function heldBack(newer: readonly Newer[], constraints: readonly Constraint[]): ReadonlySet<string> {
  return new Set(
    newer
      .filter(({ name, candidate }) =>
        constraints.some((one) => one.name === name && !satisfies(candidate, one.operator, one.version)),
      )
      .map(({ name }) => name),
  );
}
