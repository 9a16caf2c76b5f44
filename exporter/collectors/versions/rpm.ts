/** Name, epoch, version, release and architecture of a package; rpm calls it a NEVRA. */
export interface Nevra {
  readonly name: string;
  /** `[epoch:]version-release`, without an epoch of 0. */
  readonly evr: string;
  /** `src` for a source package. */
  readonly arch: string;
}

/**
 * Compares two `[epoch:]version[-release]` as rpm does: negative when `a` is older, 0 when they are equal, positive when `a` is
 * newer. An absent epoch is 0; an absent release is older than any. See rpmverParse and rpmverCmp in rpm's rpmio/rpmver.c.
 */
export function compareVersions(a: string, b: string): number {
  const left = splitVersion(a);
  const right = splitVersion(b);
  return (
    comparePart(left.epoch, right.epoch) ||
    comparePart(left.version, right.version) ||
    compareRelease(left.release, right.release)
  );
}

/** `[epoch:]version-release` without an epoch of 0, so that two spellings of one version are the same text. */
export function evrOf(epoch: string | undefined, version: string, release: string): string {
  return `${epoch === undefined || /^(?:0*|\(none\))$/.test(epoch) ? '' : `${epoch}:`}${version}-${release}`;
}

/**
 * Parses `name-[epoch:]version-release.arch`, also with the epoch in front as yum prints it (`32:bind-9.11-1.el7.x86_64`).
 * Undefined for anything else. Neither version nor release can have a dash, nor an architecture a dot (rpm's lib/rpmvercmp.c
 * and docs/manual/spec.md), so the last ones separate.
 */
export function parseNevra(text: string): Nevra | undefined {
  const found = /^(?:(\d+):)?([\w.+-]+)-(?:(\d+):)?([\w.+~^]+)-([\w.+~^]+)\.(\w+)$/.exec(
    text.replace(/\.rpm$/, ''),
  );
  const [, before, name, after, version, release, arch] = found ?? [];
  if (name === undefined || version === undefined || release === undefined || arch === undefined)
    return undefined;
  return { name, evr: evrOf(after ?? before, version, release), arch };
}

function splitVersion(evr: string) {
  const epoch = /^\d*(?=:)/.exec(evr)?.[0];
  const rest = epoch === undefined ? evr : evr.slice(epoch.length + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: epoch === undefined || epoch === '' ? '0' : epoch,
    version: dash === -1 ? rest : rest.slice(0, dash),
    release: dash === -1 ? undefined : rest.slice(dash + 1),
  };
}

function compareRelease(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return comparePart(a, b);
}

/** rpmvercmp: numbers, letters, `~` and `^` in turn; everything else only separates. */
function comparePart(a: string, b: string): number {
  const left = segments(a);
  const right = segments(b);
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const one = left[at];
    const two = right[at];
    const order = rank(one) - rank(two);
    if (order !== 0) return order;
    const within = compareSegment(one ?? '', two ?? '');
    if (within !== 0) return within;
  }
  return 0;
}

function segments(part: string): readonly string[] {
  return part.match(/[0-9]+|[A-Za-z]+|[~^]/g) ?? [];
}

/** `~` before the end, the end before `^`, `^` before letters, letters before numbers. */
function rank(segment: string | undefined): number {
  if (segment === undefined) return 1;
  if (segment === '~') return 0;
  if (segment === '^') return 2;
  return /^[A-Za-z]/.test(segment) ? 3 : 4;
}

/** Numbers of any length, as text. */
function compareSegment(a: string, b: string): number {
  const left = /^\d/.test(a) ? a.replace(/^0+/, '') : a;
  const right = /^\d/.test(b) ? b.replace(/^0+/, '') : b;
  if (/^\d/.test(a) && left.length !== right.length) return left.length - right.length;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
