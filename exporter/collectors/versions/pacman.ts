/**
 * Compares two `[epoch:]version[-release]` as libalpm does: negative when `a` is older, 0 when they are equal, positive when `a`
 * is newer. Unlike rpm it knows no `~` or `^`, letters at the end make a version older (`1.0rc1` comes before `1.0`), a longer
 * separator wins, and a release counts only when both have one. See vercmp(8) and alpm_pkg_vercmp in lib/libalpm/version.c.
 */
export function compareVersions(a: string, b: string): number {
  const left = splitVersion(a);
  const right = splitVersion(b);
  return (
    comparePart(left.epoch, right.epoch) ||
    comparePart(left.version, right.version) ||
    (left.release === undefined || right.release === undefined ? 0 : comparePart(left.release, right.release))
  );
}

function splitVersion(text: string) {
  const [, epoch = '', rest = ''] = /^(?:(\d*):)?(.*)$/s.exec(text) ?? [];
  const dash = rest.lastIndexOf('-');
  return {
    epoch: epoch === '' ? '0' : epoch,
    version: dash === -1 ? rest : rest.slice(0, dash),
    release: dash === -1 ? undefined : rest.slice(dash + 1),
  };
}

const separator = /^[^A-Za-z0-9]*/;

/** Numbers and letters in turn; the end of the shorter one decides by what the longer one still has. */
function comparePart(a: string, b: string): number {
  let left = a;
  let right = b;
  while (left !== '' && right !== '') {
    const gapLeft = separator.exec(left)?.[0].length ?? 0;
    const gapRight = separator.exec(right)?.[0].length ?? 0;
    left = left.slice(gapLeft);
    right = right.slice(gapRight);
    if (left === '' || right === '') break;
    if (gapLeft !== gapRight) return gapLeft - gapRight;
    const numeric = /^\d/.test(left);
    const kind = numeric ? /^\d+/ : /^[A-Za-z]+/;
    const one = kind.exec(left)?.[0] ?? '';
    const two = kind.exec(right)?.[0];
    if (two === undefined) return numeric ? 1 : -1;
    const order = numeric ? compareNumbers(one, two) : compareText(one, two);
    if (order !== 0) return order;
    left = left.slice(one.length);
    right = right.slice(two.length);
  }
  if (left === '' && right === '') return 0;
  const older = /^[A-Za-z]/.test(left) || (left === '' && !/^[A-Za-z]/.test(right));
  return older ? -1 : 1;
}

/** Numbers of any length, as text. */
function compareNumbers(a: string, b: string): number {
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  return left.length - right.length || compareText(left, right);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
