/**
 * Compares two Debian package versions as dpkg does: negative when `a` is older, 0 when they are equal, positive when `a` is newer.
 * An absent epoch is 0 and an absent revision equals `0`. See deb-version(7) and Debian Policy 5.6.12.
 */
export function compareVersions(a: string, b: string): number {
  const left = splitVersion(a);
  const right = splitVersion(b);
  return (
    compareDigits(left.epoch, right.epoch) ||
    comparePart(left.upstream, right.upstream) ||
    comparePart(left.revision, right.revision)
  );
}

function splitVersion(version: string) {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: version.slice(0, Math.max(0, colon)),
    upstream: dash === -1 ? rest : rest.slice(0, dash),
    revision: dash === -1 ? '' : rest.slice(dash + 1),
  };
}

/** Text and numbers in turn, text first. */
function comparePart(a: string, b: string): number {
  const left = textAndNumbers(a);
  const right = textAndNumbers(b);
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const compare = at % 2 === 0 ? compareText : compareDigits;
    const order = compare(left[at] ?? '', right[at] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function textAndNumbers(part: string): readonly string[] {
  const pieces = [...part.matchAll(/\D+|\d+/g)].map(([piece]) => piece);
  return /^\d/.test(part) ? ['', ...pieces] : pieces;
}

function compareText(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const order = rank(a[at]) - rank(b[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** `~` sorts before the end, the end before letters, letters before everything else. */
function rank(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

/** Numbers of any length, as text. */
function compareDigits(a: string, b: string): number {
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  if (left.length !== right.length) return left.length - right.length;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
