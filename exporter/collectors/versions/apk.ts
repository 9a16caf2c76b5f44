interface Token {
  readonly kind: number;
  readonly value: string;
}

/** In the order of a version; where two versions go on differently, the one with the earlier kind is newer. */
const kinds = {
  first: 0,
  number: 1,
  letter: 2,
  suffix: 3,
  suffixNumber: 4,
  hash: 5,
  revision: 6,
  end: 7,
  invalid: 8,
};

/** Those before `none` make a version older than without them; apk-package(5). */
const suffixes = ['alpha', 'beta', 'pre', 'rc', 'none', 'cvs', 'svn', 'git', 'hg', 'p'];
const noSuffix = suffixes.indexOf('none');

/**
 * Compares two versions as apk does: negative when `a` is older, 0 when they are equal, positive when `a` is newer. A version is
 * `number{.number}...{letter}{_suffix{number}}...{~hash}{-r#}`; see apk-package(5) and src/version.c of apk-tools 3. What is not a
 * version is older than any.
 */
export function compareVersions(a: string, b: string): number {
  return compareTokens(tokens(a), tokens(b), false);
}

/** Whether a version meets a constraint of apk-world(5), such as `=1.2-r0`, `<2`, `>=1.1` or `~1.2` (any that begins with 1.2). */
export function satisfies(version: string, operator: string, wanted: string): boolean {
  const order = compareTokens(tokens(version), tokens(wanted), operator.includes('~'));
  return (
    (order < 0 && operator.includes('<')) ||
    (order > 0 && operator.includes('>')) ||
    (order === 0 && /[=~]/.test(operator))
  );
}

function compareTokens(left: readonly Token[], right: readonly Token[], prefix: boolean): number {
  for (let at = 0; ; at += 1) {
    const one = left[at] ?? invalid;
    const two = right[at] ?? invalid;
    if (one.kind === two.kind && one.kind < kinds.end) {
      const order = compareToken(one, two);
      if (order !== 0) return order;
      continue;
    }
    if (one.kind === two.kind || (prefix && two.kind === kinds.end)) return 0;
    if (isPreRelease(one)) return -1;
    if (isPreRelease(two)) return 1;
    return two.kind - one.kind;
  }
}

const invalid: Token = { kind: kinds.invalid, value: '' };

function isPreRelease({ kind, value }: Token): boolean {
  return kind === kinds.suffix && suffixes.indexOf(value) < noSuffix;
}

function compareToken({ kind, value }: Token, { value: other }: Token): number {
  if (kind === kinds.suffix) return suffixes.indexOf(value) - suffixes.indexOf(other);
  const asText =
    kind === kinds.letter ||
    kind === kinds.hash ||
    (kind === kinds.number && (value.startsWith('0') || other.startsWith('0')));
  if (asText) return value === other ? 0 : value < other ? -1 : 1;
  const left = value.replace(/^0+/, '');
  const right = other.replace(/^0+/, '');
  if (left.length !== right.length) return left.length - right.length;
  return left === right ? 0 : left < right ? -1 : 1;
}

const pieces = /\.(\d+)|([a-z])|_([a-z]+)|(\d+)|~([0-9a-f]+)|-r(\d+)/y;

function tokens(version: string): readonly Token[] {
  const first = /^\d+/.exec(version)?.[0];
  if (first === undefined) return [invalid];
  const found: Token[] = [{ kind: kinds.first, value: first }];
  pieces.lastIndex = first.length;
  while (pieces.lastIndex < version.length) {
    const [, number, letter, suffix, digits, hash, revision] = pieces.exec(version) ?? [];
    const before = found.at(-1)?.kind ?? kinds.invalid;
    const token = ((): Token => {
      if (number !== undefined && before <= kinds.number) return { kind: kinds.number, value: number };
      if (letter !== undefined && before <= kinds.number) return { kind: kinds.letter, value: letter };
      if (
        suffix !== undefined &&
        before <= kinds.suffixNumber &&
        suffix !== 'none' &&
        suffixes.includes(suffix)
      )
        return { kind: kinds.suffix, value: suffix };
      if (digits !== undefined && before === kinds.suffix) return { kind: kinds.suffixNumber, value: digits };
      if (hash !== undefined && before < kinds.hash) return { kind: kinds.hash, value: hash };
      if (revision !== undefined && before < kinds.revision) return { kind: kinds.revision, value: revision };
      return invalid;
    })();
    found.push(token);
    if (token.kind === kinds.invalid) return found;
  }
  return [...found, { kind: kinds.end, value: '' }];
}
