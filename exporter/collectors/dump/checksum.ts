/** The checksum that a file of checksums gives for another file. */
export interface Checksum {
  readonly digest: 'md5' | 'sha1' | 'sha256' | 'sha512';
  /** Lower case, hexadecimal. */
  readonly expected: string;
}

const digests: Readonly<Record<number, Checksum['digest']>> = {
  32: 'md5',
  40: 'sha1',
  64: 'sha256',
  128: 'sha512',
};

/**
 * Finds a file in what `sha256sum` and its siblings write: `<hash>  <name>`, `<hash> *<name>`, with --tag `SHA256 (<name>) = <hash>`, or
 * the hash alone (coreutils manual, "cksum output modes"). Names are compared without their folder.
 * @returns undefined when the file does not stand there.
 */
export function parseChecksum(text: string, name: string): Checksum | undefined {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const entries = lines.flatMap((line) => parseLine(line) ?? []);
  const found =
    entries.find((entry) => entry.name === name) ??
    (entries.length === 1 && entries[0]?.name === '' ? entries[0] : undefined);
  const digest = digests[found?.hash.length ?? 0];
  return found === undefined || digest === undefined ? undefined : { digest, expected: found.hash };
}

function parseLine(line: string): { readonly hash: string; readonly name: string } | undefined {
  const [, tagged, tag] = /^\\?[A-Z0-9-]+ \((.+)\) = ([0-9a-fA-F]{32,128})$/.exec(line) ?? [];
  if (tagged !== undefined && tag !== undefined) return { hash: tag.toLowerCase(), name: baseName(tagged) };
  const [, hash, name = ''] = /^\\?([0-9a-fA-F]{32,128})(?:[ \t]+\*?(.+))?\s*$/.exec(line) ?? [];
  return hash === undefined ? undefined : { hash: hash.toLowerCase(), name: baseName(name) };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
