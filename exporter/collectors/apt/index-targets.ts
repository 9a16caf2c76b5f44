import { CollectorError } from '../../collector.ts';
import { withoutCredentials } from './tool.ts';

/** One Packages list that the configured sources ask for, whether it was ever fetched or not. */
export interface IndexTarget {
  /** As `apt-cache policy` prints it: `http://deb.debian.org/debian bookworm/main amd64 Packages`. */
  readonly description: string;
  /** Short and without credentials: `deb.debian.org/debian bookworm`. Many lists may share one. */
  readonly repository: string;
  /** As the sources name it: `bookworm-security`; `./` in a flat repository. */
  readonly suite: string;
  /** Path inside the repository, as its Release file lists it: `main/binary-amd64/Packages`. */
  readonly metaKey: string;
  /** Where the list is kept; it may also have one of the extensions. */
  readonly file: string;
  readonly extensions: readonly string[];
  /** Where its Release is kept, in the order apt prefers. */
  readonly releaseFiles: readonly [inRelease: string, release: string];
  /** Empty in a flat repository. */
  readonly component: string;
  readonly architecture: string;
  /** Whether apt does not mind when the repository does not have it. */
  readonly optional: boolean;
  /** Whether it can bring updates: a CD cannot. */
  readonly updatable: boolean;
  /** Whether the list is but a link to a repository on this host, which may have changed since its Release was copied. */
  readonly linked: boolean;
}

/**
 * Parses `apt-get indextargets --no-release-info`. Without that option apt leaves out every source that was never fetched,
 * which is the very thing to find (DoIndexTargets in cmdline/apt-get.cc).
 * @param lists the directory the lists are in, with a slash at its end, where the command was told of another one.
 * @throws CollectorError unexpected_output.
 */
export function parseIndexTargets(text: string, lists?: string): readonly IndexTarget[] {
  return stanzas(text)
    .filter((fields) => fields.get('created-by') === 'Packages' || fields.get('shortdesc') === 'Packages')
    .map((fields) => {
      const needed = (name: string) => {
        const value = fields.get(name);
        if (value === undefined)
          throw new CollectorError(
            'unexpected_output',
            `apt-get indextargets printed a list without ${name}`,
          );
        return value;
      };
      const metaKey = needed('metakey');
      const site = withoutCredentials(needed('site'));
      const suite = needed('release');
      return {
        description: needed('description'),
        repository: `${site.replace(/^[a-z0-9+.-]+:(?:\/\/)?/i, '')} ${suite}`,
        suite,
        metaKey,
        ...listFile(inDirectory(needed('filename'), lists), fields.get('keepcompressedas'), metaKey),
        component: fields.get('component') ?? '',
        architecture: fields.get('architecture') ?? '',
        optional: fields.get('optional') === 'yes',
        updatable: !/^cdrom:/i.test(site),
        linked: /^file:/i.test(site),
      };
    });
}

/** Whether apt trusts each list (signed, or `[trusted=yes]`), by description, from plain `apt-get indextargets`. */
export function parseTrusted(text: string): ReadonlyMap<string, boolean> {
  return new Map(
    stanzas(text).map((fields) => [fields.get('description') ?? '', fields.get('trusted') === 'yes']),
  );
}

function stanzas(text: string): readonly ReadonlyMap<string, string>[] {
  return text
    .split(/\r?\n[ \t]*\r?\n/)
    .filter((stanza) => stanza.trim() !== '')
    .map((stanza) => {
      const fields = new Map<string, string>();
      for (const line of stanza.trim().split(/\r?\n/)) {
        const [, name, value] = /^([A-Za-z][\w-]*): ?(.*)$/.exec(line) ?? [];
        if (name === undefined || value === undefined)
          throw new CollectorError(
            'unexpected_output',
            `apt-get indextargets printed ${withoutCredentials(line).slice(0, 200)}`,
          );
        fields.set(name.toLowerCase(), value);
      }
      return fields;
    });
}

function inDirectory(file: string, directory: string | undefined): string {
  return directory === undefined ? file : directory + file.slice(file.lastIndexOf('/') + 1);
}

/**
 * Where the files are. apt names a list after its address with `/` as `_`, and `_` itself as `%5f`, so the
 * Release file stands where as many parts are taken off as the path inside the repository has.
 */
function listFile(file: string, keepCompressedAs: string | undefined, metaKey: string) {
  const extensions = (keepCompressedAs ?? 'lz4 zst gz xz bz2 lzma')
    .split(/\s+/)
    .filter((name) => name !== '' && name !== 'uncompressed')
    .map((name) => `.${name}`);
  const extension = extensions.find((ending) => file.endsWith(ending)) ?? '';
  const plain = file.slice(0, file.length - extension.length);
  const slash = plain.lastIndexOf('/') + 1;
  const parts = plain.slice(slash).split('_');
  const repository = plain.slice(0, slash) + parts.slice(0, -metaKey.split('/').length).join('_');
  return {
    file: plain,
    extensions,
    releaseFiles: [`${repository}_InRelease`, `${repository}_Release`] as const,
  };
}
